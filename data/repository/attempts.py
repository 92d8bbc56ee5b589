"""Which visits had contact, by the settings: the others are attempts."""

from __future__ import annotations

import sqlalchemy as sa

from data import tables
from data.schema.value_words import KNOWN_OUTCOMES
from data.settings import get_settings

_MISSING = "missing"


def is_contact() -> sa.ColumnElement[bool]:
    """Return the condition that a visit counts as one by its outcome, as the settings have it."""
    return sa.not_(sa.func.coalesce(_is_attempt(), sa.false()))


def name_attempt() -> sa.Label[str]:
    """Return the column ``attempt``: the outcome of a visit without contact, null for one that counts."""
    outcome = tables.visits.c.outcome
    told = outcome if get_settings().counts_as_visit(_MISSING) else sa.func.coalesce(outcome, _MISSING)
    return sa.type_coerce(sa.case((_is_attempt(), told)), sa.Text).label("attempt")


def _is_attempt() -> sa.ColumnElement[bool]:
    """Return the condition that the settings do not count an outcome; may be null without one."""
    outcome, settings = tables.visits.c.outcome, get_settings()
    conditions = [outcome.in_([name for name in KNOWN_OUTCOMES if not settings.counts_as_visit(name)])]
    if not settings.counts_as_visit("other"):
        conditions.append(outcome.not_in(KNOWN_OUTCOMES))
    if not settings.counts_as_visit(_MISSING):
        conditions.append(outcome.is_(None))
    return sa.or_(sa.false(), *conditions)
