"""Methods of the hotspots report, one function each: where crimes concentrate, and how closely."""

from calendar import day_name
from collections.abc import Callable
from typing import Any, Literal, NamedTuple

import geopandas as gpd
import pandas as pd

from data.cli.output import format_count
from data.periods import YEAR_DAYS, Period
from geo.aoristic import tabulate_months
from geo.caution import MIN_TO_MAP, require_places
from geo.clock import HOURS_TOGETHER, CrimeClock, measure_clock
from geo.counting import count_by_area
from geo.errors import Phrase, TooFewError
from geo.grid import make_grid
from geo.hotspots import DensitySurface, estimate_density
from geo.hotspots.alike import LEVEL, find_alike_areas
from geo.hotspots.clusters import find_clusters
from geo.hotspots.getis import find_hotspots
from geo.hotspots.learning import learn_bandwidth
from geo.hotspots.risk import estimate_risk
from geo.join import assign_areas
from geo.precision import know_unit
from geo.repeats import NearRepeats, measure_near_repeats
from geo.significance import MIN_CRIMES, require_enough
from geo.weights import find_area_neighbours, find_cell_neighbours

RiskKind = Literal["ratio", "log", "difference"]

_MONTHS_LISTED = 12


class HotspotInput(NamedTuple):
    """Crimes of an area and period, the villages and households there, and the options of the methods."""

    villages: gpd.GeoDataFrame
    """Villages as ``data.ground.read_ground`` returns them."""
    all_located: gpd.GeoDataFrame
    """All located crimes of the categories, in a metric CRS, whatever their time and place."""
    selected: pd.DataFrame
    """Crimes in the period and area, located or not."""
    period: Period
    year: Period
    """The period of near repeats: the longer of the period and the year to its end, as far as recorded."""
    in_year: gpd.GeoDataFrame
    """Located crimes of the categories in that year and the area, in a metric CRS."""
    read_households: Callable[[], gpd.GeoDataFrame]
    """Function that returns the located households, in a metric CRS."""
    bandwidth_m: float | None
    kind: RiskKind

    @property
    def located(self) -> gpd.GeoDataFrame:
        """Located crimes in the period and area."""
        return self.all_located[self.all_located.index.isin(self.selected.index)]

    @property
    def around(self) -> gpd.GeoDataFrame:
        """Located crimes in the period, including those outside the area."""
        times = self.all_located["occurred_at"]
        return self.all_located[(times >= self.period.since_at) & (times < self.period.until_at)]


class MethodResult(NamedTuple):
    """The findings of a method."""

    table: pd.DataFrame
    sentence: str
    """The findings in one sentence."""
    facts: dict[str, Any]


def measure_density(crimes: HotspotInput) -> MethodResult:
    """Measure crimes per km²."""
    return _describe(_spread(crimes))


def measure_risk(crimes: HotspotInput) -> MethodResult:
    """Measure crimes relative to households."""
    bandwidth_m = _spread(crimes).bandwidth_m
    surface = estimate_risk(
        crimes.around, crimes.read_households(), crimes.villages, kind=crimes.kind, bandwidth_m=bandwidth_m
    )
    found = _describe(surface)
    return found._replace(facts=found.facts | {"kind": crimes.kind, "n_households": surface.n_households})


def _spread(crimes: HotspotInput) -> DensitySurface:
    """Estimate the density of crimes, including those just outside the area that the kernel reaches."""
    require_places(crimes.located, minimum=0)
    radius_m = crimes.bandwidth_m or learn_bandwidth(crimes.all_located, crimes.villages).bandwidth_m
    surface = estimate_density(crimes.around, crimes.villages, bandwidth_m=radius_m)
    require_enough(surface.n_points, MIN_TO_MAP, Phrase("crimes with a location"))
    return surface


def _describe(surface: DensitySurface) -> MethodResult:
    cells = surface.to_frame()
    unit = str(cells.columns.drop("geometry")[0])
    sentence = f"{surface.n_points:,} crimes, bandwidth {surface.bandwidth_m:,.0f} m, peak "
    sentence += f"{surface.peak:,.1f} {unit.replace('_', ' ')}. {surface.note}"
    facts = {
        "n_points": surface.n_points,
        "bandwidth_m": surface.bandwidth_m,
        "cell_m": surface.cell_m,
        f"peak_{unit}": surface.peak,
        "note": surface.note,
    }
    return MethodResult(cells.sort_values(unit, ascending=False, kind="stable"), sentence.strip(), facts)


def find_significant_cells(crimes: HotspotInput) -> MethodResult:
    """Find cells with significantly many or few crimes around them (Gi*)."""
    require_places(crimes.located, minimum=MIN_CRIMES)
    grid = make_grid(crimes.villages)
    counts = count_by_area(assign_areas(crimes.located, grid), grid.index)
    require_enough(int(counts.sum()), MIN_CRIMES, Phrase("crimes with a location"))
    found = find_hotspots(counts, find_cell_neighbours(grid.index), exposure=grid["area_km2"])
    table = grid[["geometry"]].join(counts).join(found)
    hot, cold = int((found["confidence"] >= 2).sum()), int((found["confidence"] <= -2).sum())  # noqa: PLR2004 - 95 %, as confidence_classes has it
    sentence = f"{hot:,} of {len(grid):,} cells are hot and {cold:,} cold with 95 % confidence: more or less "
    sentence += "crime around them than by chance, exactly and adjusted for all cells. "
    facts = {
        "n_in_cells": int(counts.sum()),
        "n_cells": len(grid),
        "n_hot": hot,
        "n_cold": cold,
        "note": found.attrs["note"],
    }
    rows = table.sort_values("z", ascending=False, kind="stable")
    return MethodResult(rows, (sentence + found.attrs["note"]).strip(), facts)


def find_similar_villages(crimes: HotspotInput) -> MethodResult:
    """Find villages that are significantly like, or unlike, their neighbours (local Moran)."""
    villages = crimes.villages
    counts = count_by_area(crimes.selected["village_code"].astype("str"), villages.index)
    require_enough(int(counts.sum()), MIN_CRIMES, Phrase("crimes"))
    require_places(crimes.located, minimum=0)
    found = find_alike_areas(counts, villages["area_km2"], find_area_neighbours(villages))
    table = villages[["village", "district", "geometry"]].join(counts)
    table = table.assign(crimes_per_km2=counts / villages["area_km2"]).join(found)
    sure = found["p_adjusted"] <= LEVEL
    kinds = {str(kind): int(n) for kind, n in found.loc[sure, "quadrant"].value_counts().items()}
    sentence = f"{int(sure.sum()):,} of {len(villages):,} villages are like, or unlike, their neighbours in "
    sentence += "crimes per km², more than by chance (95 % confidence, adjusted for all villages)."
    return MethodResult(table.sort_values("p", kind="stable"), sentence, {"n_significant": kinds})


def list_clusters(crimes: HotspotInput) -> MethodResult:
    """List dense clusters of crimes (DBSCAN)."""
    require_places(crimes.located)
    found = find_clusters(crimes.located)
    n_inside, n_outside = int(found["n_crimes"].sum()), int(found.attrs["n_outside"])
    sentence = (
        f"{len(found):,} clusters hold {n_inside:,} crimes; {n_outside:,} crimes with a location are in none."
    )
    return MethodResult(
        found, sentence, {"n_clusters": len(found), "n_in_clusters": n_inside, "n_outside": n_outside}
    )


def measure_repeats(crimes: HotspotInput) -> MethodResult:
    """Measure, by category, whether a crime made another one nearby more likely (Knox), in a year or more."""
    located = crimes.in_year
    measured, refused = {}, {}
    for kind, rows in located.groupby(located["category"].astype("str")):
        try:
            measured[str(kind)] = measure_near_repeats(rows)
        except TooFewError as error:
            refused[str(kind)] = error
    if not measured:
        require_enough(len(located), MIN_CRIMES, Phrase("crimes with a time and a location"))
        raise next(iter(refused.values()))
    when = "In the year to" if crimes.year.days == YEAR_DAYS else f"From {crimes.year.since} to"
    sentences = [describe_repeats(kind, found) for kind, found in measured.items()]
    sentences += [f"{kind}: {error}" for kind, error in refused.items()]
    facts = {
        "year_since": str(crimes.year.since),
        "year_until": str(crimes.year.until),
        "n_without_day": {kind: found.n_without_day for kind, found in measured.items()},
        "n_measured": {kind: found.n_crimes for kind, found in measured.items()},
        "readings": {
            kind: found.reading._asdict() if found.reading else None for kind, found in measured.items()
        },
        "refused": {kind: str(error) for kind, error in refused.items()},
    }
    tables = {kind: found.table for kind, found in measured.items()}
    left_out = _describe_left_out(day=int((~know_unit(located, "day")).sum()))
    said = f"{when} {crimes.year.last_day}: " + "\n".join([*sentences, *([left_out] if left_out else [])])
    return MethodResult(pd.concat(tables, names=["category"]).droplevel(1), said, facts)


def describe_repeats(kind: str, found: NearRepeats) -> str:
    """Describe the reading of near repeats of a category; nothing is claimed where too few pairs are near."""
    reading = found.reading
    if reading is None and not found.can_tell:
        return f"{kind}: too few of {found.n_crimes:,} were near each other to tell them from chance."
    if reading is None:
        return f"{kind}: one of {found.n_crimes:,} made another nearby no more likely than chance."
    days, metres = (
        f"{high:g}" if low == 0 else f"{low:g}\N{EN DASH}{high:g}"
        for low, high in (
            (reading.days_from, reading.days),
            (reading.distance_from_m, reading.distance_m),
        )
    )
    return (
        f"{kind}: within {days} days and {metres} m of one of {found.n_crimes:,}, another was "
        f"{reading.ratio:.2f} times as likely as chance ({reading.n_observed:,} pairs, "
        f"{reading.n_expected:,.0f} expected)."
    )


def measure_times(crimes: HotspotInput) -> MethodResult:
    """Measure at what hours, on what weekdays and in what months the crimes happened."""
    selected, zone = crimes.selected, crimes.period.zone
    known = know_unit(selected, "month")
    months = tabulate_months(selected[known], zone=zone)
    facts: dict[str, Any] = {
        "months": {f"{month:%Y-%m}": round(float(n), 2) for month, n in months["n_crimes"].items()},
        "n_without_month": int((~known).sum()),
    }
    require_enough(len(selected), MIN_CRIMES, Phrase("crimes"))
    try:
        clock = measure_clock(selected, zone=zone)
    except TooFewError as error:  # months may be known where days are not
        said = [
            str(error),
            _list_months(months["n_crimes"]),
            _describe_left_out(month=facts["n_without_month"]),
        ]
        return MethodResult(months, " ".join(filter(None, said)), facts)
    facts |= {
        "busiest_hours": clock.busiest_hours._asdict() if clock.busiest_hours else None,
        "busiest_day": clock.busiest_day._asdict() if clock.busiest_day else None,
        "n_without_hour": clock.n_without_hour,
        "n_without_day": clock.n_without_day,
    }
    table = clock.hours.rename(columns="hour_{:02d}".format).assign(n_crimes=clock.weekdays)
    left_out = _describe_left_out(
        hour=clock.n_without_hour, day=clock.n_without_day, month=facts["n_without_month"]
    )
    said = [describe_clock(clock), _list_months(months["n_crimes"]), left_out]
    return MethodResult(table, " ".join(filter(None, said)), facts)


def describe_clock(clock: CrimeClock) -> str:
    """Describe the busiest hours and day; only what stands out from chance is named.

    Hours are spoken of where at least ``MIN_CRIMES`` crimes have one.
    """
    hours, day = clock.busiest_hours, clock.busiest_day
    by_hour = "No hour stands out from chance."
    if hours is not None:
        last = (hours.first + HOURS_TOGETHER) % 24
        by_hour = (
            f"{hours.share:.0%} of the crimes whose hour is known were between {hours.first:02d}.00 and "
            f"{last:02d}.00."
        )
    elif not clock.has_hours:
        by_hour = "Too few crimes have a known hour to tell at what hours they happened."
    by_day = "No day of the week stands out from chance."
    if day is not None:
        by_day = (
            f"The busiest day is {day_name[day.first]}, with {day.share:.0%} of those whose day is known."
        )
    return f"{by_hour} {by_day}"


def _list_months(months: pd.Series) -> str:
    """List the crimes of the last months; a crime between two times may count in parts in two months."""
    return (
        "By month: "
        + ", ".join(f"{at:%Y-%m} {n:,.0f}" for at, n in months.tail(_MONTHS_LISTED).items())
        + "."
    )


def _describe_left_out(**counts: int) -> str:
    """Say how many crimes are left out because their hour, day or month is not known."""
    return " ".join(
        f"{format_count(n, 'crime')} left out: the {unit} is not known." for unit, n in counts.items() if n
    )


HOTSPOT_METHODS: dict[str, Callable[[HotspotInput], MethodResult]] = {
    "density": measure_density,
    "risk": measure_risk,
    "cells": find_significant_cells,
    "alike": find_similar_villages,
    "clusters": list_clusters,
    "repeats": measure_repeats,
    "times": measure_times,
}
