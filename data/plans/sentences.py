"""Sentences about a plan: why each stop is in it, which demands are unmet and which rules are broken."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pandas as pd

from geo.attempts import describe_attempts
from geo.errors import Phrase, count_phrase
from geo.routes import NOBODY_WORKS, RULES, UNMET_REASONS
from geo.routes.prizes import NEARBY_M, RECENT_DAYS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from geo.routes import Unmet, Violation

_NEVER: Final = {"reported": Phrase("never visited"), "evidenced": Phrase("no visit supported by GPS")}
_CRIMES: Final = {
    "curat": count_phrase("{n:,} aggravated theft", "{n:,} aggravated thefts"),
    "curas": count_phrase("{n:,} robbery", "{n:,} robberies"),
    "curanmor": count_phrase("{n:,} vehicle theft", "{n:,} vehicle thefts"),
}
_EVERYBODY: Final = "all"
_OF_VILLAGES: Final = ("village_too_far", "floor_short", "floor_few")


class Named(NamedTuple):
    """Names of officers, villages and households by id; an id without a name is shown as it is."""

    officers: Mapping[str, str] = {}
    villages: Mapping[str, str] = {}
    households: Mapping[str, str] = {}

    def call(self, subject: str) -> str:
        """Return the name of an officer, a village or a household."""
        for names in (self.households, self.villages, self.officers):
            if subject in names:
                return names[subject]
        return subject


UNNAMED: Final = Named()
"""No names: ids are shown as they are."""


def write_reason(
    stop: Mapping[Any, Any],
    *,
    write: Callable[[Phrase], str] = str,
    counting: str = "reported",
    must: bool = False,
    short: bool = False,
) -> str:
    """Write the reason why a household is in a plan.

    Parameters
    ----------
    stop
        ``status``, ``days_since``, ``n_crimes_near``, ``top_category``, ``n_top_category`` and ``tags``, as
        in a row of ``data.plans.BuiltPlan.stops``; optional ``n_attempts`` and ``attempt``.
    write
        Writes a phrase in the reader's language; in English by default.
    counting
        Which visits make a household visited: ``reported`` or ``evidenced``.
    must
        Whether a person requested the visit.
    short
        Whether it is for a small screen: *nearby* replaces distance and days.

    Examples
    --------
    >>> facts = {"status": "overdue", "days_since": 120, "tags": None}
    >>> write_reason(facts | {"n_crimes_near": 3, "top_category": "curat", "n_top_category": 3})
    'last visit 120 days ago; 3 aggravated thefts within 300 m in 60 days'
    """
    said = [Phrase("requested")] if must else []
    said.append(_describe_status(stop["status"], stop.get("days_since"), counting))
    n_attempts = stop.get("n_attempts")
    tried = None if pd.isna(n_attempts) else describe_attempts(int(n_attempts), stop.get("attempt"))
    said += [tried] if tried else []
    said += _describe_crimes(stop, short=short)
    tags = stop.get("tags")
    tagged = [" ".join(tags.split())] if isinstance(tags, str) and tags.strip() else []
    return "; ".join([*map(write, said), *tagged])


def write_reasons(
    stops: pd.DataFrame,
    *,
    write: Callable[[Phrase], str] = str,
    counting: str = "reported",
    must: frozenset[str] = frozenset(),
) -> pd.Series:
    """Write the reason why each stop is in a plan.

    Parameters
    ----------
    stops
        As ``data.plans.BuiltPlan.stops``.
    write, counting
        As for :func:`write_reason`.
    must
        Households whose visit a person requested.

    Returns
    -------
    pandas.Series
        One sentence per stop, indexed by household id, for printed sheets and lists.
    """
    said = [
        write_reason(row, write=write, counting=counting, must=row["household_id"] in must)
        for row in stops.to_dict("records")
    ]
    return pd.Series(said, index=pd.Index(stops["household_id"]), dtype="str")


def describe_unmet(unmet: Unmet, named: Named = UNNAMED) -> Phrase:
    """Describe a demand that a plan does not meet, and why.

    Examples
    --------
    >>> from geo.routes import Unmet
    >>> str(describe_unmet(Unmet("must_no_time", "H1", "P1", 1), Named({"P1": "Sri"}, {}, {"H1": "Budi"})))
    'Budi must be visited but Sri has no time left this week.'
    """
    officers = [named.officers.get(key, key) for key in unmet.officer_id.split()]
    if unmet.reason in _OF_VILLAGES:
        facts = {"n": unmet.missing, "officers": officers, "km": unmet.km or 0.0}
        return UNMET_REASONS[unmet.reason].fill(village=named.call(unmet.subject), **facts)
    if unmet.subject == _EVERYBODY:
        return NOBODY_WORKS
    return UNMET_REASONS[unmet.reason].fill(household=named.call(unmet.subject), officer=officers)


def describe_violation(violation: Violation, named: Named = UNNAMED) -> Phrase:
    """Describe a rule that a plan breaks, and where."""
    return RULES[violation.rule].fill(
        subject=named.call(violation.subject),
        officer=named.officers.get(violation.officer_id, violation.officer_id),
        day=date.fromisoformat(violation.day) if violation.day else "",
    )


def _describe_status(status: str, days_since: Any, counting: str) -> Phrase:
    if status == "never" or pd.isna(days_since):
        return _NEVER[counting]
    return count_phrase("last visit {n:,} day ago", "last visit {n:,} days ago", n=int(days_since))


def _describe_crimes(stop: Mapping[Any, Any], *, short: bool) -> list[Phrase]:
    n, n_top, top = (stop.get(name) for name in ("n_crimes_near", "n_top_category", "top_category"))
    if pd.isna(n) or not n or not isinstance(top, str):
        return []
    what = _count_category(top, int(n if n == n_top else n_top or 0))
    if n != n_top:
        what = count_phrase(
            "{n:,} crime, including {most}", "{n:,} crimes, including {most}", n=int(n), most=what
        )
    if short:
        return [Phrase("{crimes} nearby", {"crimes": what})]
    facts = {"crimes": what, "m": int(NEARBY_M), "days": int(RECENT_DAYS)}
    return [Phrase("{crimes} within {m:,} m in {days:,} days", facts)]


def _count_category(name: str, n: int) -> Phrase:
    return (
        _CRIMES[name].fill(n=n) if name in _CRIMES else Phrase("{n:,} {category}", {"n": n, "category": name})
    )
