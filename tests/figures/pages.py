"""Figures of the pages: ``python -m tests.figures.clock tests.figures.pages OUT.json SCALE``."""

from __future__ import annotations

import json
import logging
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.figures.files import FILES
from tests.figures.places import PLACES
from tests.figures.states import OpenPage, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.figures.places import Place
    from tests.figures.states import State

PAGES = (
    "overview", "coverage", "unvisited", "hotspots", "compare", "evidence", "plan", "my_area", "imports",
)  # fmt: skip
_PERIOD = {"days": "30", "category": "curanmor"}
_PAUSE, _FORWARD = 1, 2  # places of the briefing's buttons
_SLIDES = 12
_BUILD = 0  # place of the plan's button
_PATIENCE_S = 120


def collect_pages(place: Place) -> dict[str, State]:
    """Collect what each page shows, by page, address and choices."""
    return {name: state for find in _FINDERS for name, state in find(place)}


def _walk_pages(place: Place) -> Iterator[tuple[str, State]]:
    for name in PAGES:
        for area in place.areas:
            query = {"area": area} if area else {}
            page = OpenPage(name, query)
            title = f"{name} {area}".strip()
            yield title, page.read(sidebar=True)
            if area in place.walked:
                yield from ((title + path, state) for path, state in walk(page))
        yield f"{name} 30 days", OpenPage(name, _PERIOD).read(sidebar=True)


def _turn_slides(place: Place) -> Iterator[tuple[str, State]]:
    """Turn the slides of the briefing by hand, until the first one comes again."""
    for area in place.areas:
        page = OpenPage("briefing", {"area": area} if area else {})
        page.press(_PAUSE)
        first = page.read()
        yield f"briefing {area} slide 0", first
        for slide in range(1, _SLIDES):
            page.press(_FORWARD)
            state = page.read()
            if state == first:
                break
            yield f"briefing {area} slide {slide}", state


def _build_draft(place: Place) -> Iterator[tuple[str, State]]:
    """Build a draft of a village's plan; one officer's search ends by its steps, not by the clock."""
    page = OpenPage("plan", {"area": place.village})
    page.press(_BUILD)
    end = time.monotonic() + _PATIENCE_S
    while page.is_working and time.monotonic() < end:
        time.sleep(2)
        page.run()
    yield "plan draft", page.read()
    yield from ((f"plan draft{path}", state) for path, state in walk(page))


def _upload_files(_place: Place) -> Iterator[tuple[str, State]]:
    """Look at files on the Data page before they are stored."""
    for dataset, file in FILES.items():
        page = OpenPage("imports", {})
        name, control = next(iter(page.controls().items()))
        page.choose(name, control.options[file.place])
        page.upload(file.name, file.content)
        yield f"imports {dataset}", page.read()


_FINDERS = (_walk_pages, _turn_slides, _build_draft, _upload_files)


def main(out: str, scale: str) -> None:
    """Write the figures of the pages to a file."""
    logging.disable(logging.WARNING)  # a page that runs without a server warns with each run
    pages: dict[str, Any] = collect_pages(PLACES[scale])
    Path(out).write_text(json.dumps(pages, ensure_ascii=False))


if __name__ == "__main__":
    main(*sys.argv[1:])
