"""One published plan, read back with its households, as far as its reader may see."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import sqlalchemy as sa

from data import repository, tables
from data.errors import DataError
from data.exports.plan_rows import gather_stops
from data.frames import to_frame
from data.plans.build import join_posts
from data.plans.request import WeekRequest
from data.plans.versions import parse_days, read_plan_officers, read_stops
from data.repository.scope import is_in_scope
from geo.routes import Plan, Unmet
from geo.routes.plan import make_routes, make_stops

if TYPE_CHECKING:
    import pandas as pd

    from data.database import Database
    from data.principal import Principal


@dataclass(frozen=True)
class PublishedPlan:
    """A version of a week's plan.

    Attributes
    ----------
    plan_id, version, published_at, published_by, note
        Its number, version, time of publication, author and note.
    request
        The request, reduced to what is in scope.
    plan
        Stops in scope, with the routes and unmet demands of officers all of whose villages are in scope.
    stops
        Stops at households that are still registered, as ``data.plans.BuiltPlan.stops``. They name people.
    officers
        Officers in scope, indexed by ``officer_id``: ``name``, ``rank``, ``villages``, and ``lon``, ``lat``
        of the post.
    """

    plan_id: int
    version: int
    published_at: pd.Timestamp
    published_by: str
    note: str
    request: WeekRequest
    plan: Plan
    stops: pd.DataFrame
    officers: pd.DataFrame


def read_published_plan(database: Database, principal: Principal, plan_id: int) -> PublishedPlan:
    """Read a published plan.

    Parameters
    ----------
    database, principal
        The database, and the principal who asks.
    plan_id
        Its number, as listed by ``read_plan_versions``.

    Returns
    -------
    PublishedPlan
        Only what is in scope.

    Raises
    ------
    DataError
        If there is no such plan in scope.
    """
    plans, stops, routes = tables.plans, tables.plan_stops, tables.plan_routes
    head = database.read(sa.select(*plans.columns).where(plans.c.plan_id == plan_id))
    officers = read_plan_officers(database, principal, None)
    officers = officers[officers["plan_id"] == plan_id].drop(columns="plan_id").set_index("officer_id")
    if not len(head) or officers.empty:
        raise DataError("There is no published plan {plan} in your assigned area.", plan=plan_id)
    facts = to_frame(head, key="plan_id").iloc[0].to_dict()
    mine = sa.select(*stops.columns).where(stops.c.plan_id == plan_id, is_in_scope(stops, principal, None))
    rows = read_stops(database, mine)
    whole = _whole_officers(officers, principal)
    ways = database.read(sa.select(*routes.columns).where(routes.c.plan_id == plan_id)).to_pandas()
    ways = parse_days(ways[ways["officer_id"].isin(whole)])
    request = WeekRequest.from_json(facts["request"])
    plan = Plan(
        stops=make_stops(_columns(rows)),
        routes=make_routes(_columns(ways)),
        unmet=_read_unmet(facts["unmet"], None if principal.can_see_everything else set(whole)),
        seed=request.seed,
        cut_short=tuple(name for name in facts["cut_short"].split() if name in officers.index),
    )
    homes = _read_homes(database, principal, plan_id)
    named = repository.read_officers(database, principal)[["name", "rank"]]
    return PublishedPlan(
        plan_id=plan_id,
        version=int(facts["version"]),
        published_at=facts["published_at"],
        published_by=facts["published_by"],
        note=facts["note"],
        request=request if principal.can_see_everything else _narrow(request, officers, homes),
        plan=plan,
        stops=_describe(plan, rows, homes),
        officers=named.reindex(officers.index).join(officers),
    )


def _columns(rows: pd.DataFrame) -> dict[str, list[object]]:
    return {str(name): rows[name].tolist() for name in rows.columns}


def _whole_officers(officers: pd.DataFrame, principal: Principal) -> pd.Index:
    whole = [all(map(principal.can_see, codes)) for codes in officers["villages"].str.split()]
    return officers.index[np.array(whole, dtype=bool)]


def _read_unmet(text: str, officers: set[str] | None) -> tuple[Unmet, ...]:
    every = (Unmet(**one) for one in json.loads(text))
    return tuple(
        one for one in every if officers is None or officers.issuperset(one.officer_id.split() or [""])
    )


def _read_homes(database: Database, principal: Principal, plan_id: int) -> pd.DataFrame:
    """Read the households of a plan that are still registered and in scope."""
    homes, stops = tables.households, tables.plan_stops
    planned = sa.select(stops.c.household_id).where(stops.c.plan_id == plan_id)
    names = sa.select(tables.villages.c.village).where(tables.villages.c.village_code == homes.c.village_code)
    shown = ("household_id", "lon", "lat", "village_code", "head_name", "address", "rt", "rw", "tags")
    query = sa.select(*(homes.c[name] for name in shown), names.scalar_subquery().label("village"))
    query = query.where(homes.c.household_id.in_(planned), is_in_scope(homes, principal, None))
    frame = to_frame(database.read(query), key="household_id")
    return frame[frame["lon"].notna() & frame["lat"].notna()]


def _describe(plan: Plan, rows: pd.DataFrame, homes: pd.DataFrame) -> pd.DataFrame:
    """Join each stop with its household and the facts that explained it."""
    there = plan.stops["household_id"].isin(homes.index)
    villages = homes.drop_duplicates("village_code").set_index("village_code")["village"]
    mine = replace(plan, stops=plan.stops[there].reset_index(drop=True))
    told = gather_stops(mine, homes, villages=villages)
    facts = rows[there].reset_index(drop=True)
    more = [name for name in facts.columns if name not in told.columns and name != "plan_id"]
    described = told.join(facts[more]).assign(tags=homes["tags"].reindex(told["household_id"]).array)
    return join_posts(described, plan)


def _narrow(request: WeekRequest, officers: pd.DataFrame, homes: pd.DataFrame) -> WeekRequest:
    """Remove officers and households out of scope from a request."""
    return replace(
        request,
        officers=tuple(name for name in request.officers if name in officers.index),
        leave={name: days for name, days in request.leave.items() if name in officers.index},
        must=frozenset(name for name in request.must if name in homes.index),
        dropped=frozenset(),
        locks={name: day for name, day in request.locks.items() if name in homes.index},
    )
