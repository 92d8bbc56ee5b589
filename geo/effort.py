"""How officers spread their visits over households, and who is in charge of which households."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.checks import require_columns, require_period, require_visits, require_zone
from geo.errors import Phrase
from geo.groups import (
    QUALIFIES,
    count_groups,
    count_local_days,
    divide_counts,
    find_contacts,
    find_positions,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

TOP_SHARE = 0.1
"""Share of an officer's households that counts as the most visited ones."""

_ROUNDING = 1e-9  # so that a tenth of 30 households is 3, despite floating point


def measure_effort(
    visits: pd.DataFrame,
    *,
    since: pd.Timestamp,
    until: pd.Timestamp,
    zone: str,
    n_households: pd.Series | None = None,
) -> pd.DataFrame:
    """Measure how widely each officer's visits are spread over households.

    An officer's visits to a household on one local day count as one. Visits to unknown households are counted
    separately, as repeats among them cannot be recognised. A day on which nobody was met there is an attempt,
    not a visit.

    Parameters
    ----------
    visits
        With ``visited_at`` (tz-aware), ``officer_id`` and ``household_id`` (text or categorical); with
        ``qualifies`` (true or false) the visits that qualify are counted too. A visit with a value in
        ``attempt`` had no contact.
    since, until
        The period, half-open [since, until), tz-aware.
    zone
        Time zone of the local days, such as ``"Asia/Jakarta"``.
    n_households
        Registered households in each officer's charge, by officer id. With it ``TOP_SHARE`` refers to these,
        otherwise to the households visited.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``officer_id``, sorted, for officers with a visit or attempt in the period: ``n_visits``
        to known households, ``n_attempts`` there, ``n_unmatched`` visits to unknown ones, ``n_visited``
        distinct households, ``households_per_visit`` = n_visited ÷ n_visits (1 means a new household each
        time; NaN without visits) and ``top_visit_share``, the share of visits that went to the most visited
        households (NaN without visits). With ``qualifies`` also ``n_evidenced``, the visits
        with at least one report that qualifies.

    Raises
    ------
    ColumnError
        If a column is missing, ``visited_at`` has no time zone, or ``qualifies`` holds anything other than
        true and false.
    PeriodError
        If the period has no time zone or ends before it starts, or the zone is unknown.

    Examples
    --------
    >>> at = pd.date_range("2026-10-05 09:00", periods=4, freq="D", tz="Asia/Jakarta")
    >>> visits = pd.DataFrame({"visited_at": at, "officer_id": "o1", "household_id": ["a", "a", "a", "b"]})
    >>> period = {"since": at[0].normalize(), "until": at[-1], "zone": "Asia/Jakarta"}
    >>> measure_effort(visits, **period).T
    officer_id                  o1
    n_visits              3.000000
    n_attempts            0.000000
    n_unmatched           0.000000
    n_visited             1.000000
    households_per_visit  0.333333
    top_visit_share       1.000000
    """
    require_visits(visits, columns=("visited_at", "officer_id", "household_id"))
    require_period(since, until)
    require_zone(zone)
    at = pd.DatetimeIndex(visits["visited_at"]).tz_convert("UTC")
    within = visits[np.asarray((at >= since) & (at < until)) & visits["officer_id"].notna().to_numpy()]
    officer, ids = pd.factorize(within["officer_id"], sort=True)
    household = pd.factorize(within["household_id"])[0]
    met = find_contacts(within)
    days = _occasions(within, officer, household, zone)
    occasions = days[days["met"]]
    per_home = occasions.groupby(["officer", "household"], as_index=False).agg(n=("day", "size"))
    n_visits = count_groups(occasions["officer"].to_numpy(), len(ids))
    n_visited = count_groups(per_home["officer"].to_numpy(), len(ids))
    index = pd.Index(np.asarray(ids), name="officer_id", dtype=visits["officer_id"].dtype)
    if isinstance(index, pd.CategoricalIndex):
        index = pd.Index(index.astype(index.categories.dtype))
    of_tenth = n_visited if n_households is None else n_households.reindex(index).fillna(0).to_numpy()
    n_top = np.maximum(np.ceil(of_tenth * TOP_SHARE - _ROUNDING), 1)
    answer = pd.DataFrame(
        {
            "n_visits": n_visits,
            "n_attempts": count_groups(days.loc[~days["met"], "officer"].to_numpy(), len(ids)),
            "n_unmatched": count_groups(officer[(household < 0) & met], len(ids)),
            "n_visited": n_visited,
            "households_per_visit": divide_counts(n_visited, n_visits),
            "top_visit_share": divide_counts(_visits_to_top(per_home, n_top), n_visits),
        },
        index=index,
    )
    if QUALIFIES in visits.columns:
        answer["n_evidenced"] = count_groups(
            occasions.loc[occasions[QUALIFIES], "officer"].to_numpy(), len(ids)
        )
    return answer


def assign_officers(households: pd.DataFrame, officers: pd.DataFrame) -> pd.Series:
    """Find the officers in charge of each household, by its village.

    Parameters
    ----------
    households
        Indexed by household id, with ``village_code``.
    officers
        Indexed by officer id, with ``villages``: codes separated by spaces.

    Returns
    -------
    pandas.Series
        ``officer_id`` on the index of ``households``; missing where nobody is in charge. A household of
        several officers has all their ids, sorted and separated by spaces, so that it counts once.

    Raises
    ------
    ColumnError
        If a column is missing.

    Examples
    --------
    >>> households = pd.DataFrame({"village_code": ["v1", "v2", "v3", None]}, index=["h1", "h2", "h3", "h4"])
    >>> officers = pd.DataFrame({"villages": ["v1 v2", "v2"]}, index=["o1", "o2"])
    >>> assign_officers(households, officers).tolist()
    ['o1', 'o1 o2', nan, nan]
    """
    require_columns(households, ("village_code",), Phrase("households"))
    require_columns(officers, ("villages",), Phrase("officers"))
    charges = officers["villages"].str.split().explode().dropna()
    ids = pd.Series(charges.index, dtype="str").sort_values()
    teams = ids.groupby(charges.to_numpy()[ids.index]).agg(" ".join)
    village = find_positions(households["village_code"], pd.Index(teams.index))
    names = pd.Series(teams.array, dtype="str").array.take(village, allow_fill=True)
    return pd.Series(names, index=households.index, name="officer_id")


def _occasions(
    visits: pd.DataFrame, officer: NDArray[np.intp], household: NDArray[np.intp], zone: str
) -> pd.DataFrame:
    """List each officer's days at known households, with whether somebody was met and it qualifies."""
    day = count_local_days(pd.DatetimeIndex(visits["visited_at"]).tz_convert("UTC"), zone)
    met = find_contacts(visits)
    qualifies = met & (visits[QUALIFIES].to_numpy() if QUALIFIES in visits.columns else False)
    reports = pd.DataFrame(
        {"officer": officer, "household": household, "day": day, "met": met, QUALIFIES: qualifies}
    )
    known = reports[reports["household"] >= 0]
    return known.groupby(["officer", "household", "day"], as_index=False)[["met", QUALIFIES]].any()


def _visits_to_top(per_home: pd.DataFrame, n_top: NDArray[np.float64]) -> NDArray[np.intp]:
    """Count the visits of each officer to the ``n_top`` households visited most."""
    most_first = per_home.sort_values(["officer", "n"], ascending=[True, False])
    place = most_first.groupby("officer").cumcount().to_numpy()
    officer = most_first["officer"].to_numpy()
    top = place < n_top[officer]
    visits = np.bincount(officer[top], weights=most_first["n"].to_numpy()[top], minlength=len(n_top))
    return visits.astype(np.intp)
