"""Where records lie: the village that holds a point, else the village that a code or a name means."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.values import normalise_names
from geo.crs import WGS84, to_metric
from geo.join import locate_points

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from data.importing.register import Register

PLACE_COLUMNS = (
    "lon",
    "lat",
    "village_code",
    "placement",
    "village_given",
    "district_given",
    "village_code_given",
)
"""What is known of where a record lies."""

FAR_M = 50_000.0
"""A point farther than this from every village is told as far away."""


class NamedVillages(NamedTuple):
    """The villages that rows name, n each: codes (missing for none), and which names stand for several."""

    codes: pd.Series
    ambiguous: NDArray[np.bool_]


def find_named_villages(frame: pd.DataFrame, register: Register) -> NamedVillages:
    """Find the villages that rows name.

    Parameters
    ----------
    frame
        ``village_given``, ``district_given`` and ``village_code_given``, n rows.
    register
        The villages in force.

    Returns
    -------
    Named
        The code given, if it leads to a village; else what a person said that the spelling means; else the
        one village of that name in that district. Where the register names no districts, the name must be
        unique in all of it. Missing where there is none, or several.
    """
    found = register.translate(frame["village_code_given"].astype("str"))
    nothing = np.zeros(len(frame), dtype=bool)
    if found.notna().all() or frame["village_given"].isna().all():
        return NamedVillages(found, nothing)
    names = normalise_names(frame["village_given"].astype("str"))
    districts = normalise_names(frame["district_given"].astype("str"))
    known, parents = register.names, register.districts
    full = (parents + "|" + known).dropna()
    said = register.spellings[register.spellings.isin(register.villages.index)]
    orphans = _once(known)[lambda code: parents.reindex(code.to_numpy()).isna().to_numpy()]
    for keys, codes in (
        (districts.fillna("") + "|" + names, said),
        (districts + "|" + names, _once(full)),
        (names, orphans),
    ):
        found = found.where(found.notna(), keys.map(codes).astype("str"))
    several = (districts + "|" + names).isin(full[full.duplicated()])
    several |= districts.isna() & names.isin(known[known.duplicated()])
    nowhere = known[parents.isna()]
    several |= names.isin(nowhere[nowhere.duplicated()])
    return NamedVillages(found, (several & found.isna()).to_numpy())


def _once(names: pd.Series) -> pd.Series:
    """Turn names by code into codes by name, leaving out names that stand for several."""
    once = names[~names.duplicated(keep=False) & names.notna()]
    return pd.Series(once.index.astype("str"), index=once.array, dtype="str")


def place_records(frame: pd.DataFrame, register: Register) -> pd.DataFrame:
    """Tell the village of each row.

    Parameters
    ----------
    frame
        ``lon``, ``lat`` (WGS84, NaN for none) and what the rows say of their village, n rows.
    register
        The villages in force. Whether a point lies in a polygon needs no metres, so nothing is projected;
        borders between two corners are straight in degrees.

    Returns
    -------
    pandas.DataFrame
        On the index of ``frame``: ``village_code`` (missing for none) and ``placement``: a point decides
        alone, and is ``inside`` or ``outside``; without one, a row is ``unlocated`` and its village the one
        that it names.
    """
    lon, lat = frame["lon"].to_numpy(dtype="float64"), frame["lat"].to_numpy(dtype="float64")
    located = ~np.isnan(lon)
    by_point = pd.Series(locate_points(lon, lat, register.villages), index=frame.index, dtype="str")
    placement = np.where(located, np.where(by_point.isna(), "outside", "inside"), "unlocated")
    by_text = pd.Series(None, index=frame.index, dtype="str")
    if not located.all():
        by_text.loc[~located] = find_named_villages(frame[~located], register).codes
    return pd.DataFrame(
        {
            "village_code": by_point.where(located, by_text).astype("str"),
            "placement": pd.Series(placement, index=frame.index, dtype="str"),
        }
    )


def find_far_points(frame: pd.DataFrame, villages: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    """Tell which points lie more than ``FAR_M`` from every village.

    Parameters
    ----------
    frame
        ``lon``, ``lat`` and ``placement``, n rows.
    villages
        EPSG:4326.

    Returns
    -------
    numpy.ndarray
        n booleans; none is far where there are no villages.
    """
    far = (frame["placement"] == "outside").to_numpy(dtype=bool, copy=True)
    if not far.any() or villages.empty:
        return np.zeros(len(frame), dtype=bool)
    metric = to_metric(gpd.GeoDataFrame(geometry=villages.geometry))
    points = gpd.GeoSeries(gpd.points_from_xy(frame["lon"][far], frame["lat"][far]), crs=WGS84)
    projected = to_metric(gpd.GeoDataFrame(geometry=points), like=metric).geometry
    xy = np.column_stack([projected.x, projected.y])
    known = np.isfinite(xy).all(axis=1)  # where the projection does not reach, it is far
    near = np.zeros(len(xy), dtype=bool)
    everywhere = shapely.union_all(metric.geometry.to_numpy())
    shapely.prepare(everywhere)
    near[known] = shapely.dwithin(everywhere, shapely.points(xy[known]), FAR_M)
    far[far] = ~near
    return far


def merge_villages(old: gpd.GeoDataFrame, new: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give the boundaries as they will be: new ones over old ones of the same code."""
    kept = old[~old.index.isin(new.index)]
    if kept.empty:
        return new.sort_index()
    return pd.concat([kept, new[[name for name in kept.columns if name in new.columns]]]).sort_index()
