"""The states of a page: as it opens, and with each option of each of its controls."""

from __future__ import annotations

import sys
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from streamlit.runtime.state.common import TESTING_KEY
from streamlit.testing.v1 import AppTest

from tests.figures.elements import read_element

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

APP = Path(__file__).parents[2] / "pages" / "app.py"
CONTROLS = ("button_group", "selectbox", "select_slider", "radio")
MANY_OPTIONS, TRIED = 12, 2
"""Of a control with many options, such as a list of visits, only the first few are tried."""
_TIMEOUT_S = 900

State = list[dict[str, Any]]


def find_page(name: str) -> str:
    """Find the file of a page, whichever way the tree lays it out, from the folder of the app."""
    for path in (f"{name}.py", f"{name}/page.py"):
        if (APP.parent / path).is_file():
            return path
    raise FileNotFoundError(f"There is no page {name} in {APP.parent}.")


class OpenPage:
    """A page in a session of its own.

    Parameters
    ----------
    name
        Of the page's file, or its folder.
    query
        What its address asks for.
    """

    def __init__(self, name: str, query: Mapping[str, str]) -> None:
        self.name = name
        self._app = AppTest.from_file(str(APP), default_timeout=_TIMEOUT_S)
        self._app.query_params["lang"] = "en"
        self._app.run()
        self._app.switch_page(find_page(name))
        for key, value in query.items():
            self._app.query_params[key] = value
        self.run()

    def run(self) -> None:
        """Run the page again."""
        start = perf_counter()
        self._app.run()
        print(f"  {self.name}: {perf_counter() - start:.1f} s", file=sys.stderr)

    def read(self, *, sidebar: bool = False) -> State:
        """Read what the page shows now."""
        blocks = [self._app.main, *([self._app.sidebar] if sidebar else [])]
        shown = [read_element(node) for block in blocks for node in block if node is not block]
        failed = [{"kind": "exception", "text": failure.value} for failure in self._app.exception]
        return [*failed, *(element for element in shown if element)]

    def press(self, place: int) -> None:
        """Press a button by its place among the page's, and run."""
        self._app.main.button[place].click()
        self.run()

    def upload(self, name: str, content: bytes) -> None:
        """Upload a file, and run."""
        self._app.main.file_uploader[0].upload(name, content)
        self.run()

    @property
    def is_working(self) -> bool:
        """Whether a bar of progress is shown."""
        return any(node.type == "progress" for node in self._app.main)

    def controls(self) -> dict[str, Any]:
        """List the controls of the page itself by their ids."""
        return {node.id: node for node in self._app.main if node.type in CONTROLS and not node.disabled}

    def choose(self, name: str, value: Any) -> bool:
        """Choose an option by its text, and run; False where the control is gone."""
        control = self.controls().get(name)
        if control is None:
            return False
        _accept_texts(control)
        many = isinstance(control.value, list)
        control.set_value([value] if many and not isinstance(value, list) else value)
        self.run()
        return True


def _accept_texts(control: Any) -> None:
    """Let a control be set by an option's text, as a browser does; a test knows its value otherwise."""
    formats, write = control.root.session_state[TESTING_KEY], control.format_func
    formats[control.id] = lambda value: value if value in control.options else write(value)


def walk(page: OpenPage, known: frozenset[str] = frozenset(), trail: str = "") -> Iterator[tuple[str, State]]:
    """Try each option of each control, then those of the controls that an option brings.

    Parameters
    ----------
    page
        As it opened, or with what was chosen so far.
    known
        Controls that are tried already.
    trail
        The choices so far.

    Yields
    ------
    str, list of dict
        The choices, as places of controls and options, since their texts may change; what the page shows.
    """
    controls = page.controls()
    for place, (name, control) in enumerate(controls.items()):
        if name in known:
            continue
        options, start = list(control.options), control.value
        tried = range(len(options)) if len(options) <= MANY_OPTIONS else range(1, TRIED + 1)
        for option in tried:
            if not page.choose(name, options[option]):
                break
            path = f"{trail} control {place} option {option}"
            yield path, page.read()
            yield from walk(page, known | controls.keys(), path)
        page.choose(name, start)
