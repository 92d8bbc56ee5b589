"""The report on where crime concentrates, by the methods of the Hotspots page."""

from collections.abc import Callable
from typing import Annotated, Any, Literal, NamedTuple

import geopandas as gpd
import pandas as pd
import typer

from data import repository
from data.cli.output import AsJson, OutFile, answer, open_database, to_rows, write_table
from data.cli.periods import Area, Since, Until, choose_window, describe_period, read_area
from data.database import Database
from data.principal import Principal
from data.windows import Window
from geo.counting import count_by_area
from geo.crs import WGS84, to_metric, to_wgs84
from geo.errors import Phrase
from geo.grid import make_grid
from geo.hotspots import DensitySurface, kernel_density
from geo.hotspots.clusters import find_clusters
from geo.hotspots.getis import find_hotspots
from geo.hotspots.learning import learn_bandwidth
from geo.hotspots.moran import local_moran
from geo.hotspots.risk import risk_surface
from geo.join import assign_areas
from geo.significance import MIN_CRIMES, require_enough
from geo.weights import areas_touching, cells_within

_LISTED = 20
_LEVEL = 0.05

Method = Literal["density", "risk", "cells", "alike", "clusters"]
Category = Annotated[
    list[str] | None, typer.Option(metavar="NAME", help="Only this category; may be repeated.")
]
Bandwidth = Annotated[
    float | None,
    typer.Option(min=1, metavar="METRES", help="Radius of the kernel; learned from later crime without it."),
]


class _Crimes(NamedTuple):
    """Crimes of an area and the ground they happened on."""

    villages: gpd.GeoDataFrame
    """In metres."""
    everything: gpd.GeoDataFrame
    """All located crimes of the categories, in metres, whatever their time and place."""
    within: pd.DataFrame
    """Crimes of the period and area, located or not."""
    window: Window

    @property
    def located(self) -> gpd.GeoDataFrame:
        """Located crimes of the period and area."""
        return self.everything[self.everything.index.isin(self.within.index)]

    @property
    def around(self) -> gpd.GeoDataFrame:
        """Located crimes of the period, also those outside the area."""
        times = self.everything["occurred_at"]
        return self.everything[(times >= self.window.since_at) & (times < self.window.until_at)]


def report_hotspots(  # noqa: PLR0913 - one parameter an option: that is how a command is declared
    *,
    since: Since = None,
    until: Until = None,
    area: Area = None,
    category: Category = None,
    method: Annotated[
        Method,
        typer.Option(
            help="density (per km²), risk (per 1,000 households), cells (Gi*), alike (local Moran of "
            "villages) or clusters (DBSCAN)."
        ),
    ] = "density",
    bandwidth: Bandwidth = None,
    out: OutFile = None,
    as_json: AsJson = False,
) -> None:
    """Find where crime concentrates: density, risk, significant cells or villages, clusters."""
    database, principal = open_database(), Principal.demo()
    window = choose_window(database, principal, "crimes", since, until)
    crimes = _read_crimes(database, principal, window, area=area, categories=category)
    facts: dict[str, Any] = describe_period(window, area) | {
        "method": method,
        "categories": category or [],
        "n_crimes": len(crimes.within),
        "n_without_location": len(crimes.within) - len(crimes.located),
    }
    if method in ("density", "risk"):
        radius = bandwidth or learn_bandwidth(crimes.everything, crimes.villages).bandwidth_m
        surface = _measure(database, principal, crimes, radius, risk=method == "risk")
        table, more = _describe(surface)
    else:
        table, more = _TABLES[method](crimes)
    if out is not None:
        write_table(to_wgs84(table), out)
    named = {"cells" if method != "clusters" else "clusters": to_rows(_middles(table))}
    told = more.pop("told")
    text = f"{window.since} to {window.last_day}: {len(crimes.within):,} crimes. {told}"
    answer(facts | more | named, text.strip(), as_json=as_json)


def _read_crimes(
    database: Database,
    principal: Principal,
    window: Window,
    *,
    area: str | None,
    categories: list[str] | None,
) -> _Crimes:
    villages = to_metric(read_area(database, principal, area))
    crimes = repository.read_crimes(database, principal)
    if categories:
        crimes = crimes[crimes["category"].isin(categories)]
    located = crimes[crimes["lon"].notna()]
    points = gpd.GeoDataFrame(located, geometry=gpd.points_from_xy(located["lon"], located["lat"], crs=WGS84))
    timely = (crimes["occurred_at"] >= window.since_at) & (crimes["occurred_at"] < window.until_at)
    inside = crimes["village_code"].isin(villages.index) if area else True
    return _Crimes(villages, to_metric(points, like=villages), crimes[timely & inside], window)


def _measure(
    database: Database, principal: Principal, crimes: _Crimes, radius_m: float, *, risk: bool
) -> DensitySurface:
    if not risk:
        return kernel_density(crimes.around, crimes.villages, bandwidth_m=radius_m)
    homes = repository.read_households(database, principal)
    homes = homes[homes["lon"].notna()]
    places = gpd.GeoDataFrame(geometry=gpd.points_from_xy(homes["lon"], homes["lat"], crs=WGS84))
    return risk_surface(
        crimes.around, to_metric(places, like=crimes.villages), crimes.villages, bandwidth_m=radius_m
    )


def _describe(surface: DensitySurface) -> tuple[gpd.GeoDataFrame, dict[str, Any]]:
    cells = surface.to_frame()
    unit = cells.columns.drop("geometry")[0]
    told = f"{surface.n_points:,} of them count, bandwidth {surface.bandwidth_m:,.0f} m, peak "
    told += f"{surface.peak:,.1f} {unit.replace('_', ' ')}. {surface.note}"
    facts = {
        "n_points": surface.n_points,
        "bandwidth_m": surface.bandwidth_m,
        "cell_m": surface.cell_m,
        f"peak_{unit}": surface.peak,
        "note": surface.note,
        "told": told,
    }
    return cells.sort_values(unit, ascending=False, kind="stable"), facts


def _find_cells(crimes: _Crimes) -> tuple[gpd.GeoDataFrame, dict[str, Any]]:
    grid = make_grid(crimes.villages)
    counts = count_by_area(assign_areas(crimes.located, grid), grid.index)
    require_enough(int(counts.sum()), MIN_CRIMES, Phrase("crimes with a place"))
    found = find_hotspots(counts, cells_within(grid.index))
    table = grid[["geometry"]].join(counts).join(found)
    hot, cold = int((found["confidence"] >= 2).sum()), int((found["confidence"] <= -2).sum())  # noqa: PLR2004 - 95 %, as confidence_classes has it
    told = f"{hot:,} of {len(grid):,} cells are hot and {cold:,} cold with 95 % confidence. "
    facts = {"n_cells": len(grid), "n_hot": hot, "n_cold": cold, "note": found.attrs["note"]}
    return table.sort_values("z", ascending=False, kind="stable"), facts | {
        "told": told + found.attrs["note"]
    }


def _find_alike(crimes: _Crimes) -> tuple[gpd.GeoDataFrame, dict[str, Any]]:
    villages = crimes.villages
    counts = count_by_area(crimes.within["village_code"].astype("str"), villages.index)
    require_enough(int(counts.sum()), MIN_CRIMES, Phrase("crimes"))
    density = counts / (villages.area / 1e6)
    found = local_moran(density, areas_touching(villages), least=0)
    table = villages[["village", "district", "geometry"]].join(counts)
    table = table.assign(crimes_per_km2=density).join(found)
    sure = found["p_adjusted"] <= _LEVEL
    kinds = {str(kind): int(n) for kind, n in found.loc[sure, "quadrant"].value_counts().items()}
    told = f"{int(sure.sum()):,} of {len(villages):,} villages are like, or unlike, their neighbours."
    return table.sort_values("p", kind="stable"), {"n_significant": kinds, "told": told}


def _find_clusters(crimes: _Crimes) -> tuple[gpd.GeoDataFrame, dict[str, Any]]:
    found = find_clusters(crimes.located)
    n_outside = int(found.attrs["n_outside"])
    told = f"{len(found):,} clusters; {n_outside:,} crimes with a place are in none."
    return found, {"n_clusters": len(found), "n_outside": n_outside, "told": told}


_TABLES: dict[Method, Callable[[_Crimes], tuple[gpd.GeoDataFrame, dict[str, Any]]]] = {
    "cells": _find_cells,
    "alike": _find_alike,
    "clusters": _find_clusters,
}


def _middles(table: gpd.GeoDataFrame) -> pd.DataFrame:
    """Give the first rows by their middles in degrees."""
    first = table.head(_LISTED)
    middles = to_wgs84(first.set_geometry(first.geometry.centroid)).geometry
    places = pd.DataFrame({"lon": middles.x.round(6), "lat": middles.y.round(6)}, index=first.index)
    return places.join(pd.DataFrame(first.drop(columns="geometry")))
