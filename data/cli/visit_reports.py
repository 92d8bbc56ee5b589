"""Reports on visits: coverage as reported and as evidenced, unvisited households, visits to review."""

from collections.abc import Hashable, Mapping
from datetime import datetime
from typing import Annotated, Any

import geopandas as gpd
import pandas as pd
import typer

from data import repository
from data.cli.output import AsJson, OutFile, open_database, print_answer, to_rows, write_table
from data.cli.periods import Area, Since, Until, choose_period, describe_period, format_period, read_area
from data.database import Database
from data.evidence import read_assessed_visits
from data.principal import Principal
from data.settings import get_settings
from geo.coverage import measure_coverage
from geo.crs import WGS84
from geo.evidence import DECISIONS, FLAGS
from geo.groups import NOWHERE
from geo.status import STATUSES, find_household_status
from geo.unvisited import label_never_visited
from geo.visit_villages import find_visit_villages
from geo.walks import list_parts, name_parts

_GROUPS_LISTED = 20
_VISITS_LISTED = 1_000


def report_coverage(
    *,
    since: Since = None,
    until: Until = None,
    area: Area = None,
    out: OutFile = None,
    as_json: AsJson = False,
) -> None:
    """Measure coverage by village, as reported and as supported by the GPS record."""
    database, principal = open_database(), Principal.demo()
    span = choose_period(database, principal, ("visits",), since, until, area=area)
    period = span.period
    villages = read_area(database, principal, area)
    households = repository.read_households(database, principal)
    visits = read_assessed_visits(database, principal, households)
    measured = measure_coverage(
        households, visits, since=period.since_at, until=period.until_at, areas=villages.index
    )
    table = villages[["village", "district", "geometry"]].join(measured)
    counts = {
        name: int(table[name].sum())
        for name in ("n_households", "n_reported", "n_evidenced", "n_visits", "n_attempts")
    }
    known = counts["n_households"] or None
    outside = measured.attrs["n_households_outside"] if area is None else 0
    facts = describe_period(period, area) | span.facts | counts | {"n_households_outside": outside}
    facts |= {
        f"{kind}_coverage": counts[f"n_{kind}"] / known if known else None
        for kind in ("reported", "evidenced")
    }
    if out is not None:
        write_table(table, out)
    told = f"{_share(counts, 'reported')}; the GPS record supports {_share(counts, 'evidenced')}"
    of = f"{counts['n_reported']:,} of {counts['n_households']:,} households"
    lines = [f"{format_period(period)}: {of} ({told}).", _describe_attempts(counts["n_attempts"])]
    lines += filter(None, [span.caution])
    lines += [_coverage_line(code, row) for code, row in table.to_dict("index").items()]
    print_answer(facts | {"villages": to_rows(table)}, "\n".join(lines), as_json=as_json)


def _share(row: Mapping[Any, Any], kind: str) -> str:
    return f"{row[f'n_{kind}'] / row['n_households']:.1%}" if row["n_households"] else "no data"


def _describe_attempts(n: int) -> str:
    """Say how many attempts there were, and that coverage leaves them out; true of any number."""
    return f"Besides, {_count_attempts(n)} without contact, such as nobody at home: not counted as visits."


def _count_attempts(n: int) -> str:
    return f"{n:,} attempt" if n == 1 else f"{n:,} attempts"


def _coverage_line(code: Hashable, row: Mapping[Any, Any]) -> str:
    return (
        f"{code}  {row['village']}: {row['n_reported']:,} of {row['n_households']:,} reported "
        f"({_share(row, 'reported')}), {row['n_evidenced']:,} supported ({_share(row, 'evidenced')}); "
        f"{_count_attempts(row['n_attempts'])}"
    )


def report_unvisited(  # noqa: PLR0913 - a command is declared with one parameter for each option
    *,
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="Ignore visits before this day."),
    ] = None,
    until: Until = None,
    area: Area = None,
    target_days: Annotated[
        int | None, typer.Option(min=1, help="Days within which to visit again (default: the setting).")
    ] = None,
    evidenced: Annotated[
        bool, typer.Option("--evidenced", help="Count only visits that the GPS record supports.")
    ] = False,
    part_size: Annotated[
        int | None,
        typer.Option(min=1, help="Cut groups of neighbours into parts of at most this many households."),
    ] = None,
    out: OutFile = None,
    as_json: AsJson = False,
) -> None:
    """List households never visited or overdue: by village in the answer, each one in the file.

    Those never visited who live close together are a group, whatever their RT or village, the largest first.
    """
    database, principal = open_database(), Principal.demo()
    span = choose_period(database, principal, ("visits",), since, until, area=area)
    period = span.period
    villages = read_area(database, principal, area)
    everyone = repository.read_households(database, principal, personal=True)
    visits = _read_counting(database, principal, everyone, evidenced=evidenced)
    if since is not None:
        visits = visits[visits["visited_at"] >= period.since_at]
    days = target_days or get_settings().target_days
    homes = everyone[everyone["village_code"].isin(villages.index)]
    as_of = period.until_at.tz_convert(period.zone)
    homes = homes.join(find_household_status(homes, visits, as_of=as_of, target_days=days))
    cluster = label_never_visited(homes, homes["status"])
    groups = list_parts(homes, cluster, most=part_size, limit=_GROUPS_LISTED)
    if out is not None:
        homes = homes.assign(group=name_parts(homes, cluster, most=part_size))
        wanted = homes[homes["status"].isin(["never", "overdue"])].sort_values("status", kind="stable")
        write_table(_at_points(wanted.assign(village=_name(villages, wanted["village_code"]))), out)
    counts = pd.crosstab(homes["village_code"].astype("str"), homes["status"].astype("str"))
    counts = counts.reindex(index=villages.index, columns=list(STATUSES), fill_value=0)
    facts = (
        describe_period(period, area)
        | span.facts
        | {
            "since": str(period.since) if since else None,
            "target_days": days,
            "counting": "evidenced" if evidenced else "reported",
            "n_households": len(homes),
            **{f"n_{status}": int(counts[status].sum()) for status in STATUSES},
            "n_tried": int(_is_tried(homes).sum()),
            "villages": to_rows(villages[["village", "district"]].join(counts)),
            "n_clusters": int(cluster.max() + 1) if len(cluster) else 0,
            "part_size": part_size,
            "clusters": to_rows(groups),
        }
    )
    told = ", ".join(f"{counts[status].sum():,} {status}" for status in STATUSES)
    lines = [f"Before {period.until}, to be visited within {days} days: {told}."]
    lines.append(f"At {_is_tried(homes).sum():,} of those never visited or overdue somebody tried in vain.")
    lines += filter(None, [span.caution])
    lines += [
        f"{code}  {villages['village'][code]}: {row['never']:,} never, {row['overdue']:,} overdue"
        for code, row in counts.to_dict("index").items()
    ]
    lines += [_group_line(name, row, villages) for name, row in groups.to_dict("index").items()]
    print_answer(facts, "\n".join(lines), as_json=as_json)


def _is_tried(homes: pd.DataFrame) -> pd.Series:
    """Return which households are never visited or overdue, and were tried since the last visit."""
    return homes["status"].isin(["never", "overdue"]) & (homes["n_attempts"] > 0)


def _group_line(name: Hashable, row: Mapping[Any, Any], villages: gpd.GeoDataFrame) -> str:
    """Describe a group of neighbours, with each of its RTs and how many of them live there."""
    rts = [
        f"RT {rt['rt'] or '-'}/RW {rt['rw'] or '-'} in {villages['village'].get(rt['village_code'], '-')} "
        f"({rt['n_households']:,})"
        for rt in row["rts"]
    ]
    return (
        f"  group {name}: {row['n_households']:,} never visited within {row['extent_m']:,.0f} m: "
        f"{', '.join(rts)}"
    )


def _read_counting(
    database: Database, principal: Principal, households: pd.DataFrame, *, evidenced: bool
) -> pd.DataFrame:
    """Read the visits that count: those that the GPS record supports, or all that are reported."""
    if evidenced:
        return read_assessed_visits(database, principal, households)
    return repository.read_visits(database, principal, columns=("visited_at", "household_id", "attempt"))


def report_evidence(
    *,
    since: Since = None,
    until: Until = None,
    area: Area = None,
    out: OutFile = None,
    as_json: AsJson = False,
) -> None:
    """Count visits by what their GPS record supports, and list those to review. A flag is not a verdict."""
    database, principal = open_database(), Principal.demo()
    span = choose_period(database, principal, ("visits",), since, until, area=area)
    period = span.period
    villages = read_area(database, principal, area)
    households = repository.read_households(database, principal)
    visits = read_assessed_visits(database, principal, households)
    visits = visits[(visits["visited_at"] >= period.since_at) & (visits["visited_at"] < period.until_at)]
    position = find_visit_villages(visits, households, villages.index)
    visits = visits.assign(belongs_to=villages.index.array.take(position, allow_fill=True))
    if area is not None:
        visits = visits[position != NOWHERE]
    listed = _list_reviews(visits, villages)
    if out is not None:
        write_table(_at_points(listed), out)
    counts = _count_evidence(visits)
    facts = describe_period(period, area) | span.facts | counts
    facts |= {"visits": to_rows(listed.head(_VISITS_LISTED))}
    reported = f"{counts['n_visits']:,} reported visits and {_count_attempts(counts['n_attempts'])}"
    told = f"{reported}, {counts['n_open']:,} to review"
    decided = f"{counts['n_accepted']:,} accepted, {counts['n_set_aside']:,} set aside"
    lines = [f"{format_period(period)}: {told} ({decided}).", *filter(None, [span.caution])]
    lines += [f"  {visits[name].sum():,} {name}: {question}" for name, question in FLAGS.items()]
    print_answer(facts, "\n".join(lines), as_json=as_json)


def _count_evidence(visits: pd.DataFrame) -> dict[str, Any]:
    """Count visits and attempts by class, by decision and by flag: both are records of where somebody was."""
    reasons, still = visits[list(FLAGS)], visits["open"]
    classes = visits["evidence"].value_counts(sort=False)
    n_attempts = int(visits["attempt"].notna().sum())
    return {
        "n_visits": len(visits) - n_attempts,
        "n_attempts": n_attempts,
        "n_open": int(still.sum()),
        **{f"n_{decision}": int((visits["decision"] == decision).sum()) for decision in DECISIONS},
        "classes": {str(name): int(n) for name, n in classes.items()},
        "reasons": {
            name: {"n_records": int(reasons[name].sum()), "n_open": int(reasons.loc[still, name].sum())}
            for name in FLAGS
        },
    }


def _list_reviews(visits: pd.DataFrame, villages: gpd.GeoDataFrame) -> pd.DataFrame:
    """List the records to review and those decided, latest first, with their flags joined by spaces."""
    reviewed = visits[visits["open"] | visits["decision"].notna()].sort_values("visited_at", ascending=False)
    names = list(FLAGS)
    reasons = [
        " ".join(name for name, up in zip(names, row, strict=True) if up)
        for row in reviewed[names].to_numpy()
    ]
    shown = reviewed[["visited_at", "officer_id", "household_id", "lon", "lat", "accuracy_m", "distance_m"]]
    return shown.assign(
        attempt=reviewed["attempt"],
        village_code=reviewed["belongs_to"],
        village=_name(villages, reviewed["belongs_to"]),
        evidence=reviewed["evidence"],
        reasons=pd.Series(reasons, index=reviewed.index, dtype="str"),
        decision=reviewed["decision"],
    )


def _name(villages: gpd.GeoDataFrame, codes: pd.Series) -> pd.Series:
    return pd.Series(villages["village"].reindex(codes.astype("str")).array, index=codes.index)


def _at_points(rows: pd.DataFrame) -> gpd.GeoDataFrame:
    """Add point geometry to rows; missing where a row has no point."""
    points = gpd.GeoSeries(gpd.points_from_xy(rows["lon"], rows["lat"]), index=rows.index, crs=WGS84)
    return gpd.GeoDataFrame(rows, geometry=points.where(rows["lon"].notna()))
