"""Read villages, households, officers, visits and crimes, as far as the principal may see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from data import tables
from data.frames import to_frame, to_villages
from data.repository.attempts import name_attempt
from data.repository.scope import has_prefix, is_in_scope, is_visit_in_scope, list_record_columns

if TYPE_CHECKING:
    from collections.abc import Iterable

    import geopandas as gpd
    import pandas as pd

    from data.database import Database
    from data.periods import Period
    from data.principal import Principal

HOUSEHOLD_PERSONAL = ("head_name", "address")
"""Columns of households that identify people; read only where they are shown."""

VISIT_COLUMNS = (
    "visited_at",
    "officer_id",
    "household_id",
    "lon",
    "lat",
    "village_code",
    "placement",
    "outcome",
    "attempt",
)
"""Columns of visits that figures need; none of them names people."""

CRIME_COLUMNS = (
    "occurred_at", "occurred_to", "time_precision", "category", "source", "lon", "lat", "village_code",
    "placement",
)  # fmt: skip
"""Columns of crimes that figures need."""

_REPEATED = (
    "officer_id", "household_id", "village_code", "placement", "outcome", "category", "source",
    "time_precision", "attempt",
)  # fmt: skip


def read_villages(database: Database, principal: Principal, *, area: str | None = None) -> gpd.GeoDataFrame:
    """Read the villages in scope.

    Parameters
    ----------
    database, principal
        The database, and the principal who asks.
    area
        Code of a village, district or regency; everything in scope if omitted.

    Returns
    -------
    geopandas.GeoDataFrame
        Indexed and sorted by ``village_code``, EPSG:4326; names, codes and register as in ``data.schema``.

    Raises
    ------
    ScopeError
        If the area is outside the principal's scope.
    """
    table = tables.villages
    query = sa.select(*list_record_columns(table)).where(
        has_prefix(table.c.village_code, principal.narrow_areas(area))
    )
    return to_villages(database.read(query))


def count_district_names(database: Database, principal: Principal, codes: Iterable[str]) -> pd.DataFrame:
    """Count by which names the records in scope call districts.

    Returns
    -------
    pandas.DataFrame
        ``village_code``, ``district`` and ``n_records`` of the households, visits and crimes that name one.
    """
    prefixes = tuple(codes)
    counted = [
        sa.select(table.c.village_code, table.c.district_given.label("district"), sa.func.count().label("n"))
        .where(table.c.district_given.is_not(None), has_prefix(table.c.village_code, prefixes))
        .where(is_in_scope(table, principal, None))
        .group_by(table.c.village_code, table.c.district_given)
        for table in (tables.households, tables.visits, tables.crimes)
    ]
    found = database.read(sa.select(sa.union_all(*counted).subquery())).to_pandas()
    return found.rename(columns={"n": "n_records"})


def read_households(
    database: Database, principal: Principal, *, area: str | None = None, personal: bool = False
) -> pd.DataFrame:
    """Read the households in scope.

    Parameters
    ----------
    database, principal, area
        As in ``read_villages``.
    personal
        Whether to include names of heads of household and addresses.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``household_id``; ``village_code`` and ``placement`` are categories.
    """
    table = tables.households
    columns = [
        column for column in list_record_columns(table) if personal or column.name not in HOUSEHOLD_PERSONAL
    ]
    query = sa.select(*columns).where(is_in_scope(table, principal, area))
    return to_frame(database.read(query), key="household_id", categories=("village_code", "placement"))


def read_officers(database: Database, principal: Principal) -> pd.DataFrame:
    """Read the officers with at least one village in scope.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``officer_id``: ``name``, ``rank``, ``unit``, ``villages`` (codes separated by spaces).
    """
    frame = to_frame(database.read(sa.select(*list_record_columns(tables.officers))), key="officer_id")
    if principal.can_see_everything:
        return frame
    codes = frame["villages"].fillna("").str.split()
    return frame[[any(map(principal.can_see, theirs)) for theirs in codes]]


def read_visits(
    database: Database,
    principal: Principal,
    *,
    period: Period | None = None,
    area: str | None = None,
    columns: Iterable[str] = VISIT_COLUMNS,
) -> pd.DataFrame:
    """Read the visits in scope.

    A visit is in scope if its own village or its household is: a visit recorded elsewhere still counts for
    the household that it names.

    Parameters
    ----------
    database, principal, area
        As in ``read_villages``.
    period
        Only visits within it; all visits if omitted.
    columns
        Columns to read besides the key; ``attempt`` is the outcome of a visit that does not count for want
        of contact, missing for one that counts.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``visit_id``; repeated texts are categories, times tz-aware UTC.
    """
    return _read_events(database, tables.visits, is_visit_in_scope(principal, area), period, columns)


def read_crimes(
    database: Database,
    principal: Principal,
    *,
    period: Period | None = None,
    area: str | None = None,
    columns: Iterable[str] = CRIME_COLUMNS,
) -> pd.DataFrame:
    """Read the crimes in scope, as ``read_visits`` does, indexed by ``crime_id``."""
    table = tables.crimes
    return _read_events(database, table, is_in_scope(table, principal, area), period, columns)


def _read_events(
    database: Database,
    table: sa.Table,
    reach: sa.ColumnElement[bool],
    period: Period | None,
    columns: Iterable[str],
) -> pd.DataFrame:
    key, moment = (
        tables.get_key_column(table),
        table.c["visited_at" if table is tables.visits else "occurred_at"],
    )
    shown = [name_attempt() if name == "attempt" else table.c[name] for name in columns]
    query = sa.select(table.c[key], *shown).where(reach)
    if period is not None:
        since, until = int(period.since_at.timestamp()), int(period.until_at.timestamp())
        query = query.where(moment >= since, moment < until)
    return to_frame(database.read(query), key=key, categories=_REPEATED)
