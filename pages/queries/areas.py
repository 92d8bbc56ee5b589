"""The areas that a user can choose, and their names."""

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
"""Maximum number of villages in one select box; in a wider area, a district is chosen first."""


class Place(NamedTuple):
    """An area above the villages."""

    level: str
    """regency or district."""
    name: str


class MapAreas(NamedTuple):
    """The villages of a map, with the columns of ``load_villages``."""

    chosen: gpd.GeoDataFrame
    """The villages of the page's area, to which the map is fitted."""
    drawn: gpd.GeoDataFrame
    """These and, around a single village, the others of its district."""


def name_areas(connection: Connection) -> dict[str, str]:
    """Return names by code: regencies, if there are several, each followed by its districts."""
    return distinguish_labels({code: name_area(connection, code) for code in _wider(connection)})


def is_area(connection: Connection, area: str) -> bool:
    """Return whether an area exists in the data."""
    return area in _wider(connection) or area in load_villages(connection).index


def name_area(connection: Connection, area: str) -> str:
    """Return the name of an area, as in the data: use ``escape_markdown`` in Markdown."""
    wider, villages = _wider(connection), load_villages(connection)
    if area in villages.index:
        return _("Village {name}").format(name=villages.at[area, "village"])  # noqa: PD008 - one cell by label
    if area in wider:
        level, name = wider[area]
        return _("District {name}").format(name=name) if level == "district" else _regency(name)
    return _("All areas")


def name_heading(connection: Connection, area: str) -> str:
    """Return an area's name for a page heading; a scope of one district or regency takes its name."""
    if area:
        return name_area(connection, area)
    names = load_villages(connection)[["district", "regency"]].drop_duplicates()
    if len(names) == 1 and names["district"].item() != MISSING:
        return _("District {name}").format(name=names["district"].item())
    regencies = names["regency"].unique().tolist()
    return _regency(regencies[0]) if len(regencies) == 1 and regencies[0] != MISSING else _("All areas")


def _regency(name: str) -> str:
    """Name a regency: unlike a code, a name already includes whether it is a city."""
    return _("Regency {name}").format(name=name) if name.isdecimal() else name


def list_ancestors(connection: Connection, area: str) -> list[str]:
    """List the codes of the areas that contain an area, the widest first; the empty code means all."""
    if not area:
        return []
    wider = _wider(connection)
    around = [code for code in wider if code != area and is_in_area(area, code)]
    return ["", *around] if len(wider) > 1 else [""]


def step_into(connection: Connection, area: str, village: str) -> str:
    """Return the area that a click on a village opens: its district if several are shown, else itself."""
    districts = load_villages(connection)["district_code"]
    inside = districts[are_in_area(districts.index, area)].unique()
    district = districts.get(village, village)
    return district if len(inside) > 1 and district in _wider(connection) else village


def name_villages(connection: Connection, area: str) -> dict[str, str]:
    """Return the villages' names by code, sorted by name; with the district if there are several.

    Empty if the area has more than ``MOST_VILLAGES``.
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
    """Return the names of regencies, if there are several, and of districts, sorted by code."""
    frame = load_villages(connection)
    districts = _names(frame, "district")
    regencies = _names(frame[frame["district_code"].str.slice(0, 4) == frame["regency_code"]], "regency")
    return dict(sorted(((regencies if len(regencies) > 1 else {}) | districts).items()))


def _names(frame: pd.DataFrame, level: str) -> dict[str, Place]:
    names = frame.groupby(f"{level}_code")[level].first()
    return {str(code): Place(level, name) for code, name in names.items() if name != MISSING}


@st.cache_resource(
    max_entries=256, ttl=CACHE_TTL, show_spinner=False, hash_funcs=hash_by_version("boundaries")
)
def select_villages(connection: Connection, area: str) -> gpd.GeoDataFrame:
    """Select the villages of an area; the empty code means all in scope."""
    frame = load_villages(connection)
    return frame[are_in_area(frame.index, area)]


def select_surroundings(connection: Connection, area: str) -> gpd.GeoDataFrame:
    """Select the villages to draw for an area: a single village is drawn among those of its district."""
    return select_villages(connection, find_drawn_area(connection, area))


def select_map_areas(connection: Connection, area: str) -> MapAreas:
    """Select the villages of an area and the villages that its map draws."""
    return MapAreas(select_villages(connection, area), select_surroundings(connection, area))


def find_drawn_area(connection: Connection, area: str) -> str:
    """Return the area that the map of an area draws."""
    villages = load_villages(connection)
    return villages["district_code"].get(area, area)
