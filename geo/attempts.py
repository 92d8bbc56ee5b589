"""Attempts: visits without contact, as nobody was at home, it was refused or the family had moved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from geo.errors import Phrase
from geo.groups import (
    ATTEMPT,
    NOWHERE,
    count_groups,
    count_local_days,
    count_local_seconds,
    find_contacts,
    find_latest_times,
    find_positions,
)

if TYPE_CHECKING:
    from datetime import tzinfo

    from numpy.typing import NDArray

_OUTCOMES: Final = {
    "absent": Phrase("nobody at home"),
    "refused": Phrase("refused"),
    "moved": Phrase("moved away"),
}
_TIMES: Final = {1: Phrase("tried once"), 2: Phrase("tried twice")}


def describe_attempts(n: int, outcome: object) -> Phrase | None:
    """Describe the attempts at a household since its last visit; None without any.

    Parameters
    ----------
    n
        Number of days with an attempt.
    outcome
        The outcome that all of them share, such as ``absent``; anything else is left unsaid.

    Examples
    --------
    >>> str(describe_attempts(2, "absent"))
    'tried twice, nobody at home'
    """
    if n < 1:
        return None
    said = _TIMES.get(n, Phrase("tried {n:,} times", {"n": int(n)}))
    why = _OUTCOMES.get(str(outcome))
    return Phrase("{tried}, {outcome}", {"tried": said, "outcome": why}) if why else said


def summarize_attempts(
    visits: pd.DataFrame, households: pd.Index, last_visit_at: pd.DatetimeIndex, *, zone: str | tzinfo
) -> dict[str, Any]:
    """Summarize the attempts at each household since its last visit.

    Parameters
    ----------
    visits
        With ``visited_at`` (tz-aware), ``household_id`` and, for the attempts among them, a value in
        ``attempt``: their outcome, such as absent or refused. Without that column there are none.
    households
        Ids of the households.
    last_visit_at
        Last visit to each of them (UTC, NaT if never); attempts count from the next local day on.
    zone
        Time zone of the local days.

    Returns
    -------
    dict
        Columns in the order of ``households``: ``n_attempts``, the local days with an attempt,
        ``last_attempt_at`` (UTC, NaT without one) and ``attempt``, the outcome that all of them share
        (missing without one, or if they differ).

    Examples
    --------
    >>> at = pd.DatetimeIndex(["2026-10-01 09:00", "2026-10-08 09:00"], tz="Asia/Jakarta")
    >>> visits = pd.DataFrame({"visited_at": at, "household_id": "h1", "attempt": "absent"})
    >>> never = pd.DatetimeIndex([None], tz="UTC")
    >>> told = summarize_attempts(visits, pd.Index(["h1"]), never, zone="Asia/Jakarta")
    >>> told["n_attempts"].tolist(), told["attempt"].tolist()
    ([2], ['absent'])
    """
    tried = list_attempts(visits, households, last_visit_at, zone=zone)
    home = tried["home"].to_numpy()
    days = tried.drop_duplicates(["home", "day"])["home"].to_numpy()
    codes, names = pd.factorize(tried[ATTEMPT])
    lowest, highest = np.full(len(households), len(names)), np.full(len(households), NOWHERE)
    np.minimum.at(lowest, home, codes)
    np.maximum.at(highest, home, codes)
    shared = np.where(lowest == highest, highest, NOWHERE)
    return {
        "n_attempts": count_groups(days, len(households)),
        "last_attempt_at": find_latest_times(home, pd.DatetimeIndex(tried["tried_at"]), len(households)),
        ATTEMPT: pd.Categorical.from_codes(shared, pd.Index(names, dtype="str")),
    }


def list_attempts(
    visits: pd.DataFrame, households: pd.Index, last_visit_at: pd.DatetimeIndex, *, zone: str | tzinfo
) -> pd.DataFrame:
    """List the attempts at households since their last visit.

    Parameters
    ----------
    visits, households, last_visit_at, zone
        As for :func:`summarize_attempts`.

    Returns
    -------
    pandas.DataFrame
        One row per attempt, in the order of ``visits``: ``home`` (position of the household), ``tried_at``
        (UTC), ``day`` (local, in days since 1970-01-01), ``second`` after local midnight, and ``attempt``,
        its outcome.

    Examples
    --------
    >>> at = pd.DatetimeIndex(["2026-10-01 09:00", "2026-10-08 09:00"], tz="Asia/Jakarta")
    >>> visits = pd.DataFrame({"visited_at": at, "household_id": "h1", "attempt": [None, "refused"]})
    >>> last = pd.DatetimeIndex(at[:1]).tz_convert("UTC")
    >>> list_attempts(visits, pd.Index(["h1"]), last, zone="Asia/Jakarta")["attempt"].tolist()
    ['refused']
    """
    rows = visits[~find_contacts(visits)]
    tried_at = pd.DatetimeIndex(rows["visited_at"]).tz_convert("UTC")
    home = find_positions(rows["household_id"], households)
    day = count_local_days(tried_at, zone)
    since = _last_days(last_visit_at, zone)
    kept = (home != NOWHERE) & (day > since[home])
    outcome = rows[ATTEMPT] if ATTEMPT in rows.columns else pd.Series(index=rows.index, dtype="str")
    second = count_local_seconds(tried_at, zone)
    listed = {"home": home, "tried_at": tried_at, "day": day, "second": second, ATTEMPT: outcome.array}
    return pd.DataFrame(listed)[kept]


def _last_days(last_visit_at: pd.DatetimeIndex, zone: str | tzinfo) -> NDArray[np.int64]:
    """Return the local day of each last visit, the earliest possible number without one."""
    days = count_local_days(last_visit_at, zone)
    never = np.iinfo(np.int64).min
    return np.append(np.where(last_visit_at.isna(), never, days), never)  # the last for an unknown household
