"""Queries of the crime pages: methods of ``geo`` on the crimes in scope, cached by version and scalars."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import geopandas as gpd
import pandas as pd
import streamlit as st

from data.periods import YEAR_DAYS
from geo.accuracy import BASELINE, measure_rolling_accuracy, score_methods
from geo.areas import are_in_area
from geo.caution import MIN_TO_MAP, find_cautions, find_cut_months, require_places
from geo.counting import count_by_area, make_local_periods
from geo.crs import WGS84, to_metric
from geo.errors import Phrase
from geo.grid import make_grid
from geo.hotspots import DEFAULT_CELL_M, DensitySurface, estimate_density
from geo.hotspots.alike import find_alike_areas
from geo.hotspots.clusters import find_clusters
from geo.hotspots.concentration import Concentration, measure_concentration
from geo.hotspots.getis import find_hotspots
from geo.hotspots.learning import BandwidthChoice, learn_bandwidth
from geo.hotspots.methods import SCORING_METHODS
from geo.hotspots.risk import RiskKind, RiskSurface, estimate_risk
from geo.join import assign_areas
from geo.significance import MIN_CRIMES, require_enough
from geo.weights import find_area_neighbours, find_cell_neighbours
from pages.queries.records import (
    CACHE_TTL,
    Connection,
    hash_by_version,
    load_crimes,
    load_households,
    load_metric_villages,
    select_crimes,
)
from pages.text.language import N_

if TYPE_CHECKING:
    from data.periods import Period
    from pages.queries.filters import Filters

F = TypeVar("F", bound=pd.DataFrame)

N_SCORED, SCORED_DAYS = 6, 60
"""Number of periods, and days of each, over which methods are scored."""

KEPT_BY_CRIME = hash_by_version("crimes", "boundaries")
"""Datasets that results about crimes depend on, for the caches."""
_KEPT_BY_RISK = hash_by_version("crimes", "boundaries", "households")


@dataclass(frozen=True)
class CrimeSelection:
    """The crimes that a result is computed from."""

    period: Period
    area: str
    categories: tuple[str, ...]

    @classmethod
    def of(cls, filters: Filters) -> CrimeSelection:
        """Return the selection of the filters."""
        return cls(filters.period, filters.area, filters.categories)


class MethodScores(NamedTuple):
    """How well each method predicted later crime in the area."""

    methods: pd.DataFrame
    """As returned by ``geo.accuracy.score_methods``."""
    best: str | None
    """The method that beat the plain counts by the largest margin; None if none did."""
    whole_years: bool
    """Whether the record covers the year before each scored span."""


@st.cache_resource(max_entries=4, ttl=CACHE_TTL, show_spinner=False, hash_funcs=KEPT_BY_CRIME)
def load_crime_points(connection: Connection) -> gpd.GeoDataFrame:
    """Load the crimes with a point, sorted by time, in a metric CRS."""
    crimes = load_crimes(connection)
    located = crimes[crimes["lon"].notna()]
    points = gpd.GeoDataFrame(located, geometry=gpd.points_from_xy(located["lon"], located["lat"], crs=WGS84))
    return to_metric(points, like=load_metric_villages(connection))


@st.cache_resource(max_entries=4, ttl=CACHE_TTL, show_spinner=False, hash_funcs=_KEPT_BY_RISK)
def load_household_points(connection: Connection) -> gpd.GeoDataFrame:
    """Load the households with a point, in a metric CRS."""
    homes = load_households(connection)
    located = homes[homes["lon"].notna()]
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(located["lon"], located["lat"], crs=WGS84))
    return to_metric(points, like=load_metric_villages(connection))


def select_ground(connection: Connection, area: str) -> gpd.GeoDataFrame:
    """Select the villages of an area, in a metric CRS."""
    everywhere = load_metric_villages(connection)
    return everywhere[are_in_area(everywhere.index, area)]


def select_crime_points(
    connection: Connection, subject: CrimeSelection, *, around: bool = False
) -> gpd.GeoDataFrame:
    """Select the located crimes of a selection; with ``around``, also those outside its area."""
    points = _of_kind(load_crime_points(connection), subject.categories)
    edges = (subject.period.since_at, subject.period.until_at)
    first, last = (points["occurred_at"].searchsorted(edge) for edge in edges)
    return _in_area(points.iloc[first:last], "" if around else subject.area)


def select_crime_records(connection: Connection, subject: CrimeSelection) -> pd.DataFrame:
    """Select the crimes of a selection, with or without a point."""
    return _in_area(_of_kind(select_crimes(connection, subject.period), subject.categories), subject.area)


def select_crime_history(connection: Connection, area: str, categories: tuple[str, ...]) -> pd.DataFrame:
    """Select the crimes of an area and categories at all times, with or without a point."""
    return _in_area(_of_kind(load_crimes(connection), categories), area)


def select_point_history(connection: Connection, area: str, categories: tuple[str, ...]) -> gpd.GeoDataFrame:
    """Select the located crimes of an area and categories at all times."""
    return _in_area(_of_kind(load_crime_points(connection), categories), area)


@st.cache_data(max_entries=64, ttl=CACHE_TTL, show_spinner=False, hash_funcs=KEPT_BY_CRIME)
def learn_area_bandwidth(connection: Connection, area: str) -> BandwidthChoice:
    """Learn an area's bandwidth by how well each candidate predicts later crimes of all categories."""
    choice = learn_bandwidth(select_point_history(connection, area, ()), select_ground(connection, area))
    return replace(choice, bandwidth_m=max(choice.bandwidth_m, DEFAULT_CELL_M))  # the minimum for a surface


@st.cache_resource(max_entries=16, ttl=CACHE_TTL, show_spinner=False, hash_funcs=KEPT_BY_CRIME)
def measure_density(connection: Connection, subject: CrimeSelection, bandwidth_m: float) -> DensitySurface:
    """Measure the density of crimes, including those outside the area within reach of the kernel.

    Raises
    ------
    TooFewError
        If fewer than ``MIN_TO_MAP`` crimes lie in or near the area, or all are at one point.
    """
    require_places(select_crime_points(connection, subject), minimum=0)
    points = select_crime_points(connection, subject, around=True)
    surface = estimate_density(points, select_ground(connection, subject.area), bandwidth_m=bandwidth_m)
    require_enough(surface.n_points, MIN_TO_MAP, Phrase(N_("crimes with a location")))
    return surface


@st.cache_resource(max_entries=8, ttl=CACHE_TTL, show_spinner=False, hash_funcs=_KEPT_BY_RISK)
def measure_risk(
    connection: Connection, subject: CrimeSelection, bandwidth_m: float, kind: RiskKind = "ratio"
) -> RiskSurface:
    """Measure the risk surface: crimes relative to the households around each cell.

    Raises
    ------
    TooFewError
        As in ``measure_density``, or if there are too few households.
    """
    measure_density(connection, subject, bandwidth_m)
    area, points = (
        select_ground(connection, subject.area),
        select_crime_points(connection, subject, around=True),
    )
    return estimate_risk(points, load_household_points(connection), area, kind=kind, bandwidth_m=bandwidth_m)


@st.cache_resource(
    max_entries=16, ttl=CACHE_TTL, show_spinner=False, hash_funcs=hash_by_version("boundaries")
)
def make_cells(connection: Connection, area: str) -> gpd.GeoDataFrame:
    """Make a grid over an area."""
    return make_grid(select_ground(connection, area))


@st.cache_data(max_entries=32, ttl=CACHE_TTL, show_spinner=False, hash_funcs=KEPT_BY_CRIME)
def count_crimes_by_cell(connection: Connection, subject: CrimeSelection) -> pd.Series:
    """Count the located crimes per cell."""
    grid = make_cells(connection, subject.area)
    return count_by_area(assign_areas(select_crime_points(connection, subject), grid), grid.index)


@st.cache_data(max_entries=32, ttl=CACHE_TTL, show_spinner=False, hash_funcs=KEPT_BY_CRIME)
def find_significant_cells(connection: Connection, subject: CrimeSelection) -> pd.DataFrame:
    """Find cells with significantly many or few crimes around them, as ``find_hotspots``, with counts."""
    counts, ground_km2 = _count_enough(connection, subject), make_cells(connection, subject.area)["area_km2"]
    found = find_hotspots(counts, find_cell_neighbours(counts.index), exposure=ground_km2)
    return found.assign(n_crimes=counts)


@st.cache_data(max_entries=32, ttl=CACHE_TTL, show_spinner=False, hash_funcs=KEPT_BY_CRIME)
def find_similar_villages(connection: Connection, subject: CrimeSelection) -> pd.DataFrame:
    """Find villages like or unlike their neighbours in crimes per km², as ``find_alike_areas`` does."""
    area = select_ground(connection, subject.area)
    counts = count_by_area(
        select_crime_records(connection, subject)["village_code"].astype("str"), area.index
    )
    require_enough(int(counts.sum()), MIN_CRIMES, Phrase(N_("crimes")))
    require_places(select_crime_points(connection, subject), minimum=0)
    return find_alike_areas(counts, area["area_km2"], find_area_neighbours(area)).assign(n_crimes=counts)


@st.cache_data(max_entries=32, ttl=CACHE_TTL, show_spinner=False, hash_funcs=KEPT_BY_CRIME)
def read_concentration(connection: Connection, subject: CrimeSelection) -> Concentration:
    """Measure how concentrated crime is in few cells."""
    grid = make_cells(connection, subject.area)
    counts = _count_enough(connection, subject)
    return measure_concentration(counts, grid["area_km2"])


@st.cache_data(max_entries=32, ttl=CACHE_TTL, show_spinner=False, hash_funcs=KEPT_BY_CRIME)
def list_clusters(connection: Connection, subject: CrimeSelection) -> gpd.GeoDataFrame:
    """List the dense clusters of crimes, the largest first, each with the village of its centre."""
    points = select_crime_points(connection, subject)
    require_places(points)
    clusters = find_clusters(points)
    area = select_ground(connection, subject.area)
    middles = gpd.GeoDataFrame(geometry=clusters.geometry.centroid, index=clusters.index, crs=clusters.crs)
    codes = assign_areas(middles, area)
    return clusters.assign(village=area["village"].reindex(codes).to_numpy())


@st.cache_data(max_entries=32, ttl=CACHE_TTL, show_spinner=False, hash_funcs=KEPT_BY_CRIME)
def list_cautions(connection: Connection, subject: CrimeSelection) -> list[Phrase]:
    """List cautions about figures of these crimes: all at one point, all on one day, or months cut in two."""
    period = subject.period
    history = select_crime_history(connection, subject.area, subject.categories)
    return [
        *find_cautions(
            select_crime_records(connection, subject),
            select_crime_points(connection, subject),
            zone=period.zone,
        ),
        *find_cut_months(history, since=period.since_at, until=period.until_at, zone=period.zone),
    ]


@st.cache_data(max_entries=32, ttl=CACHE_TTL, show_spinner=False, hash_funcs=KEPT_BY_CRIME)
def score_crime_methods(
    connection: Connection, area: str, categories: tuple[str, ...], until: pd.Timestamp, zone: str
) -> MethodScores:
    """Score each method on the crimes of the year up to a moment, predicted from the year before."""
    points = select_point_history(connection, area, categories)
    edges = make_local_periods(until=until, n_periods=N_SCORED, days=SCORED_DAYS, zone=zone)
    require_places(points, minimum=MIN_CRIMES)
    rolled = measure_rolling_accuracy(
        points,
        make_cells(connection, area),
        SCORING_METHODS,
        edges=edges,
        history=pd.Timedelta(days=YEAR_DAYS),
    )
    scores = score_methods(rolled)
    better = scores[scores["beats_baseline"] & (scores.index != BASELINE)]
    first = load_crimes(connection)["occurred_at"].min()
    whole = bool(first <= rolled["period"].min() - pd.Timedelta(days=YEAR_DAYS))
    return MethodScores(scores, str(better.index[0]) if len(better) else None, whole)


def _of_kind(crimes: F, categories: tuple[str, ...]) -> F:
    return crimes[crimes["category"].isin(categories)] if categories else crimes


def _in_area(crimes: F, area: str) -> F:
    return crimes[are_in_area(crimes["village_code"], area)] if area else crimes


def _count_enough(connection: Connection, subject: CrimeSelection) -> pd.Series:
    """Count crimes per cell, if there are enough crimes and cells."""
    require_places(select_crime_points(connection, subject), minimum=MIN_CRIMES)
    counts = count_crimes_by_cell(connection, subject)
    require_enough(int(counts.sum()), MIN_CRIMES, Phrase(N_("crimes with a location")))
    return counts
