"""Layer of a line between places, such as the track of a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.errors import ColumnError
from geo.maps.base import Library, OfflineMap, ScriptLayer

if TYPE_CHECKING:
    import pandas as pd

_LIBRARY = Library(("sambang/tracks.js",), ("sambang/tracks.css",))
_FEWEST = 2  # places that make a line


def add_track(map_: OfflineMap, stops: pd.DataFrame, *, dashed: bool = False) -> OfflineMap:
    """Draw a line that connects places in order.

    Parameters
    ----------
    map_
        The map to draw on.
    stops
        ``lon`` and ``lat`` (WGS84) in order; places without coordinates are ignored.
    dashed
        Whether the line is dashed, to mean that places belong together rather than a track taken.

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
        raise ColumnError("The places have no {lacking}: a line needs lon and lat.", lacking=lacking)
    placed = stops[["lon", "lat"]].dropna()
    if len(placed) >= _FEWEST:
        at = placed.round(6).to_numpy(dtype="float64").tolist()
        ScriptLayer("tracks", [[at, dashed]]).place_on(map_, _LIBRARY)
    return map_
