"""Layer of image tiles from our own server."""

from __future__ import annotations

import folium

from geo.errors import GeoError
from geo.maps.base import MAX_ZOOM, OfflineMap

_PLACES = ("{z}", "{x}", "{y}")


def add_tiles(map_: OfflineMap, url: str, *, farthest_zoom: int = MAX_ZOOM) -> OfflineMap:
    """Add tiles over the basemap and under the borders of areas.

    Parameters
    ----------
    map_
        The map to draw on.
    url
        XYZ template on the map's own server, such as ``/tiles/households/{z}/{x}/{y}{r}.png``; on
        high-density screens ``{r}`` becomes ``@2x``. Tiles are requested as images, with the user's cookies.
    farthest_zoom
        Zoom level beyond which tiles are scaled up instead of requested.

    Returns
    -------
    OfflineMap
        The same map.

    Raises
    ------
    GeoError
        If the template lacks a placeholder for zoom, column or row, or names a host.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from geo.maps import make_map
    >>> map_ = make_map(gpd.GeoDataFrame(geometry=[], crs="EPSG:4326"))
    >>> "L.tileLayer(" in add_tiles(map_, "/tiles/households/{z}/{x}/{y}.png").get_root().render()
    True
    """
    if not url.startswith("/") or url.startswith("//") or not all(place in url for place in _PLACES):
        raise GeoError(
            "'{url}' is not a template for the app's own tiles, such as /tiles/layer/{{z}}/{{x}}/{{y}}.png.",
            url=url,
        )
    # Not in Leaflet's own tile pane, which is inverted on dark pages, colours included.
    folium.TileLayer(
        url,
        attr=" ",
        overlay=True,
        control=False,
        max_zoom=MAX_ZOOM,
        max_native_zoom=farthest_zoom,
        pane="surface",
        cross_origin=False,
    ).add_to(map_)
    return map_
