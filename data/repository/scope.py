"""What a principal may see, as conditions of a query; for ``data`` itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from data import tables

if TYPE_CHECKING:
    from data.principal import Principal


def list_record_columns(table: sa.Table) -> list[sa.Column]:
    """List a table's columns without the batch that wrote the row."""
    return [column for column in table.columns if column.name != "batch_id"]


def has_prefix(code: sa.ColumnElement[str], prefixes: tuple[str, ...]) -> sa.ColumnElement[bool]:
    """Whether a code begins with one of the prefixes: `geo.areas.is_in_area`, as SQL."""
    return sa.or_(sa.false(), *(code.startswith(prefix, autoescape=True) for prefix in prefixes))


def is_in_scope(table: sa.Table, principal: Principal, area: str | None) -> sa.ColumnElement[bool]:
    """Whether a row's village is in reach; rows of no village are for who sees everything."""
    prefixes = principal.narrow(area)
    return sa.true() if "" in prefixes else has_prefix(table.c.village_code, prefixes)


def is_visit_in_scope(principal: Principal, area: str | None = None) -> sa.ColumnElement[bool]:
    """Make the condition on visits that lie, or whose household lies, in reach; for ``data`` itself.

    Raises
    ------
    ScopeError
        If the area is out of the principal's reach.
    """
    table = tables.visits
    reach = is_in_scope(table, principal, area)
    if not area and principal.sees_everything:
        return reach
    at_home = sa.select(tables.households.c.household_id).where(
        has_prefix(tables.households.c.village_code, principal.narrow(area))
    )
    return sa.or_(reach, table.c.household_id.in_(at_home))
