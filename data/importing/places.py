"""Where records lie: the village that holds a point, else the village that a text names."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from data import repository
from data.store import PLACED
from data.values import normalise_names
from geo.join import locate

if TYPE_CHECKING:
    import geopandas as gpd

    from data.database import Database
    from data.principal import Principal

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


def find_named_villages(frame: pd.DataFrame, villages: gpd.GeoDataFrame) -> pd.Series:
    """Find the villages that rows name.

    Parameters
    ----------
    frame
        ``village_given``, ``district_given`` and ``village_code_given``, n rows.
    villages
        Indexed by ``village_code``; ``village`` and ``district``.

    Returns
    -------
    pandas.Series
        n codes: the code given, if there is such a village; else the one village of that name in that
        district. Where the register names no districts, the name must be unique in all of it. Missing where
        there is none, or several.
    """
    codes = frame["village_code_given"].astype("str")
    found = codes.where(codes.isin(villages.index))
    if found.notna().all() or frame["village_given"].isna().all():
        return found
    names = normalise_names(frame["village_given"].astype("str"))
    districts = normalise_names(frame["district_given"].astype("str"))
    known = normalise_names(villages["village"].astype("str"))
    parents = normalise_names(villages["district"].astype("str"))
    full = (parents + "|" + known).dropna()
    by_both = (districts + "|" + names).map(_unique(full)).astype("str")
    by_name = names.map(_unique(known)[lambda code: parents.reindex(code.to_numpy()).isna().to_numpy()])
    return found.where(found.notna(), by_both.where(by_both.notna(), by_name.astype("str")))


def _unique(names: pd.Series) -> pd.Series:
    """Turn names by code into codes by name, leaving out names that stand for several."""
    once = names[~names.duplicated(keep=False) & names.notna()]
    return pd.Series(once.index.astype("str"), index=once.array, dtype="str")


def place(frame: pd.DataFrame, villages: gpd.GeoDataFrame) -> pd.DataFrame:
    """Tell the village of each row.

    Parameters
    ----------
    frame
        ``lon``, ``lat`` (WGS84, NaN for none) and what the rows say of their village, n rows.
    villages
        EPSG:4326, indexed by ``village_code``. Whether a point lies in a polygon needs no metres, so nothing
        is projected; borders between two corners are straight in degrees.

    Returns
    -------
    pandas.DataFrame
        On the index of ``frame``: ``village_code`` (missing for none) and ``placement``: a point decides
        alone, and is ``inside`` or ``outside``; without one, a row is ``unlocated`` and its village the one
        that it names.
    """
    lon, lat = frame["lon"].to_numpy(dtype="float64"), frame["lat"].to_numpy(dtype="float64")
    located = ~np.isnan(lon)
    by_point = pd.Series(locate(lon, lat, villages), index=frame.index, dtype="str")
    placement = np.where(located, np.where(by_point.isna(), "outside", "inside"), "unlocated")
    by_text = find_named_villages(frame, villages)
    return pd.DataFrame(
        {
            "village_code": by_point.where(located, by_text).astype("str"),
            "placement": pd.Series(placement, index=frame.index, dtype="str"),
        }
    )


def everything(principal: Principal) -> Principal:
    """Give the importer the reach that placing needs: a point's village may lie beyond one's own area."""
    return replace(principal, areas=("",))


def find_moves(
    database: Database, principal: Principal, villages: gpd.GeoDataFrame
) -> dict[str, pd.DataFrame]:
    """Tell which stored records change their village when the boundaries do.

    Parameters
    ----------
    database, principal
        Where, and who imports.
    villages
        The boundaries as they will be.

    Returns
    -------
    dict
        Dataset to the changed records' ``village_code`` and ``placement``, indexed by key; datasets of which
        none changes are absent.
    """
    reach = everything(principal)
    reads = {
        "households": lambda: repository.read_households(database, reach),
        "visits": lambda: repository.read_visits(database, reach, columns=PLACE_COLUMNS),
        "crimes": lambda: repository.read_crimes(database, reach, columns=PLACE_COLUMNS),
    }
    moves = {}
    for dataset in PLACED:
        records = reads[dataset]()
        after = place(records, villages)
        before = records[["village_code", "placement"]].astype("str").fillna("")
        changed = (before != after.fillna("")).any(axis=1)
        if changed.any():
            moves[dataset] = after[changed]
    return moves


def merge_villages(old: gpd.GeoDataFrame, new: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give the boundaries as they will be: new ones over old ones of the same code."""
    kept = old[~old.index.isin(new.index)]
    if kept.empty:
        return new.sort_index()
    return pd.concat([kept, new[[name for name in kept.columns if name in new.columns]]]).sort_index()
