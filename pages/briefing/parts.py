"""Parts of slides, as plain values."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, NamedTuple

from geo.maps import draw_svg
from geo.rounding import BASE
from pages.queries.comparisons import compare_rounded_counts
from pages.text.language import N_, _, format_number

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    import pandas as pd

_VERDICTS = {
    "more": N_("Clearly more."),
    "fewer": N_("Clearly fewer."),
    "same": N_("About as many as before."),
    "unclear": N_("The difference could be due to chance."),
}


class Picture(NamedTuple):
    """A drawing, embedded as an image: nothing in it can reach the page."""

    address: str
    title: str


class ListedVillage(NamedTuple):
    """A village in a list: its mark on the map, its name and a sentence."""

    mark: str
    name: str
    text: str


class KeyEntry(NamedTuple):
    """A colour of the legend with its meaning."""

    colour: str
    label: str


def draw_picture(
    areas: gpd.GeoDataFrame, colours: pd.Series, title: str, marks: Mapping[str, str] | None = None
) -> Picture:
    """Draw villages by colour; ``marks`` are texts by village, as of ``geo.maps.draw_svg``."""
    svg = draw_svg(areas, colours, marks=marks, title=title)
    data = base64.b64encode(svg.encode()).decode("ascii")
    return Picture(f"data:image/svg+xml;base64,{data}", title)


def format_count(count: int) -> str:
    """Write a rounded count; 0 stands for any number below the base of rounding."""
    return format_number(count) if count else _("0\N{EN DASH}{n}").format(n=format_number(BASE - 1))


def describe_verdict(before: int, now: int) -> str:
    """Return a sentence on whether two rounded counts differ beyond chance, whatever the rounding hides."""
    return _(_VERDICTS[compare_rounded_counts(before, now)])
