"""What the browser tests share: a Chromium without internet, and pages that must stay clean."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.server import ROOT, clean_environment, serve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, Route, WebSocket

OUTPUT = ROOT / "tests" / "browser" / "output"
# Opened at a page's own address, Streamlit tries that as its base path first, and is answered 404.
PROBE = re.compile(r"/[^/]+/_stcore/(health|host-config)$")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@dataclass
class Watch:
    """What a page did that it must not do."""

    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def attach(self, page: Page) -> None:
        """Refuse every host but this machine, and note what the page tries."""
        page.route("**/*", self._decide)
        page.on("websocket", self._see)
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("dialog", self._refuse)

    def check(self) -> None:
        """Fail on anything noted."""
        assert not self.dialogs, f"the page opened dialogs: {self.dialogs}"
        assert not self.outside, f"the page asked outside: {self.outside}"
        assert not self.errors, "the page has errors:\n" + "\n".join(self.errors)

    def _decide(self, route: Route) -> None:
        if self._note(route.request.url):
            route.abort()
        else:
            route.continue_()

    def _see(self, socket: WebSocket) -> None:
        self._note(socket.url)

    def _note(self, url: str) -> bool:
        parts = urlsplit(url)
        is_outside = parts.scheme not in {"data", "blob", "about"} and parts.hostname not in {
            "127.0.0.1",
            "localhost",
        }
        if is_outside:
            self.outside.append(url)
        return is_outside

    def _listen(self, message: ConsoleMessage) -> None:
        url = message.location.get("url", "")
        if message.type == "error" and not PROBE.search(url):
            self.errors.append(f"{message.text} ({url})")

    def _refuse(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()


class OpenPage(Protocol):
    """Opens an address in a page of its own."""

    def __call__(self, url: str, *, width: int = 1366, height: int = 900, dark: bool = False) -> Page: ...


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, or the one that CHROMIUM names."""
    path = (
        os.environ.get("CHROMIUM")
        or subprocess.run(
            [ROOT / ".ci" / "chromium"], check=True, capture_output=True, text=True
        ).stdout.strip()
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def watch() -> Watch:
    """What the pages of this test did that they must not do."""
    return Watch()


@pytest.fixture
def open_page(chromium: Browser, watch: Watch) -> Iterator[OpenPage]:
    """Open pages that fail the test on outside requests, errors and dialogs."""
    contexts = []

    def open_(url: str, *, width: int = 1366, height: int = 900, dark: bool = False) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            has_touch=width < 500,
        )
        contexts.append(context)
        page = context.new_page()
        watch.attach(page)
        page.goto(url)
        return page

    yield open_
    for context in contexts:
        context.close()
    watch.check()


@pytest.fixture
def chromium_page(chromium: Browser) -> Iterator[tuple[Page, Watch]]:
    """A page whose watch the test reads itself."""
    context, watch = chromium.new_context(), Watch()
    page = context.new_page()
    watch.attach(page)
    yield page, watch
    context.close()


@pytest.fixture(scope="session")
def maps_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of tests/browser/apps/maps.py."""
    with serve("tests/browser/apps/server.py", tmp_path_factory.mktemp("maps")) as url:
        yield url


@pytest.fixture(scope="session")
def district(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sample district in its database: made once, and copied by who serves it."""
    folder = tmp_path_factory.mktemp("district")
    command = [sys.executable, "-m", "data", "sample"]
    subprocess.run(command, check=True, cwd=ROOT, env=clean_environment(folder), capture_output=True)
    return folder


@pytest.fixture(scope="module")
def own_district(district: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sample district, for a module that changes its database."""
    return shutil.copytree(district, tmp_path_factory.mktemp("own"), dirs_exist_ok=True)


@pytest.fixture(scope="session")
def dashboard_url(district: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of the dashboard itself, with the sample district in its database."""
    folder = shutil.copytree(district, tmp_path_factory.mktemp("dashboard"), dirs_exist_ok=True)
    with serve("dashboard.py", folder) as url:
        yield url


@pytest.fixture(scope="session")
def output() -> Path:
    """The folder for screenshots."""
    OUTPUT.mkdir(exist_ok=True)
    return OUTPUT
