"""The hotspots report: where crime concentrates, by the methods of the Hotspots page."""

from typing import Annotated, Any, Literal

import geopandas as gpd
import pandas as pd
import typer

from data import repository
from data.cli.crime_methods import HOTSPOT_METHODS, HotspotInput, MethodResult, RiskKind
from data.cli.output import AsJson, OutFile, open_database, print_answer, to_rows, write_table
from data.cli.periods import (
    Area,
    Since,
    Until,
    choose_period,
    describe_period,
    find_first_day,
    format_period,
    require_villages,
    translate_area,
)
from data.errors import DataError
from data.ground import read_ground
from data.periods import Period
from data.principal import Principal
from geo.caution import find_cautions, find_cut_months
from geo.crs import WGS84, to_metric, to_wgs84
from geo.errors import TooFewError

_LISTED = 20
_ALL = "all"

Method = Literal["density", "risk", "cells", "alike", "clusters", "repeats", "times", "all"]
Category = Annotated[list[str] | None, typer.Option(metavar="NAME", help="Only this category (repeatable).")]
Bandwidth = Annotated[
    float | None,
    typer.Option(min=1, metavar="METRES", help="Radius of the kernel (default: learned from later crimes)."),
]


def report_hotspots(  # noqa: PLR0913 - a command is declared with one parameter for each option
    *,
    since: Since = None,
    until: Until = None,
    area: Area = None,
    category: Category = None,
    method: Annotated[
        Method,
        typer.Option(
            help="density (per km²), risk (relative to households), cells (Gi*), alike (local Moran of "
            "villages), clusters (DBSCAN), repeats (Knox, over a year or more), times (hours, weekdays and "
            "months) or all of them."
        ),
    ] = "density",
    bandwidth: Bandwidth = None,
    kind: Annotated[
        RiskKind,
        typer.Option(
            help="For risk: ratio (crimes per 1,000 households), log (of the ratio to the whole area's) or "
            "difference (crimes per km² above the number expected from households)."
        ),
    ] = "ratio",
    out: OutFile = None,
    as_json: AsJson = False,
) -> None:
    """Find where crime concentrates: density, risk, significant cells or villages, clusters, near repeats."""
    if out is not None and method == _ALL:
        raise DataError("A file holds the table of one method: choose one with --method.")
    database, principal = open_database(), Principal.demo()
    code = translate_area(database, principal, area)
    span = choose_period(database, principal, ("crimes",), since, until, area=code)
    period = span.period
    villages = require_villages(read_ground(database, principal, code), area)
    crimes = repository.read_crimes(database, principal)
    if category:
        crimes = crimes[crimes["category"].isin(category)]
    located = _place(crimes, villages)
    in_area = crimes[crimes["village_code"].isin(villages.index)] if area else crimes
    year = period.extend_to_year(find_first_day(database, principal, "crimes"))
    in_year = _select(in_area, year)
    asked = HotspotInput(
        villages=villages,
        all_located=located,
        selected=_select(in_area, period),
        period=period,
        year=year,
        in_year=located[located.index.isin(in_year.index)],
        read_households=lambda: _place(repository.read_households(database, principal), villages),
        bandwidth_m=bandwidth,
        kind=kind,
    )
    facts: dict[str, Any] = (
        describe_period(period, area)
        | span.facts
        | {
            "method": method,
            "categories": category or [],
            "n_crimes": len(asked.selected),
            "n_without_location": len(asked.selected) - len(asked.located),
        }
    )
    found_cautions = find_cautions(asked.selected, asked.located, zone=period.zone)
    found_cautions += find_cut_months(in_area, since=period.since_at, until=period.until_at, zone=period.zone)
    cautions = [*filter(None, [span.caution]), *map(str, found_cautions)]
    lines = [f"{format_period(period)}: {len(asked.selected):,} crimes.", *cautions]
    facts["cautions"] = cautions
    if method == _ALL:
        facts["methods"], told = _run_all(asked)
        lines += told
    else:
        found = HOTSPOT_METHODS[method](asked)
        facts |= found.facts | _list(method, found)
        lines.append(found.sentence)
        if out is not None:
            geographic = isinstance(found.table, gpd.GeoDataFrame)
            write_table(to_wgs84(found.table) if geographic else found.table, out)
    print_answer(facts, "\n".join(lines) if method == _ALL or cautions else " ".join(lines), as_json=as_json)


def _select(crimes: pd.DataFrame, period: Period) -> pd.DataFrame:
    return crimes[(crimes["occurred_at"] >= period.since_at) & (crimes["occurred_at"] < period.until_at)]


def _place(records: pd.DataFrame, villages: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the records that have a point, in the villages' metric CRS."""
    located = records[records["lon"].notna()]
    places = gpd.points_from_xy(located["lon"], located["lat"], crs=WGS84)
    return to_metric(gpd.GeoDataFrame(located, geometry=places), like=villages)


def _run_all(crimes: HotspotInput) -> tuple[dict[str, Any], list[str]]:
    """Run every method; those with too little data report that instead."""
    facts: dict[str, Any] = {}
    lines = []
    for name, method in HOTSPOT_METHODS.items():
        try:
            found = method(crimes)
        except TooFewError as error:
            facts[name] = {"too_few": str(error)}
            lines.append(f"{name}: {error}")
        else:
            facts[name] = found.facts
            lines.append(f"{name}: {found.sentence}")
    return facts, lines


def _list(method: str, found: MethodResult) -> dict[str, Any]:
    """Return the first rows, with areas as centre points in degrees; for near repeats, the whole table."""
    if not isinstance(found.table, gpd.GeoDataFrame):
        return {"weekdays" if method == "times" else "bands": to_rows(found.table)}
    first = found.table.head(_LISTED)
    middles = to_wgs84(first.set_geometry(first.geometry.centroid)).geometry
    places = pd.DataFrame({"lon": middles.x.round(6), "lat": middles.y.round(6)}, index=first.index)
    rows = to_rows(places.join(pd.DataFrame(first.drop(columns="geometry"))))
    return {"clusters" if method == "clusters" else "cells": rows}
