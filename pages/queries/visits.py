"""Coverage of an area by visits, and where its visits are, for all pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
import streamlit as st

from geo.areas import are_in_area
from geo.coverage import measure_coverage, measure_weekly_coverage
from geo.districts import sum_by_district
from geo.groups import NOWHERE, count_groups, find_contacts, find_positions
from geo.heat import bin_points
from pages.queries.areas import select_villages
from pages.queries.evidence import (
    DECIDED_BY,
    assess_officer_visits,
    load_assessment,
    select_assessed_visits,
)
from pages.queries.records import (
    CACHE_TTL,
    Connection,
    hash_by_version,
    load_households,
    load_villages,
    load_visits,
    locate_visits,
    mask_visits,
    select_visits,
    slice_visits,
)

if TYPE_CHECKING:
    from data.periods import Period
    from pages.queries.officers import Officer

TREND_PARTS = 12
"""Number of parts of a period that a table's trend line shows."""
_COUNTS = ("n_households", "n_visits", "n_attempts", "n_reported", "n_evidenced", "n_never")


class Coverage(NamedTuple):
    """Reported and evidenced coverage of an area in a period."""

    rows: pd.DataFrame
    """One row per village or district, as ``geo.coverage.measure_coverage``, with ``n_never``. Those of
    ``read_coverage`` also have ``village``, ``district``, ``district_code``, ``n_near`` and ``n_compared``
    (visits recorded at their household, and visits with a known distance to it)."""
    n_households: int
    n_visits: int
    """Visits to these households."""
    n_attempts: int
    """Attempts there: nobody was met, so that they are not visits."""
    n_reported: int
    n_evidenced: int
    n_never: int
    """Households without any recorded visit before the end of the period."""

    @classmethod
    def of(cls, rows: pd.DataFrame) -> Coverage:
        """Add up rows."""
        return cls(rows, *(int(rows[name].sum()) for name in _COUNTS))

    @property
    def reported(self) -> float:
        """Households reported visited over registered ones, NaN without any."""
        return self.n_reported / self.n_households if self.n_households else float("nan")

    @property
    def evidenced(self) -> float:
        """Households with a GPS-supported visit over registered ones, NaN without any."""
        return self.n_evidenced / self.n_households if self.n_households else float("nan")

    @property
    def n_missed(self) -> int:
        """Registered households without a reported visit in the period."""
        return self.n_households - self.n_reported

    def select(self, area: str) -> Coverage:
        """Return the coverage of the villages in an area."""
        return Coverage.of(self.rows[are_in_area(self.rows.index, area)])


class VisitPlaces(NamedTuple):
    """Number of visits of an area by where they are, and of attempts."""

    n_visits: int
    n_unlocated: int
    n_outside: int
    n_unmatched: int
    n_attempts: int
    """No visits: nobody was met."""

    @property
    def share_located(self) -> float:
        """Visits with a fix over all, NaN without any."""
        return 1 - self.n_unlocated / self.n_visits if self.n_visits else float("nan")


def read_coverage(connection: Connection, areas: pd.DataFrame, period: Period) -> Coverage:
    """Measure both coverages of villages in a period.

    Parameters
    ----------
    connection
        The database and its user.
    areas
        The villages, as ``pages.queries.areas`` selects them.
    period
        The time of the visits.

    Returns
    -------
    Coverage
        One row per village, in the order of ``areas``.
    """
    load_assessment(connection)
    names = pd.DataFrame(areas[["village", "district", "district_code"]])
    return Coverage.of(names.join(_measure_villages(connection, period)))


@st.cache_data(max_entries=256, ttl=CACHE_TTL, show_spinner=False, hash_funcs=hash_by_version(*DECIDED_BY))
def read_officer_coverage(connection: Connection, officer: Officer, village: str, period: Period) -> Coverage:
    """Measure a village from the visits to its officer's villages alone, quick to repeat after each mark.

    Flags that depend on visits outside these villages are not raised.
    """
    homes, visits = assess_officer_visits(connection, officer)
    here = homes[homes["village_code"].astype("str") == village]
    measured = measure_coverage(
        here, visits, since=period.since_at, until=period.until_at, areas=pd.Index([village])
    )
    visited = find_contacts(visits) & (visits["visited_at"] < period.until_at)
    met = visits.loc[visited, "household_id"]
    return Coverage.of(measured.assign(n_never=int((~here.index.isin(met)).sum())))


def sum_coverage_by_district(coverage: Coverage) -> Coverage:
    """Add up villages by district."""
    rows = sum_by_district(
        coverage.rows,
        counts=[*_COUNTS, "n_near", "n_compared"],
        shares={f"{kind}_coverage": (f"n_{kind}", "n_households") for kind in ("reported", "evidenced")},
        latest=["last_visit_at"],
    )
    return Coverage.of(rows.assign(gap=rows["reported_coverage"] - rows["evidenced_coverage"]))


@st.cache_data(max_entries=64, ttl=CACHE_TTL, show_spinner=False, hash_funcs=hash_by_version(*DECIDED_BY))
def _measure_villages(connection: Connection, period: Period) -> pd.DataFrame:
    """Measure all villages in scope in a period."""
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
    log = load_visits(connection).iloc[: rows.stop]
    met = find_contacts(log)
    never = np.ones(len(homes) + 1, dtype=bool)  # the last for visits to no registered household
    never[log["household_id"].cat.codes.to_numpy()[met]] = False
    place, evidence = locate_visits(connection)[rows], load_assessment(connection).iloc[rows]
    near = evidence["near"].to_numpy() & met[rows]
    compared = evidence["distance_m"].notna().to_numpy() & met[rows]
    return measured.assign(
        n_never=count_groups(of_home[never[:-1]], len(codes)),
        n_near=count_groups(place[near], len(codes)),
        n_compared=count_groups(place[compared], len(codes)),
    )


@st.cache_data(max_entries=64, ttl=CACHE_TTL, show_spinner=False, hash_funcs=hash_by_version(*DECIDED_BY))
def read_weekly_coverage(connection: Connection, period: Period, area: str) -> pd.DataFrame:
    """Measure both coverages of an area by week, as ``geo.coverage.measure_weekly_coverage`` does."""
    homes = load_households(connection)
    position = find_positions(homes["village_code"], select_villages(connection, area).index)
    return measure_weekly_coverage(
        homes[position != NOWHERE],
        select_assessed_visits(connection, period),
        since=period.since_at,
        until=period.until_at,
        zone=period.zone,
    )


@st.cache_data(max_entries=32, ttl=CACHE_TTL, show_spinner=False, hash_funcs=hash_by_version(*DECIDED_BY))
def read_coverage_trend(connection: Connection, period: Period, level: str) -> pd.Series:
    """Measure the trend of evidenced coverage: its share in each of ``TREND_PARTS`` equal parts of a period.

    Parameters
    ----------
    connection, period
        What to measure.
    level
        ``district`` or ``village``.

    Returns
    -------
    pandas.Series
        Lists by code; shares of the registered households (0 to 1) with a supported visit in that
        part, 0 where there are no households.
    """
    homes, villages = load_households(connection), load_villages(connection)
    codes = pd.Index(villages.index if level == "village" else villages["district_code"].unique())
    of_village = codes.get_indexer(villages.index if level == "village" else villages["district_code"])
    of_home = np.append(of_village, -1)[find_positions(homes["village_code"], villages.index)]
    seen = select_assessed_visits(connection, period)
    home = seen["household_id"].cat.codes.to_numpy()
    counted = seen["qualifies"].to_numpy() & find_contacts(seen) & (home >= 0)
    ends = pd.date_range(period.since_at, period.until_at, TREND_PARTS + 1)[1:-1]
    part = ends.searchsorted(pd.DatetimeIndex(seen["visited_at"]), side="right")
    met = np.zeros((TREND_PARTS, len(homes)), dtype=bool)
    met[part[counted], home[counted]] = True
    reached = np.column_stack([count_groups(of_home[row], len(codes)) for row in met])
    share = reached / np.maximum(count_groups(of_home, len(codes)), 1)[:, None]
    return pd.Series(share.round(4).tolist(), index=codes)


@st.cache_data(
    max_entries=64,
    ttl=CACHE_TTL,
    show_spinner=False,
    hash_funcs=hash_by_version("visits", "households", "boundaries"),
)
def count_visit_places(connection: Connection, period: Period, area: str) -> VisitPlaces:
    """Count an area's visits by where they are.

    A visit belongs to the village that ``geo.visit_villages`` finds; without an area, all count.
    """
    rows = slice_visits(connection, period)
    log, within = load_visits(connection).iloc[rows], mask_visits(connection, rows, area)
    met = find_contacts(log)
    visited = within & met
    placement = log["placement"].to_numpy()[visited]
    home = log["household_id"].cat.codes.to_numpy()[visited]
    return VisitPlaces(
        n_visits=int(visited.sum()),
        n_unlocated=int((placement == "unlocated").sum()),
        n_outside=int((placement == "outside").sum()),
        n_unmatched=int((home < 0).sum()),
        n_attempts=int((within & ~met).sum()),
    )


@st.cache_data(
    max_entries=32, ttl=CACHE_TTL, show_spinner=False, hash_funcs=hash_by_version("visits", "boundaries")
)
def bin_visits(connection: Connection, period: Period, area: str) -> pd.DataFrame:
    """Bin the points of an area's visits for a heat layer; points outside all villages are left out."""
    visits = select_visits(connection, period)
    position = find_positions(visits["village_code"], select_villages(connection, area).index)
    return bin_points(visits[(position != NOWHERE) & find_contacts(visits)])
