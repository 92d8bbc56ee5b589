"""The command that plans a week, as the Plan page does, with figures and files to export."""

from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import pandas as pd
import typer

from data import repository
from data.cli.output import AsJson, open_database, print_answer, print_progress, to_rows, write_bytes
from data.cli.periods import translate_area
from data.database import Database
from data.errors import DataError
from data.exports.file_types import make_file_name
from data.exports.plan_calendars import write_calendars
from data.exports.plan_sheets import write_plan_sheets
from data.exports.plan_tables import PLAN_WRITERS
from data.plans import BuiltPlan, WeekRequest, build_plan, gather_week, publish_plan
from data.plans.sentences import Named, describe_unmet, write_reasons
from data.principal import Principal
from data.settings import get_settings
from geo.routes import summarise_officers, summarise_plan, summarise_villages

PresetName = Literal["gap", "crime", "balanced"]
_FileKind = Literal[".pdf", ".gpx", ".csv", ".xlsx", ".ics"]
_LISTED = ("officer_id", "day", "shift", "order", "household_id", "village_code", "start_s", "end_s")
_TOLD = 100


def plan_visits(  # noqa: PLR0913 - a command is declared with one parameter for each option
    *,
    week: Annotated[
        str | None, typer.Option(metavar="2026-W48", help="Week to plan (default: next week).")
    ] = None,
    area: Annotated[
        str | None, typer.Option(metavar="CODE", help="Only this regency, district or village.")
    ] = None,
    officers: Annotated[
        list[str] | None, typer.Option("--officer", metavar="ID", help="Only this officer (repeatable).")
    ] = None,
    preset: Annotated[
        PresetName, typer.Option(help="Close coverage gaps, follow crime, or balance both.")
    ] = "balanced",
    evidenced: Annotated[
        bool, typer.Option("--evidenced", help="Count only visits that the GPS record supports.")
    ] = False,
    must: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="Household to visit first (repeatable).")
    ] = None,
    drop: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="Household not to visit (repeatable).")
    ] = None,
    lock: Annotated[
        list[str] | None, typer.Option(metavar="ID=DAY", help="Visit a household on this day (repeatable).")
    ] = None,
    leave: Annotated[
        list[str] | None, typer.Option(metavar="ID=DAY", help="Officer who is away on this day (repeatable).")
    ] = None,
    posts: Annotated[
        list[str] | None,
        typer.Option(
            "--post", metavar="CODE", help="Village in which its officers may start a day (repeatable)."
        ),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same plan.")] = 0,
    seconds: Annotated[float, typer.Option(min=0.1, help="Time limit of the search, in seconds.")] = 10.0,
    publish: Annotated[
        bool, typer.Option("--publish", help="Publish the plan as a new version of its week.")
    ] = False,
    note: Annotated[str, typer.Option(help="Note on the published version.")] = "",
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write it to a .pdf (printed sheets), .gpx, .csv, .xlsx or .ics file (one per officer).",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Plan a week's visits: which households each officer visits, on which day, in which order, and why."""
    if out is not None:
        _require_kind(out)
    database, principal = open_database(), Principal.demo()
    request = WeekRequest(
        week=week or _next_week(),
        officers=tuple(officers or ()),
        area=translate_area(database, principal, area),
        preset=preset,
        leave=_gather_leave(leave or []),
        must=frozenset(must or ()),
        dropped=frozenset(drop or ()),
        locks=dict(_split(pair, "--lock") for pair in lock or ()),
        posts=frozenset(posts or ()),
        seed=seed,
        seconds=seconds,
        counting="evidenced" if evidenced else "reported",
    )
    built = build_plan(gather_week(database, principal, request), progress=_print_officers)
    why = write_reasons(built.stops, counting=request.counting, must=request.must)
    stops = built.stops.assign(reason=why.array)
    files = _write(database, principal, built, stops, out) if out is not None else []
    plan_id = publish_plan(database, principal, built, note=note) if publish else None
    facts = _describe(built, stops) | {"published": plan_id, "files": [str(path) for path in files]}
    print_answer(facts, "\n".join(_tell(built, plan_id, files)), as_json=as_json)


def _next_week() -> str:
    year, number, _ = (get_settings().clock.today() + timedelta(days=7)).isocalendar()
    return f"{year}-W{number:02d}"


def _print_officers(done: int, total: int) -> None:
    """Print the progress of the search."""
    print_progress(f"{done} of {total} officers", is_last=done == total)


def _split(pair: str, option: str) -> tuple[str, date]:
    name, sign, day = pair.rpartition("=")
    try:
        when = date.fromisoformat(day)
    except ValueError:
        when = None
    if not sign or when is None:
        raise DataError(
            "{name} {pair} is not a number and a day: write it as ID=2026-11-25.", name=option, pair=pair
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
    """Write a plan to a file whose extension decides the format; calendars to one file for each officer."""
    officers, kind = built.week.officers, path.suffix.lower()
    if kind == ".ics":
        return _write_calendars(stops, path)
    if kind == ".pdf":
        areas = repository.read_villages(database, principal, area=built.week.request.area)
        content = write_plan_sheets(stops, officers, format_day="{:%A, %d %B %Y}".format, areas=areas)
    else:
        content = PLAN_WRITERS[kind.removeprefix(".")](stops, officers)
    write_bytes(content, path)
    return [path]


def _write_calendars(stops: pd.DataFrame, path: Path) -> list[Path]:
    settings = get_settings()
    made_at = pd.Timestamp(settings.clock.now()).tz_convert(settings.time_zone)
    calendars = write_calendars(stops, zone=settings.time_zone, made_at=made_at)
    paths = [path]
    if len(calendars) != 1:
        paths = [path.with_stem(f"{path.stem}-{make_file_name(officer)}") for officer in calendars]
    for place, content in zip(paths, calendars.values(), strict=True):
        write_bytes(content, place)
    return paths


def _describe(built: BuiltPlan, stops: pd.DataFrame) -> dict[str, Any]:
    """Collect figures and stops, without names."""
    problem, plan, named = built.week.problem, built.plan, _name_villages(built)
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
        "unmet": [asdict(one) | {"sentence": str(describe_unmet(one, named))} for one in plan.unmet],
        "violations": [asdict(one) for one in built.violations],
        "cut_short": list(plan.cut_short),
    }


def _name_villages(built: BuiltPlan) -> Named:
    """Return the names of villages only: those of people stay out of what a command prints."""
    homes = built.week.homes.drop_duplicates("village_code").set_index("village_code")
    return Named(villages={str(code): str(name) for code, name in homes["village"].dropna().items()})


def _tell(built: BuiltPlan, plan_id: int | None, files: list[Path]) -> list[str]:
    """Describe in lines what a plan will achieve, and what it will not."""
    plan, facts = built.plan, summarise_plan(built.week.problem, built.plan, built.week.prizes)
    work = f"{facts.distance_km:,.0f} km, {facts.hours:,.0f} h"
    done = f"{facts.n_visits:,} visits of {facts.n_officers} officers on {facts.n_days} days"
    lines = [f"{built.week.request.week}: {done}, {work}."]
    if facts.n_households:
        after = f"{facts.coverage_now:.1%} now, {facts.coverage_after:.1%} after"
        lines.append(f"Visited within the target, of {facts.n_households:,} households: {after}.")
        lines.append(f"At high risk: {facts.n_high_risk_reached:,} of {facts.n_high_risk:,} will be visited.")
    named = _name_villages(built)
    lines += [f"  {describe_unmet(one, named)}" for one in plan.unmet[:_TOLD]]
    lines += [f"  and {len(plan.unmet) - _TOLD:,} more."] if len(plan.unmet) > _TOLD else []
    if plan.cut_short:
        lines.append(f"The time ended the search for {len(plan.cut_short)} officers: give more --seconds.")
    lines += [f"Written to {path}." for path in files]
    lines += [f"Published as plan {plan_id}."] if plan_id is not None else []
    return lines
