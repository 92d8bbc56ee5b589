"""A list to print: a map, and a table with room to mark what came of each visit."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from data.exports.pdf import compile_pdf
from geo.crs import to_metric

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd
    import pandas as pd
    from matplotlib.axes import Axes

MAX_PRINTED_ROWS = 1_000
"""Rows on paper: some 30 pages, more than anyone walks with."""

_TEMPLATE = Path(__file__).with_name("household_list.typ")
_SIZE_INCHES = (7.0, 4.1)
_MOST_NUMBERED = 60
_MARGIN = 0.08
_SCALES_M = (50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000)


@dataclass(frozen=True)
class ListMap:
    """What the map of a list shows.

    Parameters
    ----------
    areas
        Villages, any CRS.
    points
        The rows of the list that are on the map: point geometry in any CRS, ``kind``, and ``number``, their
        place in the list from 1.
    markers
        Colour and matplotlib's marker of each kind, the one to be drawn on top first.
    labels
        What each kind is called.
    """

    areas: gpd.GeoDataFrame
    points: gpd.GeoDataFrame
    markers: Mapping[str, tuple[str, str]]
    labels: Mapping[str, str]


@dataclass(frozen=True)
class HouseholdList:
    """What stands on paper.

    Parameters
    ----------
    title, subtitle, note, footer
        Over the map, under it, and at the foot of each page.
    headings, widths
        Of the columns; widths against each other.
    language
        Code of the language, by which words are broken.
    """

    title: str
    subtitle: str
    note: str
    footer: str
    headings: Sequence[str]
    widths: Sequence[float]
    language: str = "id"


def write_household_list(printed: HouseholdList, cells: pd.DataFrame, map_: ListMap | None = None) -> bytes:
    """Write a list as a PDF on A4.

    Parameters
    ----------
    printed
        What stands around the table.
    cells
        Text of each cell, in as many columns as there are headings; at most ``MAX_PRINTED_ROWS`` rows
        are kept.
    map_
        The map, where there is something to show.

    Returns
    -------
    bytes
        A PDF, whose fonts are in it.
    """
    content = {
        **{name: getattr(printed, name) for name in ("title", "subtitle", "note", "footer", "language")},
        "headings": list(printed.headings),
        "widths": list(printed.widths),
        "rows": cells.head(MAX_PRINTED_ROWS).astype("str").to_numpy().tolist(),
        "map": draw_list_map(map_) if map_ is not None and len(map_.points) else "",
    }
    return compile_pdf(_TEMPLATE, content)


def draw_list_map(map_: ListMap) -> str:
    """Draw the map of a list as SVG.

    Parameters
    ----------
    map_
        What it shows, with a point at least.

    Returns
    -------
    str
        SVG whose letters are paths.
    """
    points = to_metric(map_.points)
    areas = to_metric(map_.areas, like=points)
    figure = Figure(figsize=_SIZE_INCHES, layout="tight")
    axes = figure.add_subplot()
    areas.boundary.plot(ax=axes, color="#5c6670", linewidth=0.7, aspect=None)
    for kind in reversed(list(map_.markers)):
        colour, marker = map_.markers[kind]
        these = points[points["kind"] == kind]
        axes.scatter(
            these.geometry.x,
            these.geometry.y,
            s=14,
            marker=marker,
            facecolors="white" if kind == "visited" else colour,
            edgecolors=colour,
            linewidths=0.8,
            label=map_.labels[kind],
        )
    _fit(axes, points)
    _number(axes, points)
    axes.legend(loc="upper right", fontsize=7, frameon=True)
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None})
    return buffer.getvalue()


def _fit(axes: Axes, points: gpd.GeoDataFrame) -> None:
    """Show all points with a margin, and a bar of round length."""
    west, south, east, north = points.total_bounds
    reach = max(east - west, (north - south) * _SIZE_INCHES[0] / _SIZE_INCHES[1], _SCALES_M[1]) * (
        0.5 + _MARGIN
    )
    x, y = (west + east) / 2, (south + north) / 2
    height = reach * _SIZE_INCHES[1] / _SIZE_INCHES[0]
    axes.set(
        xlim=(x - reach, x + reach),
        ylim=(y - height, y + height),
        aspect="equal",
        xticks=[],
        yticks=[],
        xlabel="",
        ylabel="",
    )
    length = max(scale for scale in _SCALES_M if scale <= reach / 2 or scale == _SCALES_M[0])
    left, low = x - reach * 0.95, y - height * 0.92
    axes.plot([left, left + length], [low, low], color="black", linewidth=2, solid_capstyle="butt")
    said = f"{length} m" if length < _SCALES_M[4] else f"{length // 1000} km"
    axes.text(left, low + height * 0.03, said, fontsize=7)


def _number(axes: Axes, points: gpd.GeoDataFrame) -> None:
    if len(points) > _MOST_NUMBERED:
        return
    for number, x, y in zip(points["number"], points.geometry.x, points.geometry.y, strict=True):
        axes.annotate(str(number), (x, y), xytext=(3, 3), textcoords="offset points", fontsize=6)
