"""The way of a changed filter to the map: how many rooms it passes through, and what is read how often.

A room is a module of ``pages``; ``pages/text``, the words, is left out. A function without parameters is
handed nothing of the filter, so it is no room on the way either. The way has four parts:

- the sidebar, where the filters are chosen;
- the page, which hands everything on;
- reading: all that is entered while the page reads what the map shows;
- drawing: all that is entered from the map's fragment on, until the map is shown.

What the sidebar looks up for its boxes, and the cards, sentences and tables that the page makes of the same
answers, lie beside the way. The caches are empty, so that no part of the way is skipped.
"""

from __future__ import annotations

import itertools
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
import streamlit as st

from tests.data.builders import WEST
from tests.pages.conftest import open_page

if TYPE_CHECKING:
    from types import FrameType

    from streamlit.testing.v1 import AppTest

PAGES = Path(__file__).parents[2] / "pages"
PAGE = "coverage/page"
MOST_ROOMS = 8


class Entered(NamedTuple):
    """A function that was entered, and the functions of ``pages`` that it was called from."""

    room: str
    function: str
    is_handed: bool
    above: tuple[tuple[str, str], ...]


def find_room(frame: FrameType) -> str | None:
    path = Path(frame.f_code.co_filename)
    if not path.is_relative_to(PAGES):
        return None
    room = path.relative_to(PAGES).with_suffix("").as_posix()
    return None if room.startswith("text/") else room


class Trace:
    """The functions of ``pages`` that a run of the app enters, in order."""

    def __init__(self) -> None:
        self.entered: list[Entered] = []

    def note(self, frame: FrameType, event: str, _arg: object) -> None:
        room = find_room(frame) if event == "call" else None
        if room is None or frame.f_code.co_name.startswith("<"):
            return
        above, outer = [], frame.f_back
        while outer is not None:
            if outer_room := find_room(outer):
                above.append((outer_room, outer.f_code.co_name))
            outer = outer.f_back
        code = frame.f_code
        is_handed = bool(code.co_argcount + code.co_kwonlyargcount)
        self.entered.append(Entered(room, code.co_name, is_handed, tuple(above)))

    def within(self, *functions: str) -> list[Entered]:
        """Return what was entered as, or from within, some functions that the page itself calls."""
        found = []
        for one in self.entered:
            path = [(one.room, one.function), *one.above]
            calls = itertools.pairwise(path)
            if any(inner[1] in functions and outer[0] == PAGE for inner, outer in calls):
                found.append(one)
        return found

    def count(self, function: str) -> int:
        return sum(one.function == function for one in self.entered)


def list_rooms(entered: list[Entered]) -> list[str]:
    return list(dict.fromkeys(one.room for one in entered if one.is_handed))


def trace(app: AppTest, key: str, value: object) -> Trace:
    """Change a filter, and note what that enters."""
    st.cache_data.clear()
    st.cache_resource.clear()
    found = Trace()
    box = app.selectbox(key=key).set_value(value)
    threading.setprofile(found.note)  # the app runs in a thread of its own
    try:
        box.run()
    finally:
        threading.setprofile(None)
        sys.setprofile(None)
    assert not app.exception
    return found


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize(
    ("key", "value", "reading"),
    [
        ("filter_days", 180, ("select_map_areas", "read_coverage")),
        ("filter_village", WEST, ("select_map_areas", "read_village_homes")),
    ],
)
def test_changed_filter_passes_few_rooms_on_its_way_to_the_map(
    key: str, value: object, reading: tuple[str, ...]
) -> None:
    found = trace(open_page("coverage", lang="en"), key, value)
    read = list_rooms(found.within(*reading))
    drawing = found.within("show_coverage_map")
    shown = next(place for place, one in enumerate(drawing) if one.function == "show_map")
    drawn = [room for room in list_rooms(drawing[: shown + 1]) if room != PAGE]
    way = ["widgets/sidebar", PAGE, *read, *drawn]
    assert "queries/records" in read
    assert drawn == ["coverage/maps", "widgets/maps"]
    assert len(way) <= MOST_ROOMS, way
    assert len(set(way)) == len(way), way  # what has been read is not read again for the map
    assert found.count("choose_filters") == 1


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize(("key", "value"), [("filter_days", 180), ("filter_village", WEST)])
def test_areas_and_coverage_are_computed_once(key: str, value: object) -> None:
    found = trace(open_page("coverage", lang="en"), key, value)
    assert found.count("select_map_areas") == 1
    assert found.count("read_coverage") == 1  # the data begin in this period: there is none before it
    assert found.count("_measure_villages") == 1
    assert found.count("list_homes") == (key == "filter_village")
