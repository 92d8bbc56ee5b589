"""Store the rounded figures of weeks that close."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import sqlalchemy as sa

from data import tables

if TYPE_CHECKING:
    import pandas as pd

    from data.database import Database


def store_rounded_weeks(
    database: Database, weeks: pd.DataFrame, households: pd.DataFrame, *, after: int | None
) -> bool:
    """Store the figures of closed weeks for good, unless someone else has closed them meanwhile.

    Parameters
    ----------
    database
        The database to write to.
    weeks
        Rows of ``tables.rounded_weeks``, with all its columns.
    households
        Rows of ``tables.rounded_households``, which replace those stored.
    after
        The last week that was stored when these were rounded; None for none.

    Returns
    -------
    bool
        Whether they were stored. If not, those that are stored hold.
    """
    frames = {"weeks": (weeks, tables.rounded_weeks), "fives": (households, tables.rounded_households)}
    stages = {
        name: pa.Table.from_pandas(frame[[column.name for column in table.columns]], preserve_index=False)
        for name, (frame, table) in frames.items()
    }
    with database.write(stages) as connection:
        last = connection.scalar(sa.select(sa.func.max(tables.rounded_weeks.c.week)))
        if last != after:
            return False
        connection.execute(sa.delete(tables.rounded_households))
        for name, (_, table) in frames.items():
            names = [column.name for column in table.columns]
            staged = connection.staged[name]
            connection.execute(
                sa.insert(table).from_select(names, sa.select(*(staged.c[column] for column in names)))
            )
    return True
