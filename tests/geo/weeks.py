"""Small weeks of visits made by hand or by seed, for the tests of routes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.routes import PlanRules, Problem, SearchEffort, Shift, list_working_days

if TYPE_CHECKING:
    from collections.abc import Sequence

WEEK = "2026-W48"
DAYS = list_working_days(WEEK)
EVENING = Shift("evening", 16 * 3_600, 18 * 3_600)
LON, LAT = 111.45, -7.4
METRES_EAST, METRES_NORTH = 110_396.0, 110_580.0  # of a degree at LAT, near enough
QUICK = SearchEffort(steps=150, seconds=60, workers=1)


def make_homes(
    *places: tuple[float, float], prize: Sequence[float] | float = 1.0, village: str = "v"
) -> pd.DataFrame:
    """Make households at (metres east, metres north) of the post, named h1, h2 …"""
    east, north = np.array(places, dtype=float).reshape(-1, 2).T
    return pd.DataFrame(
        {
            "lon": LON + east / METRES_EAST,
            "lat": LAT + north / METRES_NORTH,
            "village_code": village,
            "prize": np.broadcast_to(np.asarray(prize, dtype=float), len(east)),
        },
        index=[f"h{number}" for number in range(1, len(east) + 1)],
    )


def make_officers(**villages: str) -> pd.DataFrame:
    """Make officers, by name, with the post in the middle."""
    return pd.DataFrame({"villages": list(villages.values()), "lon": LON, "lat": LAT}, index=list(villages))


def make_week(
    seed: int, *, n: int = 500, officers: int = 5, side_m: float = 3_500.0, rules: PlanRules | None = None
) -> Problem:
    """Make a week of officers with two villages each, a fifth of the households at home for two hours."""
    rng = np.random.default_rng(seed)
    of = np.arange(n) % officers
    west, south = (of % 15) * side_m, (of // 15) * side_m
    east, north = west + rng.uniform(0, side_m, n), south + rng.uniform(0, side_m, n)
    homes = make_homes(*zip(east, north, strict=True), prize=np.round(rng.gamma(2, 2.5, n) + 0.5, 1))
    homes.index = [f"h{number:06d}" for number in range(n)]
    homes["village_code"] = [f"v{a}{b}" for a, b in zip(of, (rng.random(n) < 0.4).astype(int), strict=True)]
    period, start = rng.random(n) < 0.2, rng.integers(8, 15, n) * 3_600.0
    homes["open_from_s"] = np.where(period, start, np.nan)
    homes["open_until_s"] = np.where(period, start + 7_200, np.nan)
    number = np.arange(officers)
    people = pd.DataFrame(
        {
            "villages": [f"v{i}0 v{i}1" for i in number],
            "lon": LON + ((number % 15) + 0.5) * side_m / METRES_EAST,
            "lat": LAT + ((number // 15) + 0.5) * side_m / METRES_NORTH,
        },
        index=[f"o{i:03d}" for i in number],
    )
    return Problem(homes, people, DAYS, rules=rules or PlanRules())


def attainable(problem: Problem) -> float:
    """Add up the best prizes that the visit slots of each officer could hold: no plan collects more."""
    homes, total = problem.households, 0.0
    for officer, text in problem.officers["villages"].items():
        slots = len(problem.days_of(str(officer))) * problem.rules.max_visits
        total += homes.loc[homes["village_code"].isin(text.split()), "prize"].nlargest(slots).sum()
    return float(total)
