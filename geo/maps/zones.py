"""Layers of zones other than villages: significant cells, clusters, raised-risk areas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from geo.crs import to_metric, to_wgs84
from geo.errors import GeoError
from geo.maps.base import OfflineMap, ScriptLayer
from geo.maps.geometry import encode_areas
from geo.maps.text import escape_texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import ArrayLike

_TOLERANCE_M = 2.0


def add_zones(
    map_: OfflineMap,
    zones: gpd.GeoDataFrame,
    colours: Sequence[str],
    *,
    titles: Sequence[str],
    figures: pd.DataFrame | None = None,
    filled: bool = True,
) -> OfflineMap:
    """Draw zones over villages; a click on a zone zooms to it.

    Parameters
    ----------
    map_
        The map to draw on.
    zones
        Polygons in any CRS.
    colours
        One per zone, ``#rrggbb``.
    titles
        One per zone, the heading of its tooltip.
    figures
        Texts of the tooltip on the index of ``zones``; column names are headings.
    filled
        Whether to fill the zones strongly; otherwise the outline stands out.

    Returns
    -------
    OfflineMap
        The same map.

    Raises
    ------
    GeoError
        If there is not one colour and one title per zone.

    Examples
    --------
    >>> from geo.maps import make_map
    >>> from shapely import box
    >>> import geopandas as gpd
    >>> zone = gpd.GeoDataFrame(geometry=[box(111, -8, 112, -7)], crs="EPSG:4326")
    >>> "Sambang.zones(" in add_zones(make_map(zone), zone, ["#b30000"], titles=["1"]).get_root().render()
    True
    """
    if not len(zones) == len(colours) == len(titles):
        raise GeoError("Each zone needs one colour and one title.")
    if zones.empty:
        return map_
    metric = to_metric(zones)
    simple = to_wgs84(metric.set_geometry(metric.geometry.simplify(_TOLERANCE_M)))
    data: dict[str, Any] = {
        "shapes": encode_areas(simple),
        "colours": list(colours),
        "titles": escape_texts(titles),
    }
    headings: list[str] = []
    if figures is not None:
        headings = escape_texts(figures.columns)
        columns = [escape_texts(figures[column]) for column in figures.columns]
        data["figures"] = list(zip(*columns, strict=True))
    ScriptLayer("zones", data, {"headings": headings, "filled": filled}).place_on(map_)
    return map_


def merge_cells(cells: gpd.GeoDataFrame, classes: ArrayLike) -> gpd.GeoDataFrame:
    """Merge the cells of each class into one zone, so that a map of many cells stays small.

    Parameters
    ----------
    cells
        Polygons that don't overlap, in any CRS.
    classes
        n integers; cells of class 0 are left out.

    Returns
    -------
    geopandas.GeoDataFrame
        One zone per class, ascending (index ``class``): ``n_cells`` and ``geometry``.

    Examples
    --------
    >>> import geopandas as gpd
    >>> import shapely
    >>> squares = [shapely.box(x, 0, x + 1, 1) for x in range(3)]
    >>> cells = gpd.GeoDataFrame(geometry=squares, crs="EPSG:32749")
    >>> merge_cells(cells, [3, 3, 0])["n_cells"].to_dict()
    {3: 2}
    """
    numbers = np.asarray(classes)
    chosen = cells.loc[numbers != 0, [cells.geometry.name]].assign(n_cells=1)
    chosen["class"] = numbers[numbers != 0]
    return chosen.dissolve("class", aggfunc="sum")


def synchronise_maps(map_: OfflineMap, group: str) -> OfflineMap:
    """Synchronise the view of this map with the other maps of its group.

    Parameters
    ----------
    map_
        The map; the others may be in separate frames on the same page.
    group
        Name shared by the maps of the group, and unique to the page.

    Returns
    -------
    OfflineMap
        The same map.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from geo.maps import make_map
    >>> map_ = make_map(gpd.GeoDataFrame(geometry=[], crs="EPSG:4326"))
    >>> "Sambang.follow(" in synchronise_maps(map_, "g1").get_root().render()
    True
    """
    ScriptLayer("follow", group).place_on(map_)
    return map_
