"""The weekly plan against OR-Tools and VROOM in the same time, and against the clock for a regency."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from multiprocessing import get_context
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np
import vroom
from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from geo.routes import Plan, PlanRules, Problem, SearchEffort, check_plan, plan_week
from geo.routes.schedule import Schedule
from geo.routes.search import search_schedule, share_visits
from geo.routes.solve import _write
from geo.routes.tasks import OfficerTask, split_into_tasks
from tests.benchmarks.memory import peak_bytes
from tests.benchmarks.rows import Benchmark, Row, Sizes
from tests.geo.weeks import attainable, make_week

if TYPE_CHECKING:
    from collections.abc import Callable

SECONDS = 10.0
LEAST_SHARE = 0.88
UNLIMITED = PlanRules(max_visits=25, floor_share=0)  # more than a day can hold out there
WIDE_M = 20_000.0  # an officer's land so wide that the clock, not the number of visits, is what binds
PLENTY = 10**6  # steps: only the clock ends the search
MOST_MB, MOST_SECONDS, REGENCY_SECONDS = 2_000.0, 60.0, 600.0
MOST_LOST = 0.02
_DECIMALS = 1_000  # of a prize, for solvers that want whole numbers
_VROOM_PRIORITIES, _VROOM_EXPLORATION = 100, 5


def wide_land(sizes: Sizes) -> Row:
    """500 households, 5 officers, 5 days, a fifth with windows of two hours; share of all points."""
    return _against_peers(sizes, "wide land, no limit of visits", UNLIMITED, WIDE_M, _all_points)


def eight_a_day(sizes: Sizes) -> Row:
    """The same with at most eight visits a day, in villages; the share of what so many visits can hold."""
    return _against_peers(sizes, "8 visits a day", PlanRules(floor_share=0), 3_500.0, attainable)


def violations(sizes: Sizes) -> Row:
    """Check the plans of 50 weeks."""
    n = 50 if sizes.rated else 5
    found = 0
    for seed in range(n):
        week = make_week(seed)
        found += len(check_plan(week, plan_week(week, seed=seed, effort=SearchEffort(steps=60, workers=1))))
    return Row(f"Weekly plans of {n} seeds, broken rules", str(found), "0", found == 0)


def many_candidates(sizes: Sizes) -> Row:
    """20 officers and 4,000 households by the default effort, against ten times the steps."""
    week = make_week(7, n=4_000 if sizes.rated else 400, officers=20 if sizes.rated else 4)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:  # for its own peak of memory
        seconds, memory_mb, prize, broken = alone.submit(_plan_alone, week, SearchEffort()).result()
    longer = plan_week(week, effort=SearchEffort(steps=10 * SearchEffort().steps, seconds=REGENCY_SECONDS))
    lost = 1 - prize / longer.prize
    return Row(
        name=f"Weekly plan of {len(week.officers)} officers, {len(week.households):,} households",
        measured=f"{seconds:.1f} s",
        wanted=f"<= {MOST_SECONDS:g} s",
        passed=seconds <= MOST_SECONDS and memory_mb <= MOST_MB and lost <= MOST_LOST and broken == 0,
        note=f"{memory_mb:.0f} of {MOST_MB:.0f} MB, {100 * lost:.2f} % below ten times the steps",
    )


def regency(sizes: Sizes) -> Row:
    """217 officers on two cores."""
    n = 217 if sizes.rated else 8
    week = make_week(8, n=300 * n, officers=n)
    start = perf_counter()
    plan = plan_week(week, effort=SearchEffort(seconds=REGENCY_SECONDS))
    seconds = perf_counter() - start
    return Row(
        name=f"Weekly plan of a regency: {n} officers, {len(week.households):,} households",
        measured=f"{seconds:.0f} s",
        wanted=f"<= {REGENCY_SECONDS:g} s",
        passed=seconds <= REGENCY_SECONDS and check_plan(week, plan) == [],
        note=f"{len(plan.stops):,} visits, {len(plan.cut_short)} cut short",
    )


def _against_peers(
    sizes: Sizes, name: str, rules: PlanRules, side_m: float, most: Callable[[Problem], float]
) -> Row:
    """Run own, OR-Tools, VROOM on one week after another; each has the same seconds, in one process.

    The peers get the same tasks, officer by officer, and no floors, which they don't know.
    """
    seconds = SECONDS if sizes.rated else 2.0
    shares: dict[str, list[float]] = {"own": [], "OR-Tools": [], "VROOM": []}
    solvers = {"own": _own, "OR-Tools": _or_tools, "VROOM": _vroom}
    for seed in range(3 if sizes.rated else 1):
        week = make_week(seed, rules=rules, side_m=side_m)
        tasks = split_into_tasks(week)[0]
        for solver, solve in solvers.items():
            weeks = [solve(task, seconds / len(tasks)) for task in tasks]
            plan = _write(weeks, [], seed, ())
            shares[solver].append(plan.prize / most(week) if _feasible(week, plan) else 0.0)
    middle = {solver: median(values) for solver, values in shares.items()}
    peers = max(middle["OR-Tools"], middle["VROOM"])
    return Row(
        name=f"Points of a weekly plan in {seconds:g} s, {name}",
        measured=f"{100 * middle['own']:.1f} %",
        wanted=f">= {100 * LEAST_SHARE:g} %",
        passed=middle["own"] >= LEAST_SHARE and middle["own"] >= peers - 1e-9,
        note=", ".join(f"{solver} {100 * share:.1f} %" for solver, share in middle.items()),
    )


def _feasible(week: Problem, plan: Plan) -> bool:
    return check_plan(week, plan) == []


def _all_points(week: Problem) -> float:
    return float(week.households["prize"].sum())


def _own(task: OfficerTask, seconds: float) -> Schedule:
    return search_schedule(task, seed=1, steps=PLENTY, seconds=seconds).week


def _or_tools(task: OfficerTask, seconds: float) -> Schedule:
    slots, rooms = list(Schedule(task).routes), share_visits(task)
    manager = pywrapcp.RoutingIndexManager(len(task.prize) + 1, len(slots), 0)
    routing = pywrapcp.RoutingModel(manager)
    ways, service = task.seconds.tolist(), task.rules.service_s

    def way(a: int, b: int) -> int:
        return ways[manager.IndexToNode(a)][manager.IndexToNode(b)]

    def way_and_service(a: int, b: int) -> int:
        return way(a, b) + (service if manager.IndexToNode(a) else 0)

    routing.SetArcCostEvaluatorOfAllVehicles(routing.RegisterTransitCallback(way))
    clock = routing.RegisterTransitCallback(way_and_service)
    routing.AddDimension(clock, 86_400, 86_400, False, "time")
    one = routing.RegisterUnaryTransitCallback(lambda a: int(manager.IndexToNode(a) > 0))
    capacities = [int(rooms[day, shift]) for day, shift in slots]
    routing.AddDimensionWithVehicleCapacity(one, 0, capacities, True, "visits")
    time = routing.GetDimensionOrDie("time")
    for i, prize in enumerate(task.prize):
        node = manager.NodeToIndex(i + 1)
        time.CumulVar(node).SetRange(int(task.open_from[i]), int(task.open_until[i]) - service)
        routing.AddDisjunction([node], round(prize * 7_200))
    for vehicle, (_, shift) in enumerate(slots):
        hours = task.rules.shifts[shift]
        for end in (routing.Start(vehicle), routing.End(vehicle)):
            time.CumulVar(end).SetRange(hours.start_s, hours.end_s)
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    parameters.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    parameters.time_limit.FromMilliseconds(int(1_000 * seconds))
    found, week = routing.SolveWithParameters(parameters), Schedule(task)
    for vehicle, slot in enumerate(slots if found else []):
        index = found.Value(routing.NextVar(routing.Start(vehicle)))
        while not routing.IsEnd(index):
            week.routes[slot].append(manager.IndexToNode(index) - 1)
            index = found.Value(routing.NextVar(index))
    return week


def _vroom(task: OfficerTask, seconds: float) -> Schedule:
    slots, rooms = list(Schedule(task).routes), share_visits(task)
    problem = vroom.Input()
    problem.set_durations_matrix("car", task.seconds.astype(np.uint32))
    for vehicle, (day, shift) in enumerate(slots):
        hours = task.rules.shifts[shift]
        window, room = [hours.start_s, hours.end_s], [int(rooms[day, shift])]
        problem.add_vehicle(vroom.Vehicle(vehicle, start=0, end=0, capacity=room, time_window=window))
    priority = np.rint(task.prize / task.prize.max() * _VROOM_PRIORITIES).astype(int)
    for i in range(len(task.prize)):
        window = [int(task.open_from[i]), int(task.open_until[i]) - task.rules.service_s]
        problem.add_job(
            vroom.Job(
                i,
                location=i + 1,
                default_service=task.rules.service_s,
                delivery=[1],
                priority=int(priority[i]),
                time_windows=[window],
            )
        )
    limit = timedelta(seconds=seconds)
    solution = problem.solve(exploration_level=_VROOM_EXPLORATION, nb_threads=1, timeout=limit)
    week = Schedule(task)
    jobs = solution.routes[solution.routes["type"] == "job"]
    for vehicle, job in zip(jobs["vehicle_id"], jobs["id"], strict=True):
        week.routes[slots[int(vehicle)]].append(int(job))
    return week


def _plan_alone(week: Problem, effort: SearchEffort) -> tuple[float, float, float, int]:
    """Seconds, megabytes of this process and its helpers, points, and broken rules."""
    start = perf_counter()
    plan = plan_week(week, effort=effort)
    seconds = perf_counter() - start
    helpers = effort.workers * getrusage(RUSAGE_CHILDREN).ru_maxrss * 1024
    return seconds, (peak_bytes() + helpers) / 2**20, plan.prize, len(check_plan(week, plan))


BENCHMARKS: list[Benchmark] = [wide_land, eight_a_day, violations, many_candidates, regency]
