"""Lines between places on a map: the way of a day, or what lies between two points."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.errors import ColumnError
from geo.maps.base import Library, OfflineMap, ScriptLayer

if TYPE_CHECKING:
    import pandas as pd

_LIBRARY = Library(("sambang/tracks.js",), ("sambang/tracks.css",))
_FEWEST = 2  # places of a line


def add_track(map_: OfflineMap, stops: pd.DataFrame, *, dashed: bool = False) -> OfflineMap:
    """Draw a line from place to place.

    Parameters
    ----------
    map_
        The map to draw on.
    stops
        ``lon`` and ``lat`` (WGS84) in the order of the way; places without coordinates are passed over.
    dashed
        Whether the line says "these two belong together" instead of "this way was taken".

    Returns
    -------
    OfflineMap
        The same map; unchanged with fewer than two places.

    Raises
    ------
    ColumnError
        If lon or lat is missing.

    Examples
    --------
    >>> import geopandas as gpd
    >>> import pandas as pd
    >>> from geo.maps import make_map
    >>> nowhere = gpd.GeoDataFrame(geometry=[], crs="EPSG:4326")
    >>> stops = pd.DataFrame({"lon": [111.4, 111.5], "lat": [-7.4, -7.5]})
    >>> "Sambang.tracks(" in add_track(make_map(nowhere), stops).get_root().render()
    True
    """
    lacking = [column for column in ("lon", "lat") if column not in stops.columns]
    if lacking:
        raise ColumnError("The places lack {lacking}: a line needs lon and lat.", lacking=lacking)
    placed = stops[["lon", "lat"]].dropna()
    if len(placed) >= _FEWEST:
        at = placed.round(6).to_numpy(dtype="float64").tolist()
        ScriptLayer("tracks", [[at, dashed]]).place_on(map_, _LIBRARY)
    return map_
