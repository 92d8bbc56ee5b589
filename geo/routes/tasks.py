"""One search task per officer: the households to visit, the days allowed, and who is left out and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.routes.candidates import can_be_reached, choose_candidates, name_far_villages
from geo.routes.plan import Unmet, UnmetReason
from geo.routes.posts import find_officer_floor, share_days
from geo.routes.problem import DAY_S, compute_village_floors, list_officer_villages

if TYPE_CHECKING:
    from datetime import date

    from numpy.typing import NDArray

    from geo.routes.plan import Plan
    from geo.routes.posts import Start
    from geo.routes.problem import PlanRules, Problem


@dataclass(frozen=True)
class OfficerTask:
    """The week of one officer. Place 0 is the post, place i + 1 is household i.

    Attributes
    ----------
    officer_id, post, household_ids, days, rules
        Officer, longitude and latitude of the post, households (ids in order), the days that start there, and
        rules.
    seconds, metres
        Travel times and distances between the n + 1 places.
    open_from, open_until
        Seconds after midnight between which a whole visit must lie, n each; after an attempt, in the shift in
        which to try again.
    at_home_from, at_home_until
        The same whatever was tried before: the hours that a must-visit falls back on.
    allowed
        n by days: whether a household may be visited on a day.
    prize, must, village
        n each; village is a position in ``village_codes``.
    village_codes, floor
        The officer's villages and the minimum number of visits to each.
    """

    officer_id: str
    post: tuple[float, float]
    household_ids: tuple[str, ...]
    days: tuple[date, ...]
    rules: PlanRules
    seconds: NDArray[np.int64]
    metres: NDArray[np.float64]
    open_from: NDArray[np.int64]
    open_until: NDArray[np.int64]
    at_home_from: NDArray[np.int64]
    at_home_until: NDArray[np.int64]
    allowed: NDArray[np.bool_]
    prize: NDArray[np.float64]
    must: NDArray[np.bool_]
    village: NDArray[np.int64]
    village_codes: tuple[str, ...]
    floor: NDArray[np.int64]


def split_into_tasks(problem: Problem, previous: Plan | None = None) -> tuple[list[OfficerTask], list[Unmet]]:
    """Split the problem into one task per officer and post, with the households of the officer's villages.

    Parameters
    ----------
    problem
        The week's problem.
    previous
        Last plan of the week, whose days keep their posts.

    Returns
    -------
    tuple[list[OfficerTask], list[Unmet]]
        One task for each officer with households to visit, by officer id, or more where days start at other
        posts; and the demands that can't be met.
    """
    table = _tabulate(problem)
    unmet = _explain_left_out(problem, table)
    floors = compute_village_floors(problem)
    tasks = []
    of_officer = dict(list(table[table["reason"] == ""].groupby("officer_id", sort=True)))
    for officer_id in sorted(problem.officers.index):
        mine = of_officer.get(officer_id)
        if mine is None:
            unmet.append(Unmet(_why_idle(problem, officer_id), officer_id, officer_id, 0))
            continue
        made = [
            _make_task(problem, officer_id, start, floors)
            for start in share_days(problem, officer_id, mine, floors, previous)
        ]
        unmet += [one for _, more in made for one in more]
        theirs = [task for task, _ in made if task]
        tasks += theirs
        if pd.isna(problem.officers.loc[officer_id, ["lon", "lat"]]).any():
            unmet.append(Unmet("post_unknown", officer_id, officer_id, 0))
        if not theirs:
            unmet.append(Unmet("no_households", officer_id, officer_id, 0))
    return tasks, unmet


def _tabulate(problem: Problem) -> pd.DataFrame:
    """Make the table of households by id: officer, opening times, days, and why one is left out."""
    source = problem.households.sort_index()
    table = source[["lon", "lat", "village_code"]].astype({"lon": np.float64, "lat": np.float64})
    table["prize"] = source["prize"].astype(np.float64)
    table["locked_on"] = pd.Series(dict(problem.locks), dtype="object").reindex(table.index)
    locked = table["locked_on"].notna()
    table["must"] = (
        locked if "must" not in source else locked | source["must"].fillna(value=False).astype(bool)
    )
    windows = (("open_from_s", 0), ("open_until_s", DAY_S))
    for name, default in windows:
        given = source[name].astype(np.float64) if name in source else pd.Series(np.nan, index=table.index)
        table[name] = given.fillna(default)
    for name, edge, narrower in (
        ("retry_from_s", "open_from_s", np.maximum),
        ("retry_until_s", "open_until_s", np.minimum),
    ):
        table[name] = (
            narrower(table[edge], source[name].fillna(table[edge])) if name in source else table[edge]
        )
    last = pd.Series(source.get("last_visit_on", pd.NaT), index=source.index)
    table["rested_on"] = pd.to_datetime(last) + pd.Timedelta(days=problem.rules.rest_days)
    table["officer_id"] = _share_out(table, problem)
    table["reason"] = _reasons(table, problem)
    return table


def _share_out(table: pd.DataFrame, problem: Problem) -> pd.Series:
    """Assign an officer to each household; officers who share a village get a strip of it each."""
    tied = list_officer_villages(problem.officers)
    tied["working"] = [bool(problem.list_days(name)) for name in tied["officer_id"]]
    working = tied.groupby("village_code")["working"].transform("any")
    tied = tied[tied["working"] | ~working]
    counts = tied["village_code"].value_counts()
    sole = tied[tied["village_code"].map(counts) == 1].set_index("village_code")["officer_id"]
    officer = table["village_code"].map(sole).astype("object")
    for code, names in tied[tied["village_code"].map(counts) > 1].groupby("village_code")["officer_id"]:
        mine = table[table["village_code"] == code]
        wide = "lon" if np.ptp(mine["lon"].fillna(0)) >= np.ptp(mine["lat"].fillna(0)) else "lat"
        posts = problem.officers.loc[sorted(names), wide].astype(np.float64)
        order = posts.sort_values(kind="stable").index.to_numpy(dtype=object)
        strip = np.empty(len(mine), dtype=np.int64)
        strip[np.argsort(mine[wide].to_numpy(), kind="stable")] = (
            np.arange(len(mine)) * len(order) // len(mine)
        )
        officer.loc[mine.index] = order[strip]
    return officer.astype("str")


def _reasons(table: pd.DataFrame, problem: Problem) -> pd.Series:
    """Return why a household can't be visited; empty where it can."""
    days = pd.Series({name: problem.list_days(name) for name in problem.officers.index}, dtype="object")
    last_day = days.map(lambda mine: pd.Timestamp(mine[-1]) if mine else pd.NaT)
    last_day = table["officer_id"].map(pd.to_datetime(last_day))
    locked = table["locked_on"].notna()
    works = pd.Series(
        [
            isinstance(name, str) and bool(days[name]) and (not is_locked or day in days[name])
            for name, day, is_locked in zip(table["officer_id"], table["locked_on"], locked, strict=True)
        ],
        index=table.index,
        dtype=bool,
    )
    shifts, service = problem.rules.shifts, problem.rules.service_s
    starts = [np.maximum(table["open_from_s"], shift.start_s) for shift in shifts]
    ends = [np.minimum(table["open_until_s"], shift.end_s) for shift in shifts]
    is_open = np.any([end - start >= service for start, end in zip(starts, ends, strict=True)], axis=0)
    tests: list[tuple[UnmetReason, NDArray[np.bool_]]] = [
        ("must_no_point", (table["lon"].isna() | table["lat"].isna()).to_numpy()),
        ("must_no_officer", table["officer_id"].isna().to_numpy()),
        ("must_not_working", ~works.to_numpy()),
        ("must_resting", (~locked & (table["rested_on"] > last_day)).to_numpy()),
        ("must_not_open", ~is_open),
    ]
    chosen = np.select([test for _, test in tests], [name for name, _ in tests], default="")
    return pd.Series(chosen, index=table.index)


def _explain_left_out(problem: Problem, table: pd.DataFrame) -> list[Unmet]:
    left_out = table[table["must"] & (table["reason"] != "")]
    owners = left_out["officer_id"].fillna("")
    unmet = [
        Unmet(reason, str(household), str(officer))
        for household, officer, reason in zip(left_out.index, owners, left_out["reason"], strict=True)
    ]
    if not problem.days:
        unmet.append(Unmet("no_working_days", "all", "", 0))
    return unmet


def _why_idle(problem: Problem, officer_id: str) -> UnmetReason:
    if not problem.list_days(officer_id):
        return "no_working_days"
    villages = str(problem.officers["villages"].fillna("").loc[officer_id])
    return "no_households" if villages.split() else "no_villages"


def _make_task(
    problem: Problem, officer_id: str, start: Start, floors: pd.Series
) -> tuple[OfficerTask | None, list[Unmet]]:
    unmet: list[Unmet] = []
    days, rules, mine, post = start.days, problem.rules, start.homes, start.post
    floor = find_officer_floor(floors, officer_id)
    floor = floor[floor.index.isin(start.villages)]
    kept, ways, is_beyond = choose_candidates(problem, mine, floor, len(days), post)
    too_far = mine.index[mine["must"].to_numpy() & ~mine.index.isin(kept.index)]
    unmet += [Unmet("must_too_far", str(household), officer_id) for household in too_far]
    unmet += name_far_villages(mine, is_beyond, floor, post)
    if kept.empty:
        return None, unmet
    kept = _narrow_to_retries(kept, ways.seconds, rules)
    codes = tuple(floor.index)
    task = OfficerTask(
        officer_id=officer_id,
        post=(float(post["lon"]), float(post["lat"])),
        household_ids=tuple(kept.index.astype("str")),
        days=days,
        rules=rules,
        seconds=ways.seconds,
        metres=ways.metres,
        open_from=kept["retry_from_s"].to_numpy(dtype=np.int64),
        open_until=kept["retry_until_s"].to_numpy(dtype=np.int64),
        at_home_from=kept["open_from_s"].to_numpy(dtype=np.int64),
        at_home_until=kept["open_until_s"].to_numpy(dtype=np.int64),
        allowed=_allowed_days(kept, days),
        prize=kept["prize"].to_numpy(),
        must=kept["must"].to_numpy(dtype=bool),
        village=pd.Index(codes).get_indexer(kept["village_code"]).astype(np.int64),
        village_codes=codes,
        floor=floor.to_numpy(dtype=np.int64),
    )
    return task, unmet


def _narrow_to_retries(mine: pd.DataFrame, seconds: NDArray[np.int64], rules: PlanRules) -> pd.DataFrame:
    """Give up the hours of a retry where nobody could get there in them."""
    hours = {"open_from_s": mine["retry_from_s"], "open_until_s": mine["retry_until_s"]}
    fits = can_be_reached(mine.assign(**hours), seconds[0, 1:], seconds[1:, 0], rules)
    return mine.assign(
        retry_from_s=mine["retry_from_s"].where(fits, mine["open_from_s"]),
        retry_until_s=mine["retry_until_s"].where(fits, mine["open_until_s"]),
    )


def _allowed_days(kept: pd.DataFrame, days: tuple[date, ...]) -> NDArray[np.bool_]:
    """Return a mask, households by days, of allowed days: the locked day, or those after the rest days."""
    locked = kept["locked_on"].notna().to_numpy()
    rested = kept["rested_on"].to_numpy()
    allowed = np.empty((len(kept), len(days)), dtype=bool)  # without columns where a post has no day
    for column, day in enumerate(days):
        after_rest = np.isnat(rested) | (rested <= np.datetime64(day))
        on_lock = np.array([lock == day for lock in kept["locked_on"]], dtype=bool)
        allowed[:, column] = np.where(locked, on_lock, after_rest)
    return allowed
