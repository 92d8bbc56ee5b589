"""Queries of the Compare page: period changes, rates with intervals, years, an operation's zones."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
import pandas as pd
import streamlit as st

from data.periods import YEAR_DAYS, Period
from geo.areas import are_in_area
from geo.binomial import compute_binomial_p
from geo.change import compare_periods
from geo.displacement import Displacement, ZoneCounts, measure_displacement
from geo.districts import sum_by_district
from geo.errors import Phrase
from geo.groups import count_groups, find_positions
from geo.rates import measure_rates
from geo.rounding import narrow_difference
from geo.significance import MIN_CRIMES, require_enough
from geo.weights import find_area_neighbours
from pages.queries.areas import name_areas, name_villages
from pages.queries.crime_methods import CrimeSelection, select_crime_records
from pages.queries.crimes import count_crimes
from pages.queries.records import (
    CACHE_TTL,
    hash_by_version,
    load_households,
    load_metric_villages,
    load_villages,
)
from pages.queries.spans import find_comparison_obstacle, find_record_end, read_spans
from pages.text.language import N_

if TYPE_CHECKING:
    from datetime import date

    from pages.queries.filters import Filters
    from pages.queries.records import Connection

Level = Literal["district", "village"]

LEVEL_OF_TEST = 0.05
N_CLASSES = 3  # of each measure in the bivariate map


class Years(NamedTuple):
    """Crimes per whole year, up to the end of their record."""

    counts: tuple[int, ...]
    """Crimes of each year, the earliest first."""
    run: int
    """Number of latest years in a row with a rise (positive) or fall (negative) beyond chance."""
    last_day: date | None = None
    """The last day of the last year."""


class Zones(NamedTuple):
    """The villages of an operation, and of its control."""

    treated: pd.Index
    control: pd.Index
    near_treated: pd.Index
    near_control: pd.Index


def list_comparison_periods(connection: Connection, filters: Filters) -> dict[str, Period]:
    """List the filters' period, the one before and the one a year ago, if the record of crimes holds them."""
    now = filters.period
    first = read_spans(connection)["crimes"].first
    year = timedelta(days=YEAR_DAYS)
    ago = {"before": now.previous(), "year": Period(now.since - year, now.until - year, now.zone)}
    held = {
        name: period
        for name, period in ago.items()
        if first is not None
        and first <= period.since
        and find_comparison_obstacle(connection, filters, period, "crimes") is None
    }
    return {"now": now} | held


def compare_areas(connection: Connection, filters: Filters, before: Period, level: Level) -> pd.DataFrame:
    """Compare the filters' period with an earlier one by area, as ``geo.change.compare_periods`` does.

    Raises
    ------
    TooFewError
        If there are no crimes in either.
    """
    later, earlier = (
        _sum_to_level(count_crimes(connection, filters, period).villages, connection, level)
        for period in (filters.period, before)
    )
    found = compare_periods(
        earlier["n_crimes"],
        later["n_crimes"],
        exposure_before=float(before.days),
        exposure_after=float(filters.period.days),
    )
    return found.join(later[["village", "district"]])


def compare_counts(n_before: int, n_after: int) -> str:
    """Classify the change between two periods of equal length: more, fewer, same or unclear."""
    if not n_before + n_after:
        return "unclear"
    return str(compare_periods(pd.Series([n_before]), pd.Series([n_after]))["verdict"].iloc[0])


def compare_rounded_counts(before: int, after: int) -> str:
    """Classify the change between two rounded counts: more or fewer only if the true ones differ so too."""
    nearer = narrow_difference(np.array([before]), np.array([after]))
    return compare_counts(*(int(part[0]) for part in nearer))


def compare_rounded_villages(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Compare the rounded crimes of two periods of equal length, as ``geo.change.compare_periods`` does.

    The counts that are compared are as near to each other as the true ones may be, so that a change is
    called clear only if it is.

    Raises
    ------
    TooFewError
        If there are no crimes in either.
    """
    nearer = narrow_difference(before["n_crimes"].to_numpy(), after["n_crimes"].to_numpy())
    found = compare_periods(*(pd.Series(part, index=after.index) for part in nearer))
    return found.join(after[["village", "district"]])


def rate_areas(connection: Connection, filters: Filters, level: Level) -> pd.DataFrame:
    """Measure crimes per 1,000 households, as ``geo.rates.measure_rates`` does, with ``place``.

    The highest come first: villages by smoothed rate, so that a small one is not first by chance.

    Raises
    ------
    TooFewError
        If no area has registered households, or there are too few crimes.
    """
    villages = count_crimes(connection, filters).villages
    homes = load_households(connection)
    position = find_positions(homes["village_code"], villages.index)
    counted = count_groups(position, len(villages))
    rows = _sum_to_level(villages.assign(n_households=counted), connection, level)
    require_enough(int(rows["n_households"].sum()), 1, Phrase(N_("registered households")))
    require_enough(int(rows["n_crimes"].sum()), MIN_CRIMES, Phrase(N_("crimes")))
    rates = measure_rates(rows["n_crimes"], rows["n_households"]).join(rows[["village", "district"]])
    by = "rate_smoothed" if level == "village" else "rate"
    rates["place"] = rates[by].round(9).rank(ascending=False, method="min")
    return rates.sort_values("place", kind="stable", na_position="last")


def _sum_to_level(villages: pd.DataFrame, connection: Connection, level: Level) -> pd.DataFrame:
    """Return villages unchanged, or their crimes and households added up by district."""
    if level == "village":
        return villages
    codes = load_villages(connection)["district_code"].reindex(villages.index)
    counts = [name for name in ("n_crimes", "n_households") if name in villages.columns]
    rows = sum_by_district(villages.assign(district_code=codes), counts=counts)
    return rows.assign(village=rows["district"])


@st.cache_data(
    max_entries=64, ttl=CACHE_TTL, show_spinner=False, hash_funcs=hash_by_version("crimes", "boundaries")
)
def count_years(
    connection: Connection, area: str, categories: tuple[str, ...], zone: str, *, n_areas: int = 1
) -> Years:
    """Count the crimes of an area per whole year, up to the day to which they are complete.

    ``n_areas`` is the number of areas from which this one was chosen: each has a share of the test's level,
    so that of many areas none stands out by chance (Bonferroni).
    """
    last = find_record_end(connection, area, "crimes")
    first = read_spans(connection)["crimes"].first
    if first is None or last is None:
        return Years((), 0)
    until, counts = last + timedelta(days=1), []
    while until - timedelta(days=YEAR_DAYS) >= first:
        period = Period.last(YEAR_DAYS, until=until, zone=zone)
        counts.append(len(select_crime_records(connection, CrimeSelection(period, area, categories))))
        until = period.since
    return Years(tuple(reversed(counts)), _run_of(counts[::-1], LEVEL_OF_TEST / n_areas), last)


def _run_of(counts: list[int], level: float = LEVEL_OF_TEST) -> int:
    """Count the latest consecutive steps in one direction, each beyond chance at a level."""
    if len(counts) <= 1:
        return 0
    earlier, later = np.array(counts[:-1]), np.array(counts[1:])
    p = compute_binomial_p(later, earlier + later, np.full(len(later), 0.5))
    steps = np.where(p <= level, np.sign(later - earlier), 0)[::-1]
    same = np.cumprod(steps == steps[0])
    return int(steps[0] * same.sum())


def find_zones(connection: Connection, treated: tuple[str, ...], control: tuple[str, ...]) -> Zones:
    """Find the villages of an operation, of its control, and their neighbours."""
    areas = load_metric_villages(connection)
    inside = are_in_area(areas.index, treated)
    held = are_in_area(areas.index, control) & ~inside
    neighbours = find_area_neighbours(areas)
    near = ((neighbours @ inside.astype(float)) > 0) & ~inside & ~held
    near_held = ((neighbours @ held.astype(float)) > 0) & ~inside & ~held & ~near
    return Zones(*(areas.index[part] for part in (inside, held, near, near_held)))


def count_zones(connection: Connection, filters: Filters, zones: Zones) -> list[ZoneCounts]:
    """Count the crimes of each zone in the filters' period and in the one before."""
    anywhere = replace(filters, area="")
    before, after = (
        count_crimes(connection, anywhere, period).villages["n_crimes"]
        for period in (filters.period.previous(), filters.period)
    )
    return [ZoneCounts(int(before.reindex(zone).sum()), int(after.reindex(zone).sum())) for zone in zones]


def measure_operation(counts: list[ZoneCounts]) -> Displacement:
    """Measure the effect of an operation; ``counts`` as returned by ``count_zones``.

    Raises
    ------
    TooFewError
        If the counts are too low.
    """
    treated, control, near_treated, near_control = counts
    return measure_displacement(treated, control, near_treated=near_treated, near_control=near_control)


def name_zone_areas(connection: Connection) -> dict[str, str]:
    """Return the names of the districts and villages to choose zones from, by code."""
    return name_areas(connection) | name_villages(connection, "")
