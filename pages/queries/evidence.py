"""Assessment of the visits in scope by their GPS record: once per version, then cut to a period."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd
import streamlit as st

from data import decisions, repository
from data.settings import get_settings
from geo.evidence import FLAGS, apply_decisions, assess_visits, compute_support_distance
from geo.groups import find_contacts
from pages.queries.records import (
    CACHE_TTL,
    Connection,
    hash_by_version,
    load_households,
    load_villages,
    load_visits,
    mask_visits,
    slice_visits,
)
from pages.text.language import N_, _

if TYPE_CHECKING:
    from collections.abc import Callable

    from data.periods import Period
    from pages.queries.officers import Officer

_MADE_FROM = ("visits", "households", "boundaries")
DECIDED_BY = (*_MADE_FROM, "decisions")
"""Datasets that the assessment of visits depends on."""
_ASSESSED = (
    "visited_at",
    "officer_id",
    "household_id",
    "lon",
    "lat",
    "accuracy_m",
    "village_code",
    "remarks",
    "attempt",
)
_WAITING = N_("Comparing the visits with their GPS records. This takes a moment after new data…")


def load_assessment(connection: Connection) -> pd.DataFrame:
    """Assess all visits in scope; the first request after new data computes it.

    Returns
    -------
    pandas.DataFrame
        On the index of ``_records.all_visits``: as ``geo.evidence.judge_visits`` and ``apply_decisions``
        return, and ``near`` (whether the fix is at the household; false for missing distances).
    """
    with st.spinner(_(_WAITING)):
        return _read_decisions(connection)


@st.cache_resource(max_entries=2, ttl=CACHE_TTL, show_spinner=False, hash_funcs=hash_by_version(*_MADE_FROM))
def _assess(connection: Connection) -> pd.DataFrame:
    log, settings = load_visits(connection), get_settings()
    remarks = repository.read_visits(connection.database, connection.principal, columns=("remarks",))[
        "remarks"
    ]
    evidence = assess_visits(
        log.assign(remarks=remarks.reindex(log["visit_id"]).array),
        load_households(connection),
        repository.read_villages(
            connection.database, connection.principal
        ),  # their true borders, not those simplified for the screen
        time_zone=settings.time_zone,
        rules=settings.evidence_rules,
    )
    reach = compute_support_distance(log["accuracy_m"].to_numpy(), rules=settings.evidence_rules)
    return evidence.assign(near=evidence["distance_m"] <= reach)


@st.cache_resource(max_entries=2, ttl=CACHE_TTL, show_spinner=False, hash_funcs=hash_by_version(*DECIDED_BY))
def _read_decisions(connection: Connection) -> pd.DataFrame:
    evidence, log = _assess(connection), load_visits(connection)
    made = decisions.read_decisions(connection.database, connection.principal)[["decision"]]
    # Few visits have a decision: look up their rows rather than compare a million ids.
    row = pd.Series(log.index, index=log["visit_id"].array).loc[lambda rows: rows.index.isin(made.index)]
    return apply_decisions(evidence, made.reindex(row.index).set_axis(row.array))


def select_assessed_visits(connection: Connection, period: Period) -> pd.DataFrame:
    """Select the visits of a period with ``qualifies``, the input of ``geo.coverage``."""
    rows, evidence = slice_visits(connection, period), load_assessment(connection)
    return load_visits(connection).iloc[rows].assign(qualifies=evidence["qualifies"].iloc[rows])


def assess_officer_visits(connection: Connection, officer: Officer) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read and assess the visits to an officer's villages on their own.

    Returns
    -------
    homes : pandas.DataFrame
        The households of these villages, as ``data.repository.read_households`` returns them.
    visits : pandas.DataFrame
        The visits there, with ``qualifies``.
    """
    homes = _read_villages(repository.read_households, connection, officer)
    visits = _read_villages(repository.read_visits, connection, officer, columns=_ASSESSED)
    made = _read_villages(decisions.read_decisions, connection, officer)
    settings = get_settings()
    evidence = assess_visits(
        visits,
        homes,
        load_villages(connection),
        time_zone=settings.time_zone,
        rules=settings.evidence_rules,
    )
    return homes, visits.assign(qualifies=apply_decisions(evidence, made[["decision"]])["qualifies"])


def _read_villages(
    read: Callable[..., pd.DataFrame], connection: Connection, officer: Officer, **more: Any
) -> pd.DataFrame:
    """Read rows of all of an officer's villages, each once."""
    frames = [read(connection.database, connection.principal, area=code, **more) for code in officer.villages]
    rows = pd.concat(frames)
    return rows[~rows.index.duplicated()]


class ReviewCounts(NamedTuple):
    """Number of visits and attempts of an area and period to review, and already reviewed."""

    reasons: pd.DataFrame
    """By flag: ``n_records`` that raise it, and ``n_open`` of them not yet decided."""
    n_visits: int
    n_attempts: int
    """Records without contact: they are no visits, but their GPS record is assessed all the same."""
    n_open: int
    n_accepted: int
    n_set_aside: int
    n_without_distance: int
    """Of those to review: accepting them settles the question, but they never count as evidence."""


@st.cache_data(max_entries=64, ttl=CACHE_TTL, show_spinner=False, hash_funcs=hash_by_version(*DECIDED_BY))
def count_reviews(connection: Connection, period: Period, area: str) -> ReviewCounts:
    """Count the visits to review, by flag."""
    rows = slice_visits(connection, period)
    evidence = load_assessment(connection).iloc[rows]
    met = find_contacts(load_visits(connection).iloc[rows])
    if area:
        within = mask_visits(connection, rows, area)
        evidence, met = evidence[within], met[within]
    raised = evidence[list(FLAGS)].to_numpy()
    still = evidence["open"].to_numpy()
    reasons = pd.DataFrame(
        {"n_records": raised.sum(axis=0), "n_open": raised[still].sum(axis=0)}, index=pd.Index(FLAGS)
    )
    made = evidence["decision"]
    return ReviewCounts(
        reasons,
        int(met.sum()),
        int((~met).sum()),
        int(still.sum()),
        int((made == "accepted").sum()),
        int((made == "set_aside").sum()),
        int(evidence["distance_m"].isna().to_numpy()[still].sum()),
    )
