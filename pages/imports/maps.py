"""Maps of a file's content: its points among the villages, or its boundaries with their problems."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import streamlit as st

from geo.classify import CRIME_COLOURS
from geo.crs import WGS84
from geo.heat import bin_points
from geo.maps import (
    MAX_POINTS,
    AreaStyle,
    Heading,
    MapTexts,
    OfflineMap,
    Symbol,
    add_boundaries,
    add_heat,
    add_points,
    add_symbol_legend,
)
from pages.queries.records import load_villages
from pages.text.language import _, format_number, ngettext
from pages.widgets.maps import show_map, start_map

if TYPE_CHECKING:
    from data.importing import BoundaryHealth, PreparedImport
    from pages.queries.records import Connection

_HEIGHT = 420
_INSIDE, _OUTSIDE = Symbol("#1b9e77"), Symbol("#d95f02", "triangle")
_OVERLAP, _GAP = Symbol("#7b3294", "diamond"), Symbol("#d95f02", "ring")
_WORST = 100  # per kind: more marks would hide the map
_MARGIN = 0.5  # degrees around the villages: with points farther away, they would shrink to a dot


def show_import_map(connection: Connection, prepared: PreparedImport) -> None:
    """Map a file's records among the villages, or the villages of a boundary file."""
    if "geometry" in prepared.records:
        villages = gpd.GeoDataFrame(prepared.records)
        if len(villages):
            _show(draw_boundaries(villages, prepared.health), "upload_map")
        return
    points = prepared.points
    if points.empty:
        return
    villages = load_villages(connection)
    _show(_draw_points(villages, points), "upload_map")
    beyond = int((~_near(points, villages)).sum())
    if beyond:
        said = ngettext(
            "{n} point is far away and not on the map.", "{n} points are far away and not on the map.", beyond
        )
        st.caption(said.format(n=format_number(beyond)))


def _near(points: pd.DataFrame, villages: gpd.GeoDataFrame) -> pd.Series:
    if villages.empty:
        return pd.Series(True, index=points.index)
    west, south, east, north = villages.total_bounds
    return points["lon"].between(west - _MARGIN, east + _MARGIN) & points["lat"].between(
        south - _MARGIN, north + _MARGIN
    )


def _draw_points(villages: gpd.GeoDataFrame, points: pd.DataFrame) -> OfflineMap:
    near = points[_near(points, villages)]
    layer = gpd.GeoSeries(gpd.points_from_xy(near["lon"], near["lat"]), crs=WGS84)
    everything = pd.concat([villages.geometry, layer]) if len(villages) else layer
    map_ = _start(gpd.GeoDataFrame(geometry=gpd.GeoSeries(everything, crs=WGS84)))
    if len(villages):
        add_boundaries(map_, villages, style=AreaStyle())
    heading = Heading(_("Points in the file"))
    if len(near) > MAX_POINTS:
        return add_heat(map_, bin_points(near), CRIME_COLOURS[1:])
    symbols = {"inside": _INSIDE, "outside": _OUTSIDE}
    add_points(map_, near.assign(kind=near["placement"].astype("str")), symbols)
    texts = {"inside": _("in a village"), "outside": _("outside every village")}
    return add_symbol_legend(map_, heading, symbols, texts)


def draw_boundaries(villages: gpd.GeoDataFrame, health: BoundaryHealth | None) -> OfflineMap:
    """Draw villages, and mark the largest overlaps and gaps between them."""
    map_ = _start(villages)
    add_boundaries(map_, villages, style=AreaStyle())
    if health is None or not len(health.overlaps) + len(health.gaps):
        return map_
    names = health.names.to_dict()
    overlaps, gaps = health.overlaps.head(_WORST), health.gaps.head(_WORST)
    pairs = [
        f"{names.get(a, a)} / {names.get(b, b)}"
        for a, b in zip(overlaps["left"], overlaps["right"], strict=True)
    ]
    marks = pd.concat(
        [
            _marks(overlaps, "overlap").assign(name=pairs),
            _marks(gaps, "gap").assign(name=_("gap")),
        ]
    )
    label = marks["name"] + ": " + marks["area_m2"].map(format_number) + " m²"
    symbols = {"overlap": _OVERLAP, "gap": _GAP}
    add_points(map_, marks.assign(label=label), symbols)
    texts = {"overlap": _("two villages overlap"), "gap": _("gap between villages")}
    return add_symbol_legend(map_, Heading(_("Boundaries to review")), symbols, texts)


def _marks(pieces: gpd.GeoDataFrame, kind: str) -> pd.DataFrame:
    inner = pieces.geometry.representative_point()
    return pd.DataFrame({"lon": inner.x, "lat": inner.y, "kind": kind, "area_m2": pieces["area_m2"]})


def name_codes(connection: Connection, prepared: PreparedImport) -> dict[str, str]:
    """Return the names of the villages in force and of those in the file, by code."""
    names = load_villages(connection)["village"].to_dict()
    return names | (prepared.records["village"].to_dict() if "geometry" in prepared.records else {})


def _start(areas: gpd.GeoDataFrame) -> OfflineMap:
    return start_map(areas, texts=MapTexts(zoom_in=_("Zoom in"), zoom_out=_("Zoom out")))


def _show(map_: OfflineMap, key: str) -> None:
    show_map(map_, key=key, height=_HEIGHT)
