"""A list to print: a map, and a table with room to mark what came of each visit."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from data.exports.pdf import compile_pdf
from geo.maps import PlaceMap, draw_places

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd
    import pandas as pd

    from geo.maps import Marker

MAX_PRINTED_ROWS = 1_000
"""Rows on paper: some 30 pages, more than anyone walks with."""

_TEMPLATE = Path(__file__).with_name("household_list.typ")
_SIZE = (504.0, 295.0)
_MOST_NUMBERED = 60


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
        How each kind is drawn, the one on top first.
    labels
        What each kind is called.
    """

    areas: gpd.GeoDataFrame
    points: gpd.GeoDataFrame
    markers: Mapping[str, Marker]
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
        "map": _draw_map(map_, printed.title) if map_ is not None and len(map_.points) else "",
    }
    return compile_pdf(_TEMPLATE, content)


def _draw_map(map_: ListMap, title: str) -> str:
    """Draw the map of a list, numbered where there is room for numbers."""
    numbers = map_.points["number"].astype("str")
    points = map_.points.assign(label=numbers if len(numbers) <= _MOST_NUMBERED else "")
    return draw_places(
        PlaceMap(points, map_.markers, areas=map_.areas, legend=map_.labels, size=_SIZE, title=title)
    )
