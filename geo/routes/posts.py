"""The posts at which an officer's days start: the own one, and those of villages far from it."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from datetime import date

    from geo.routes.plan import Plan
    from geo.routes.problem import Problem


class Start(NamedTuple):
    """The days of an officer that start at one post, and the households that are visited from it."""

    post: pd.Series
    """``lon`` and ``lat`` (WGS84)."""
    villages: tuple[str, ...]
    homes: pd.DataFrame
    days: tuple[date, ...]


def find_officer_floor(floors: pd.Series, officer_id: str) -> pd.Series:
    """Return the floor of each village of an officer, from those of all officers."""
    known = officer_id in floors.index.get_level_values(0)
    return floors[officer_id] if known else pd.Series(dtype=np.int64)


def share_days(
    problem: Problem, officer_id: str, mine: pd.DataFrame, floors: pd.Series, previous: Plan | None = None
) -> list[Start]:
    """Share the working days of an officer among the own post and the posts of far villages.

    Each village is visited from the post that is nearest in time. The days are shared in proportion to the
    best households, as many as the week holds visits, with enough for the floors and must-visits of each
    post; where there are more posts than days, the own post takes the villages of the least.

    Parameters
    ----------
    problem
        The week's problem.
    officer_id
        The officer.
    mine
        The officer's households that can be visited, as `geo.routes.tasks` tabulates them.
    floors
        As `geo.routes.problem.compute_village_floors` returns them.
    previous
        Last plan of the week: its days keep their posts if the same posts are used.

    Returns
    -------
    list of Start
        One for each post with villages, the own one first; all days and households without other posts.
    """
    days = problem.list_days(officer_id)
    own = pd.Series(problem.officers.loc[officer_id, ["lon", "lat"]], dtype=np.float64)
    own = pd.Series(mine[["lon", "lat"]].mean()) if own.isna().any() else own
    floor = find_officer_floor(floors, officer_id)
    codes = [str(code) for code in floor.index.union(pd.Index(mine["village_code"].unique()))]
    posts = {"": (float(own["lon"]), float(own["lat"]))}
    posts |= {code: problem.posts[code] for code in codes if code in problem.posts}
    if len(posts) == 1:
        return [Start(own, tuple(codes), mine, days)]
    n_slots = len(days) * problem.rules.max_visits
    of_village = _keep_worthwhile(mine, _find_nearest_posts(problem, mine, posts), n_slots, len(days))
    place = mine["village_code"].map(of_village)
    used = [name for name in posts if name in set(place)]
    weights = _weigh_posts(mine, place, n_slots)
    needed = _count_needed(mine, place, floor, problem.rules.max_visits)
    shares = _share_out(len(days), [weights[name] for name in used], [needed[name] for name in used])
    chosen = _choose_days(days, dict(zip(used, shares, strict=True)), _wish_days(mine, place, previous))
    return [
        Start(
            pd.Series(posts[name], index=["lon", "lat"]),
            tuple(code for code in codes if of_village.get(code, used[0]) == name),
            mine[place == name],
            tuple(day for day in days if chosen.get(day) == name),
        )
        for name in used
    ]


def _keep_worthwhile(
    mine: pd.DataFrame, of_village: dict[str, str], n_slots: int, n_days: int
) -> dict[str, str]:
    """Leave the villages of the least posts to the own one where there are more posts than days."""
    weights = _weigh_posts(mine, mine["village_code"].map(of_village), n_slots)
    if len(weights) <= n_days:
        return of_village
    kept = sorted(weights, key=lambda name: (-weights[name], name))[: n_days - 1]
    return {code: name if name in kept else "" for code, name in of_village.items()}


def _count_needed(mine: pd.DataFrame, place: pd.Series, floor: pd.Series, max_visits: int) -> dict[str, int]:
    """Count by post the days that its floors and must-visits need, at least one."""
    least = floor.reindex(mine["village_code"].unique(), fill_value=0)
    post_of = place.groupby(mine["village_code"]).first().reindex(least.index)
    floors = least.groupby(post_of.to_numpy()).sum()
    musts = place[mine["must"].to_numpy(dtype=bool)].value_counts()
    return {
        name: ceil(max(int(floors.get(name, 0)), int(musts.get(name, 0)), 1) / max_visits)
        for name in place.unique()
    }


def _find_nearest_posts(
    problem: Problem, mine: pd.DataFrame, posts: dict[str, tuple[float, float]]
) -> dict[str, str]:
    """Return by village the post from which its median household takes the least time."""
    middle = mine.groupby("village_code")[["lon", "lat"]].median()
    lon, lat = middle["lon"].to_numpy(), middle["lat"].to_numpy()
    times = [
        problem.travel.bound_times(np.insert(lon, 0, post[0]), np.insert(lat, 0, post[1]))[1:]
        for post in posts.values()
    ]
    names = list(posts)  # the own post first: of equals, it is nearest
    return {str(code): names[i] for code, i in zip(middle.index, np.argmin(times, axis=0), strict=True)}


def _weigh_posts(mine: pd.DataFrame, place: pd.Series, n_slots: int) -> dict[str, int]:
    """Count by post the best households, as many as the week holds visits; must-visits first."""
    best = np.lexsort((-mine["prize"].to_numpy(), ~mine["must"].to_numpy(dtype=bool)))[:n_slots]
    counts = place.iloc[best].value_counts()
    return {name: int(counts.get(name, 0)) for name in place.unique()}


def _share_out(n_days: int, weights: list[int], needed: list[int]) -> list[int]:
    """Share days by largest remainder, then give each post what it needs from those with most to spare."""
    exact = n_days * np.array(weights, dtype=np.float64) / max(sum(weights), 1)
    shares = np.floor(exact).astype(int)
    for i in np.argsort(shares - exact, kind="stable")[: n_days - int(shares.sum())]:
        shares[i] += 1
    for i in np.argsort(-np.array(needed), kind="stable").tolist():
        while shares[i] < needed[i]:
            spare = shares - np.maximum(needed, 1)
            spare[i] = 0
            richest = int(np.argmax(spare))
            if spare[richest] <= 0:
                break
            shares[richest] -= 1
            shares[i] += 1
    return shares.tolist()


def _wish_days(mine: pd.DataFrame, place: pd.Series, previous: Plan | None) -> list[tuple[date, str]]:
    """List the days that belong to a post: of locked households, and of the last plan's stops."""
    locked = mine["locked_on"].notna()
    wishes = list(zip(mine.loc[locked, "locked_on"], place[locked], strict=True))
    if previous is not None:
        stops = previous.stops[previous.stops["household_id"].isin(mine.index)]
        wishes += zip(stops["day"].dt.date, place.reindex(stops["household_id"]), strict=True)
    return wishes


def _choose_days(
    days: tuple[date, ...], shares: dict[str, int], wishes: list[tuple[date, str]]
) -> dict[date, str]:
    """Choose the post of each day: first as wished, then the posts in their order."""
    left = dict(shares)
    chosen: dict[date, str] = {}
    for day, name in wishes:
        if day in days and day not in chosen and left.get(name, 0) > 0:
            chosen[day] = name
            left[name] -= 1
    rest = [name for name, n in left.items() for _ in range(n)]
    free = [day for day in days if day not in chosen]
    return chosen | dict(zip(free, rest, strict=False))
