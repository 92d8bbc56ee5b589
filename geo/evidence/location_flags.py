"""Flags raised by the fixes of visits: outside the village, stacked at one spot, always the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely

from geo.checks import require_columns
from geo.crs import WGS84, to_metric, to_wgs84
from geo.errors import Phrase
from geo.evidence.columns import (
    MISSING_CODE,
    UNKNOWN_TIME,
    combine_codes,
    encode_column,
    make_flag,
    require_log,
    split_local_times,
    take_fixes,
    take_local_times,
    take_numbers,
)
from geo.evidence.rules import DEFAULT_RULES
from geo.evidence.stacks import find_stacked
from geo.ground import project_locally
from geo.groups import NOWHERE, find_positions
from geo.join import locate_points
from geo.lattice import prepare_polygons

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

_SIXTH_DECIMAL = 1e6


def flag_outside_village(
    visits: pd.DataFrame,
    households: pd.DataFrame,
    areas: gpd.GeoDataFrame,
    *,
    beyond_m: float = DEFAULT_RULES.outside_m,
) -> pd.Series:
    """Flag visits whose fix lies outside the village of their household.

    Parameters
    ----------
    visits
        With ``visited_at``, ``officer_id``, ``household_id`` and, where there are fixes, ``lon`` and
        ``lat``.
    households
        Indexed by household id, with ``village_code``.
    areas
        Villages in any CRS, indexed by code. A visit to a household whose village is unknown or not among
        them is not flagged.
    beyond_m
        Metres from the border; fixes farther away (>) are flagged.

    Returns
    -------
    pandas.Series
        Booleans on the index of ``visits``.

    Raises
    ------
    ColumnError
        If a column is missing.
    CRSError
        If the areas have no CRS.
    GeometryError
        If the areas are not polygons.

    Examples
    --------
    >>> import pandas as pd
    >>> areas = gpd.GeoDataFrame(
    ...     geometry=[shapely.box(111, -7.5, 111.01, -7.4)], index=["v1"], crs="EPSG:4326"
    ... )
    >>> households = pd.DataFrame({"village_code": ["v1"]}, index=["h1"])
    >>> at = pd.Timestamp("2026-10-05 09:00", tz="Asia/Jakarta")
    >>> visits = pd.DataFrame(
    ...     {"visited_at": at, "officer_id": "o1", "household_id": "h1", "lat": -7.45}
    ...     | {"lon": [111.0105, 111.012]}
    ... )
    >>> flag_outside_village(visits, households, areas).tolist()  # 55 m and 221 m outside
    [False, True]
    """
    require_log(visits)
    require_columns(households, ("village_code",), Phrase("households"))
    areas = areas[~(areas.geometry.isna() | areas.geometry.is_empty)]
    lon, lat = take_fixes(visits)
    area = _areas_of_visits(visits, households, areas)
    rows = np.flatnonzero((area != NOWHERE) & np.isfinite(lon) & np.isfinite(lat))
    found = areas.index.get_indexer(locate_points(lon[rows], lat[rows], to_wgs84(areas)))
    rows = rows[
        found != area[rows]
    ]  # where two villages overlap, the fix may be in the right one all the same
    near = _within(lon[rows], lat[rows], areas, area[rows], beyond_m)
    return make_flag(visits, rows[~near], "outside_village")


def flag_stacked(
    visits: pd.DataFrame,
    *,
    time_zone: str,
    at_least: int = DEFAULT_RULES.stacked_households,
    within_m: float = DEFAULT_RULES.stacked_m,
    spared: pd.Series | None = None,
) -> pd.Series:
    """Flag visits to different households that an officer recorded at one spot on one day.

    A spot is a fix with all other fixes around it on the officer's local day; every visit with a fix in a
    spot of enough different households is flagged.

    Parameters
    ----------
    visits
        With ``visited_at`` (tz-aware), ``officer_id``, ``household_id`` and, where there are fixes,
        ``lon`` and ``lat``.
    time_zone
        Time zone of the local days.
    at_least
        Different households at a spot (≥).
    within_m
        Metres from the central fix (≤).
    spared
        Booleans on the index of ``visits``: these are neither counted nor flagged. Give those whose fix
        supports their household, so that flats and dense rows of houses are not flagged.

    Returns
    -------
    pandas.Series
        Booleans on the index of ``visits``.

    Raises
    ------
    ColumnError
        If a column is missing or ``visited_at`` has no time zone.

    Examples
    --------
    >>> import pandas as pd
    >>> at = pd.date_range("2026-10-05 09:00", periods=5, freq="h", tz="Asia/Jakarta")
    >>> visits = pd.DataFrame(
    ...     {"visited_at": at, "officer_id": "o1", "household_id": list("abcde"), "lon": 111.0, "lat": -7.4}
    ... )
    >>> flag_stacked(visits, time_zone="Asia/Jakarta").tolist()
    [True, True, True, True, True]
    >>> flag_stacked(visits.head(4), time_zone="Asia/Jakarta").tolist()
    [False, False, False, False]
    """
    require_log(visits)
    officer, household = encode_column(visits, "officer_id"), encode_column(visits, "household_id")
    (lon, lat), local = take_fixes(visits), take_local_times(visits, time_zone)
    usable = (
        (officer != MISSING_CODE)
        & (household != MISSING_CODE)
        & (local != UNKNOWN_TIME)
        & np.isfinite(lon + lat)
    )
    if spared is not None:
        usable &= ~spared.to_numpy(dtype=bool)
    rows = np.flatnonzero(usable)
    day = combine_codes(officer[rows], split_local_times(local[rows])[0])
    order = np.argsort(day, kind="stable")
    rows, day = rows[order], day[order]
    first = np.flatnonzero(np.diff(day, prepend=np.int64(-1)))
    n_of_day = np.diff(first, append=len(day))
    west, south = (
        np.repeat(np.minimum.reduceat(part[rows], first), n_of_day) if len(rows) else part[rows]
        for part in (lon, lat)
    )
    places = np.column_stack(project_locally(lon[rows], lat[rows], west=west, south=south))
    number = np.repeat(np.arange(len(first)), n_of_day)
    stacked = find_stacked(number, household[rows], places, at_least=at_least, within_m=within_m)
    return make_flag(visits, rows[stacked], "stacked")


def flag_mock_fix(
    visits: pd.DataFrame, *, time_zone: str, at_least_days: int = DEFAULT_RULES.mock_days
) -> pd.Series:
    """Flag visits whose fix is unlikely to come from a GPS receiver.

    These are fixes with an accuracy of exactly 0, and all fixes of an officer with the same
    coordinates, to six decimals, on several local days.

    Parameters
    ----------
    visits
        With ``visited_at`` (tz-aware), ``officer_id`` and, where there are fixes, ``lon``, ``lat`` and
        ``accuracy_m``. A visit without a fix is not flagged, whatever its accuracy.
    time_zone
        Time zone of the local days.
    at_least_days
        Different days with the same coordinates (≥).

    Returns
    -------
    pandas.Series
        Booleans on the index of ``visits``.

    Raises
    ------
    ColumnError
        If a column is missing or ``visited_at`` has no time zone.

    Examples
    --------
    >>> import pandas as pd
    >>> at = pd.date_range("2026-10-05 09:00", periods=3, freq="D", tz="Asia/Jakarta")
    >>> visits = pd.DataFrame({"visited_at": at, "officer_id": "o1", "lon": 111.0, "lat": -7.4})
    >>> flag_mock_fix(visits, time_zone="Asia/Jakarta").tolist()
    [True, True, True]
    >>> flag_mock_fix(visits.head(2).assign(accuracy_m=[0.0, 4.0]), time_zone="Asia/Jakarta").tolist()
    [True, False]
    """
    require_log(visits)
    officer, local = encode_column(visits, "officer_id"), take_local_times(visits, time_zone)
    lon, lat = take_fixes(visits)
    exact = (take_numbers(visits, "accuracy_m") == 0) & np.isfinite(lon + lat)
    rows = np.flatnonzero((officer != MISSING_CODE) & (local != UNKNOWN_TIME) & np.isfinite(lon + lat))
    spot = combine_codes(*(np.rint(part[rows] * _SIXTH_DECIMAL).astype(np.int64) for part in (lon, lat)))
    rows, spot = _often(rows, spot, at_least_days)
    by_officer = combine_codes(np.unique(spot, return_inverse=True)[1], officer[rows])
    days = np.unique(np.column_stack([by_officer, split_local_times(local[rows])[0]]), axis=0)
    seen, n_days = np.unique(days[:, 0], return_counts=True)
    same = np.isin(by_officer, seen[n_days >= at_least_days])
    return make_flag(visits, np.concatenate([np.flatnonzero(exact), rows[same]]), "mock_fix")


def _areas_of_visits(
    visits: pd.DataFrame, households: pd.DataFrame, areas: gpd.GeoDataFrame
) -> NDArray[np.intp]:
    """Return the position of the village of each visit's household, or NOWHERE."""
    if "household_id" not in visits.columns:
        return np.full(len(visits), NOWHERE)
    village = np.append(find_positions(households["village_code"], areas.index), NOWHERE)
    return village[find_positions(visits["household_id"], households.index)]


def _within(
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    areas: gpd.GeoDataFrame,
    area: NDArray[np.intp],
    beyond_m: float,
) -> NDArray[np.bool_]:
    """Return whether each place is in its area or at most ``beyond_m`` from it."""
    if not len(lon):
        return np.zeros(0, dtype=bool)
    metric = to_metric(areas)
    points = gpd.GeoSeries(gpd.points_from_xy(lon, lat), crs=WGS84).to_frame("geometry")
    polygons = prepare_polygons(metric.geometry.to_numpy())
    return shapely.dwithin(polygons[area], to_metric(points, like=metric).geometry.to_numpy(), beyond_m)


def _often(
    rows: NDArray[np.intp], codes: NDArray[np.int64], at_least: int
) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
    """Keep the rows whose code occurs often enough, usually few, which saves work later."""
    _, of_row, n_rows = np.unique(codes, return_inverse=True, return_counts=True)
    often = n_rows[of_row] >= at_least
    return rows[often], codes[often]
