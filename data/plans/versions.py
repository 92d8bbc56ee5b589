"""Read published plans: the list of versions, the stops in force, and what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import sqlalchemy as sa

from data import tables
from data.frames import to_frame
from data.plans.request import WeekRequest
from data.repository.scope import is_in_scope

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from data.database import Database
    from data.principal import Principal

STOP_FACTS: Final = (
    "status",
    "days_since",
    "n_attempts",
    "attempt",
    "n_crimes_near",
    "top_category",
    "n_top_category",
    "status_points",
    "risk_points",
    "tag_points",
)
"""Facts that explained a stop when it was published."""

_STOP: Final = (
    "officer_id", "day", "shift", "place", "household_id", "village_code", "start_s", "end_s", "travel_s",
    "travel_m", "prize",
)  # fmt: skip
_CHANGES: Final = ("added", "dropped", "moved")


def select_current_stops(week: str) -> sa.Select:
    """Select the stops in force in a week: each officer's last plan. Internal to ``data``."""
    plans, officers, stops = tables.plans, tables.plan_officers, tables.plan_stops
    last = (
        sa.select(officers.c.officer_id, sa.func.max(officers.c.plan_id).label("plan_id"))
        .join_from(officers, plans, officers.c.plan_id == plans.c.plan_id)
        .where(plans.c.week == week)
        .group_by(officers.c.officer_id)
        .subquery("last")
    )
    mine = sa.and_(stops.c.plan_id == last.c.plan_id, stops.c.officer_id == last.c.officer_id)
    shown = [stops.c[name] for name in ("plan_id", *_STOP, *STOP_FACTS)]
    return sa.select(*shown).join_from(stops, last, mine)


def read_plan_versions(database: Database, principal: Principal, *, week: str | None = None) -> pd.DataFrame:
    """Read the list of published plans, the newest first.

    Parameters
    ----------
    database, principal
        The database, and the principal who asks.
    week
        ISO week, as in ``2026-W48``; all weeks if omitted.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``plan_id``: ``week``, ``version``, ``published_at``, ``published_by``, ``preset``,
        ``note``; and counts of what is in scope: ``n_officers``, ``n_stops``, and ``n_added``,
        ``n_dropped``, ``n_moved`` relative to the plans that were in force for the same officers. Plans
        without an officer in scope are left out.
    """
    plans = tables.plans
    named = ("plan_id", "week", "version", "published_at", "published_by", "preset", "note")
    query = sa.select(*(plans.c[name] for name in named)).order_by(plans.c.plan_id.desc())
    if week is not None:
        query = query.where(plans.c.week == week)
    frame = to_frame(database.read(query), key="plan_id")
    officers = read_plan_officers(database, principal, None)
    counts = {"n_officers": officers["plan_id"].value_counts()}
    stops, changes = tables.plan_stops, tables.plan_changes
    counts["n_stops"] = _count(database, principal, stops, sa.literal("all"))["all"]
    changed = _count(database, principal, changes, changes.c.change)
    counts |= {f"n_{change}": changed[change] for change in _CHANGES}
    for name, found in counts.items():
        frame[name] = found.reindex(frame.index, fill_value=0).astype("int64")
    return frame[frame["n_officers"] > 0]


def read_plan_changes(database: Database, principal: Principal, plan_id: int) -> pd.DataFrame:
    """Read which visits a plan added, dropped or moved to another day or officer.

    Returns
    -------
    pandas.DataFrame
        Those in scope, indexed by ``household_id``: ``village_code``, ``change``, ``officer_before``,
        ``day_before``, ``officer_after``, ``day_after`` (ISO days, missing where there is none).
    """
    table = tables.plan_changes
    shown = [column for column in table.columns if column.name != "plan_id"]
    query = sa.select(*shown).where(table.c.plan_id == plan_id, is_in_scope(table, principal, None))
    return to_frame(database.read(query.order_by(table.c.household_id)), key="household_id")


def read_current_stops(
    database: Database, principal: Principal, *, week: str, officer_id: str | None = None
) -> pd.DataFrame:
    """Read the stops in force in a week: those of each officer's last plan.

    Parameters
    ----------
    database, principal
        The database, and the principal who asks.
    week
        ISO week, as in ``2026-W48``.
    officer_id
        One officer; all officers if omitted.

    Returns
    -------
    pandas.DataFrame
        One row per stop in scope, sorted by officer, day and order: ``plan_id``, the columns of
        ``geo.routes.Plan.stops`` and ``STOP_FACTS``; nothing personal. Empty if nothing is published.
    """
    stops = tables.plan_stops
    query = select_current_stops(week).where(is_in_scope(stops, principal, None))
    if officer_id is not None:
        query = query.where(stops.c.officer_id == officer_id)
    return read_stops(database, query)


def read_current_officers(database: Database, principal: Principal, *, week: str) -> pd.DataFrame:
    """Read the officers who have a plan in a week, with or without visits.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``officer_id``: ``plan_id`` in force, ``villages`` of the plan, ``lon`` and ``lat`` of the
        post; only officers with at least one of these villages in scope.
    """
    officers = read_plan_officers(database, principal, week).sort_values(["officer_id", "plan_id"])
    return officers.drop_duplicates("officer_id", keep="last").set_index("officer_id")


def read_stop_wishes(
    database: Database, plan_id: int, households: Collection[str]
) -> tuple[str, frozenset[str]]:
    """Read which visits a plan counts, and which of some households were requested by a person.

    Parameters
    ----------
    database
        The database to read.
    plan_id
        A plan whose stops the principal has already read.
    households
        Household ids to ask about; nothing is returned about others.
    """
    query = sa.select(tables.plans.c.request).where(tables.plans.c.plan_id == plan_id)
    request = WeekRequest.from_json(database.read(query)["request"][0].as_py())
    return request.counting, request.must.intersection(households)


def read_stops(database: Database, query: sa.Select) -> pd.DataFrame:
    """Read the stops that a query selects, sorted by officer, day and order. Internal to ``data``."""
    rows = database.read(query).to_pandas().rename(columns={"place": "order"})
    rows = rows.astype({"days_since": "Int64", "top_category": "str", "attempt": "str"})
    return parse_days(rows).sort_values(["officer_id", "day", "order"], ignore_index=True)


def parse_days(rows: pd.DataFrame) -> pd.DataFrame:
    """Convert days from text to midnights. Internal to ``data``."""
    return rows.assign(day=pd.to_datetime(rows["day"]).astype("datetime64[us]"))


def read_plan_officers(database: Database, principal: Principal, week: str | None) -> pd.DataFrame:
    """Read the officers of all plans, or of one week's, with a village of the plan in scope."""
    table = tables.plan_officers
    query = sa.select(*table.columns)
    if week is not None:
        query = query.join_from(table, tables.plans, table.c.plan_id == tables.plans.c.plan_id)
        query = query.where(tables.plans.c.week == week)
    rows = database.read(query).to_pandas()
    if principal.can_see_everything:
        return rows
    seen = [any(map(principal.can_see, codes)) for codes in rows["villages"].str.split()]
    return rows[np.array(seen, dtype=bool)]


def _count(
    database: Database, principal: Principal, table: sa.Table, what: sa.ColumnElement[str]
) -> Mapping[str, pd.Series]:
    """Count each plan's rows in scope, by the value of ``what``."""
    query = sa.select(table.c.plan_id, what.label("what"), sa.func.count().label("n"))
    query = query.where(is_in_scope(table, principal, None)).group_by(table.c.plan_id, what)
    rows = database.read(query).to_pandas()
    names = {"all", *_CHANGES}
    return {name: rows[rows["what"] == name].set_index("plan_id")["n"] for name in names}
