"""A small place whose figures can be checked by hand, and pages that run on it.

Kulon (west) has the households K1 and K2, Wetan (east) K3; K4 lies outside. K1 was visited twice, K3 once
without a fix. Crimes: two curat in Kulon, one curas in Wetan by name only, one curas outside, and an old one.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from data.plans import gather
from data.principal import Principal
from data.settings import get_settings
from geo.routes import list_week_days
from tests.data.builders import EAST, WEST, make_households, make_villages, make_visits, store
from tests.databases import make_database
from tests.pages import beats

if TYPE_CHECKING:
    from collections.abc import Iterator

    from data.database import Database

ADDRESSES = {"imports": "data"}
"""Of the pages whose address is not the name of their folder."""
APP = Path(__file__).parents[2] / "pages" / "app.py"


def make_crimes() -> pd.DataFrame:
    """Give four crimes of October 2026 and one of July."""
    return pd.DataFrame(
        {
            "occurred_at": pd.to_datetime(
                [
                    "2026-10-01T02:00:00Z",
                    "2026-10-02T02:00:00Z",
                    "2026-10-03T02:00:00Z",
                    "2026-10-02T05:00:00Z",
                    "2026-07-01T02:00:00Z",
                ]
            ),
            "category": ["curat", "curat", "curas", "curas", "curat"],
            "source": "reported",
            "lon": [111.403, 111.404, None, 112.0, 111.403],
            "lat": [-7.405, -7.405, None, -7.0, -7.405],
            "village_code": [WEST, WEST, EAST, None, WEST],
            "placement": ["inside", "inside", "unlocated", "outside", "inside"],
        },
        index=pd.Index(["C1", "C2", "C3", "C4", "C5"], name="crime_id"),
    )


def open_database(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    """Make an empty database that pages open."""
    made = make_database(folder / "sambang.sqlite")
    monkeypatch.setenv("SAMBANG_DATABASE_URL", str(made.url))
    monkeypatch.setenv("SAMBANG_TIME_ZONE", "WIB")
    get_settings.cache_clear()
    st.cache_data.clear()
    st.cache_resource.clear()
    return made


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """An empty database that pages open."""
    yield open_database(tmp_path, monkeypatch)
    get_settings.cache_clear()


@pytest.fixture
def place(database: Database) -> Database:
    """The small place, stored."""
    store(database, "boundaries", make_villages())
    store(database, "households", make_households())
    store(database, "visits", make_visits())
    store(database, "crimes", make_crimes())
    return database


@pytest.fixture
def beat(place: Database) -> Database:
    """The small place with its officers: P1 of Kulon and Wetan, P2 of Wetan."""
    beats.add_beat(place)
    return place


@pytest.fixture
def planned(beat: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """K2 and K3 today by P1, who was asked to see K3; every day of the week is a working day."""
    monkeypatch.setattr(gather, "list_working_days", list_week_days)
    day = beats.today()
    locks, dropped = {"K2": day, "K3": day}, frozenset({"K1"})
    beats.publish_for(beat, day, locks=locks, must=frozenset({"K3"}), dropped=dropped)
    return beat


def open_page(page: str = "overview", **query: str | list[str]) -> AppTest:
    """Run a page of the app, named as its folder, with a query in its address."""
    app = AppTest.from_file(str(APP), default_timeout=60)
    if page != "overview":
        # AppTest would learn the addresses by running the first page before; this is what it would learn.
        app._page_hash = calc_hash(ADDRESSES.get(page, page))
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


def stop_clock(monkeypatch: pytest.MonkeyPatch, day: str) -> None:
    """Let it be nine in the morning of a day, for all that is asked from now on."""
    monkeypatch.setenv("SAMBANG_NOW", f"{day}T09:00+07:00")
    get_settings.cache_clear()


def sign_in(monkeypatch: pytest.MonkeyPatch, principal: Principal) -> None:
    """Let pages and routes be asked by this user."""
    monkeypatch.setattr(Principal, "demo", classmethod(lambda _: principal))


def figures(app: AppTest) -> dict[str, str]:
    """Give what the cards of a page say."""
    return {card.label: card.value for card in app.metric}
