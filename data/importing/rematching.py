"""Rematching of stored visits when households are added, removed or changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from data.importing.matching import match_visits
from data.settings import get_settings
from data.values import normalise_names
from geo.ground import MIN_DEGREE_M

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from data.importing.register import Register

_ROW = 1 << 32  # cells of a grid around the earth are numbered row by row
_TELLING = ("head_name", "rt", "rw", "lon", "lat", "village_code")
_FOUND = ["household_id", "household_match"]


def rematch_visits(visits: pd.DataFrame, households: pd.DataFrame, register: Register) -> pd.DataFrame | None:
    """Match visits again, except those with a known household number or no information at all.

    Parameters
    ----------
    visits
        Stored visits with their household as stated, and as it was found.
    households
        The households after the import.
    register
        The villages after the import.

    Returns
    -------
    pandas.DataFrame or None
        ``household_id`` and ``household_match`` of the visits for which they change; None if none does.
    """
    given, now = visits["household_given"].astype("str"), visits["household_id"].astype("str")
    settled = (visits["household_match"] == "id") & (given == now) & given.isin(households.index)
    silent = given.isna() & (
        visits["head_name"].isna() & visits["lon"].isna() | (visits["household_match"] == "id")
    )
    asked = visits[~(settled | silent)]
    if asked.empty:
        return None
    found = match_visits(asked, households, register, max_distance_m=get_settings().match_distance_m)
    changed = (found[_FOUND].fillna("") != asked[_FOUND].astype("str").fillna("")).any(axis=1)
    return found.loc[changed, _FOUND] if changed.any() else None


def find_affected_visits(
    visits: pd.DataFrame, former: pd.DataFrame, households: pd.DataFrame
) -> pd.DataFrame:
    """Find visits whose match may change when households do; all others certainly keep theirs.

    Parameters
    ----------
    visits
        Stored visits, as for ``rematch_visits``.
    former, households
        The households before and after the import.

    Returns
    -------
    pandas.DataFrame
        Visits that state or have the number of a changed household, its head's name, or a fix near it.
    """
    changed = _changed(former, households)
    ids = changed.index.unique()
    named = visits["household_given"].astype("str").isin(ids) | visits["household_id"].astype("str").isin(ids)
    heads = normalise_names(changed["head_name"].astype("str")).dropna().unique()
    called = normalise_names(visits["head_name"].astype("str")).isin(heads)
    return visits[(named | called).to_numpy(dtype=bool) | _are_near(visits, changed)]


def _changed(former: pd.DataFrame, households: pd.DataFrame) -> pd.DataFrame:
    """Return the households that are added, removed or changed, as they were and as they will be."""
    both = former.index.intersection(households.index)
    columns = list(_TELLING)
    was, becomes = (frame.loc[both, columns].astype(object) for frame in (former, households))
    same = ((was == becomes) | (was.isna() & becomes.isna())).all(axis=1)
    settled = both[same.to_numpy(dtype=bool)]
    return pd.concat([frame.loc[~frame.index.isin(settled), columns] for frame in (former, households)])


def _are_near(visits: pd.DataFrame, changed: pd.DataFrame) -> NDArray[np.bool_]:
    """Find visits in or next to a changed household's cell; cells are as wide as the matching distance."""
    places = changed[["lon", "lat"]].dropna().to_numpy(dtype="float64")
    points = visits[["lon", "lat"]].to_numpy(dtype="float64")
    if not len(places):
        return np.zeros(len(visits), dtype=bool)
    height = get_settings().match_distance_m / MIN_DEGREE_M
    steepest = np.radians(min(float(np.abs(places[:, 1]).max()) + 1, 89.0))
    size = np.array([height / np.cos(steepest), height])
    cells = np.floor(places / size).astype(np.int64)
    around = np.array([(x, y) for x in (-1, 0, 1) for y in (-1, 0, 1)])
    wanted = np.unique(_number((cells[:, None, :] + around).reshape(-1, 2)))
    located = np.isfinite(points).all(axis=1)
    near = np.zeros(len(visits), dtype=bool)
    near[located] = np.isin(_number(np.floor(points[located] / size).astype(np.int64)), wanted)
    return near


def _number(cells: NDArray[np.int64]) -> NDArray[np.int64]:
    return cells[:, 1] * _ROW + cells[:, 0]
