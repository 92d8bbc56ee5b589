"""Printed household list: a map, and a table with space to record the outcome of each visit."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from data.exports.typesetting import compile_pdf
from geo.maps import PlaceMap, draw_places

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd
    import pandas as pd

    from geo.maps import Marker

MAX_PRINTED_ROWS = 1_000
"""Maximum number of printed rows: about 30 pages, more than anyone carries."""

_TEMPLATE = Path(__file__).with_name("household_list.typ")
_SIZE = (504.0, 295.0)
_MOST_NUMBERED = 60


@dataclass(frozen=True)
class ListMap:
    """Content of the map of a list.

    Parameters
    ----------
    areas
        Village polygons in any CRS.
    points
        The rows of the list that are on the map: point geometry in any CRS, ``kind``, and ``number``, their
        position in the list from 1.
    markers
        Marker of each kind, the topmost first.
    labels
        Name of each kind.
    """

    areas: gpd.GeoDataFrame
    points: gpd.GeoDataFrame
    markers: Mapping[str, Marker]
    labels: Mapping[str, str]


@dataclass(frozen=True)
class HouseholdList:
    """Texts and columns of a printed list.

    Parameters
    ----------
    title, subtitle, note, footer
        Texts above the map, below it, and at the foot of each page.
    headings, widths
        Headings and relative widths of the columns.
    language
        Language code, used for hyphenation.
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
        Texts and columns of the list.
    cells
        Text of each cell, with as many columns as there are headings; rows beyond ``MAX_PRINTED_ROWS``
        are dropped.
    map_
        The map, if there is anything to show.

    Returns
    -------
    bytes
        A PDF with embedded fonts.
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
    """Draw the map of a list, with numbers where there is space for them."""
    numbers = map_.points["number"].astype("str")
    points = map_.points.assign(label=numbers if len(numbers) <= _MOST_NUMBERED else "")
    return draw_places(
        PlaceMap(points, map_.markers, areas=map_.areas, legend=map_.labels, size=_SIZE, title=title)
    )
