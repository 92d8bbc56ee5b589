"""Placement of records: the village that contains the point, else the village of the given code or name."""

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
"""Columns that locate a record."""

FAR_M = 50_000.0
"""A point farther than this from every village, in metres, is reported as far away."""


class NamedVillages(NamedTuple):
    """Villages that rows name, n each: codes (missing for none), and which names are ambiguous."""

    codes: pd.Series
    ambiguous: NDArray[np.bool_]


def find_named_villages(frame: pd.DataFrame, register: Register) -> NamedVillages:
    """Find the villages that rows name by code or by name.

    Parameters
    ----------
    frame
        ``village_given``, ``district_given`` and ``village_code_given``, n rows.
    register
        The villages in force.

    Returns
    -------
    NamedVillages
        The village of the given code, if there is one; else of the spelling, as a user explained it; else
        the only village of that name in that district. If the register has no districts, the name must be
        unique in all of it. Missing if there is none, or several.
    """
    found = register.translate(frame["village_code_given"].astype("str"))
    nothing = np.zeros(len(frame), dtype=bool)
    if found.notna().all() or frame["village_given"].isna().all():
        return NamedVillages(found, nothing)
    names = normalise_names(frame["village_given"].astype("str"))
    districts = normalise_names(frame["district_given"].astype("str"))
    known, parents = register.village_names, register.district_names
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
    """Invert names by code into codes by name, without names that several codes share."""
    once = names[~names.duplicated(keep=False) & names.notna()]
    return pd.Series(once.index.astype("str"), index=once.array, dtype="str")


def place_records(frame: pd.DataFrame, register: Register) -> pd.DataFrame:
    """Find the village of each row.

    Parameters
    ----------
    frame
        ``lon``, ``lat`` (WGS84, NaN for none) and the columns that name the village, n rows.
    register
        The villages in force. Nothing is projected, since point-in-polygon tests need no metres; edges of
        polygons are straight in degrees.

    Returns
    -------
    pandas.DataFrame
        On the index of ``frame``: ``village_code`` (missing for none) and ``placement``. A point alone
        decides, and is ``inside`` or ``outside``; without one, a row is ``unlocated`` and its village is the
        one that it names.
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
    """Find points more than ``FAR_M`` from every village.

    Parameters
    ----------
    frame
        ``lon``, ``lat`` and ``placement``, n rows.
    villages
        EPSG:4326.

    Returns
    -------
    numpy.ndarray
        n booleans; all False if there are no villages.
    """
    far = (frame["placement"] == "outside").to_numpy(dtype=bool, copy=True)
    if not far.any() or villages.empty:
        return np.zeros(len(frame), dtype=bool)
    metric = to_metric(gpd.GeoDataFrame(geometry=villages.geometry))
    points = gpd.GeoSeries(gpd.points_from_xy(frame["lon"][far], frame["lat"][far]), crs=WGS84)
    projected = to_metric(gpd.GeoDataFrame(geometry=points), like=metric).geometry
    xy = np.column_stack([projected.x, projected.y])
    known = np.isfinite(xy).all(axis=1)  # points outside the projection's range are far
    near = np.zeros(len(xy), dtype=bool)
    everywhere = shapely.union_all(metric.geometry.to_numpy())
    shapely.prepare(everywhere)
    near[known] = shapely.dwithin(everywhere, shapely.points(xy[known]), FAR_M)
    far[far] = ~near
    return far


def merge_villages(old: gpd.GeoDataFrame, new: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Merge boundaries; new ones replace old ones with the same code."""
    kept = old[~old.index.isin(new.index)]
    if kept.empty:
        return new.sort_index()
    return pd.concat([kept, new[[name for name in kept.columns if name in new.columns]]]).sort_index()
