"""Read the rounded figures of closed weeks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from data import tables
from data.repository.scope import is_in_scope

if TYPE_CHECKING:
    import pandas as pd

    from data.database import Database
    from data.principal import Principal


def read_rounded_weeks(database: Database, principal: Principal) -> pd.DataFrame:
    """Read the rounded figures of all closed weeks by village.

    Returns
    -------
    pandas.DataFrame
        Sorted by ``week`` and ``village_code``, with the columns of ``tables.rounded_weeks``.
    """
    table = tables.rounded_weeks
    query = sa.select(*table.columns).where(is_in_scope(table, principal, None))
    return database.read(query.order_by(table.c.week, table.c.village_code)).to_pandas()


def find_last_rounded_week(database: Database) -> int | None:
    """Find the last week whose figures are stored; it holds no record, so it needs no principal."""
    rows = database.read(sa.select(sa.func.max(tables.rounded_weeks.c.week).label("week")))
    return rows["week"][0].as_py()


def read_rounded_households(database: Database, principal: Principal) -> pd.DataFrame:
    """Read the rounded households at the end of the last closed week.

    Returns
    -------
    pandas.DataFrame
        Sorted by ``village_code``, with ``reported_week``, ``evidenced_week`` and their number ``n``.
    """
    table = tables.rounded_households
    query = sa.select(*table.columns).where(is_in_scope(table, principal, None))
    order = table.c.village_code, table.c.reported_week, table.c.evidenced_week
    return database.read(query.order_by(*order)).to_pandas()
