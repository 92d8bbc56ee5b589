"""An officer's beat in the small place: whose it is, what is planned for it, and what was marked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pandas as pd
from starlette.applications import Starlette

from data import repository
from data.plans import WeekRequest, build_plan, gather, publish_plan
from data.plans.officer_week import name_week
from data.principal import Principal
from pages.my_area.field_routes import make_field_routes
from tests.data.builders import EAST, WEST, make_visits, store
from tests.pages.asgi import Answer, ask

if TYPE_CHECKING:
    from datetime import date

    from data.database import Database


APP = Starlette(routes=make_field_routes())
SHEET = f"/field?officer=P1&village={WEST}&lang=en"
OWN = {"sec_fetch_site": "same-origin"}
"""What a browser says of a request that a page of ours sent."""


def add_beat(database: Database) -> None:
    """Add the officers P1 of Kulon and Wetan and P2 of Wetan, and a visit of yesterday at ten."""
    officers = pd.DataFrame(
        {"name": ["Ani", "Edi"], "rank": ["Bripka", None], "villages": [f"{WEST} {EAST}", EAST]},
        index=pd.Index(["P1", "P2"], name="officer_id"),
    )
    store(database, "officers", officers)
    yesterday = pd.Timestamp.now(tz="Asia/Jakarta").normalize() - pd.Timedelta(hours=14)  # at ten
    store(database, "visits", make_visits().iloc[[0]].assign(visited_at=yesterday), fingerprint="yesterday")


def today() -> date:
    """Tell the local day."""
    return pd.Timestamp.now(tz="Asia/Jakarta").date()


def publish_for(database: Database, day: date, **options: Any) -> None:
    """Publish P1's plan of the week of a day."""
    wanted = WeekRequest(name_week(day), officers=("P1",), **options)
    everyone = Principal.demo()
    publish_plan(database, everyone, build_plan(gather.gather_week(database, everyone, wanted), workers=1))


def marked(database: Database) -> pd.DataFrame:
    """Read the visits that the small place did not begin with."""
    visits = repository.read_visits(database, Principal.demo())
    return visits[~visits.index.isin(["V1", "V2", "V3"])]


def post_form(**fields: str) -> Answer:
    """Send a mark as a form does where no script runs."""
    body = urlencode({"officer": "P1", "village": WEST, **fields}).encode()
    return ask(APP, "/field/marks?lang=en", method="POST", body=body,
               content_type="application/x-www-form-urlencoded", **OWN)  # fmt: skip
