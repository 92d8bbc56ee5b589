"""How many registered households were reported visited, by area and over time."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from geo.errors import ColumnError, WindowError

if TYPE_CHECKING:
    from numpy.typing import NDArray

_DAYS_FROM_MONDAY = 3  # 1970-01-01, day 0, was a Thursday
_WEEK = 7
_SECONDS_PER_DAY = 86_400
_NOWHERE = -1  # position of what is in no area, or of no registered household


def measure_coverage(
    households: pd.DataFrame,
    visits: pd.DataFrame,
    *,
    since: pd.Timestamp,
    until: pd.Timestamp,
    by: str = "village_code",
    areas: pd.Index | None = None,
) -> pd.DataFrame:
    """Measure the reported coverage of each area.

    A household counts once, however often it was visited. A visit counts in the area where its household is
    registered; one to an unknown household, or to a household in no area, counts in none.

    Parameters
    ----------
    households
        Active registered households, indexed by household id, with the column ``by``.
    visits
        Reported visits with ``visited_at`` (tz-aware) and ``household_id`` (text or categorical; the latter
        is several times as fast).
    since, until
        The window, half-open [since, until), tz-aware.
    by
        Column of ``households`` with the area code; a household without one is in no area.
    areas
        Codes of the areas to answer for, in this order, be they without households; by default the codes met,
        sorted.

    Returns
    -------
    pandas.DataFrame
        Indexed by area code: ``n_households`` registered, ``n_visits`` to them, ``n_reported`` distinct
        households visited, ``reported_coverage`` = n_reported ÷ n_households (0 to 1, NaN without households)
        and ``last_visit_at`` (UTC, NaT without visits). ``.attrs["n_households_outside"]`` tells how many
        households have no area code.

    Raises
    ------
    ColumnError
        If a column is missing, a household id repeats, or ``visited_at`` has no time zone.
    WindowError
        If the window has no time zone or ends before it starts.

    Examples
    --------
    >>> households = pd.DataFrame({"village_code": ["v1", "v1", "v2"]}, index=["h1", "h2", "h3"])
    >>> day = pd.Timestamp("2026-10-05 09:00", tz="UTC")
    >>> visits = pd.DataFrame({"visited_at": [day, day], "household_id": ["h1", "h1"]})
    >>> window = {"since": day.normalize(), "until": day.normalize() + pd.Timedelta(days=1)}
    >>> measure_coverage(households, visits, **window).drop(columns="last_visit_at")
                  n_households  n_visits  n_reported  reported_coverage
    village_code
    v1                       2         2           1                0.5
    v2                       1         0           0                0.0
    """
    _require(households, visits, by=by)
    _require_window(since, until)
    area_of_household, codes = _areas_of(households[by], areas)
    visited, visited_at = _visits_within(households, visits, since, until)
    n_areas = len(codes)
    reported = np.zeros(len(households), dtype=bool)
    reported[visited] = True
    n_households = _count(area_of_household, n_areas)
    n_reported = _count(area_of_household[reported], n_areas)
    area_of_visit = area_of_household[visited]
    coverage = np.divide(n_reported, n_households, where=n_households > 0, out=np.full(n_areas, np.nan))
    answer = pd.DataFrame(
        {
            "n_households": n_households,
            "n_visits": _count(area_of_visit, n_areas),
            "n_reported": n_reported,
            "reported_coverage": coverage,
            "last_visit_at": _latest(area_of_visit, visited_at, n_areas),
        },
        index=codes,
    )
    answer.attrs["n_households_outside"] = int(households[by].isna().sum())
    return answer


def coverage_over_time(
    households: pd.DataFrame,
    visits: pd.DataFrame,
    *,
    since: pd.Timestamp,
    until: pd.Timestamp,
    zone: str,
) -> pd.DataFrame:
    """Measure the reported coverage week by week.

    Parameters
    ----------
    households
        Active registered households, indexed by household id.
    visits
        Reported visits with ``visited_at`` (tz-aware) and ``household_id`` (text or categorical).
    since, until
        The window, half-open [since, until), tz-aware; the first and the last week may be cut by it.
    zone
        Time zone whose local days make the weeks, such as ``"Asia/Jakarta"``.

    Returns
    -------
    pandas.DataFrame
        One row for each ISO week (Monday to Sunday) that the window touches, be it without visits, indexed by
        ``week_start`` (the Monday, a local date): ``n_visits`` to registered households, ``n_reported``
        distinct households visited in that week, ``n_new`` households visited for the first time in the
        window, and ``reported_coverage``, the share of households visited from ``since`` to the end of the
        week (0 to 1, NaN without households).

    Raises
    ------
    ColumnError
        If a column is missing, a household id repeats, or ``visited_at`` has no time zone.
    WindowError
        If the window has no time zone or ends before it starts, or the zone is not known.

    Examples
    --------
    >>> households = pd.DataFrame(index=["h1", "h2"])
    >>> monday = pd.Timestamp("2026-10-05", tz="Asia/Jakarta")
    >>> visits = pd.DataFrame(
    ...     {"visited_at": [monday, monday + pd.Timedelta(days=8)], "household_id": ["h1", "h2"]}
    ... )
    >>> window = {"since": monday, "until": monday + pd.Timedelta(days=14), "zone": "Asia/Jakarta"}
    >>> coverage_over_time(households, visits, **window)["reported_coverage"]
    week_start
    2026-10-05    0.5
    2026-10-12    1.0
    Name: reported_coverage, dtype: float64
    """
    _require(households, visits)
    _require_window(since, until)
    _require_zone(zone)
    weeks = _weeks_touched(since, until, zone)
    visited, visited_at = _visits_within(households, visits, since, until)
    week = _week_numbers(visited_at, zone) - weeks[:1].sum()
    n_weeks, n_households = len(weeks), len(households)
    first = np.full(n_households, n_weeks)  # which stands for never
    np.minimum.at(first, visited, week)
    n_new = _count(first, n_weeks + 1)[:n_weeks]
    met = pd.unique(week * n_households + visited) // max(n_households, 1)
    return pd.DataFrame(
        {
            "n_visits": _count(week, n_weeks),
            "n_reported": _count(met, n_weeks),
            "n_new": n_new,
            "reported_coverage": n_new.cumsum() / n_households if n_households else np.full(n_weeks, np.nan),
        },
        index=_mondays(weeks),
    )


def _require(households: pd.DataFrame, visits: pd.DataFrame, *, by: str | None = None) -> None:
    if by is not None and by not in households.columns:
        raise ColumnError(f"The households have no column {by!r} to tell their area.")
    if not households.index.is_unique:
        repeated = households.index[households.index.duplicated()][0]
        raise ColumnError(f"The household {repeated!r} is there more than once: give each household one row.")
    for column in ("visited_at", "household_id"):
        if column not in visits.columns:
            raise ColumnError(f"The visits have no column {column!r}.")
    if not isinstance(visits["visited_at"].dtype, pd.DatetimeTZDtype):
        raise ColumnError("The column 'visited_at' must hold times with a time zone.")


def _require_window(since: pd.Timestamp, until: pd.Timestamp) -> None:
    if since.tzinfo is None or until.tzinfo is None:
        raise WindowError("The window must have a time zone: give since and until with one.")
    if until < since:
        raise WindowError(f"The window ends ({until}) before it starts ({since}): swap the two.")


def _areas_of(areas_of_households: pd.Series, areas: pd.Index | None) -> tuple[NDArray[np.intp], pd.Index]:
    """Position of each household's area, or _NOWHERE, and the areas' codes."""
    position, met = pd.factorize(areas_of_households, sort=areas is None)
    met = pd.Index(met)
    if isinstance(met, pd.CategoricalIndex):
        met = pd.Index(met.astype(met.categories.dtype))
    if areas is None:
        return position, met.rename(areas_of_households.name)
    wanted = np.append(areas.get_indexer(met), _NOWHERE)  # the last for households without an area
    return wanted[position], areas


def _visits_within(
    households: pd.DataFrame, visits: pd.DataFrame, since: pd.Timestamp, until: pd.Timestamp
) -> tuple[NDArray[np.intp], pd.DatetimeIndex]:
    """Position of the household and time of each visit to a registered household in the window."""
    visited_at = pd.DatetimeIndex(visits["visited_at"]).tz_convert("UTC")
    within = np.flatnonzero((visited_at >= since) & (visited_at < until))
    position = _positions(visits["household_id"].take(within), households.index)
    known = position != _NOWHERE
    return position[known], visited_at[within[known]]


def _positions(ids: pd.Series, index: pd.Index) -> NDArray[np.intp]:
    """Position of each id in the index, or _NOWHERE; of a categorical only the categories are looked up."""
    if not isinstance(ids.dtype, pd.CategoricalDtype):
        position = index.get_indexer(pd.Index(ids))
        return np.where(ids.isna().to_numpy(), _NOWHERE, position)
    categories = ids.cat.categories
    if categories.equals(index):
        return np.asarray(ids.cat.codes, dtype=np.intp)
    of_category = np.full(len(categories) + 1, _NOWHERE, dtype=np.intp)  # the last for a missing id
    of_category[:-1] = index.get_indexer(categories)
    return of_category[ids.cat.codes.to_numpy()]


def _count(groups: NDArray[np.intp], n_groups: int) -> NDArray[np.intp]:
    """Count the members of each group; _NOWHERE is none."""
    return np.bincount(groups + 1, minlength=n_groups + 1)[1:]


def _latest(groups: NDArray[np.intp], times: pd.DatetimeIndex, n_groups: int) -> pd.DatetimeIndex:
    """Last time of each group, NaT where it has none."""
    latest = np.full(n_groups + 1, np.iinfo(np.int64).min)  # which is NaT; the last takes _NOWHERE
    np.maximum.at(latest, groups, times.asi8)
    return pd.DatetimeIndex(latest[:-1].view(f"datetime64[{times.unit}]"), tz="UTC")


def _require_zone(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError) as error:  # unknown, or no name of a zone at all
        raise WindowError(f"The time zone {zone!r} is not known: give one such as 'Asia/Jakarta'.") from error


def _week_numbers(times: pd.DatetimeIndex, zone: str) -> NDArray[np.intp]:
    """Count the local weeks to each time from the week of 1970-01-01."""
    days = times.tz_convert(zone).tz_localize(None).as_unit("s").asi8 // _SECONDS_PER_DAY
    return ((days + _DAYS_FROM_MONDAY) // _WEEK).astype(np.intp)


def _weeks_touched(since: pd.Timestamp, until: pd.Timestamp, zone: str) -> NDArray[np.intp]:
    """Numbers of the local weeks that the window touches; an empty window touches none."""
    if since == until:
        return np.empty(0, dtype=np.intp)
    last_moment = until - pd.Timedelta(microseconds=1)
    first, last = _week_numbers(pd.DatetimeIndex([since, last_moment]).tz_convert("UTC"), zone)
    return np.arange(first, last + 1)


def _mondays(weeks: NDArray[np.intp]) -> pd.DatetimeIndex:
    days = (weeks * _WEEK - _DAYS_FROM_MONDAY).astype("datetime64[D]")
    return pd.DatetimeIndex(days.astype("datetime64[s]"), name="week_start")
