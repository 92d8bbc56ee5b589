"""Crimes as they happen: when, where, of which offence, and who discovers them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import cKDTree

from data.sample.clock import DAY_SECONDS, HOUR_SECONDS, find_midnight
from data.sample.hotspots import ALONG_MAIN_ROAD, CATEGORIES, COURSES, ELSEWHERE_MIX, IN_HOTSPOTS
from data.sample.roads import RoadKind

if TYPE_CHECKING:
    from datetime import date

    from data.sample.hotspots import Hotspots
    from data.sample.land import Land
    from data.sample.roads import Roads
    from data.sample.settlements import Homes

DAYS = 730
GROWTH = 0.25  # relative rise of crime over the period

NEAR_REPEAT = 0.22  # of the burglaries are near repeats of another one
REPEAT_M, REPEAT_DAYS = 90.0, 14.0  # distance (standard deviation per axis), longest delay
HOUSE_M = 25.0  # distance of the other crimes from a house or from the main road
NEAREST_HOUSES = 12  # number of houses nearest to a hotspot crime, one of which is its place
BEYOND = 0.012  # of the crimes were registered here but happened outside every village

HOURS = {"curat": (25.5, 2.2), "curas": (21.5, 2.2), "curanmor": (18.0, 4.0), "other": (15.0, 4.5)}
"""Hour of the day of each category: mean and standard deviation; past 24 is the next morning."""
INTERVALS = {
    "curat": (2.0, 9.0, 0.8),
    "curas": (0.1, 0.5, 0.1),
    "curanmor": (0.2, 4.0, 0.4),
    "other": (0.5, 48.0, 0.1),
}
"""Shortest and longest interval, in hours, in which it happened, and the share known only by interval."""
HOUR_RANGE = (1.0, 30.0)
CLOCK_SECONDS = 300  # people report times in steps of five minutes

OFFENCES = {
    "curat": {"pencurian dengan pemberatan": 0.8, "pembobolan rumah": 0.2},
    "curas": {"pencurian dengan kekerasan": 0.8, "penjambretan": 0.2},
    "curanmor": {"pencurian kendaraan bermotor": 1.0},
    "other": {
        "penipuan": 0.26,
        "penganiayaan": 0.2,
        "penggelapan": 0.16,
        "perusakan": 0.08,
        "perjudian": 0.16,
        "narkotika": 0.14,
    },
}
"""Offences of each category with their shares."""
OFFENCE_NAMES = [name for offences in OFFENCES.values() for name in offences]
DISCOVERED = {"perjudian": 0.8, "narkotika": 0.95}
"""Share discovered by patrols; all other offences are reported by a victim."""
NEAR_STATION_M = 700.0  # patrols discover crimes around the station (standard deviation per axis)


@dataclass(frozen=True)
class Scene:
    """The setting in which crimes can happen."""

    land: Land
    roads: Roads
    homes: Homes
    hotspots: Hotspots


@dataclass(frozen=True)
class Cases:
    """Crimes in order of time; all arrays have the same length."""

    category: np.ndarray
    """Position in `CATEGORIES`."""
    offence: np.ndarray
    """Position in `OFFENCE_NAMES`."""
    discovered: np.ndarray
    xy: np.ndarray
    """Metres, shape (n, 2)."""
    begin: np.ndarray
    """Seconds since 1970, UTC."""
    end: np.ndarray
    """The same, NaN where the time is known."""


def make_crimes(scene: Scene, n: int, until: date, rng: np.random.Generator) -> Cases:
    """Generate two years of crimes.

    Parameters
    ----------
    scene
    The setting.
    n
    Number of crimes.
    until
    The day after the last crime.
    rng
        Random number generator.

    Returns
    -------
    Cases
    Exactly ``n`` crimes.
    """
    # the density of the times is 1 + GROWTH · t: its inverse distribution function
    time = (np.sqrt(1 + rng.random(n) * ((1 + GROWTH) ** 2 - 1)) - 1) / GROWTH
    hotspot = _join_hotspots(scene.hotspots, time, rng)
    category = _choose_categories(scene.hotspots, hotspot, rng)
    xy = _find_places(scene, hotspot, time, category, rng)
    _repeat_burglaries(category, time, xy, rng)
    offence = _choose_offences(category, rng)
    chances = np.array([DISCOVERED.get(name, 0.0) for name in OFFENCE_NAMES])
    discovered = rng.random(n) < chances[offence]
    xy[discovered] = _near_stations(scene.land, xy[discovered], rng)
    away = rng.choice(np.flatnonzero(~discovered), round(n * BEYOND), replace=False)
    xy[away] = _beyond(scene.land, len(away), rng)
    begin, end = _set_clock(time, category, until, rng)
    cases = Cases(category, offence, discovered, xy, begin, end)
    order = np.argsort(begin, kind="stable")
    return Cases(**{field.name: getattr(cases, field.name)[order] for field in fields(cases)})


def _join_hotspots(hotspots: Hotspots, time: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw the hotspot of each crime, -1 for none; more crimes while a hotspot is strong."""
    strengths = hotspots.strengths(time)
    total = strengths.sum(axis=1)
    usual = hotspots.strengths(np.linspace(0, 1, 101)).sum(axis=1).mean()
    steps = np.cumsum(strengths, axis=1) / total[:, None]
    picked = (rng.random(len(time))[:, None] >= steps[:, :-1]).sum(axis=1)
    return np.where(rng.random(len(time)) < IN_HOTSPOTS * total / usual, picked, -1)


def _choose_categories(hotspots: Hotspots, hotspot: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    mixes = np.array([*(course.mix for course in COURSES), ELSEWHERE_MIX])
    mix = np.where(hotspot < 0, len(COURSES), hotspots.course[hotspot])
    return (rng.random(len(hotspot))[:, None] >= np.cumsum(mixes, axis=1)[mix, :-1]).sum(axis=1)


def _find_places(
    scene: Scene, hotspot: np.ndarray, time: np.ndarray, category: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Place each crime: near a house of its hotspot (a robbery at the hotspot itself), otherwise anywhere."""
    n, homes = len(hotspot), scene.homes.xy
    radius = np.array([course.radius_m for course in COURSES])[scene.hotspots.course[hotspot]]
    spot = scene.hotspots.middles(hotspot, time) + rng.normal(0, 1, (n, 2)) * radius[:, None]
    by_house = homes[_some_house_near(homes, spot, rng)]
    within = np.where((category == CATEGORIES.index("curas"))[:, None], spot, by_house)
    pieces = rng.choice(np.flatnonzero(scene.roads.kind <= RoadKind.DISTRICT), n)
    roadside = scene.roads.along(pieces, rng.random(n))[0]
    anywhere = np.where(
        rng.random(n)[:, None] < ALONG_MAIN_ROAD, roadside, homes[rng.integers(0, len(homes), n)]
    )
    return np.where((hotspot >= 0)[:, None], within, anywhere) + rng.normal(0, HOUSE_M, (n, 2))


def _some_house_near(homes: np.ndarray, xy: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Choose by position one of the houses nearest to each place."""
    k = min(NEAREST_HOUSES, len(homes))
    nearest = cKDTree(homes).query(xy, k=k)[1].reshape(len(xy), k)
    return nearest[np.arange(len(xy)), rng.integers(0, k, len(xy))]


def _repeat_burglaries(
    category: np.ndarray, time: np.ndarray, xy: np.ndarray, rng: np.random.Generator
) -> None:
    """Turn some burglaries, in place, into near repeats of others: close by and a few days later."""
    burglaries = rng.permutation(np.flatnonzero(category == CATEGORIES.index("curat")))
    n = round(len(burglaries) * NEAR_REPEAT)
    again, before = burglaries[:n], burglaries[n:]
    model = before[rng.integers(0, max(len(before), 1), n)]
    later = rng.uniform(0.5, REPEAT_DAYS, n) / DAYS
    time[again] = np.where(time[model] + later < 1, time[model] + later, time[model] - later)
    xy[again] = xy[model] + rng.normal(0, REPEAT_M, (n, 2))


def _choose_offences(category: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw a position in `OFFENCE_NAMES` by the shares within each category."""
    chance, offence, first = rng.random(len(category)), np.zeros(len(category), dtype=int), 0
    for position, name in enumerate(CATEGORIES):
        steps = np.cumsum(list(OFFENCES[name].values()))[:-1]
        mine = category == position
        offence[mine] = first + (chance[mine][:, None] >= steps).sum(axis=1)
        first += len(OFFENCES[name])
    return offence


def find_nearest_district(land: Land, xy: np.ndarray) -> np.ndarray:
    """Position of the district whose police station takes a report: that of the nearest village office."""
    return land.district_of_village[cKDTree(land.offices).query(xy)[1]]


def _near_stations(land: Land, xy: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    stations = land.offices[land.capitals[find_nearest_district(land, xy)]]
    return stations + rng.normal(0, NEAR_STATION_M, xy.shape)


def _beyond(land: Land, n: int, rng: np.random.Generator) -> np.ndarray:
    """Return places just outside: the centres of cells that touch the outline from outside."""
    inside = land.cells.inside[land.cells.pairs]
    outer = np.unique(land.cells.pairs[~inside & inside[:, ::-1]])
    return land.cells.sites[rng.choice(outer, n)]


def _set_clock(
    time: np.ndarray, category: np.ndarray, until: date, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Set start and end (NaN if the time is exact) of each crime in clock steps, before ``until``."""
    n = len(time)
    mean, spread = np.array([HOURS[name] for name in CATEGORIES])[category].T
    shortest, longest, share = np.array([INTERVALS[name] for name in CATEGORIES])[category].T
    hour = np.clip(rng.normal(mean, spread), *HOUR_RANGE)
    vague = rng.random(n) < share
    length = np.where(vague, rng.uniform(shortest, longest), 0.0)
    start = np.maximum(hour - length * rng.random(n), 0.0)
    day = find_midnight(until - timedelta(days=DAYS)) + np.floor(time * DAYS) * DAY_SECONDS
    begin = day + np.floor(start * HOUR_SECONDS / CLOCK_SECONDS) * CLOCK_SECONDS
    end = begin + np.ceil(length * HOUR_SECONDS / CLOCK_SECONDS) * CLOCK_SECONDS
    excess = np.maximum(np.ceil((end + 1 - find_midnight(until)) / DAY_SECONDS), 0) * DAY_SECONDS
    return begin - excess, np.where(vague, end - excess, np.nan)
