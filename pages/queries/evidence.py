"""What the GPS record supports of the visits in reach: judged once a version, then cut to a period."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
import streamlit as st

from data import decisions, repository
from data.settings import get_settings
from geo.coverage import measure_coverage, measure_weekly_coverage
from geo.districts import sum_by_district
from geo.evidence import FLAGS, apply_decisions, assess_visits, compute_support_distance
from geo.groups import NOWHERE, count_groups, find_positions
from pages.queries.areas import find_drawn_area, select_villages
from pages.queries.records import (
    CACHE_TTL,
    Connection,
    hash_by_version,
    load_households,
    load_villages,
    load_visits,
    locate_visits,
    mask_visits,
    slice_visits,
)
from pages.text.language import N_, _

if TYPE_CHECKING:
    from data.periods import Period
    from pages.queries.filters import Filters

_JUDGED_BY = ("visits", "households", "boundaries")
_DECIDED_BY = (*_JUDGED_BY, "decisions")
_WAITING = N_("The visits are compared with their GPS record. After new data this takes a moment…")

TREND_PARTS = 12
"""Parts of a period whose coverage a table draws as a little line."""


class Coverage(NamedTuple):
    """Reported and evidenced coverage of an area in a period."""

    rows: pd.DataFrame
    """One an area: as ``geo.coverage.measure_coverage``, with ``village``, ``district``, ``n_near`` and
    ``n_compared`` (visits at their household, and visits of which that can be told)."""
    n_households: int
    n_reported: int
    n_evidenced: int
    n_never: int
    """Households of which no visit is on record before the end of the period."""

    @property
    def reported(self) -> float:
        """Households reported visited over registered ones, NaN without any."""
        return self.n_reported / self.n_households if self.n_households else float("nan")

    @property
    def evidenced(self) -> float:
        """Households with a visit that the GPS record supports over registered ones, NaN without any."""
        return self.n_evidenced / self.n_households if self.n_households else float("nan")


def load_assessment(connection: Connection) -> pd.DataFrame:
    """Judge all visits in reach; the first one who asks after new data waits for it.

    Returns
    -------
    pandas.DataFrame
        On the index of ``_records.all_visits``: as ``geo.evidence.judge_visits`` and ``apply_decisions``
        give, and ``near`` (whether the fix is at the household; missing distances are not).
    """
    with st.spinner(_(_WAITING)):
        return _read_decisions(connection)


@st.cache_resource(max_entries=2, ttl=CACHE_TTL, show_spinner=False, hash_funcs=hash_by_version(*_JUDGED_BY))
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
        ),  # their true borders, not the screen's
        time_zone=settings.time_zone,
        rules=settings.evidence_rules,
    )
    reach = compute_support_distance(log["accuracy_m"].to_numpy(), rules=settings.evidence_rules)
    return evidence.assign(near=evidence["distance_m"] <= reach)


@st.cache_resource(max_entries=2, ttl=CACHE_TTL, show_spinner=False, hash_funcs=hash_by_version(*_DECIDED_BY))
def _read_decisions(connection: Connection) -> pd.DataFrame:
    evidence, log = _assess(connection), load_visits(connection)
    made = decisions.read_decisions(connection.database, connection.principal)[["decision"]]
    # Few visits are decided: their rows are looked up, rather than a million ids compared.
    row = pd.Series(log.index, index=log["visit_id"].array).loc[lambda rows: rows.index.isin(made.index)]
    return apply_decisions(evidence, made.reindex(row.index).set_axis(row.array))


def select_assessed_visits(connection: Connection, period: Period) -> pd.DataFrame:
    """Give the visits of a period with ``qualifies``: what ``geo.coverage`` measures both coverages from."""
    rows, evidence = slice_visits(connection, period), load_assessment(connection)
    return load_visits(connection).iloc[rows].assign(qualifies=evidence["qualifies"].iloc[rows])


def read_coverage(connection: Connection, filters: Filters, period: Period | None = None) -> Coverage:
    """Measure both coverages of the filters' area by village, in their period or another one."""
    load_assessment(connection)
    period = period or filters.period
    places = select_villages(connection, filters.area)
    rows = pd.DataFrame(places[["village", "district", "district_code"]]).join(
        _measure_villages(connection, period)
    )
    return _sum_up(rows)


def read_coverage_around(connection: Connection, filters: Filters) -> Coverage:
    """Measure both coverages of all villages that a map of the filters' area draws."""
    return read_coverage(connection, replace(filters, area=find_drawn_area(connection, filters.area)))


def sum_coverage_by_district(evidence: Coverage) -> Coverage:
    """Add the villages up to their districts."""
    rows = sum_by_district(
        evidence.rows,
        counts=["n_households", "n_visits", "n_reported", "n_evidenced", "n_never", "n_near", "n_compared"],
        shares={f"{kind}_coverage": (f"n_{kind}", "n_households") for kind in ("reported", "evidenced")},
        latest=["last_visit_at"],
    )
    return _sum_up(rows.assign(gap=rows["reported_coverage"] - rows["evidenced_coverage"]))


def _sum_up(rows: pd.DataFrame) -> Coverage:
    names = ("n_households", "n_reported", "n_evidenced", "n_never")
    return Coverage(rows, *(int(rows[name].sum()) for name in names))


@st.cache_data(max_entries=64, ttl=CACHE_TTL, show_spinner=False, hash_funcs=hash_by_version(*_DECIDED_BY))
def _measure_villages(connection: Connection, period: Period) -> pd.DataFrame:
    """Measure all villages in reach in a period."""
    homes, codes = load_households(connection), load_villages(connection).index
    rows = slice_visits(connection, period)
    measured = measure_coverage(
        homes,
        select_assessed_visits(connection, period),
        since=period.since_at,
        until=period.until_at,
        areas=codes,
    )
    of_home = find_positions(homes["village_code"], codes)
    met = load_visits(connection)["household_id"].cat.codes.to_numpy()[: rows.stop]
    never = np.ones(len(homes) + 1, dtype=bool)  # the last for visits to no registered household
    never[met] = False
    place, evidence = locate_visits(connection)[rows], load_assessment(connection).iloc[rows]
    compared = evidence["distance_m"].notna().to_numpy()
    return measured.assign(
        n_never=count_groups(of_home[never[:-1]], len(codes)),
        n_near=count_groups(place[evidence["near"].to_numpy()], len(codes)),
        n_compared=count_groups(place[compared], len(codes)),
    )


@st.cache_data(max_entries=64, ttl=CACHE_TTL, show_spinner=False, hash_funcs=hash_by_version(*_DECIDED_BY))
def read_weekly_coverage(connection: Connection, period: Period, area: str) -> pd.DataFrame:
    """Measure both coverages of an area week by week; as ``geo.coverage.measure_weekly_coverage``."""
    homes = load_households(connection)
    position = find_positions(homes["village_code"], select_villages(connection, area).index)
    return measure_weekly_coverage(
        homes[position != NOWHERE],
        select_assessed_visits(connection, period),
        since=period.since_at,
        until=period.until_at,
        zone=period.zone,
    )


@st.cache_data(max_entries=32, ttl=CACHE_TTL, show_spinner=False, hash_funcs=hash_by_version(*_DECIDED_BY))
def read_coverage_trend(connection: Connection, period: Period, level: str) -> pd.Series:
    """Measure how evidenced coverage moved: its share in each of ``TREND_PARTS`` equal parts of a period.

    Parameters
    ----------
    connection, period
        What to measure.
    level
        ``district`` or ``village``.

    Returns
    -------
    pandas.Series
        Lists by code; shares of the registered households (0 to 1) that a supported visit reached in that
        part, 0 where there are no households.
    """
    homes, villages = load_households(connection), load_villages(connection)
    codes = pd.Index(villages.index if level == "village" else villages["district_code"].unique())
    of_village = codes.get_indexer(villages.index if level == "village" else villages["district_code"])
    of_home = np.append(of_village, -1)[find_positions(homes["village_code"], villages.index)]
    seen = select_assessed_visits(connection, period)
    home = seen["household_id"].cat.codes.to_numpy()
    counted = seen["qualifies"].to_numpy() & (home >= 0)
    ends = pd.date_range(period.since_at, period.until_at, TREND_PARTS + 1)[1:-1]
    part = ends.searchsorted(pd.DatetimeIndex(seen["visited_at"]), side="right")
    met = np.zeros((TREND_PARTS, len(homes)), dtype=bool)
    met[part[counted], home[counted]] = True
    reached = np.column_stack([count_groups(of_home[row], len(codes)) for row in met])
    share = reached / np.maximum(count_groups(of_home, len(codes)), 1)[:, None]
    return pd.Series(share.round(4).tolist(), index=codes)


class ReviewCounts(NamedTuple):
    """Visits of an area and period that need, or needed, a look."""

    reasons: pd.DataFrame
    """By flag: ``n_visits`` that raise it, and ``n_open`` of them not yet decided."""
    n_visits: int
    n_open: int
    n_accepted: int
    n_set_aside: int


@st.cache_data(max_entries=64, ttl=CACHE_TTL, show_spinner=False, hash_funcs=hash_by_version(*_DECIDED_BY))
def count_reviews(connection: Connection, period: Period, area: str) -> ReviewCounts:
    """Count the visits that need a look, by reason."""
    rows = slice_visits(connection, period)
    evidence = load_assessment(connection).iloc[rows]
    evidence = evidence[mask_visits(connection, rows, area)] if area else evidence
    raised = evidence[list(FLAGS)].to_numpy()
    still = evidence["open"].to_numpy()
    reasons = pd.DataFrame(
        {"n_visits": raised.sum(axis=0), "n_open": raised[still].sum(axis=0)}, index=pd.Index(FLAGS)
    )
    made = evidence["decision"]
    return ReviewCounts(
        reasons,
        len(evidence),
        int(still.sum()),
        int((made == "accepted").sum()),
        int((made == "set_aside").sum()),
    )
