"""Visits with their evidence and the decisions about them, for programs without a screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data import repository
from data.decisions import read_decisions
from data.settings import get_settings
from geo.evidence import apply_decisions, assess_visits

if TYPE_CHECKING:
    import pandas as pd

    from data.database import Database
    from data.principal import Principal

_COLUMNS = (
    "visited_at", "officer_id", "household_id", "lon", "lat", "accuracy_m", "remarks", "village_code",
    "attempt",
)  # fmt: skip


def read_assessed_visits(database: Database, principal: Principal, households: pd.DataFrame) -> pd.DataFrame:
    """Read all visits in scope and assess them by the settings' rules.

    Some flags depend on an officer's other visits, so the whole log is assessed: filter the result by area
    and period.

    Parameters
    ----------
    database, principal
        The database, and the principal who asks.
    households
        All households in the principal's scope, as returned by ``data.repository.read_households``.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``visit_id``: the columns of the visits without their remarks, then those of
        `geo.evidence.assess_visits` and `geo.evidence.apply_decisions`.
    """
    settings = get_settings()
    visits = repository.read_visits(database, principal, columns=_COLUMNS)
    evidence = assess_visits(
        visits,
        households,
        repository.read_villages(database, principal),
        time_zone=settings.time_zone,
        rules=settings.evidence_rules,
    )
    decided = apply_decisions(evidence, read_decisions(database, principal)[["decision"]])
    return visits.drop(columns="remarks").join(decided)
