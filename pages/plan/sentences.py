"""What a weekly plan says in words: why each stop, what did not fit and why, which rule is broken."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pandas as pd

from geo.routes.prizes import NEARBY_M, RECENT_DAYS
from pages.text.language import N_, _, format_day, format_list, format_number, ngettext
from pages.text.vocabulary import name_category

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from geo.routes import Unmet, Violation

UNMET: Final[Mapping[str, str]] = {
    "no_working_days": N_("{officer} has no working day in this week."),
    "no_households": N_("{officer} has no household that can be visited in this week."),
    "no_villages": N_("{officer} is assigned to no village: add one in the list of officers."),
    "post_unknown": N_("The post of {officer} has no place: the middle of the households stands in."),
    "must_no_point": N_("{household} must be visited but has no point on the map: add its place."),
    "must_no_officer": N_("{household} must be visited but no officer is assigned to its village."),
    "must_resting": N_(
        "{household} must be visited but somebody was met there a short while ago: choose a day to visit all "
        "the same."
    ),
    "must_not_open": N_("{household} must be visited but is at home only outside all shifts."),
    "must_too_far": N_("{household} must be visited but is too far from the post for any shift."),
    "must_not_working": N_("{household} was put on a day on which {officer} does not work: choose another."),
    "must_no_time": N_("{household} must be visited but {officer} has no time left in this week."),
}
"""A sentence for each key of ``geo.routes.REASONS`` that counts nothing; ``floor_short`` does."""

BROKEN: Final[Mapping[str, str]] = {
    "unknown_officer": N_("The plan has an officer who is not known: {officer}."),
    "unknown_household": N_("The plan visits a household that is not registered or has no point: {subject}."),
    "unknown_shift": N_("The plan has a shift that no day has, for {subject}."),
    "visited_twice": N_("{subject} is visited twice in the week."),
    "not_a_working_day": N_("{subject} is visited on {day}, which is no working day."),
    "on_leave": N_("{officer} is away on {day} but would visit {subject}."),
    "not_own_village": N_("{subject} lies in no village of {officer}."),
    "too_many_visits": N_("{officer} has too many visits on {day}."),
    "wrong_service_time": N_("The visit to {subject} does not last as long as visits do."),
    "outside_opening": N_("{subject} is visited at a time when nobody is at home."),
    "outside_shift": N_("A round of {officer} on {day} reaches beyond the shift."),
    "too_fast": N_("On {day} {officer} would need more time for the ways."),
    "resting": N_("{subject} is visited again too soon."),
    "lock_broken": N_("{subject} is not visited on the day that was chosen."),
    "wrong_prize": N_("The points of {subject} are not those of the household."),
    "wrong_order": N_("The stops of {officer} on {day} are not numbered in the order of time."),
    "routes_disagree": N_("The rounds do not fit the stops of {officer} on {day}."),
    "must_not_named": N_("{subject} must be visited, is not, and the plan does not say why."),
    "must_could_fit": N_("{subject} must be visited and would fit into a free day."),
    "floor_not_named": N_("{subject} gets fewer visits than its floor, and the plan does not say so."),
}
"""A sentence for each rule of ``geo.routes.check``."""

_NEVER = {"reported": N_("never visited"), "evidenced": N_("no visit supported by GPS")}
_CRIMES: Final[Mapping[str, Callable[[int], str]]] = {
    "curat": lambda n: ngettext("{n} aggravated theft", "{n} aggravated thefts", n),
    "curas": lambda n: ngettext("{n} robbery", "{n} robberies", n),
    "curanmor": lambda n: ngettext("{n} vehicle theft", "{n} vehicle thefts", n),
}
_ANY = "all"


class Named(NamedTuple):
    """What ids are called in sentences; an id without a name stands for itself."""

    officers: Mapping[str, str] = {}
    villages: Mapping[str, str] = {}
    households: Mapping[str, str] = {}

    def call(self, subject: str) -> str:
        """Name an officer, a village or a household."""
        for names in (self.households, self.villages, self.officers):
            if subject in names:
                return names[subject]
        return subject


def explain_stop(
    stop: Mapping[Any, Any], *, counting: str = "reported", must: bool = False, short: bool = False
) -> str:
    """Say why a household is in the plan: *never visited; 3 vehicle thefts within 300 m in 60 days*.

    Parameters
    ----------
    stop
        ``status``, ``days_since``, ``n_crimes_near``, ``top_category``, ``n_top_category`` and ``tags``, as a
        row of ``data.plans.BuiltPlan.stops`` has them.
    counting
        Which visits make a household visited: ``reported`` or ``evidenced``.
    must
        Whether a person asked for the visit.
    short
        Whether it is for a small screen: *near* stands for distance and days.
    """
    said = [_("asked for")] if must else []
    said.append(_describe_status(stop["status"], stop.get("days_since"), counting))
    crimes = _describe_crimes(stop, short=short)
    said += [crimes] if crimes else []
    tags = stop.get("tags")
    if isinstance(tags, str) and tags.strip():
        said.append(" ".join(tags.split()))
    return "; ".join(said)


def explain_stops(
    stops: pd.DataFrame,
    *,
    counting: str = "reported",
    must: frozenset[str] = frozenset(),
    short: bool = False,
) -> pd.Series:
    """Say why each stop is in the plan, by household id, as sheets want it."""
    rows = stops.to_dict("records")
    said = [
        explain_stop(row, counting=counting, must=row["household_id"] in must, short=short) for row in rows
    ]
    return pd.Series(said, index=pd.Index(stops["household_id"]), dtype="str")


def describe_unmet(unmet: Unmet, named: Named | None = None) -> str:
    """Say what a plan does not do that was asked for, and why."""
    named = named or Named()
    officers = format_list([named.officers.get(key, key) for key in unmet.officer_id.split()])
    if unmet.reason == "floor_short":
        return ngettext(
            "{village} gets {n} visit fewer than its floor: {officers} had no time for more.",
            "{village} gets {n} visits fewer than its floor: {officers} had no time for more.",
            unmet.missing,
        ).format(village=named.call(unmet.subject), n=format_number(unmet.missing), officers=officers)
    if unmet.subject == _ANY:
        return _("This week has no working day: nobody works.")
    return _(UNMET[unmet.reason]).format(household=named.call(unmet.subject), officer=officers)


def describe_violation(violation: Violation, named: Named | None = None) -> str:
    """Say which rule a plan breaks, and where."""
    named = named or Named()
    when = format_day(date.fromisoformat(violation.day)) if violation.day else ""
    officer = named.officers.get(violation.officer_id, violation.officer_id)
    return _(BROKEN[violation.rule]).format(subject=named.call(violation.subject), officer=officer, day=when)


def _describe_status(status: str, days_since: Any, counting: str) -> str:
    if status == "never" or pd.isna(days_since):
        return _(_NEVER[counting])
    said = ngettext("last visit {n} day ago", "last visit {n} days ago", int(days_since))
    return said.format(n=format_number(days_since))


def _describe_crimes(stop: Mapping[Any, Any], *, short: bool) -> str:
    n, n_top, top = (stop.get(name) for name in ("n_crimes_near", "n_top_category", "top_category"))
    if pd.isna(n) or not n or not isinstance(top, str):
        return ""
    if n == n_top:
        what = _count_category(top, int(n))
    else:
        most = _count_category(top, int(n_top or 0))
        what = ngettext("{n} crime, {most} among them", "{n} crimes, {most} among them", int(n)).format(
            n=format_number(n), most=most
        )
    if short:
        return _("{crimes} near").format(crimes=what)
    return _("{crimes} within {m} m in {days} days").format(
        crimes=what, m=format_number(NEARBY_M), days=format_number(RECENT_DAYS)
    )


def _count_category(name: str, n: int) -> str:
    if name in _CRIMES:
        return _CRIMES[name](n).format(n=format_number(n))
    return f"{format_number(n)} {name_category(name)}"
