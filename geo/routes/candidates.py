"""The households that an officer's search considers: within reach of the post, the best by prize."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from geo.ground import measure_ground_distance, project_locally
from geo.routes.plan import Unmet
from geo.routes.travel import UNREACHABLE_S, TravelMatrix

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.routes.problem import PlanRules, Problem

CANDIDATES_PER_SLOT = 6
FEWEST_CANDIDATES, MOST_CANDIDATES = 60, 600
"""Households that a search considers for each visit an officer can make, the best by prize and that of their
neighbours, with the limits for an officer: more take time and hardly change the plan."""
_NEIGHBOURS, _NEIGHBOUR_WEIGHT = 8, 0.5
_FLOOR_CHOICE = 3  # households of a village kept as candidates for each visit of its floor
_METRES_PER_KM = 1_000


def choose_candidates(
    problem: Problem, mine: pd.DataFrame, floor: pd.Series, n_days: int, post: pd.Series
) -> tuple[pd.DataFrame, TravelMatrix, pd.Series]:
    """Choose the households that a search considers, all within reach of the post.

    What lies beyond the fastest way, or proves to be out of reach on the roads, takes no candidate's place; a
    village none of whose candidates can be reached is out of reach as a whole.

    Parameters
    ----------
    problem
        The week's problem.
    mine
        The officer's households that can be visited, as `geo.routes.tasks` tabulates them.
    floor
        Minimum number of visits by village code.
    n_days
        Working days of the officer.
    post
        ``lon`` and ``lat`` of the post.

    Returns
    -------
    tuple of pandas.DataFrame, TravelMatrix and pandas.Series
        The candidates in the order of their ids, travel between the post and them, and which of ``mine`` lie
        too far for any shift, whatever the hours at which somebody is home.
    """
    n_slots, rules = n_days * problem.rules.max_visits, problem.rules
    there = back = _bound_times(problem, mine, post)
    is_far = pd.Series(~can_be_reached(mine, there, back, rules), index=mine.index)
    taken = pd.Series(there + back, index=mine.index)
    while True:
        chosen = _choose_best(mine[~is_far], floor, n_slots)
        ways = problem.travel.between(*_put_first(post, chosen))
        there, back = ways.seconds[0, 1:], ways.seconds[1:, 0]
        near = can_be_reached(chosen, there, back, rules)
        taken.loc[chosen.index] = there + back
        lost = chosen.index[~near]
        hopeless = set(chosen["village_code"]) - set(chosen.loc[near, "village_code"])
        left = mine.index[~is_far & mine["village_code"].isin(hopeless)].difference(chosen.index)
        is_far.loc[lost] = is_far.loc[left] = True
        taken.loc[left] = UNREACHABLE_S
        if not len(lost) or is_far.all():
            places = np.flatnonzero(np.insert(near, 0, values=True))
            inside = np.ix_(places, places)
            longest = max(shift.end_s - shift.start_s for shift in rules.shifts)
            is_beyond = is_far & (taken + rules.service_s > longest)
            return chosen[near], TravelMatrix(ways.seconds[inside], ways.metres[inside]), is_beyond


def name_far_villages(
    mine: pd.DataFrame, is_beyond: pd.Series, floor: pd.Series, post: pd.Series
) -> list[Unmet]:
    """Name the villages all of whose households lie too far, with the distance of the nearest.

    Parameters
    ----------
    mine, is_beyond, floor, post
        As `choose_candidates` takes and returns them.

    Returns
    -------
    list of Unmet
        One ``village_too_far`` for each of these villages; the visits missing are those of its floor.
    """
    far = mine[is_beyond.groupby(mine["village_code"]).transform("all").to_numpy(dtype=bool)]
    lon, lat = _put_first(post, far)
    first = np.zeros(len(far), dtype=np.intp)
    km = measure_ground_distance(lon[first], lat[first], lon[1:], lat[1:]) / _METRES_PER_KM
    nearest = pd.Series(km, index=far["village_code"]).groupby(level=0).min()
    return [
        Unmet("village_too_far", str(code), far["officer_id"].iloc[0], int(floor.get(code, 0)), round(km, 1))
        for code, km in nearest.to_dict().items()
    ]


def _put_first(post: pd.Series, homes: pd.DataFrame) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the coordinates of the post and of households after it."""
    lon, lat = (np.insert(homes[name].to_numpy(), 0, post[name]) for name in ("lon", "lat"))
    return lon, lat


def _bound_times(problem: Problem, mine: pd.DataFrame, post: pd.Series) -> NDArray[np.int64]:
    return problem.travel.bound_times(*_put_first(post, mine))[1:]


def can_be_reached(
    mine: pd.DataFrame, there: NDArray[np.int64], back: NDArray[np.int64], rules: PlanRules
) -> NDArray[np.bool_]:
    """Return a mask of the households that fit alone into a shift, by the seconds there and back."""
    fits = np.zeros(len(mine), dtype=bool)
    for shift in rules.shifts:
        end = np.maximum(shift.start_s + there, mine["open_from_s"].to_numpy()) + rules.service_s
        fits |= (end <= mine["open_until_s"].to_numpy()) & (end + back <= shift.end_s)
    return fits


def _choose_best(mine: pd.DataFrame, floor: pd.Series, n_slots: int) -> pd.DataFrame:
    """Choose the best households by prize, with enough of each village for its floor."""
    most = int(np.clip(CANDIDATES_PER_SLOT * n_slots, FEWEST_CANDIDATES, MOST_CANDIDATES))
    if len(mine) <= most:
        return mine
    x, y = project_locally(
        mine["lon"].to_numpy(), mine["lat"].to_numpy(), west=mine["lon"].min(), south=mine["lat"].mean()
    )
    places = np.column_stack([x, y])
    near = cKDTree(places).query(places, k=min(_NEIGHBOURS, len(mine)))[1]
    prize = mine["prize"].to_numpy()
    score = pd.Series(prize + _NEIGHBOUR_WEIGHT * prize[near].mean(axis=1), index=mine.index)
    ranked = score.sort_values(ascending=False, kind="stable").index
    in_village = mine.loc[ranked].groupby("village_code").cumcount()
    wanted = _FLOOR_CHOICE * mine.loc[ranked, "village_code"].map(floor).fillna(0)
    first = mine.loc[ranked, "must"] | (in_village < wanted)
    kept = [*ranked[first], *ranked[~first]][: max(most, int(first.sum()))]
    return mine.loc[mine.index.isin(kept)]
