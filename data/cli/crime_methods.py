"""Methods of the hotspots report, one function each: where crimes concentrate, and how closely."""

from collections.abc import Callable
from typing import Any, Literal, NamedTuple

import geopandas as gpd
import pandas as pd

from data.periods import YEAR_DAYS, Period
from geo.caution import MIN_TO_MAP, require_places
from geo.counting import count_by_area
from geo.errors import Phrase, TooFewError
from geo.grid import make_grid
from geo.hotspots import DensitySurface, estimate_density
from geo.hotspots.clusters import find_clusters
from geo.hotspots.getis import find_hotspots
from geo.hotspots.learning import learn_bandwidth
from geo.hotspots.moran import measure_local_moran
from geo.hotspots.risk import estimate_risk
from geo.join import assign_areas
from geo.repeats import NearRepeats, measure_near_repeats
from geo.significance import MIN_CRIMES, require_enough
from geo.weights import find_area_neighbours, find_cell_neighbours

RiskKind = Literal["ratio", "log", "difference"]

_LEVEL = 0.05


class HotspotInput(NamedTuple):
    """Crimes of an area and period, the villages and households there, and the options of the methods."""

    villages: gpd.GeoDataFrame
    """Villages, in a metric CRS."""
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
    found = find_hotspots(counts, find_cell_neighbours(grid.index))
    table = grid[["geometry"]].join(counts).join(found)
    hot, cold = int((found["confidence"] >= 2).sum()), int((found["confidence"] <= -2).sum())  # noqa: PLR2004 - 95 %, as confidence_classes has it
    sentence = f"{hot:,} of {len(grid):,} cells are hot and {cold:,} cold with 95 % confidence. "
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
    density = counts / (villages.area / 1e6)
    found = measure_local_moran(density, find_area_neighbours(villages), minimum=0)
    table = villages[["village", "district", "geometry"]].join(counts)
    table = table.assign(crimes_per_km2=density).join(found)
    sure = found["p_adjusted"] <= _LEVEL
    kinds = {str(kind): int(n) for kind, n in found.loc[sure, "quadrant"].value_counts().items()}
    sentence = f"{int(sure.sum()):,} of {len(villages):,} villages are like, or unlike, their neighbours."
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
        "n_measured": {kind: found.n_crimes for kind, found in measured.items()},
        "readings": {
            kind: found.reading._asdict() if found.reading else None for kind, found in measured.items()
        },
        "refused": {kind: str(error) for kind, error in refused.items()},
    }
    tables = {kind: found.table for kind, found in measured.items()}
    said = f"{when} {crimes.year.last_day}: " + "\n".join(sentences)
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


HOTSPOT_METHODS: dict[str, Callable[[HotspotInput], MethodResult]] = {
    "density": measure_density,
    "risk": measure_risk,
    "cells": find_significant_cells,
    "alike": find_similar_villages,
    "clusters": list_clusters,
    "repeats": measure_repeats,
}
