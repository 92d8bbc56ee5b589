"""Matching of visits to households: by number, by head and neighbourhood unit, or by distance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from data.importing.places import find_named_villages
from data.values import normalise_names, read_units
from data.values.texts import to_text_array, to_text_series
from geo.crs import WGS84, to_metric
from geo.join import match_households

if TYPE_CHECKING:
    from data.importing.register import Register


def match_visits(
    visits: pd.DataFrame,
    households: pd.DataFrame,
    register: Register,
    *,
    max_distance_m: float,
) -> pd.DataFrame:
    """Find the household of each visit.

    Parameters
    ----------
    visits
        Typed and placed visits, n rows: ``household_given``, ``head_name``, ``rt``, ``rw``, ``lon``, ``lat``,
        ``village_code`` and the texts that name the village.
    households
        Indexed by ``household_id``, with the same columns.
    register
        The villages in force.
    max_distance_m
        Largest distance between a fix and the household that it is matched to by distance.

    Returns
    -------
    pandas.DataFrame
        On the index of ``visits``: ``household_id`` and ``household_match``, which is ``id`` if the given
        number is known; else ``text`` for the only household with that head in that village whose RT and RW
        do not differ; else ``distance`` for the nearest within ``max_distance_m``; else ``none``.
        ``ambiguous`` marks visits whose texts fit several households, matched by distance if at all.
    """
    given = visits["household_given"].astype("str")
    found = given.where(given.isin(households.index))
    how = pd.Series("none", index=visits.index, dtype="str").where(found.isna(), "id")
    ambiguous = pd.Series(False, index=visits.index)
    rest = found.isna() & visits["head_name"].notna()
    if rest.any() and len(households):
        named = _by_text(visits[rest], households, register)
        found, how = _take(found, how, named["household_id"], "text")
        ambiguous.loc[rest] = named["ambiguous"]
    rest = found.isna() & visits["lon"].notna()
    if rest.any() and households["lon"].notna().any():
        near = _by_distance(visits[rest], households, register.villages, max_distance_m)
        found, how = _take(found, how, near, "distance")
    return pd.DataFrame(
        {"household_id": found.astype("str"), "household_match": how, "ambiguous": ambiguous & found.isna()}
    )


def _take(found: pd.Series, how: pd.Series, more: pd.Series, name: str) -> tuple[pd.Series, pd.Series]:
    more = more.dropna()
    found, how = found.copy(), how.copy()
    found.loc[more.index], how.loc[more.index] = more, name
    return found, how


def _by_text(visits: pd.DataFrame, households: pd.DataFrame, register: Register) -> pd.DataFrame:
    """Match by village and head, and by RT and RW where both have them; mark visits that fit several."""
    named = find_named_villages(visits, register).codes
    asked = _home_names(visits, named.where(named.notna(), visits["village_code"]))
    known = _home_names(households, households["village_code"])
    asked = asked.assign(row=np.arange(len(asked)))
    pairs = asked.dropna(subset=["home"]).merge(
        known.assign(household_id=households.index), on="home", suffixes=("", "_known")
    )
    exact = pd.Series(True, index=pairs.index)
    for unit in ("rt", "rw"):
        same = pairs[unit] == pairs[f"{unit}_known"]
        pairs, exact = _keep(pairs, exact & same, same | (pairs[unit] == "") | (pairs[f"{unit}_known"] == ""))
    n_fitting = pairs.groupby("row")["row"].transform("size")
    n_exact = exact.groupby(pairs["row"]).transform("sum")
    one = pairs[(n_fitting == 1) | ((n_exact == 1) & exact)]
    found = pd.DataFrame({"household_id": None, "ambiguous": False}, index=visits.index)
    ids = pd.Series(one["household_id"].array, index=visits.index[one["row"]], dtype="str")
    several = visits.index[pairs["row"].unique()].difference(ids.index)
    found.loc[ids.index, "household_id"] = ids
    found.loc[several, "ambiguous"] = True
    return found


def _keep(pairs: pd.DataFrame, exact: pd.Series, wanted: pd.Series) -> tuple[pd.DataFrame, pd.Series]:
    return pairs[wanted], exact[wanted]


def _home_names(frame: pd.DataFrame, villages: pd.Series) -> pd.DataFrame:
    """Join village and head's name into one text, missing without either; add RT and RW, "" for none."""
    parts = [
        to_text_array(villages.astype("str")),
        to_text_array(normalise_names(frame["head_name"].astype("str"))),
    ]
    home = to_text_series(pc.binary_join_element_wise(*parts, pa.scalar("|", pa.large_string())), frame.index)
    units = {unit: read_units(frame[unit].astype("str")).fillna("") for unit in ("rt", "rw")}
    return pd.DataFrame({"home": home, **units})


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
    """Project the points of rows; those too far away for the projection are left out."""
    some = frame[frame["lon"].notna()]
    points = gpd.GeoSeries(gpd.points_from_xy(some["lon"], some["lat"]), index=some.index, crs=WGS84)
    projected = to_metric(gpd.GeoDataFrame(geometry=points), like=zone)
    return projected[np.isfinite(projected.geometry.x) & np.isfinite(projected.geometry.y)]
