"""Reports that compare: crime in two periods, and villages by priority of visits."""

from datetime import datetime, timedelta
from typing import Annotated, Any

import geopandas as gpd
import pandas as pd
import typer

from data import repository
from data.cli.crime_reports import Category
from data.cli.output import AsJson, OutFile, open_database, print_answer, to_rows, write_table
from data.cli.periods import (
    Area,
    Since,
    Until,
    choose_period,
    describe_period,
    format_period,
    read_area,
    require_comparable,
    require_records_since,
)
from data.database import Database
from data.errors import DataError
from data.evidence import read_assessed_visits
from data.periods import Period
from data.principal import Principal
from geo.caution import find_cut_months
from geo.change import VERDICTS, compare_periods
from geo.counting import count_by_area
from geo.coverage import measure_coverage
from geo.priority import count_reported_crimes, has_distinct_gaps, has_distinct_risks, rank_priority

_LONGEST_MONTH = timedelta(days=31)


def report_change(  # noqa: PLR0913 - a command is declared with one parameter for each option
    *,
    since: Since = None,
    until: Until = None,
    area: Area = None,
    category: Category = None,
    against: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            metavar="DATE",
            help="First day of the earlier, equally long period (default: just before the later one).",
        ),
    ] = None,
    out: OutFile = None,
    as_json: AsJson = False,
) -> None:
    """Compare crime by village with an earlier period: more, fewer, the same, or too few to tell."""
    database, principal = open_database(), Principal.demo()
    span = choose_period(database, principal, ("crimes",), since, until, area=area)
    period = span.period
    days = period.until - period.since
    before = Period(against.date(), against.date() + days, period.zone) if against else period.previous()
    require_comparable(before, span)
    require_records_since(database, principal, "crimes", before)
    _require_whole_months(database, principal, before, period)
    villages = read_area(database, principal, area)
    counts = [
        _count(database, principal, one, villages=villages, categories=category) for one in (before, period)
    ]
    table = villages[["village", "district", "geometry"]].join(compare_periods(*counts))
    if out is not None:
        write_table(table, out)
    verdicts = {kind: int((table["verdict"] == kind).sum()) for kind in VERDICTS}
    n_before, n_after = (int(part.sum()) for part in counts)
    facts = describe_period(period, area) | {
        "against_since": str(before.since),
        "against_until": str(before.until),
        "categories": category or [],
        "n_before": n_before,
        "n_after": n_after,
        "verdicts": verdicts,
        **span.facts,
    }
    told = ", ".join(f"{n:,} {kind}" for kind, n in verdicts.items())
    then = f"{format_period(before)}: {n_before:,} crimes"
    lines = [f"{then}; {format_period(period)}: {n_after:,}. Villages: {told}."]
    rows = table.sort_values("p", kind="stable")
    sure = rows[rows["verdict"].isin(["more", "fewer"])]
    lines += [
        f"{code}  {row['village']}: {row['n_before']} to {row['n_after']} ({row['verdict']})"
        for code, row in sure.to_dict("index").items()
    ]
    print_answer(facts | {"villages": to_rows(rows)}, "\n".join(lines), as_json=as_json)


def _require_whole_months(database: Database, principal: Principal, before: Period, period: Period) -> None:
    """Refuse periods that cut a month of which crimes know no more: all would count on its first day."""
    around = Period(before.since - _LONGEST_MONTH, period.until, period.zone)
    crimes = repository.read_crimes(database, principal, period=around)
    for one in (before, period):
        for told in find_cut_months(crimes, since=one.since_at, until=one.until_at, zone=one.zone):
            raise DataError(told.template, **told.values)


def _count(
    database: Database,
    principal: Principal,
    period: Period,
    *,
    villages: gpd.GeoDataFrame,
    categories: list[str] | None,
) -> pd.Series:
    crimes = repository.read_crimes(database, principal, period=period)
    if categories:
        crimes = crimes[crimes["category"].isin(categories)]
    return count_by_area(crimes["village_code"].astype("str"), villages.index)


def report_priority(
    *,
    since: Since = None,
    until: Until = None,
    area: Area = None,
    out: OutFile = None,
    as_json: AsJson = False,
) -> None:
    """Rank villages by visit gap and rate of reported crime, to show where to visit first."""
    database, principal = open_database(), Principal.demo()
    span = choose_period(database, principal, ("visits", "crimes"), since, until, area=area)
    period = span.period
    villages = read_area(database, principal, area)
    households = repository.read_households(database, principal)
    visits = read_assessed_visits(database, principal, households)
    measured = measure_coverage(
        households, visits, since=period.since_at, until=period.until_at, areas=villages.index
    )
    crimes = repository.read_crimes(database, principal, period=period)
    reported = count_reported_crimes(crimes.astype({"village_code": "str"}), villages.index)
    ranked = rank_priority(measured[["n_households", "evidenced_coverage"]].join(reported["n_crimes"]))
    table = villages[["village", "district", "geometry"]].join(ranked)
    table = table.sort_values("rank", kind="stable", na_position="last")
    if out is not None:
        write_table(table, out)
    facts: dict[str, Any] = describe_period(period, area) | {
        "n_ranked": int(table["rank"].notna().sum()),
        "n_discovered_left_out": int(reported["n_discovered"].sum()),
        **span.facts,
    }
    lines = [f"{format_period(period)}: {facts['n_ranked']:,} villages ranked."]
    lines += [span.caution] if span.caution else []
    caution = _describe_ties(ranked)
    if caution:
        facts["caution"] = caution
        lines.append(caution)
    lines += [
        f"{row['rank']}. {code}  {row['village']}: {row['evidenced_coverage']:.1%} covered, "
        f"{row['n_crimes']:,} reported crimes (smoothed: {row['crimes_per_1000_households']:.1f} per 1,000 "
        "households)"
        for code, row in table[table["rank"].notna()].to_dict("index").items()
    ]
    print_answer(facts | {"villages": to_rows(table)}, "\n".join(lines), as_json=as_json)


def _describe_ties(ranked: pd.DataFrame) -> str:
    """Describe the part in which all villages tie, and which therefore does not affect the order."""
    distinct = has_distinct_risks(ranked), has_distinct_gaps(ranked)
    if distinct == (False, False):
        return "All villages tie in visit gap and in the rate of reported crime: none comes first."
    if distinct == (False, True):
        return "The rates of reported crime are all the same: the order follows the visit gap alone."
    if distinct == (True, False):
        return "The visit gaps are all the same: the order follows the rate of reported crime alone."
    return ""
