"""The areas that a user can choose, and what they are called."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import streamlit as st

from pages import _records
from pages._labels import tell_apart
from pages._records import KEPT, Source, by_version
from pages._texts import MISSING, _

if TYPE_CHECKING:
    import pandas as pd

MOST_VILLAGES = 3_000
"""Villages that one box lists; of a wider area a district has to be chosen first."""


class Place(NamedTuple):
    """An area above the villages."""

    level: str
    """regency or district."""
    name: str


def area_names(source: Source) -> dict[str, str]:
    """Name regencies, where there are several, and districts, by code, each regency before its districts."""
    return tell_apart({code: name_of(source, code) for code in _wider(source)})


def exists(source: Source, area: str) -> bool:
    """Tell whether the data hold an area."""
    return area in _wider(source) or area in _records.villages(source).index


def name_of(source: Source, area: str) -> str:
    """Name an area. The name is text of the data: ``plain`` makes it harmless in Markdown."""
    wider, villages = _wider(source), _records.villages(source)
    if area in villages.index:
        return _("Village {name}").format(name=villages.at[area, "village"])  # noqa: PD008 - one cell by label
    if area in wider:
        level, name = wider[area]
        return _("District {name}").format(name=name) if level == "district" else _regency(name)
    return _("All areas")


def headline(source: Source, area: str) -> str:
    """Name an area for a page's head: all in reach goes by the name of its one district or regency."""
    if area:
        return name_of(source, area)
    names = _records.villages(source)[["district", "regency"]].drop_duplicates()
    if len(names) == 1 and names["district"].item() != MISSING:
        return _("District {name}").format(name=names["district"].item())
    regencies = names["regency"].unique().tolist()
    return _regency(regencies[0]) if len(regencies) == 1 and regencies[0] != MISSING else _("All areas")


def _regency(name: str) -> str:
    """Name a regency: a name says itself whether it is one or a city, a code does not."""
    return _("Regency {name}").format(name=name) if name.isdecimal() else name


def ancestors(source: Source, area: str) -> list[str]:
    """List the codes of the areas around one, the widest first; the empty code is all in reach."""
    if not area:
        return []
    wider = _wider(source)
    around = [code for code in wider if code != area and area.startswith(code)]
    return ["", *around] if len(wider) > 1 else [""]


def step_into(source: Source, area: str, village: str) -> str:
    """Tell where a click on a village leads: from several districts to its district first, then to itself."""
    districts = _records.villages(source)["district_code"]
    inside = districts[districts.index.str.startswith(area)].unique()
    district = districts.get(village, village)
    return district if len(inside) > 1 and district in _wider(source) else village


def village_names(source: Source, area: str) -> dict[str, str]:
    """Name the villages of an area by code, in order of name; with their district where there are several.

    Empty where the area has more than ``MOST_VILLAGES``.
    """
    frame = _records.villages(source)
    frame = frame[frame.index.str.startswith(area)]
    if len(frame) > MOST_VILLAGES:
        return {}
    names = frame["village"]
    if len(frame["district"].unique()) > 1:
        names = names + " (" + frame["district"] + ")"
    return tell_apart(names.sort_values().to_dict())


@st.cache_data(max_entries=8, ttl=KEPT, show_spinner=False, hash_funcs=by_version("boundaries"))
def _wider(source: Source) -> dict[str, Place]:
    """Name regencies, where there are several, and districts, by code and in its order."""
    frame = _records.villages(source)
    districts = _names(frame, "district")
    regencies = _names(frame[frame["district_code"].str.slice(0, 4) == frame["regency_code"]], "regency")
    return dict(sorted(((regencies if len(regencies) > 1 else {}) | districts).items()))


def _names(frame: pd.DataFrame, level: str) -> dict[str, Place]:
    names = frame.groupby(f"{level}_code")[level].first()
    return {str(code): Place(level, name) for code, name in names.items() if name != MISSING}
