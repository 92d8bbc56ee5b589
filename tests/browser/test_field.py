"""The field sheet on a cheap phone with a poor connection: readable soon, and no mark lost or doubled."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from data import repository
from data.database import Database
from data.principal import Principal
from tests.browser.server import free_port, serve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser

COLD_S, WARM_S = 3.0, 1.0
N_MARKS = 50
ACCURACY_M = 12.34  # as no other visit of the district has
SLOW = {
    "offline": False, "latency": 400, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8,
}  # fmt: skip
READABLE = ".home h2"


@pytest.fixture(scope="module")
def folder(own_district: Path) -> Path:
    """A folder with the sample district in its database."""
    return own_district


@pytest.fixture(scope="module")
def port() -> int:
    """A port that the server comes back to after a restart."""
    return free_port()


@pytest.fixture
def phone(chromium: Browser) -> Iterator[BrowserContext]:
    """A phone that may tell where it is."""
    context = chromium.new_context(
        viewport={"width": 360, "height": 740},
        has_touch=True,
        is_mobile=True,
        permissions=["geolocation"],
        geolocation={"longitude": 111.9, "latitude": -7.4, "accuracy": ACCURACY_M},
    )
    yield context
    context.close()


def sheet_of(folder: Path) -> str:
    officers = repository.read_officers(open_database(folder), Principal.demo())
    return f"/field?officer={officers.index[0]}&lang=id"


def open_database(folder: Path) -> Database:
    return Database(f"sqlite:///{folder / 'sambang.sqlite'}")


def read_marks(folder: Path) -> list[str]:
    """The visits with the phone's accuracy: those that came from a mark."""
    columns = ["accuracy_m", "household_id"]
    visits = repository.read_visits(open_database(folder), Principal.demo(), columns=columns)
    return visits.loc[visits["accuracy_m"] == ACCURACY_M, "household_id"].tolist()


def throttle(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})


def time_to_read(page: Page, url: str) -> float:
    start = time.monotonic()
    page.goto(url, wait_until="commit")
    page.locator(READABLE).first.wait_for()
    return time.monotonic() - start


def test_list_is_readable_soon_and_at_once_the_second_time(
    folder: Path, port: int, phone: BrowserContext
) -> None:
    with serve("dashboard.py", folder, port=port) as address:
        page = phone.new_page()
        throttle(page)
        url = address + sheet_of(folder)
        cold = time_to_read(page, url)
        page.locator("body[data-kept=yes]").wait_for(state="attached")
        warm = time_to_read(page, url)
    print(f"cold {cold:.2f} s, warm {warm:.2f} s")
    assert cold <= COLD_S
    assert warm <= WARM_S


def test_marks_made_offline_across_a_restart_arrive_once(
    folder: Path, port: int, phone: BrowserContext
) -> None:
    page = phone.new_page()
    with serve("dashboard.py", folder, port=port) as address:
        url = address + sheet_of(folder)
        page.goto(url)
        page.locator("body[data-kept=yes]").wait_for(state="attached")
    phone.set_offline(True)
    page.reload()  # from what the phone kept: there is neither server nor network
    marked = mark_all(page, N_MARKS // 2)
    page.reload()
    marked |= mark_all(page, N_MARKS)
    assert len(marked) == N_MARKS
    page.reload()
    page.locator(f"body[data-queued='{N_MARKS}']").wait_for(state="attached")
    phone.set_offline(False)  # the network is back before the server is
    with serve("dashboard.py", folder, port=port):
        other = phone.new_page()  # a second period must not send them again
        other.goto(url)
        page.locator("body[data-queued='0']").wait_for(state="attached", timeout=60_000)
        other.locator("body[data-kept=yes]").wait_for(state="attached")
    arrived = read_marks(folder)
    assert len(arrived) == N_MARKS
    assert set(arrived) == marked


def mark_all(page: Page, until: int) -> set[str]:
    """Mark households until so many are done; gives those marked now."""
    page.locator("body[data-queued]").wait_for(state="attached")
    page.evaluate("document.querySelector('details').open = true")
    marked = set()
    while page.locator(".home:not([data-outcome=''])").count() < until:
        card = page.locator(".home[data-outcome='']").first
        home = card.get_attribute("data-home") or ""
        card.locator("button[value=met]").click()
        page.locator(f".home[data-home='{home}']:not([data-outcome=''])").wait_for()
        marked.add(home)
    return marked
