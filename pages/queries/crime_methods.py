"""What the pages on crime ask: methods of ``geo`` over the cached crimes, kept by version and scalars."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import geopandas as gpd
import pandas as pd
import streamlit as st

from geo.accuracy import BASELINE, measure_rolling_accuracy, score_methods
from geo.aoristic import tabulate_hours, tabulate_months
from geo.areas import are_in_area
from geo.caution import MIN_TO_MAP, find_cautions, require_days, require_places
from geo.counting import count_by_area, count_by_period, make_local_periods
from geo.crs import WGS84, to_metric
from geo.emerging import find_emerging_hotspots
from geo.errors import Phrase, TooFewError
from geo.grid import make_grid
from geo.hotspots import DEFAULT_CELL_M, DensitySurface, estimate_density
from geo.hotspots.clusters import find_clusters
from geo.hotspots.concentration import Concentration, measure_concentration
from geo.hotspots.getis import find_hotspots
from geo.hotspots.learning import BandwidthChoice, learn_bandwidth
from geo.hotspots.methods import SCORING_METHODS
from geo.hotspots.moran import measure_local_moran
from geo.hotspots.risk import RiskKind, RiskSurface, estimate_risk
from geo.join import assign_areas
from geo.repeats import NearRepeats, find_raised_risk_areas, measure_near_repeats
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

YEAR_DAYS = 365
N_SCORED, SCORED_DAYS = 6, 60
"""Periods, and days of each, over which methods are judged."""
N_EMERGING, EMERGING_DAYS = 12, 30
"""Periods, and days of each, over which hot spots come and go."""

_KEPT_BY_CRIME = hash_by_version("crimes", "boundaries")
_KEPT_BY_RISK = hash_by_version("crimes", "boundaries", "households")


@dataclass(frozen=True)
class CrimeSelection:
    """Which crimes an answer is about."""

    period: Period
    area: str
    categories: tuple[str, ...]

    @classmethod
    def of(cls, filters: Filters) -> CrimeSelection:
        """Take the crimes that the filters name."""
        return cls(filters.period, filters.area, filters.categories)


class MethodScores(NamedTuple):
    """How far methods foretold later crime here."""

    methods: pd.DataFrame
    """As ``geo.accuracy.score_methods`` gives."""
    best: str | None
    """The method that beat last year's counts by most; None where none did."""


@st.cache_resource(max_entries=4, ttl=CACHE_TTL, show_spinner=False, hash_funcs=_KEPT_BY_CRIME)
def load_crime_points(connection: Connection) -> gpd.GeoDataFrame:
    """Give the crimes that have a point, by time, in metres."""
    crimes = load_crimes(connection)
    located = crimes[crimes["lon"].notna()]
    points = gpd.GeoDataFrame(located, geometry=gpd.points_from_xy(located["lon"], located["lat"], crs=WGS84))
    return to_metric(points, like=load_metric_villages(connection))


@st.cache_resource(max_entries=4, ttl=CACHE_TTL, show_spinner=False, hash_funcs=_KEPT_BY_RISK)
def load_household_points(connection: Connection) -> gpd.GeoDataFrame:
    """Give the households that have a point, in metres."""
    homes = load_households(connection)
    located = homes[homes["lon"].notna()]
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(located["lon"], located["lat"], crs=WGS84))
    return to_metric(points, like=load_metric_villages(connection))


def select_ground(connection: Connection, area: str) -> gpd.GeoDataFrame:
    """Give the villages of an area in metres."""
    everywhere = load_metric_villages(connection)
    return everywhere[are_in_area(everywhere.index, area)]


def select_crime_points(
    connection: Connection, subject: CrimeSelection, *, around: bool = False
) -> gpd.GeoDataFrame:
    """Give the located crimes of a subject; with ``around`` also those outside its area."""
    points = _of_kind(load_crime_points(connection), subject.categories)
    edges = (subject.period.since_at, subject.period.until_at)
    first, last = (points["occurred_at"].searchsorted(edge) for edge in edges)
    return _in_area(points.iloc[first:last], "" if around else subject.area)


def select_crime_records(connection: Connection, subject: CrimeSelection) -> pd.DataFrame:
    """Give the crimes of a subject, with or without a point."""
    return _in_area(_of_kind(select_crimes(connection, subject.period), subject.categories), subject.area)


@st.cache_data(max_entries=64, ttl=CACHE_TTL, show_spinner=False, hash_funcs=_KEPT_BY_CRIME)
def learn_area_bandwidth(connection: Connection, area: str) -> BandwidthChoice:
    """Learn the bandwidth of an area from how well each foretold its later crimes, of all kinds and times."""
    choice = learn_bandwidth(_in_area(load_crime_points(connection), area), select_ground(connection, area))
    return replace(choice, bandwidth_m=max(choice.bandwidth_m, DEFAULT_CELL_M))  # a surface takes no less


@st.cache_resource(max_entries=16, ttl=CACHE_TTL, show_spinner=False, hash_funcs=_KEPT_BY_CRIME)
def measure_density(connection: Connection, subject: CrimeSelection, bandwidth_m: float) -> DensitySurface:
    """Measure the density of crimes; those just beyond the area count as far as the kernel reaches.

    Raises
    ------
    TooFewError
        If fewer than ``MIN_TO_MAP`` crimes lie in or near the area, or all of it at one point.
    """
    require_places(select_crime_points(connection, subject), least=0)
    points = select_crime_points(connection, subject, around=True)
    surface = estimate_density(points, select_ground(connection, subject.area), bandwidth_m=bandwidth_m)
    require_enough(surface.n_points, MIN_TO_MAP, Phrase(N_("crimes with a place")))
    return surface


@st.cache_resource(max_entries=8, ttl=CACHE_TTL, show_spinner=False, hash_funcs=_KEPT_BY_RISK)
def measure_risk(
    connection: Connection, subject: CrimeSelection, bandwidth_m: float, kind: RiskKind = "ratio"
) -> RiskSurface:
    """Set the crimes around each place against the households there.

    Raises
    ------
    TooFewError
        As of ``measure_density``, or if there are too few households.
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
    """Lay a grid over an area."""
    return make_grid(select_ground(connection, area))


@st.cache_data(max_entries=32, ttl=CACHE_TTL, show_spinner=False, hash_funcs=_KEPT_BY_CRIME)
def count_crimes_by_cell(connection: Connection, subject: CrimeSelection) -> pd.Series:
    """Count the located crimes by cell."""
    grid = make_cells(connection, subject.area)
    return count_by_area(assign_areas(select_crime_points(connection, subject), grid), grid.index)


@st.cache_data(max_entries=32, ttl=CACHE_TTL, show_spinner=False, hash_funcs=_KEPT_BY_CRIME)
def find_significant_cells(connection: Connection, subject: CrimeSelection) -> pd.DataFrame:
    """Tell the cells with significantly many or few crimes around them; as ``find_hotspots``, with counts."""
    counts = _count_enough(connection, subject)
    return find_hotspots(counts, find_cell_neighbours(counts.index)).assign(n_crimes=counts)


@st.cache_data(max_entries=32, ttl=CACHE_TTL, show_spinner=False, hash_funcs=_KEPT_BY_CRIME)
def find_similar_villages(connection: Connection, subject: CrimeSelection) -> pd.DataFrame:
    """Find villages like or unlike their neighbours in crimes per km², as ``measure_local_moran``."""
    area = select_ground(connection, subject.area)
    counts = count_by_area(
        select_crime_records(connection, subject)["village_code"].astype("str"), area.index
    )
    require_enough(int(counts.sum()), MIN_CRIMES, Phrase(N_("crimes")))
    require_places(select_crime_points(connection, subject), least=0)
    density = counts / area["area_km2"]
    return measure_local_moran(density, find_area_neighbours(area), least=0).assign(n_crimes=counts)


@st.cache_data(max_entries=32, ttl=CACHE_TTL, show_spinner=False, hash_funcs=_KEPT_BY_CRIME)
def read_concentration(connection: Connection, subject: CrimeSelection) -> Concentration:
    """Measure how much of the crime few cells hold."""
    grid = make_cells(connection, subject.area)
    counts = _count_enough(connection, subject)
    return measure_concentration(counts, grid["area_km2"])


@st.cache_data(max_entries=32, ttl=CACHE_TTL, show_spinner=False, hash_funcs=_KEPT_BY_CRIME)
def list_clusters(connection: Connection, subject: CrimeSelection) -> gpd.GeoDataFrame:
    """List the dense groups of crimes, the largest first, each with the village where its middle lies."""
    points = select_crime_points(connection, subject)
    require_places(points)
    clusters = find_clusters(points)
    area = select_ground(connection, subject.area)
    middles = gpd.GeoDataFrame(geometry=clusters.geometry.centroid, index=clusters.index, crs=clusters.crs)
    codes = assign_areas(middles, area)
    return clusters.assign(village=area["village"].reindex(codes).to_numpy())


@st.cache_data(max_entries=32, ttl=CACHE_TTL, show_spinner=False, hash_funcs=_KEPT_BY_CRIME)
def list_cautions(connection: Connection, subject: CrimeSelection) -> list[Phrase]:
    """Tell what makes figures of these crimes say less than they seem to: all at one point, or of one day."""
    return find_cautions(
        select_crime_records(connection, subject),
        select_crime_points(connection, subject),
        zone=subject.period.zone,
    )


@st.cache_data(max_entries=32, ttl=CACHE_TTL, show_spinner=False, hash_funcs=_KEPT_BY_CRIME)
def read_clock(connection: Connection, subject: CrimeSelection) -> pd.DataFrame:
    """Spread the crimes over the hours of the week."""
    crimes = select_crime_records(connection, subject)
    require_enough(len(crimes), MIN_CRIMES, Phrase(N_("crimes")))
    require_days(crimes, zone=subject.period.zone)
    return tabulate_hours(crimes, zone=subject.period.zone)


@st.cache_data(max_entries=32, ttl=CACHE_TTL, show_spinner=False, hash_funcs=_KEPT_BY_CRIME)
def read_months(connection: Connection, area: str, categories: tuple[str, ...], zone: str) -> pd.DataFrame:
    """Count the crimes of all the data by whole month; the months at the data's ends are left out."""
    everything = load_crimes(connection)
    crimes = _in_area(_of_kind(everything, categories), area).drop(columns="occurred_to")
    if everything.empty:
        return tabulate_months(crimes, zone=zone)
    local = everything["occurred_at"].dt.tz_convert(zone).dt.tz_localize(None)
    starts = pd.date_range(local.min().ceil("D"), local.max(), freq="MS", normalize=True)
    whole = starts[starts + pd.offsets.MonthBegin() <= local.max() + pd.Timedelta(days=1)]
    return tabulate_months(crimes, zone=zone).reindex(whole, fill_value=0.0)


@st.cache_data(max_entries=32, ttl=CACHE_TTL, show_spinner=False, hash_funcs=_KEPT_BY_CRIME)
def read_near_repeats(connection: Connection, subject: CrimeSelection) -> NearRepeats:
    """Measure whether a crime of one kind makes another nearby likelier, over a year to the period's end."""
    return measure_near_repeats(select_crime_points(connection, _a_year(subject)))


@st.cache_data(max_entries=32, ttl=CACHE_TTL, show_spinner=False, hash_funcs=_KEPT_BY_CRIME)
def find_raised_risk(connection: Connection, subject: CrimeSelection) -> gpd.GeoDataFrame:
    """Tell where the risk of a near repeat is raised at the period's end, each with its village.

    Empty where near repeats say nothing.
    """
    reading = read_near_repeats(connection, subject).reading
    year = select_crime_points(connection, _a_year(subject))
    if reading is None:
        return gpd.GeoDataFrame({"n_crimes": [], "village": []}, geometry=[], crs=year.crs)
    found = find_raised_risk_areas(year, reading, now=subject.period.until_at)
    area = select_ground(connection, "")
    middles = gpd.GeoDataFrame(geometry=found.geometry.centroid, index=found.index, crs=found.crs)
    codes = assign_areas(middles, area)
    return found.assign(
        village=area["village"].reindex(codes).to_numpy(), village_code=codes.to_numpy(dtype=object)
    )


@st.cache_data(max_entries=32, ttl=CACHE_TTL, show_spinner=False, hash_funcs=_KEPT_BY_CRIME)
def score_crime_methods(
    connection: Connection, area: str, categories: tuple[str, ...], until: pd.Timestamp, zone: str
) -> MethodScores:
    """Judge each method by the crimes of the year to a moment, foretold from the year before."""
    points = _in_area(_of_kind(load_crime_points(connection), categories), area)
    edges = make_local_periods(until=until, n_periods=N_SCORED, days=SCORED_DAYS, zone=zone)
    require_places(points, least=MIN_CRIMES)
    rolled = measure_rolling_accuracy(
        points,
        make_cells(connection, area),
        SCORING_METHODS,
        edges=edges,
        history=pd.Timedelta(days=YEAR_DAYS),
    )
    judged = score_methods(rolled)
    better = judged[judged["beats_baseline"] & (judged.index != BASELINE)]
    return MethodScores(judged, str(better.index[0]) if len(better) else None)


@st.cache_data(max_entries=32, ttl=CACHE_TTL, show_spinner=False, hash_funcs=_KEPT_BY_CRIME)
def find_emerging_cells(
    connection: Connection, area: str, categories: tuple[str, ...], until: pd.Timestamp, zone: str
) -> pd.DataFrame:
    """Name how hot spots came and went over the months to a moment; as ``find_emerging_hotspots``."""
    points = _in_area(_of_kind(load_crime_points(connection), categories), area)
    grid = make_cells(connection, area)
    edges = make_local_periods(until=until, n_periods=N_EMERGING, days=EMERGING_DAYS, zone=zone)
    if points.empty or points["occurred_at"].min() > edges[1]:
        raise TooFewError("The crimes don't reach back over the months to compare.")
    require_places(points, least=MIN_CRIMES)
    counts = count_by_period(assign_areas(points, grid), points["occurred_at"], areas=grid.index, edges=edges)
    return find_emerging_hotspots(counts, find_cell_neighbours(grid.index))


def _a_year(subject: CrimeSelection) -> CrimeSelection:
    period = subject.period.last(YEAR_DAYS, until=subject.period.until, zone=subject.period.zone)
    return CrimeSelection(period, subject.area, subject.categories)


def _of_kind(crimes: F, categories: tuple[str, ...]) -> F:
    return crimes[crimes["category"].isin(categories)] if categories else crimes


def _in_area(crimes: F, area: str) -> F:
    return crimes[are_in_area(crimes["village_code"], area)] if area else crimes


def _count_enough(connection: Connection, subject: CrimeSelection) -> pd.Series:
    """Count by cell what is enough, and wide enough, to tell anything of."""
    require_places(select_crime_points(connection, subject), least=MIN_CRIMES)
    counts = count_crimes_by_cell(connection, subject)
    require_enough(int(counts.sum()), MIN_CRIMES, Phrase(N_("crimes with a place")))
    return counts
