"""An officer's day from the published plan, on a phone: the next stop first, and a mark moves on to it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from data.database import Database
from data.plans import WeekRequest, build_plan, gather, gather_week, publish_plan, read_current_stops
from data.plans.officer_week import name_week
from data.principal import Principal
from data.repository import read_officers
from data.settings import get_settings
from geo.routes import list_week_days
from tests.browser.server import serve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from tests.browser.conftest import OpenPage

pytestmark = pytest.mark.browser

EVERYONE = Principal.demo()


@pytest.fixture(scope="module")
def planned(own_district: Path) -> Iterator[tuple[str, str, list[str]]]:
    """Serve the sample district with a plan in force; gives address, an officer and today's households."""
    officer, homes = publish(own_district)
    with serve("dashboard.py", own_district) as address:
        yield address, officer, homes


def publish(folder: Path) -> tuple[str, list[str]]:
    """Publish a week in which every day is a working day."""
    database = Database(f"sqlite:///{folder / 'sambang.sqlite'}")
    officer = str(read_officers(database, EVERYONE).index[0])
    today = datetime.now(get_settings().zone).date()
    wanted = WeekRequest(name_week(today), officers=(officer,), seconds=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gather, "list_working_days", list_week_days)
        built = build_plan(gather_week(database, EVERYONE, wanted), workers=1)
    publish_plan(database, EVERYONE, built)
    stops = read_current_stops(database, EVERYONE, week=wanted.week, officer_id=officer)
    return officer, stops.loc[stops["day"].dt.date == today, "household_id"].tolist()


@pytest.mark.parametrize(("width", "dark"), [(360, False), (360, True), (1366, False), (1366, True)])
def test_my_area_shows_the_plan(
    planned: tuple[str, str, list[str]], open_page: OpenPage, output: Path, width: int, *, dark: bool
) -> None:
    address, officer, _ = planned
    page = open_page(f"{address}/my_area?officer={officer}&lang=id", width=width, dark=dark)
    next_up = page.locator('[class*="st-key-my_home_"]').filter(has_text="berikutnya")
    expect(next_up).to_have_count(1, timeout=30_000)
    expect(page.get_by_text("Dari rencana terbit pekan ini, sesuai urutannya.")).to_be_visible()
    page.screenshot(path=output / f"my_plan_{width}{'_dark' if dark else ''}.png")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert all((button.bounding_box() or {})["height"] >= 48 for button in next_up.locator("button").all())


def test_my_area_moves_on(planned: tuple[str, str, list[str]], open_page: OpenPage) -> None:
    address, officer, _ = planned
    page = open_page(f"{address}/my_area?officer={officer}&lang=id", width=360)
    cards = page.locator('[class*="st-key-my_home_"]')
    first = cards.filter(has_text="berikutnya")
    number = int((first.inner_text(timeout=30_000)).split(" ·")[0])
    first.get_by_role("button", name="Tidak di rumah").click()
    expect(cards.filter(has_text="berikutnya")).to_contain_text(f"{number + 1} · ", timeout=30_000)
    expect(cards.filter(has_text="✓ Tidak di rumah")).to_contain_text(f"{number} · ")


def test_sheet_without_script_shows_the_plan_and_moves_on(
    planned: tuple[str, str, list[str]], chromium: Browser
) -> None:
    address, officer, homes = planned
    context = chromium.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/field?officer={officer}&lang=id")
    cards = page.locator("main > ol > .home")
    assert sorted(card.get_attribute("data-home") or "" for card in cards.all()) == sorted(homes)
    first = cards.first.get_attribute("data-home")
    expect(cards.locator(".next:visible")).to_have_count(1)
    cards.first.get_by_role("button", name="Ketemu").click()
    expect(cards.last).to_have_attribute("data-home", first or "")
    expect(cards.first.locator(".next")).to_be_visible()
    context.close()


def test_mark_on_the_sheet_leads_to_the_next_stop(
    planned: tuple[str, str, list[str]], open_page: OpenPage
) -> None:
    address, officer, _ = planned
    page = open_page(f"{address}/field?officer={officer}&lang=id", width=360, height=480)
    to_do = page.locator("main > ol > .home[data-outcome='']")
    second = to_do.nth(1).get_attribute("data-home")
    to_do.first.get_by_role("button", name="Ketemu").click()
    card = page.locator(f".home[data-home='{second}']")
    expect(card.locator(".next")).to_be_visible()
    expect(card).to_be_in_viewport()
    expect(page.get_by_role("button", name="Batalkan")).to_be_visible()  # what was marked stays in reach
