"""Nearest households to visit from a given place, in walking order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo.checks import require_columns
from geo.errors import GeoError, Phrase
from geo.ground import measure_ground_distance, project_locally

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray


def choose_nearest(households: pd.DataFrame, *, lon: float, lat: float, most: int) -> pd.DataFrame:
    """Choose the households nearest to a place, in the order of a walk from each to the nearest one left.

    Parameters
    ----------
    households
        Indexed by household id, with ``lon`` and ``lat`` (WGS84). Those without a point are taken last, if
        there are not enough others.
    lon, lat
        The place, WGS84.
    most
        How many to choose, 0 or more.

    Returns
    -------
    pandas.DataFrame
        The chosen rows with ``distance_m``, metres from the place (NaN without a point). Of equally far
        households, the lower id comes first.

    Raises
    ------
    ColumnError
        If a column is missing.
    GeoError
        If ``most`` is negative.

    Examples
    --------
    >>> import pandas as pd
    >>> households = pd.DataFrame({"lon": [111.003, 111.001, 111.002, None], "lat": -7.4}, index=list("abcd"))
    >>> choose_nearest(households, lon=111.0, lat=-7.4, most=2)["distance_m"].round().to_dict()
    {'b': 110.0, 'c': 221.0}
    """
    require_columns(households, ("lon", "lat"), Phrase("households"))
    if most < 0:
        raise GeoError("Nobody can choose {most} households: give 0 or more.", most=most)
    rows = households.sort_index()
    here_lon, here_lat = (rows[name].to_numpy(dtype=np.float64, na_value=np.nan) for name in ("lon", "lat"))
    distance = measure_ground_distance(np.full(len(rows), lon), np.full(len(rows), lat), here_lon, here_lat)
    nearest = np.argsort(distance, kind="stable")[:most]  # NaN sorts last
    chosen = rows.iloc[nearest].assign(distance_m=distance[nearest])
    return chosen.iloc[_walk(here_lon[nearest], here_lat[nearest], lon, lat)]


def _walk(
    lon: NDArray[np.float64], lat: NDArray[np.float64], from_lon: float, from_lat: float
) -> NDArray[np.intp]:
    """Order places by walking to the nearest one left; unknown places come last."""
    known = np.isfinite(lon) & np.isfinite(lat)
    x, y = project_locally(
        np.append(lon[known], from_lon), np.append(lat[known], from_lat), west=from_lon, south=from_lat
    )
    steps = np.hypot(x[:, None] - x, y[:, None] - y)
    steps[:, -1] = np.inf  # nobody walks back to the start
    order, here = [], len(x) - 1
    for _ in range(len(x) - 1):  # one step per chosen household
        here = int(steps[here].argmin())
        steps[:, here] = np.inf
        order.append(here)
    return np.concatenate([np.flatnonzero(known)[order], np.flatnonzero(~known)]).astype(np.intp)
