"""The areas that a user can choose, and what they are called."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import streamlit as st

from geo.areas import are_in_area, is_in_area
from pages.queries.records import CACHE_TTL, Connection, hash_by_version, load_villages
from pages.text.labels import distinguish_labels
from pages.text.language import MISSING, _

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd


MOST_VILLAGES = 3_000
"""Villages that one box lists; of a wider area a district has to be chosen first."""


class Place(NamedTuple):
    """An area above the villages."""

    level: str
    """regency or district."""
    name: str


class MapAreas(NamedTuple):
    """The villages of a map, as ``load_villages``."""

    chosen: gpd.GeoDataFrame
    """Those of the area that a page shows: what the map is fitted to."""
    drawn: gpd.GeoDataFrame
    """These and, around a single village, the others of its district."""


def name_areas(connection: Connection) -> dict[str, str]:
    """Name regencies, where there are several, and districts, by code, each regency before its districts."""
    return distinguish_labels({code: name_area(connection, code) for code in _wider(connection)})


def is_area(connection: Connection, area: str) -> bool:
    """Tell whether the data hold an area."""
    return area in _wider(connection) or area in load_villages(connection).index


def name_area(connection: Connection, area: str) -> str:
    """Name an area. The name is text of the data: ``escape_markdown`` makes it harmless in Markdown."""
    wider, villages = _wider(connection), load_villages(connection)
    if area in villages.index:
        return _("Village {name}").format(name=villages.at[area, "village"])  # noqa: PD008 - one cell by label
    if area in wider:
        level, name = wider[area]
        return _("District {name}").format(name=name) if level == "district" else _regency(name)
    return _("All areas")


def name_heading(connection: Connection, area: str) -> str:
    """Name an area for a page's head: all in reach goes by the name of its one district or regency."""
    if area:
        return name_area(connection, area)
    names = load_villages(connection)[["district", "regency"]].drop_duplicates()
    if len(names) == 1 and names["district"].item() != MISSING:
        return _("District {name}").format(name=names["district"].item())
    regencies = names["regency"].unique().tolist()
    return _regency(regencies[0]) if len(regencies) == 1 and regencies[0] != MISSING else _("All areas")


def _regency(name: str) -> str:
    """Name a regency: a name says itself whether it is one or a city, a code does not."""
    return _("Regency {name}").format(name=name) if name.isdecimal() else name


def list_ancestors(connection: Connection, area: str) -> list[str]:
    """List the codes of the areas around one, the widest first; the empty code is all in reach."""
    if not area:
        return []
    wider = _wider(connection)
    around = [code for code in wider if code != area and is_in_area(area, code)]
    return ["", *around] if len(wider) > 1 else [""]


def step_into(connection: Connection, area: str, village: str) -> str:
    """Tell where a click on a village leads: from several districts to its district first, then to itself."""
    districts = load_villages(connection)["district_code"]
    inside = districts[are_in_area(districts.index, area)].unique()
    district = districts.get(village, village)
    return district if len(inside) > 1 and district in _wider(connection) else village


def name_villages(connection: Connection, area: str) -> dict[str, str]:
    """Name the villages of an area by code, in order of name; with their district where there are several.

    Empty where the area has more than ``MOST_VILLAGES``.
    """
    frame = load_villages(connection)
    frame = frame[are_in_area(frame.index, area)]
    if len(frame) > MOST_VILLAGES:
        return {}
    names = frame["village"]
    if len(frame["district"].unique()) > 1:
        names = names + " (" + frame["district"] + ")"
    return distinguish_labels(names.sort_values().to_dict())


@st.cache_data(max_entries=8, ttl=CACHE_TTL, show_spinner=False, hash_funcs=hash_by_version("boundaries"))
def _wider(connection: Connection) -> dict[str, Place]:
    """Name regencies, where there are several, and districts, by code and in its order."""
    frame = load_villages(connection)
    districts = _names(frame, "district")
    regencies = _names(frame[frame["district_code"].str.slice(0, 4) == frame["regency_code"]], "regency")
    return dict(sorted(((regencies if len(regencies) > 1 else {}) | districts).items()))


def _names(frame: pd.DataFrame, level: str) -> dict[str, Place]:
    names = frame.groupby(f"{level}_code")[level].first()
    return {str(code): Place(level, name) for code, name in names.items() if name != MISSING}


def select_villages(connection: Connection, area: str) -> gpd.GeoDataFrame:
    """Give the villages of an area by its code; all in reach for the empty code."""
    frame = load_villages(connection)
    return frame[are_in_area(frame.index, area)]


def select_surroundings(connection: Connection, area: str) -> gpd.GeoDataFrame:
    """Give the villages to draw for an area: a single village stands among those of its district."""
    return select_villages(connection, find_drawn_area(connection, area))


def select_map_areas(connection: Connection, area: str) -> MapAreas:
    """Select the villages of an area and those that a map of it draws, in one go for a whole page."""
    return MapAreas(select_villages(connection, area), select_surroundings(connection, area))


def find_drawn_area(connection: Connection, area: str) -> str:
    """Tell which area a map of an area draws."""
    villages = load_villages(connection)
    return villages["district_code"].get(area, area)
