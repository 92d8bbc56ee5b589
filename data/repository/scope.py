"""Query conditions that limit rows to what a principal may see. Internal to ``data``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from data import tables

if TYPE_CHECKING:
    from data.principal import Principal


def list_record_columns(table: sa.Table) -> list[sa.Column]:
    """List a table's columns except ``batch_id``."""
    return [column for column in table.columns if column.name != "batch_id"]


def has_prefix(code: sa.ColumnElement[str], prefixes: tuple[str, ...]) -> sa.ColumnElement[bool]:
    """Return the condition that a code begins with one of the prefixes: `geo.areas.is_in_area` as SQL."""
    return sa.or_(sa.false(), *(code.startswith(prefix, autoescape=True) for prefix in prefixes))


def is_in_scope(table: sa.Table, principal: Principal, area: str | None) -> sa.ColumnElement[bool]:
    """Return the condition that a row's village is in scope.

    Rows without a village are only in scope of a principal who can see everything.
    """
    prefixes = principal.narrow_areas(area)
    return sa.true() if "" in prefixes else has_prefix(table.c.village_code, prefixes)


def is_visit_in_scope(principal: Principal, area: str | None = None) -> sa.ColumnElement[bool]:
    """Return the condition that a visit or its household lies in scope. Internal to ``data``.

    Raises
    ------
    ScopeError
        If the area is outside the principal's scope.
    """
    table = tables.visits
    reach = is_in_scope(table, principal, area)
    if not area and principal.can_see_everything:
        return reach
    at_home = sa.select(tables.households.c.household_id).where(
        has_prefix(tables.households.c.village_code, principal.narrow_areas(area))
    )
    return sa.or_(reach, table.c.household_id.in_(at_home))
