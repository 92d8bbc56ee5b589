"""Coverage of registered households by visits, reported and evidenced, by area and over time."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from geo.checks import require_period, require_unique, require_visits, require_zone
from geo.errors import ColumnError
from geo.groups import (
    ATTEMPT,
    NOWHERE,
    QUALIFIES,
    count_groups,
    count_local_days,
    divide_counts,
    find_contacts,
    find_latest_times,
    find_positions,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

_DAYS_FROM_MONDAY = 3  # 1970-01-01, day 0, was a Thursday
_WEEK = 7


class _Within(NamedTuple):
    """Visits to registered households in a period, and the households of the attempts there."""

    homes: NDArray[np.intp]
    visited_at: pd.DatetimeIndex
    qualifies: NDArray[np.bool_] | None
    tried_homes: NDArray[np.intp]
    tried_at: pd.DatetimeIndex


def measure_coverage(
    households: pd.DataFrame,
    visits: pd.DataFrame,
    *,
    since: pd.Timestamp,
    until: pd.Timestamp,
    by: str | pd.Series = "village_code",
    areas: pd.Index | None = None,
) -> pd.DataFrame:
    """Measure the reported coverage of each area and, if visits have ``qualifies``, the evidenced coverage.

    A household counts once, however often it was visited. A visit counts in the area where its household is
    registered; one to an unknown household, or to a household in no area, counts in none. A visit needs
    contact: an attempt, where nobody was at home or the visit was refused, is counted beside coverage.

    Parameters
    ----------
    households
        Active registered households, indexed by household id.
    visits
        Reported visits with ``visited_at`` (tz-aware) and ``household_id`` (text or categorical; the latter
        is several times as fast); with ``qualifies`` (true or false, as `geo.evidence.apply_decisions`
        returns it) evidenced coverage is measured too. A visit with a value in ``attempt``, the outcome of
        one without contact, is an attempt.
    since, until
        The period, half-open [since, until), tz-aware.
    by
        The areas: a column of ``households``, or a series by household id, such as
        ``households["village_code"].str[:6]`` (districts), a grid cell or
        `geo.effort.assign_officers`. A household without a value is in no area.
    areas
        Codes of the areas to return, in this order, even those without households; by default the codes
        found, sorted.

    Returns
    -------
    pandas.DataFrame
        Indexed by area code: ``n_households`` registered, ``n_visits`` to them, ``n_attempts`` without
        contact, ``n_reported`` distinct households visited, ``reported_coverage`` = n_reported ÷
        n_households (0 to 1, NaN without households) and ``last_visit_at`` (UTC, NaT without visits). With
        ``qualifies`` also ``n_evidenced`` distinct households with a visit that qualifies,
        ``evidenced_coverage`` and ``gap``, reported minus evidenced coverage.
        ``.attrs["n_households_outside"]`` counts the households without an area code.

    Raises
    ------
    ColumnError
        If a column is missing, a household id repeats, ``visited_at`` has no time zone, or ``qualifies``
        holds anything other than true and false.
    PeriodError
        If the period has no time zone or ends before it starts.

    Examples
    --------
    >>> households = pd.DataFrame({"village_code": ["v1", "v1", "v2"]}, index=["h1", "h2", "h3"])
    >>> day = pd.Timestamp("2026-10-05 09:00", tz="UTC")
    >>> visits = pd.DataFrame({"visited_at": [day, day], "household_id": ["h1", "h1"]})
    >>> period = {"since": day.normalize(), "until": day.normalize() + pd.Timedelta(days=1)}
    >>> measure_coverage(households, visits, **period).drop(columns="last_visit_at")
                  n_households  n_visits  n_attempts  n_reported  reported_coverage
    village_code
    v1                       2         2           0           1                0.5
    v2                       1         0           0           0                0.0
    >>> visits["qualifies"] = False
    >>> measure_coverage(households, visits, **period)[["n_evidenced", "evidenced_coverage", "gap"]]
                  n_evidenced  evidenced_coverage  gap
    village_code
    v1                      0                 0.0  0.5
    v2                      0                 0.0  0.0
    """
    require_unique(households)
    require_visits(visits)
    require_period(since, until)
    of_households = _values_by(households, by)
    area_of_household, codes = _areas_of(of_households, areas)
    made = _visits_within(households, visits, since, until)
    n_areas = len(codes)
    n_households = count_groups(area_of_household, n_areas)
    n_reported = count_groups(area_of_household[_met(made.homes, len(households))], n_areas)
    area_of_visit = area_of_household[made.homes]
    answer = pd.DataFrame(
        {
            "n_households": n_households,
            "n_visits": count_groups(area_of_visit, n_areas),
            "n_attempts": count_groups(area_of_household[made.tried_homes], n_areas),
            "n_reported": n_reported,
            "reported_coverage": divide_counts(n_reported, n_households),
            "last_visit_at": find_latest_times(area_of_visit, made.visited_at, n_areas),
        },
        index=codes,
    )
    if made.qualifies is not None:
        evidenced = _met(made.homes[made.qualifies], len(households))
        answer["n_evidenced"] = count_groups(area_of_household[evidenced], n_areas)
        answer["evidenced_coverage"] = divide_counts(answer["n_evidenced"].to_numpy(), n_households)
        answer["gap"] = answer["reported_coverage"] - answer["evidenced_coverage"]
    answer.attrs["n_households_outside"] = int(of_households.isna().sum())
    return answer


def measure_weekly_coverage(
    households: pd.DataFrame,
    visits: pd.DataFrame,
    *,
    since: pd.Timestamp,
    until: pd.Timestamp,
    zone: str,
) -> pd.DataFrame:
    """Measure reported coverage by week and, if visits have ``qualifies``, evidenced coverage.

    Parameters
    ----------
    households
        Active registered households, indexed by household id.
    visits
        Reported visits with ``visited_at`` (tz-aware) and ``household_id`` (text or categorical); with
        ``qualifies`` (true or false) evidenced coverage is measured too. One with a value in ``attempt`` is
        an attempt.
    since, until
        The period, half-open [since, until), tz-aware; it may cut the first and the last week.
    zone
        Time zone of the local weeks, such as ``"Asia/Jakarta"``.

    Returns
    -------
    pandas.DataFrame
        One row per ISO week (Monday to Sunday) that the period overlaps, even without visits, indexed by
        ``week_start`` (the Monday, a local date): ``n_visits`` to registered households, ``n_attempts``
        without contact, ``n_reported`` distinct households visited in that week, ``n_new`` households
        visited for the first time in the period, and ``reported_coverage``, the share of households visited
        from ``since`` to the end of the week (0 to 1, NaN without households). With ``qualifies`` the same
        for the visits that qualify: ``n_evidenced``, ``n_new_evidenced`` and ``evidenced_coverage``.

    Raises
    ------
    ColumnError
        If a column is missing, a household id repeats, ``visited_at`` has no time zone, or ``qualifies``
        holds anything other than true and false.
    PeriodError
        If the period has no time zone or ends before it starts, or the zone is unknown.

    Examples
    --------
    >>> households = pd.DataFrame(index=["h1", "h2"])
    >>> monday = pd.Timestamp("2026-10-05", tz="Asia/Jakarta")
    >>> visits = pd.DataFrame(
    ...     {"visited_at": [monday, monday + pd.Timedelta(days=8)], "household_id": ["h1", "h2"]}
    ... )
    >>> period = {"since": monday, "until": monday + pd.Timedelta(days=14), "zone": "Asia/Jakarta"}
    >>> measure_weekly_coverage(households, visits, **period)["reported_coverage"]
    week_start
    2026-10-05    0.5
    2026-10-12    1.0
    Name: reported_coverage, dtype: float64
    """
    require_unique(households)
    require_visits(visits)
    require_period(since, until)
    require_zone(zone)
    weeks = _weeks_touched(since, until, zone)
    made = _visits_within(households, visits, since, until)
    week, tried = (_week_numbers(at, zone) - weeks[:1].sum() for at in (made.visited_at, made.tried_at))
    sizes = len(weeks), len(households)
    n_reported, n_new, coverage = _accumulate(made.homes, week, *sizes)
    answer = pd.DataFrame(
        {
            "n_visits": count_groups(week, len(weeks)),
            "n_attempts": count_groups(tried, len(weeks)),
            "n_reported": n_reported,
            "n_new": n_new,
            "reported_coverage": coverage,
        },
        index=_mondays(weeks),
    )
    if made.qualifies is not None:
        evidenced = made.homes[made.qualifies], week[made.qualifies]
        n_evidenced, n_new, coverage = _accumulate(*evidenced, *sizes)
        answer = answer.assign(n_evidenced=n_evidenced, n_new_evidenced=n_new, evidenced_coverage=coverage)
    return answer


def _values_by(households: pd.DataFrame, by: str | pd.Series) -> pd.Series:
    """Return the area of each household, in the order of households."""
    if isinstance(by, pd.Series):
        return by if by.index.equals(households.index) else by.reindex(households.index)
    if by not in households.columns:
        raise ColumnError("The households have no area column {column!r}.", column=by)
    return households[by]


def _areas_of(areas_of_households: pd.Series, areas: pd.Index | None) -> tuple[NDArray[np.intp], pd.Index]:
    """Return the position of each household's area, or NOWHERE, and the area codes."""
    position, met = pd.factorize(areas_of_households, sort=areas is None)
    met = pd.Index(met)
    if isinstance(met, pd.CategoricalIndex):
        met = pd.Index(met.astype(met.categories.dtype))
    if areas is None:
        return position, met.rename(areas_of_households.name)
    wanted = np.append(areas.get_indexer(met), NOWHERE)  # the last for households without an area
    return wanted[position], areas


def _visits_within(
    households: pd.DataFrame, visits: pd.DataFrame, since: pd.Timestamp, until: pd.Timestamp
) -> _Within:
    """Find the visits and attempts at registered households in the period."""
    visited_at = pd.DatetimeIndex(visits["visited_at"]).tz_convert("UTC")
    within = np.flatnonzero((visited_at >= since) & (visited_at < until))
    position = find_positions(visits["household_id"].take(within), households.index)
    known = position != NOWHERE
    visited, tried = known, np.zeros(0, dtype=np.intp)
    if ATTEMPT in visits.columns:
        met = find_contacts(visits)[within]
        visited, tried = known & met, np.flatnonzero(known & ~met)
    rows = within[visited]
    qualifies = visits[QUALIFIES].to_numpy()[rows] if QUALIFIES in visits.columns else None
    return _Within(position[visited], visited_at[rows], qualifies, position[tried], visited_at[within[tried]])


def _met(visited: NDArray[np.intp], n_households: int) -> NDArray[np.bool_]:
    """Return whether each household was visited."""
    met = np.zeros(n_households, dtype=bool)
    met[visited] = True
    return met


def _accumulate(
    visited: NDArray[np.intp], week: NDArray[np.intp], n_weeks: int, n_households: int
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
    """Count the households visited in each week and first visited in it, and the share visited by its end."""
    first = np.full(n_households, n_weeks)  # n_weeks means never
    np.minimum.at(first, visited, week)
    n_new = count_groups(first, n_weeks + 1)[:n_weeks]
    met = pd.unique(week * n_households + visited) // max(n_households, 1)
    share = n_new.cumsum() / n_households if n_households else np.full(n_weeks, np.nan)
    return count_groups(met, n_weeks), n_new, share


def _week_numbers(times: pd.DatetimeIndex, zone: str) -> NDArray[np.intp]:
    """Return the local week of each time, in weeks since that of 1970-01-01."""
    return ((count_local_days(times, zone) + _DAYS_FROM_MONDAY) // _WEEK).astype(np.intp)


def _weeks_touched(since: pd.Timestamp, until: pd.Timestamp, zone: str) -> NDArray[np.intp]:
    """Return the numbers of the local weeks that the period overlaps; none if it is empty."""
    if since == until:
        return np.empty(0, dtype=np.intp)
    last_moment = until - pd.Timedelta(microseconds=1)
    first, last = _week_numbers(pd.DatetimeIndex([since, last_moment]).tz_convert("UTC"), zone)
    return np.arange(first, last + 1)


def _mondays(weeks: NDArray[np.intp]) -> pd.DatetimeIndex:
    days = (weeks * _WEEK - _DAYS_FROM_MONDAY).astype("datetime64[D]")
    return pd.DatetimeIndex(days.astype("datetime64[s]"), name="week_start")
