"""Reports: the same figures as the pages show, for other programs."""

from collections.abc import Hashable, Mapping
from datetime import date, datetime, timedelta
from typing import Annotated, Any

import geopandas as gpd
import pandas as pd
import typer

from data import repository
from data.cli.output import AsJson, OutFile, answer, open_database, to_rows, write_table
from data.database import Database
from data.errors import DataError
from data.principal import Principal
from data.settings import get_settings
from data.windows import Window
from geo.coverage import measure_coverage
from geo.crs import WGS84, to_metric, to_wgs84
from geo.hotspots import DensitySurface, kernel_density

Area = Annotated[str | None, typer.Option(metavar="CODE", help="Only this village, district or regency.")]
Since = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="First day of the period.")
]
Until = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%d"],
        metavar="DATE",
        help="Day after the last one of the period; that of the latest record without it.",
    ),
]
_CELLS_LISTED = 20

app = typer.Typer(
    help="Figures over a period, as the pages show them.", no_args_is_help=True, rich_markup_mode=None
)


@app.command("coverage")
def report_coverage(
    *,
    since: Since = None,
    until: Until = None,
    area: Area = None,
    out: OutFile = None,
    as_json: AsJson = False,
) -> None:
    """Measure reported coverage by village: households visited at least once, of those registered."""
    database, principal = open_database(), Principal.demo()
    window = _window(database, principal, "visits", since, until)
    villages = _villages(database, principal, area)
    households = repository.read_households(database, principal, area=area)
    visits = repository.read_visits(database, principal, window=window, area=area)
    measured = measure_coverage(
        households, visits, since=window.since_at, until=window.until_at, areas=villages.index
    )
    table = villages[["village", "district", "geometry"]].join(measured)
    n_households, n_reported = int(table["n_households"].sum()), int(table["n_reported"].sum())
    facts = _period(window, area) | {
        "n_households": n_households,
        "n_reported": n_reported,
        "reported_coverage": n_reported / n_households if n_households else None,
        "n_visits": int(table["n_visits"].sum()),
        "n_households_outside": measured.attrs["n_households_outside"],
    }
    if out is not None:
        write_table(table, out)
    share = f"{n_reported / n_households:.1%}" if n_households else "no data"
    lines = [f"{window.since} to {window.last_day}: {n_reported:,} of {n_households:,} households ({share})."]
    lines += [_coverage_line(code, row) for code, row in table.to_dict("index").items()]
    answer(facts | {"villages": to_rows(table)}, "\n".join(lines), as_json=as_json)


def _coverage_line(code: object, row: Mapping[Hashable, Any]) -> str:
    share = row["reported_coverage"]
    shown = "no data" if pd.isna(share) else f"{share:.1%}"
    return f"{code}  {row['village']}: {row['n_reported']:,} of {row['n_households']:,} ({shown})"


@app.command("hotspots")
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
    window = _window(database, principal, "crimes", since, until)
    villages = to_metric(_villages(database, principal, area))
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
        _period(window, area)
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


def _period(window: Window, area: str | None) -> dict[str, object]:
    return {
        "since": str(window.since),
        "until": str(window.until),
        "time_zone": window.zone,
        "area": area or "",
    }


def _villages(database: Database, principal: Principal, area: str | None) -> gpd.GeoDataFrame:
    villages = repository.read_villages(database, principal, area=area)
    if villages.empty:
        where = f" in the area {area}" if area else ""
        raise DataError(f"There are no villages{where}: import their boundaries first.")
    return villages


def _window(
    database: Database, principal: Principal, dataset: str, since: datetime | None, until: datetime | None
) -> Window:
    """Make the period: as asked, else the latest days that have records."""
    settings = get_settings()
    last = until.date() if until else _day_after_latest(database, principal, dataset)
    first = since.date() if since else last - timedelta(days=settings.coverage_days)
    return Window(first, last, settings.time_zone)


def _day_after_latest(database: Database, principal: Principal, dataset: str) -> date:
    zone = get_settings().zone
    latest = repository.read_span(database, principal)["last_at"][[dataset]].dropna()
    moment = datetime.now(zone) if latest.empty else latest.dt.tz_convert(zone).iloc[0]
    return moment.date() + timedelta(days=1)
