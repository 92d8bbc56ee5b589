"""Which household a visit was made at: by its number, by its head and neighbourhood, by distance."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from data.importing.places import find_named_villages
from data.values import normalise_names, read_units
from data.values.texts import to_arrow, to_series
from geo.crs import WGS84, to_metric
from geo.join import match_households


def match_visits(
    visits: pd.DataFrame,
    households: pd.DataFrame,
    villages: gpd.GeoDataFrame,
    *,
    max_distance_m: float,
) -> pd.DataFrame:
    """Find the household of each visit.

    Parameters
    ----------
    visits
        Typed and placed, n rows: ``household_given``, ``head_name``, ``rt``, ``rw``, ``lon``, ``lat``,
        ``village_code`` and the texts that name the village.
    households
        Indexed by ``household_id``, with the same columns.
    villages
        Indexed by ``village_code``, EPSG:4326.
    max_distance_m
        How far a fix may lie from the household that it is matched with by distance.

    Returns
    -------
    pandas.DataFrame
        On the index of ``visits``: ``household_id`` and ``household_match``: ``id`` where the number given
        is known; else ``text`` where village, RT, RW and head's name together are those of one household;
        else ``distance`` for the nearest within reach; else ``none``.
    """
    given = visits["household_given"].astype("str")
    found = given.where(given.isin(households.index))
    how = pd.Series("none", index=visits.index, dtype="str").where(found.isna(), "id")
    rest = found.isna() & visits["head_name"].notna()
    if rest.any():
        found, how = _take(found, how, _by_text(visits[rest], households, villages), "text")
    rest = found.isna() & visits["lon"].notna()
    if rest.any() and households["lon"].notna().any():
        near = _by_distance(visits[rest], households, villages, max_distance_m)
        found, how = _take(found, how, near, "distance")
    return pd.DataFrame({"household_id": found.astype("str"), "household_match": how})


def _take(found: pd.Series, how: pd.Series, more: pd.Series, name: str) -> tuple[pd.Series, pd.Series]:
    more = more.dropna()
    found, how = found.copy(), how.copy()
    found.loc[more.index], how.loc[more.index] = more, name
    return found, how


def _by_text(visits: pd.DataFrame, households: pd.DataFrame, villages: gpd.GeoDataFrame) -> pd.Series:
    named = find_named_villages(visits, villages)
    known = _home_names(households, households["village_code"])
    once = known[known.notna() & ~known.duplicated(keep=False)]
    by_name = pd.Series(once.index.astype("str"), index=once.array, dtype="str")
    return _home_names(visits, named.where(named.notna(), visits["village_code"])).map(by_name).astype("str")


def _home_names(frame: pd.DataFrame, villages: pd.Series) -> pd.Series:
    """Write village, RT, RW and head's name as one text; missing without village or head."""
    parts = [
        to_arrow(part.astype("str"))
        for part in (
            villages,
            read_units(frame["rt"].astype("str")).fillna(""),
            read_units(frame["rw"].astype("str")).fillna(""),
            normalise_names(frame["head_name"].astype("str")),
        )
    ]
    return to_series(pc.binary_join_element_wise(*parts, pa.scalar("|", pa.large_string())), frame.index)


def _by_distance(
    visits: pd.DataFrame, households: pd.DataFrame, villages: gpd.GeoDataFrame, max_distance_m: float
) -> pd.Series:
    bounds = villages.total_bounds
    if not np.isfinite(bounds).all():
        points = households[["lon", "lat"]]
        bounds = np.concatenate([points.min(), points.max()])
    zone = to_metric(gpd.GeoDataFrame(geometry=[shapely.box(*bounds)], crs=WGS84))
    near = match_households(_points(visits, zone), _points(households, zone), max_distance_m=max_distance_m)
    return near["household_id"].astype("str")


def _points(frame: pd.DataFrame, zone: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Project rows' points; those so far away that the projection does not hold them are left out."""
    some = frame[frame["lon"].notna()]
    points = gpd.GeoSeries(gpd.points_from_xy(some["lon"], some["lat"]), index=some.index, crs=WGS84)
    projected = to_metric(gpd.GeoDataFrame(geometry=points), like=zone)
    return projected[np.isfinite(projected.geometry.x) & np.isfinite(projected.geometry.y)]
