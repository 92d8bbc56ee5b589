"""Visits with what their GPS record supports and what persons decided, for programs without a screen."""

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
)  # fmt: skip


def read_assessed_visits(database: Database, principal: Principal, households: pd.DataFrame) -> pd.DataFrame:
    """Read all visits in reach and judge them by the settings' rules.

    Some questions look at an officer's other visits, so the whole log is judged: cut the answer to the area
    and the period wanted.

    Parameters
    ----------
    database, principal
        Where, and who asks.
    households
        As ``data.repository.read_households`` gives for the principal's whole reach.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``visit_id``: the visits without their remarks, then what `geo.evidence.judge_visits` and
        `geo.evidence.apply_decisions` tell of each.
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
