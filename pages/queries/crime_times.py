"""Crime over time: by hour and month, near repeats and emerging hot spots, cached by version."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import streamlit as st

from geo.aoristic import tabulate_months
from geo.caution import require_places
from geo.clock import CrimeClock, measure_clock
from geo.counting import count_by_period, make_local_periods
from geo.emerging import find_emerging_hotspots
from geo.errors import TooFewError
from geo.join import assign_areas
from geo.precision import find_last_day, know_unit
from geo.repeats import NearRepeats, find_raised_risk_areas, measure_near_repeats
from geo.significance import MIN_CRIMES
from geo.weights import find_cell_neighbours
from pages.queries.crime_methods import (
    KEPT_BY_CRIME,
    CrimeSelection,
    make_cells,
    select_crime_history,
    select_crime_points,
    select_crime_records,
    select_ground,
    select_point_history,
)
from pages.queries.records import (
    CACHE_TTL,
    Connection,
    load_crimes,
)
from pages.queries.spans import find_record_end, read_spans

if TYPE_CHECKING:
    from data.periods import Period

N_EMERGING, EMERGING_DAYS = 12, 30
"""Number of periods, and days of each, over which hot spots are classified."""


@st.cache_data(max_entries=32, ttl=CACHE_TTL, show_spinner=False, hash_funcs=KEPT_BY_CRIME)
def read_clock(connection: Connection, subject: CrimeSelection) -> CrimeClock:
    """Measure at what hours and on what weekdays the crimes happened, as ``geo.clock.measure_clock`` does."""
    return measure_clock(select_crime_records(connection, subject), zone=subject.period.zone)


@st.cache_data(max_entries=32, ttl=CACHE_TTL, show_spinner=False, hash_funcs=KEPT_BY_CRIME)
def read_months(connection: Connection, area: str, categories: tuple[str, ...], zone: str) -> pd.DataFrame:
    """Count the crimes by month; months before the first crime or beyond the record's end are left out.

    So are crimes whose month is not known, counted in ``.attrs["n_without_month"]``.
    """
    everything = load_crimes(connection)
    crimes = select_crime_history(connection, area, categories)
    known = know_unit(crimes, "month")
    months = tabulate_months(crimes[known].drop(columns="occurred_to"), zone=zone)
    newest, complete_to = find_last_day(everything, zone=zone), find_record_end(connection, area, "crimes")
    if newest is not None:
        last = newest if complete_to is None else pd.Timestamp(complete_to)
        first = everything["occurred_at"].min().tz_convert(zone).tz_localize(None)
        starts = pd.date_range(first.ceil("D"), max(last, newest), freq="MS", normalize=True)
        whole = starts[starts + pd.offsets.MonthBegin() <= last + pd.Timedelta(days=1)]
        months = months.reindex(whole, fill_value=0.0)
    months.attrs["n_without_month"] = int((~known).sum())
    return months


def find_repeat_period(connection: Connection, subject: CrimeSelection) -> Period:
    """Return the period of near repeats: at least the year to the period's end, if the record has it."""
    return subject.period.extend_to_year(read_spans(connection)["crimes"].first)


@st.cache_data(max_entries=32, ttl=CACHE_TTL, show_spinner=False, hash_funcs=KEPT_BY_CRIME)
def read_near_repeats(connection: Connection, subject: CrimeSelection) -> NearRepeats:
    """Measure near repeats in the period, or in the year to its end if that is longer."""
    return measure_near_repeats(select_crime_points(connection, _extend_to_year(connection, subject)))


@st.cache_data(max_entries=32, ttl=CACHE_TTL, show_spinner=False, hash_funcs=KEPT_BY_CRIME)
def find_raised_risk(connection: Connection, subject: CrimeSelection) -> gpd.GeoDataFrame:
    """Find the areas with a raised risk of a near repeat at the period's end, each with its village.

    Empty if the crimes show no raised risk of near repeats.
    """
    reading = read_near_repeats(connection, subject).reading
    year = select_crime_points(connection, _extend_to_year(connection, subject))
    if reading is None:
        return gpd.GeoDataFrame({"n_crimes": [], "village": []}, geometry=[], crs=year.crs)
    found = find_raised_risk_areas(year, reading, now=subject.period.until_at)
    area = select_ground(connection, "")
    middles = gpd.GeoDataFrame(geometry=found.geometry.centroid, index=found.index, crs=found.crs)
    codes = assign_areas(middles, area)
    return found.assign(
        village=area["village"].reindex(codes).to_numpy(), village_code=codes.to_numpy(dtype=object)
    )


@st.cache_data(max_entries=32, ttl=CACHE_TTL, show_spinner=False, hash_funcs=KEPT_BY_CRIME)
def find_emerging_cells(
    connection: Connection, area: str, categories: tuple[str, ...], until: pd.Timestamp, zone: str
) -> pd.DataFrame:
    """Classify how hot spots changed over the months up to a moment, as ``find_emerging_hotspots`` does.

    Crimes whose day is not known are left out, counted in ``.attrs["n_without_day"]``.
    """
    located = select_point_history(connection, area, categories)
    dated = know_unit(located, "day")
    points = located[dated]
    grid = make_cells(connection, area)
    edges = make_local_periods(until=until, n_periods=N_EMERGING, days=EMERGING_DAYS, zone=zone)
    if points.empty or points["occurred_at"].min() > edges[1]:
        raise TooFewError("The crime records don't go back far enough for the months to compare.")
    require_places(points, minimum=MIN_CRIMES)
    counts = count_by_period(assign_areas(points, grid), points["occurred_at"], areas=grid.index, edges=edges)
    found = find_emerging_hotspots(counts, find_cell_neighbours(grid.index), exposure=grid["area_km2"])
    found.attrs["n_without_day"] = int((~dated).sum())
    return found


def _extend_to_year(connection: Connection, subject: CrimeSelection) -> CrimeSelection:
    return replace(subject, period=find_repeat_period(connection, subject))
