"""Independent check of a plan against every rule, sharing no code with the search."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import pandas as pd
import pyproj

from geo.checks import require_columns
from geo.errors import Phrase
from geo.routes.plan import ROUTE_COLUMNS, STOP_COLUMNS
from geo.routes.travel import StraightLine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from geo.routes.plan import Plan
    from geo.routes.problem import Problem

RuleName = Literal[
    "unknown_officer",
    "unknown_household",
    "unknown_shift",
    "visited_twice",
    "not_a_working_day",
    "on_leave",
    "not_own_village",
    "too_many_visits",
    "wrong_service_time",
    "outside_opening",
    "outside_shift",
    "too_fast",
    "resting",
    "lock_broken",
    "wrong_prize",
    "wrong_order",
    "routes_disagree",
    "must_not_named",
    "must_could_fit",
    "floor_not_named",
]

RULES: Final[dict[RuleName, Phrase]] = {
    "unknown_officer": Phrase("The plan includes an unknown officer: {officer}."),
    "unknown_household": Phrase(
        "The plan includes a household that is not registered or has no point: {subject}."
    ),
    "unknown_shift": Phrase("The plan has an unknown shift for {subject}."),
    "visited_twice": Phrase("{subject} is visited twice in the week."),
    "not_a_working_day": Phrase("{subject} is visited on {day}, which is not a working day."),
    "on_leave": Phrase("{officer} is away on {day} but is scheduled to visit {subject}."),
    "not_own_village": Phrase("{subject} is not in any of {officer}'s villages."),
    "too_many_visits": Phrase("{officer} has too many visits on {day}."),
    "wrong_service_time": Phrase("The visit to {subject} does not have the planned length."),
    "outside_opening": Phrase("{subject} is visited when nobody is at home."),
    "outside_shift": Phrase("A route of {officer} on {day} extends beyond the shift."),
    "too_fast": Phrase("{officer} would need more travel time on {day}."),
    "resting": Phrase("{subject} is visited again too soon."),
    "lock_broken": Phrase("{subject} is not visited on the chosen day."),
    "wrong_prize": Phrase("The points of {subject} do not match those of the household."),
    "wrong_order": Phrase("The stops of {officer} on {day} are not numbered in order of time."),
    "routes_disagree": Phrase("The route of {officer} on {day} does not match its stops."),
    "must_not_named": Phrase("{subject} must be visited but is not scheduled, and the plan gives no reason."),
    "must_could_fit": Phrase("{subject} must be visited and would fit on a free day, but is not scheduled."),
    "floor_not_named": Phrase(
        "{subject} gets fewer visits than its minimum, and the plan does not report it."
    ),
}
"""A sentence for each rule that is broken, with its ``subject``, ``officer`` and ``day``."""

_KEYS: Final = ["officer_id", "day", "shift"]
_ACCURACY = 1e-3  # relative error of straight-line distances against the geodesic
_METRES_PER_KM, _SECONDS_PER_HOUR = 1_000, 3_600
_LEAST_PRIZE_DIFFERENCE = 1e-6


@dataclass(frozen=True)
class Violation:
    """One rule that a plan breaks.

    Attributes
    ----------
    rule
        Name of the rule.
    subject
        Household, officer or village for which it is broken.
    officer_id
        Officer whose week it is; empty if none.
    day
        Local day as 2026-11-23; empty if it concerns the whole week.
    """

    rule: RuleName
    subject: str
    officer_id: str = ""
    day: str = ""


def check_plan(problem: Problem, plan: Plan) -> list[Violation]:
    """Check a plan against every rule of its problem.

    Travel times are measured again: straight lines along the geodesic, otherwise on the road network.

    Parameters
    ----------
    problem
        The week's problem.
    plan
        A plan for it, from the search or edited by hand.

    Returns
    -------
    list of Violation
        Empty if the plan keeps all rules. An unmet must-visit or floor is not a violation if the plan lists
        it in ``unmet`` and no free day could hold it.

    Raises
    ------
    ColumnError
        If a table of the plan lacks a column.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from geo.routes import SearchEffort, Problem, plan_week, list_working_days
    >>> households = pd.DataFrame(
    ...     {"lon": [111.001], "lat": -7.4, "village_code": "v", "prize": 1.0}, index=["a"]
    ... )
    >>> officers = pd.DataFrame({"villages": ["v"], "lon": [111.0], "lat": [-7.4]}, index=["o"])
    >>> week = Problem(households, officers, list_working_days("2026-W48"))
    >>> plan = plan_week(week, effort=SearchEffort(steps=10, workers=1))
    >>> check_plan(week, plan)
    []
    >>> early = plan.stops.assign(end_s=plan.stops["end_s"] - 60)
    >>> check_plan(week, replace(plan, stops=early))[0].rule
    'wrong_service_time'
    """
    require_columns(plan.stops, STOP_COLUMNS, Phrase("stops"))
    require_columns(plan.routes, ROUTE_COLUMNS, Phrase("routes"))
    stops = plan.stops.reset_index(drop=True)
    found = list(_unknown(problem, stops))
    if found:
        return found  # nothing else can be checked
    return [
        *_who_and_when(problem, stops),
        *_visits(problem, stops),
        *_order(stops),
        *_clock(problem, plan, stops),
        *_musts(problem, plan, stops),
        *_floors(problem, plan, stops),
    ]


def _report(
    rule: RuleName, stops: pd.DataFrame, broken: NDArray[np.bool_] | pd.Series
) -> Iterator[Violation]:
    rows = stops[np.asarray(broken, dtype=bool)]
    days = pd.DatetimeIndex(rows["day"]).strftime("%Y-%m-%d")
    for household, officer, day in zip(rows["household_id"], rows["officer_id"], days, strict=True):
        yield Violation(rule, str(household), str(officer), str(day))


def _unknown(problem: Problem, stops: pd.DataFrame) -> Iterator[Violation]:
    yield from _report("unknown_officer", stops, ~stops["officer_id"].isin(problem.officers.index))
    yield from _report("unknown_household", stops, ~stops["household_id"].isin(problem.households.index))
    names = [shift.name for shift in problem.rules.shifts]
    yield from _report("unknown_shift", stops, ~stops["shift"].isin(names))
    placed = problem.households[["lon", "lat"]].notna().all(axis=1)
    known = stops["household_id"].isin(placed.index)
    homeless = known & ~stops["household_id"].map(placed).fillna(value=False).astype(bool)
    yield from _report("unknown_household", stops, homeless)


def _who_and_when(problem: Problem, stops: pd.DataFrame) -> Iterator[Violation]:
    yield from _report("visited_twice", stops, stops["household_id"].duplicated())
    day = stops["day"].dt.date
    yield from _report("not_a_working_day", stops, ~day.isin(problem.days))
    pairs = zip(stops["officer_id"], day, strict=True)
    away = [when in problem.leave.get(officer, ()) for officer, when in pairs]
    yield from _report("on_leave", stops, np.array(away, dtype=bool))
    tied = problem.officers["villages"].fillna("").str.split().map(frozenset)
    village = stops["household_id"].map(problem.households["village_code"])
    own = [code in codes for code, codes in zip(village, stops["officer_id"].map(tied), strict=True)]
    yield from _report("not_own_village", stops, ~np.array(own, dtype=bool))
    counts = stops.groupby(["officer_id", "day"]).size().reset_index(name="n")
    many = counts[counts["n"] > problem.rules.max_visits]
    for officer, when in zip(many["officer_id"], many["day"], strict=True):
        yield Violation("too_many_visits", str(officer), str(officer), f"{when:%Y-%m-%d}")


def _visits(problem: Problem, stops: pd.DataFrame) -> Iterator[Violation]:
    homes = problem.households.reindex(stops["household_id"]).reset_index(drop=True)
    lasts = stops["end_s"] - stops["start_s"]
    yield from _report("wrong_service_time", stops, lasts != problem.rules.service_s)
    for column, too in (("open_from_s", stops["start_s"].lt), ("open_until_s", stops["end_s"].gt)):
        if column in homes:
            yield from _report("outside_opening", stops, too(homes[column]))  # comparisons with NaN are False
    locked = stops["household_id"].map(dict(problem.locks))
    moved = locked.notna() & (locked != stops["day"].dt.date)
    yield from _report("lock_broken", stops, moved)
    if "last_visit_on" in homes:
        since = (stops["day"] - pd.to_datetime(homes["last_visit_on"])).dt.days
        yield from _report("resting", stops, (since < problem.rules.rest_days) & locked.isna())
    differs = (homes["prize"].astype(np.float64) - stops["prize"]).abs() > _LEAST_PRIZE_DIFFERENCE
    yield from _report("wrong_prize", stops, differs | (homes["village_code"] != stops["village_code"]))


def _order(stops: pd.DataFrame) -> Iterator[Violation]:
    by_time = stops.sort_values(["officer_id", "day", "start_s"], kind="stable")
    number = by_time.groupby(["officer_id", "day"]).cumcount() + 1
    yield from _report("wrong_order", by_time, number != by_time["order"])


def _clock(problem: Problem, plan: Plan, stops: pd.DataFrame) -> Iterator[Violation]:
    """Check the times of every route from the post and back."""
    shifts = {shift.name: shift for shift in problem.rules.shifts}
    numbers = zip(*(plan.routes[name] for name in ("leave_s", "back_s", "n_visits")), strict=True)
    keys = zip(*(plan.routes[name] for name in _KEYS), strict=True)
    routes = dict(zip(keys, numbers, strict=True))
    groups = dict(list(stops.sort_values("start_s", kind="stable").groupby(_KEYS)))
    if set(groups) != set(routes) or len(routes) < len(plan.routes):
        yield Violation("routes_disagree", "all")
        return
    starts: dict[tuple[str, object], set[int]] = {}
    for key, visits in groups.items():
        officer, day, name = key
        leave, back, n_visits = routes[key]
        shift = shifts[str(name)]
        where = (str(officer), str(officer), f"{day:%Y-%m-%d}")
        if n_visits != len(visits):
            yield Violation("routes_disagree", *where)
        if leave < shift.start_s or back > shift.end_s:
            yield Violation("outside_shift", *where)
        given = np.append(visits["start_s"], back) - np.insert(visits["end_s"].to_numpy(), 0, leave)
        posts = enumerate(_posts(problem, str(officer)))
        ids = visits["household_id"]
        fit = {i for i, post in posts if not (given < _way_times(problem, post, ids)).any()}
        both = starts[str(officer), day] = fit & starts.get((str(officer), day), fit)
        if not both:  # a day starts at one post, in all of its shifts
            yield Violation("too_fast", *where)


def _way_times(problem: Problem, post: dict[str, float], visited: pd.Series) -> NDArray[np.float64]:
    """Measure travel times from a post to each household in turn and back, in seconds."""
    homes = problem.households.loc[visited]
    lon, lat = (
        np.concatenate([[post[name]], homes[name].to_numpy(dtype=np.float64), [post[name]]])
        for name in ("lon", "lat")
    )
    if isinstance(problem.travel, StraightLine):
        metres = pyproj.Geod(ellps="WGS84").inv(lon[:-1], lat[:-1], lon[1:], lat[1:])[2]
        per_metre = _SECONDS_PER_HOUR / _METRES_PER_KM / problem.travel.speed_kmh
        return np.asarray(metres) * problem.travel.detour * per_metre * (1 - _ACCURACY)
    return np.diagonal(problem.travel.between(lon, lat).seconds, offset=1).astype(np.float64)


def _post(problem: Problem, officer: str) -> dict[str, float]:
    row = problem.officers.loc[officer]
    return {name: np.nan if pd.isna(row[name]) else float(row[name]) for name in ("lon", "lat")}


def _posts(problem: Problem, officer: str) -> list[dict[str, float]]:
    """List the posts at which a day of an officer may start: the own one, and those of the villages."""
    codes = str(problem.officers["villages"].fillna("").loc[officer]).split()
    others = [problem.posts[code] for code in dict.fromkeys(codes) if code in problem.posts]
    return [_post(problem, officer), *({"lon": lon, "lat": lat} for lon, lat in others)]


def _musts(problem: Problem, plan: Plan, stops: pd.DataFrame) -> Iterator[Violation]:
    homes = problem.households
    musts = set(homes.index[homes["must"].fillna(value=False).astype(bool)]) if "must" in homes else set()
    musts |= set(problem.locks) & set(homes.index)
    missing = musts - set(stops["household_id"])
    reasons = {one.subject: one for one in plan.unmet if one.reason.startswith("must_")}
    for household in sorted(missing - set(reasons)):
        yield Violation("must_not_named", str(household))
    for household in sorted(missing & set(reasons)):
        one = reasons[household]
        if one.reason == "must_no_time" and _could_fit(problem, stops, one.officer_id, household):
            yield Violation("must_could_fit", str(household), one.officer_id)


def _could_fit(problem: Problem, stops: pd.DataFrame, officer: str, household: str) -> bool:
    """Return whether the household alone would have fitted into a free day of the officer."""
    busy = set(stops.loc[stops["officer_id"] == officer, "day"].dt.date)
    away = problem.leave.get(officer, frozenset())
    free = [day for day in problem.days if day not in busy and day not in away]
    home = problem.households.loc[[household]].iloc[0].to_dict()
    lock = problem.locks.get(household)
    last = pd.Timestamp(home.get("last_visit_on", pd.NaT))
    rested = [
        day
        for day in free
        if day == lock
        or (lock is None and not (pd.Timestamp(day) - last).days < problem.rules.rest_days)  # NaT: never
    ]
    there, back = _way_times(problem, _post(problem, officer), pd.Series([household]))
    opens = np.nan_to_num(float(home.get("open_from_s", 0.0)), nan=0.0)
    closes = np.nan_to_num(float(home.get("open_until_s", np.inf)), nan=np.inf)
    fits = [
        (end := max(shift.start_s + np.ceil(there), opens) + problem.rules.service_s) <= closes
        and end + np.ceil(back) + 1 < shift.end_s
        for shift in problem.rules.shifts
    ]
    return bool(rested and any(fits))


def _floors(problem: Problem, plan: Plan, stops: pd.DataFrame) -> Iterator[Violation]:
    """Compute the floors again, by village over all its officers."""
    rules, homes = problem.rules, problem.households
    registered = homes["village_code"].value_counts() if problem.registered is None else problem.registered
    codes = {
        name: sorted(set(str(text).split())) for name, text in problem.officers["villages"].fillna("").items()
    }
    shared = pd.Series([code for mine in codes.values() for code in mine], dtype="str").value_counts()
    floors: dict[str, int] = {}
    for officer, mine in codes.items():
        weights = {code: float(registered.get(code, 0)) / int(shared[code]) for code in mine}
        total, n_days = (
            sum(weights.values()),
            len(problem.list_days(str(officer))),
        )
        for code, weight in weights.items():
            exact = rules.floor_share * n_days * rules.max_visits * weight / total if total else 0.0
            wanted = min(max(1, int(exact + 0.5)), math.ceil(weight)) if exact > 0 else 0
            floors[code] = floors.get(code, 0) + wanted
    named, short = _named_villages(plan)
    planned = stops["village_code"].value_counts()
    visitable = _visitable(problem)
    for code, floor in sorted(floors.items()):
        n_planned, n_visitable = int(planned.get(code, 0)), int(visitable.get(code, 0))
        untold = n_planned + named.get(code, 0) < floor
        # A reason other than time is believed only if no more households could be visited.
        untrue = n_planned + short.get(code, 0) < min(floor, n_visitable)
        if untold or untrue:
            yield Violation("floor_not_named", code)


def _named_villages(plan: Plan) -> tuple[dict[str, int], dict[str, int]]:
    """Return the visits missing to each village, for any reason and for lack of time."""
    named: dict[str, int] = {}
    short: dict[str, int] = {}
    for one in plan.unmet:
        if one.reason in ("floor_short", "floor_few", "village_too_far"):
            named[one.subject] = named.get(one.subject, 0) + one.missing
        if one.reason == "floor_short":
            short[one.subject] = short.get(one.subject, 0) + one.missing
    return named, short


def _visitable(problem: Problem) -> pd.Series:
    """Count by village the households certain to be visitable: near a post, at home, and rested."""
    homes, rules = problem.households, problem.rules
    sure = homes["lon"].notna() & homes["lat"].notna() & ~homes.index.isin(list(problem.locks))
    if "last_visit_on" in homes and problem.days:
        rested = pd.to_datetime(homes["last_visit_on"]) + pd.Timedelta(days=rules.rest_days)
        sure &= ~(rested > pd.Timestamp(problem.days[0]))
    candidates = homes[sure]
    places = candidates.groupby("village_code").indices
    reach = np.zeros(len(candidates), dtype=bool)
    for officer, text in problem.officers["villages"].fillna("").items():
        theirs = [places[code] for code in dict.fromkeys(str(text).split()) if code in places]
        if theirs and problem.list_days(str(officer)):
            mine = np.concatenate(theirs)
            reach[mine] |= _alone_in_shift(problem, str(officer), candidates.iloc[mine])
    return candidates.loc[reach, "village_code"].value_counts()


def _alone_in_shift(problem: Problem, officer: str, homes: pd.DataFrame) -> NDArray[np.bool_]:
    """Return a mask of the households that fit alone into a shift."""
    post, n = _post(problem, officer), len(homes)
    if not isinstance(problem.travel, StraightLine) or np.isnan(post["lon"]):
        return np.zeros(n, dtype=bool)  # on roads, rely on what the search reports
    lon, lat = (homes[name].to_numpy(dtype=np.float64) for name in ("lon", "lat"))
    metres = pyproj.Geod(ellps="WGS84").inv(np.full(n, post["lon"]), np.full(n, post["lat"]), lon, lat)[2]
    way = metres * problem.travel.detour * _SECONDS_PER_HOUR / _METRES_PER_KM / problem.travel.speed_kmh + 1
    zeros = pd.Series(0.0, index=homes.index)
    opens = homes["open_from_s"].fillna(0.0) if "open_from_s" in homes else zeros
    closes = homes["open_until_s"].fillna(np.inf) if "open_until_s" in homes else zeros + np.inf
    fits = np.zeros(n, dtype=bool)
    for shift in problem.rules.shifts:
        end = np.maximum(shift.start_s + way, opens) + problem.rules.service_s
        fits |= ((end <= closes) & (end + way <= shift.end_s)).to_numpy()
    return fits
