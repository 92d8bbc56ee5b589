"""Reports on crime: the same figures as the pages show, for other programs."""

from typing import Annotated

import geopandas as gpd
import pandas as pd
import typer

from data import repository
from data.cli.output import AsJson, OutFile, answer, open_database, to_rows, write_table
from data.cli.periods import Area, Since, Until, choose_window, describe_period, read_area
from data.principal import Principal
from geo.crs import WGS84, to_metric, to_wgs84
from geo.hotspots import DensitySurface, kernel_density

_CELLS_LISTED = 20


def report_hotspots(  # noqa: PLR0913 - one parameter an option: that is how a command is declared
    *,
    since: Since = None,
    until: Until = None,
    area: Area = None,
    category: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Only this category; may be repeated.")
    ] = None,
    bandwidth: Annotated[
        float | None, typer.Option(min=1, metavar="METRES", help="Radius of the kernel; chosen without it.")
    ] = None,
    out: OutFile = None,
    as_json: AsJson = False,
) -> None:
    """Measure the density of crime (quartic kernel), in crimes per km² in the period."""
    database, principal = open_database(), Principal.demo()
    window = choose_window(database, principal, "crimes", since, until)
    villages = to_metric(read_area(database, principal, area))
    crimes = repository.read_crimes(database, principal, window=window)
    if category:
        crimes = crimes[crimes["category"].isin(category)]
    located = crimes[crimes["lon"].notna()]
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(located["lon"], located["lat"], crs=WGS84))
    surface = kernel_density(to_metric(points, like=villages), villages, bandwidth_m=bandwidth)
    cells = surface.to_frame().sort_values("crimes_per_km2", ascending=False)
    if out is not None:
        write_table(to_wgs84(cells), out)
    facts = (
        describe_period(window, area)
        | _describe(surface)
        | {
            "n_crimes": len(crimes),
            "n_without_location": len(crimes) - len(located),
            "categories": category or [],
            "cells": to_rows(_middles(cells.head(_CELLS_LISTED))),
        }
    )
    text = (
        f"{window.since} to {window.last_day}: {surface.n_points:,} crimes, "
        f"bandwidth {surface.bandwidth_m:,.0f} m, peak {surface.peak:,.1f} crimes per km². {surface.note}"
    )
    answer(facts, text.strip(), as_json=as_json)


def _describe(surface: DensitySurface) -> dict[str, object]:
    return {
        "n_points": surface.n_points,
        "bandwidth_m": surface.bandwidth_m,
        "cell_m": surface.cell_m,
        "peak_crimes_per_km2": surface.peak,
        "note": surface.note,
    }


def _middles(cells: gpd.GeoDataFrame) -> pd.DataFrame:
    """Give cells by their middles in degrees."""
    middles = to_wgs84(cells.set_geometry(cells.geometry.centroid)).geometry
    return pd.DataFrame(
        {"lon": middles.x.round(6), "lat": middles.y.round(6), "crimes_per_km2": cells["crimes_per_km2"]}
    )
