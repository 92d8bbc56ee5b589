"""Which visits had contact, by the settings: the others are attempts."""

from __future__ import annotations

import sqlalchemy as sa

from data import tables
from data.schema.value_words import KNOWN_OUTCOMES
from data.settings import get_settings

_MISSING = "missing"


def is_contact() -> sa.ColumnElement[bool]:
    """Return the condition that a visit counts as one by its outcome, as the settings have it."""
    outcome, settings = tables.visits.c.outcome, get_settings()
    counting = [name for name in KNOWN_OUTCOMES if settings.counts_as_visit(name)]
    conditions = [outcome.in_(counting)]
    if settings.counts_as_visit("other"):
        conditions.append(outcome.not_in(KNOWN_OUTCOMES))
    if settings.counts_as_visit(_MISSING):
        conditions.append(outcome.is_(None))
    return sa.func.coalesce(sa.or_(sa.false(), *conditions), sa.false())


def name_attempt() -> sa.Label[str]:
    """Return the column ``attempt``: the outcome of a visit without contact, null for one that counts."""
    outcome = sa.func.coalesce(tables.visits.c.outcome, _MISSING)
    return sa.type_coerce(sa.case((is_contact(), sa.null()), else_=outcome), sa.Text).label("attempt")
