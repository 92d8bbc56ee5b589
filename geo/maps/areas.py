"""Layers of villages and districts: borders, names, and choropleths."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from geo.errors import ColumnError
from geo.maps.base import OfflineMap, ScriptLayer
from geo.maps.geometry import (
    draw_district_borders,
    encode_areas,
    encode_lines,
    find_label_points,
    simplify_areas,
)
from geo.maps.text import escape_text, escape_texts

if TYPE_CHECKING:
    from typing import Any

    import geopandas as gpd
    import pandas as pd

    from geo.classify import Classes


@dataclass(frozen=True)
class AreaStyle:
    """Options of a layer of areas."""

    chosen: str | None = None
    """Code of the area to outline in bold."""
    figures: pd.DataFrame | None = field(default=None, repr=False)
    """Texts of the tooltip by area code; column names are headings."""


def add_boundaries(
    map_: OfflineMap, areas: gpd.GeoDataFrame, *, outlines: bool = True, style: AreaStyle | None = None
) -> OfflineMap:
    """Draw outlines of villages, thicker borders of districts, and their names.

    Names don't overlap: those of districts come first at small scales, and the name of a village is shown
    once it fits into the village.

    Parameters
    ----------
    map_
        The map to draw on.
    areas
        Villages in any CRS, indexed by village_code, with ``village``; ``district_code`` and ``district``
        where known.
    outlines
        Whether to draw the outlines of villages; not needed over a choropleth, which has them.
    style
        Chosen village and tooltip texts.

    Returns
    -------
    OfflineMap
        The same map.

    Raises
    ------
    ColumnError
        If ``village`` is missing.

    Examples
    --------
    >>> from geo.maps import make_map
    >>> from shapely import box
    >>> import geopandas as gpd
    >>> villages = gpd.GeoDataFrame({"village": ["Sawo"]}, index=["3501012001"],
    ...                             geometry=[box(111, -8, 112, -7)], crs="EPSG:4326")
    >>> "Sambang.areas(" in add_boundaries(make_map(villages), villages).get_root().render()
    True
    """
    _require_names(areas)
    simple = simplify_areas(areas)
    if outlines:
        _area_layer(simple, style or AreaStyle()).place_on(map_)
    if "district_code" in simple.columns and len(simple):
        ScriptLayer("borders", encode_lines(draw_district_borders(simple))).place_on(map_)
    if len(simple):
        places = find_label_points(simple)
        columns = (
            places["lat"],
            places["lon"],
            escape_texts(places["name"]),
            places["is_district"],
            places["across_m"],
        )
        ScriptLayer("names", list(zip(*(list(column) for column in columns), strict=True))).place_on(map_)
    return map_


def add_choropleth(
    map_: OfflineMap,
    areas: gpd.GeoDataFrame,
    values: pd.Series,
    classes: Classes,
    *,
    style: AreaStyle | None = None,
) -> OfflineMap:
    """Fill villages by the class of their value; those without a value are hatched.

    On click, st_folium returns the code of the village in the properties of ``last_active_drawing``.

    Parameters
    ----------
    map_
        The map to draw on.
    areas
        Villages in any CRS, indexed by village_code, with ``village``.
    values
        Values by village_code; NaN or absent means no data.
    classes
        The classes and their colours.
    style
        Chosen village and tooltip texts.

    Returns
    -------
    OfflineMap
        The same map.

    Raises
    ------
    ColumnError
        If ``village`` is missing.

    Examples
    --------
    >>> from geo.classify import Classes
    >>> from geo.maps import make_map
    >>> from shapely import box
    >>> import geopandas as gpd
    >>> import pandas as pd
    >>> villages = gpd.GeoDataFrame({"village": ["Sawo"]}, index=["3501012001"],
    ...                             geometry=[box(111, -8, 112, -7)], crs="EPSG:4326")
    >>> shares = Classes((0.0, 0.5, 1.0), ("#edf8fb", "#006d2c"))
    >>> map_ = add_choropleth(make_map(villages), villages, pd.Series({"3501012001": 0.7}), shares)
    >>> '"fills":[1]' in map_.get_root().render()
    True
    """
    _require_names(areas)
    simple = simplify_areas(areas)
    fills = classes.assign(values.reindex(simple.index).to_numpy(dtype="float64", na_value=float("nan")))
    _area_layer(simple, style or AreaStyle(), fills=fills.tolist(), colours=list(classes.colours)).place_on(
        map_
    )
    return map_


def _require_names(areas: gpd.GeoDataFrame) -> None:
    if "village" not in areas.columns:
        raise ColumnError("The areas lack the column village: a map shows each by its name.")


def _area_layer(areas: gpd.GeoDataFrame, style: AreaStyle, **fill: list) -> ScriptLayer:
    """Make the layer of areas, names and tooltip texts for ``Sambang.areas``."""
    data: dict[str, Any] = {
        "codes": escape_texts(areas.index),
        "names": escape_texts(areas["village"]),
        "shapes": encode_areas(areas),
    }
    options: dict[str, Any] = {
        "chosen": escape_text(style.chosen),
        "headings": [],
        "colours": fill.get("colours", []),
    }
    if "fills" in fill:
        data["fills"] = fill["fills"]
    if style.figures is not None:
        options["headings"] = escape_texts(style.figures.columns)
        figures = style.figures.reindex(areas.index)
        columns = [escape_texts(figures[column]) for column in figures.columns]
        data["figures"] = list(zip(*columns, strict=True)) if columns else [[]] * len(areas)
    return ScriptLayer("areas", data, options)
