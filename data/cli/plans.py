"""The command that plans a week: the same plan as the page makes, as figures and as files to hand out."""

import re
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import pandas as pd
import typer

from data import repository
from data.cli.output import AsJson, open_database, print_answer, to_rows, write_bytes
from data.database import Database
from data.errors import DataError
from data.exports.plan_calendars import write_calendar
from data.exports.plan_sheets import write_printed_sheets
from data.exports.plan_tables import write_plan_csv, write_plan_gpx, write_plan_xlsx
from data.plans import BuiltPlan, WeekRequest, build_plan, gather_week, publish_plan
from data.plans.sentences import describe_unmet, write_reasons
from data.principal import Principal
from data.settings import get_settings
from geo.routes import summarise_officers, summarise_plan, summarise_villages

PresetName = Literal["gap", "crime", "balanced"]
_FileKind = Literal[".pdf", ".gpx", ".csv", ".xlsx", ".ics"]
_LISTED = ("officer_id", "day", "shift", "order", "household_id", "village_code", "start_s", "end_s")
_NOT_A_NAME = re.compile(r"[^\w.-]+")
_TOLD = 20


def plan_visits(  # noqa: PLR0913 - one parameter an option: that is how a command is declared
    *,
    week: Annotated[
        str | None, typer.Option(metavar="2026-W48", help="Which week; the next one without it.")
    ] = None,
    area: Annotated[
        str | None, typer.Option(metavar="CODE", help="Only this regency, district or village.")
    ] = None,
    officers: Annotated[
        list[str] | None, typer.Option("--officer", metavar="ID", help="Only this officer; repeat it.")
    ] = None,
    preset: Annotated[
        PresetName, typer.Option(help="Close the gap in coverage, follow crime, or both.")
    ] = "balanced",
    evidenced: Annotated[
        bool, typer.Option("--evidenced", help="Only visits that the GPS record supports count as visits.")
    ] = False,
    must: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="A household to be visited first; repeat it.")
    ] = None,
    drop: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="A household not to be visited; repeat it.")
    ] = None,
    lock: Annotated[
        list[str] | None, typer.Option(metavar="ID=DAY", help="Visit a household on this day; repeat it.")
    ] = None,
    leave: Annotated[
        list[str] | None, typer.Option(metavar="ID=DAY", help="An officer is away on this day; repeat it.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same plan.")] = 0,
    seconds: Annotated[float, typer.Option(min=0.1, help="How long the search may take.")] = 10.0,
    publish: Annotated[
        bool, typer.Option("--publish", help="Publish the plan as a new version of its week.")
    ] = False,
    note: Annotated[str, typer.Option(help="What a published version is about.")] = "",
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write it to a .pdf (sheets), .gpx, .csv, .xlsx or .ics file (one for each officer).",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Plan a week's visits: whom each officer visits, on which day, in which order, and why."""
    if out is not None:
        _require_kind(out)
    database, principal = open_database(), Principal.demo()
    request = WeekRequest(
        week=week or _next_week(),
        officers=tuple(officers or ()),
        area=area,
        preset=preset,
        leave=_gather_leave(leave or []),
        must=frozenset(must or ()),
        dropped=frozenset(drop or ()),
        locks=dict(_split(pair, "--lock") for pair in lock or ()),
        seed=seed,
        seconds=seconds,
        counting="evidenced" if evidenced else "reported",
    )
    built = build_plan(gather_week(database, principal, request), progress=_show_progress())
    why = write_reasons(built.stops, counting=request.counting, must=request.must)
    stops = built.stops.assign(reason=why.array)
    files = _write(database, principal, built, stops, out) if out is not None else []
    plan_id = publish_plan(database, principal, built, note=note) if publish else None
    facts = _describe(built, stops) | {"published": plan_id, "files": [str(path) for path in files]}
    print_answer(facts, "\n".join(_tell(built, plan_id, files)), as_json=as_json)


def _next_week() -> str:
    year, number, _ = (get_settings().clock.today() + timedelta(days=7)).isocalendar()
    return f"{year}-W{number:02d}"


def _show_progress() -> Callable[[int, int], None] | None:
    """Tell on a terminal how far the search is; never into a file or a pipe."""
    if not sys.stderr.isatty():
        return None
    return lambda done, total: typer.echo(f"\r{done} of {total} officers", err=True, nl=done == total)


def _split(pair: str, option: str) -> tuple[str, date]:
    name, sign, day = pair.rpartition("=")
    try:
        when = date.fromisoformat(day)
    except ValueError:
        when = None
    if not sign or when is None:
        raise DataError(
            "{option} {pair} is not a number and a day: write it as ID=2026-11-25.", option=option, pair=pair
        )
    return name, when


def _gather_leave(pairs: list[str]) -> dict[str, frozenset[date]]:
    days: dict[str, frozenset[date]] = {}
    for officer, day in (_split(pair, "--leave") for pair in pairs):
        days[officer] = days.get(officer, frozenset()) | {day}
    return days


def _require_kind(path: Path) -> None:
    kinds = get_args(_FileKind)
    if path.suffix.lower() not in kinds:
        raise DataError(
            "The file {name} would be of a kind that cannot be written: call it {kinds:or}.",
            name=path.name,
            kinds=kinds,
        )


def _write(
    database: Database, principal: Principal, built: BuiltPlan, stops: pd.DataFrame, path: Path
) -> list[Path]:
    """Write a plan to a file of the kind that its name says; calendars to one for each officer."""
    officers, kind = built.week.officers, path.suffix.lower()
    if kind == ".ics":
        return _write_calendars(stops, path)
    if kind == ".pdf":
        areas = repository.read_villages(database, principal, area=built.week.request.area)
        content = write_printed_sheets(stops, officers, say_day="{:%A, %d %B %Y}".format, areas=areas)
    else:
        content = {".gpx": write_plan_gpx, ".csv": write_plan_csv, ".xlsx": write_plan_xlsx}[kind](
            stops, officers
        )
    write_bytes(content, path)
    return [path]


def _write_calendars(stops: pd.DataFrame, path: Path) -> list[Path]:
    settings, officers = get_settings(), stops["officer_id"].unique()
    paths = dict.fromkeys(officers, path)
    if len(paths) > 1:
        paths = {name: path.with_stem(f"{path.stem}-{_NOT_A_NAME.sub('_', name)}") for name in officers}
    for officer, place in paths.items():
        made_at = pd.Timestamp(settings.clock.now()).tz_convert(settings.time_zone)
        write_bytes(write_calendar(stops, officer, zone=settings.time_zone, made_at=made_at), place)
    return list(paths.values())


def _describe(built: BuiltPlan, stops: pd.DataFrame) -> dict[str, Any]:
    """Gather figures and stops, without names."""
    problem, plan = built.week.problem, built.plan
    facts = summarise_plan(problem, plan, built.week.prizes)._asdict()
    listed = stops[[*_LISTED, "lon", "lat", "travel_m", "prize", "status", "n_crimes_near", "reason"]]
    listed = listed.assign(day=listed["day"].dt.strftime("%Y-%m-%d")).set_index("officer_id")
    return {
        "week": built.week.request.week,
        "preset": built.week.request.preset,
        "counting": built.week.request.counting,
        "seed": plan.seed,
        **{name: None if pd.isna(value) else value for name, value in facts.items()},
        "days": [str(day) for day in problem.days],
        "officers": to_rows(summarise_officers(problem, plan).rename_axis("officer_id")),
        "villages": to_rows(summarise_villages(problem, plan)),
        "stops": to_rows(listed),
        "unmet": [asdict(one) | {"sentence": str(describe_unmet(one))} for one in plan.unmet],
        "violations": [asdict(one) for one in built.violations],
        "cut_short": list(plan.cut_short),
    }


def _tell(built: BuiltPlan, plan_id: int | None, files: list[Path]) -> list[str]:
    """Say in lines what a plan will do, and what it will not."""
    plan, facts = built.plan, summarise_plan(built.week.problem, built.plan, built.week.prizes)
    work = f"{facts.distance_km:,.0f} km, {facts.hours:,.0f} h"
    done = f"{facts.n_visits:,} visits of {facts.n_officers} officers on {facts.n_days} days"
    lines = [f"{built.week.request.week}: {done}, {work}."]
    if facts.n_households:
        after = f"{facts.coverage_now:.1%} now, {facts.coverage_after:.1%} after"
        lines.append(f"Visited within the target, of {facts.n_households:,} households: {after}.")
        lines.append(f"At high risk: {facts.n_high_risk_reached:,} of {facts.n_high_risk:,} will be visited.")
    lines += [f"  {describe_unmet(one)}" for one in plan.unmet[:_TOLD]]
    lines += [f"  and {len(plan.unmet) - _TOLD:,} more."] if len(plan.unmet) > _TOLD else []
    if plan.cut_short:
        lines.append(f"The time ended the search for {len(plan.cut_short)} officers: give more --seconds.")
    lines += [f"Written to {path}." for path in files]
    lines += [f"Published as plan {plan_id}."] if plan_id is not None else []
    return lines
