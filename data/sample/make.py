"""Generation of the sample place: land, hamlets, roads, people, visits and crimes, in this order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from data.errors import DataError
from data.sample.crimes import Scene, make_crimes
from data.sample.diary import keep_diaries
from data.sample.habits import HABITS, assign_habits
from data.sample.hotspots import place_hotspots
from data.sample.land import Land, make_land
from data.sample.people import PERSONS_PER_HOUSEHOLD, describe_households, describe_officers
from data.sample.police_register import describe_crimes
from data.sample.roads import lay_roads
from data.sample.scales import SCALES, Scale
from data.sample.settlements import plan_hamlets, settle_households, share_households
from data.sample.visits import describe_visits

if TYPE_CHECKING:
    from datetime import date

    import geopandas as gpd

_PARTS = 7  # one random generator per step: a change in one step leaves the others unchanged


@dataclass(frozen=True)
class Sample:
    """The sample place as canonical data frames; times are UTC, coordinates WGS84."""

    villages: gpd.GeoDataFrame
    households: pd.DataFrame
    officers: pd.DataFrame
    visits: pd.DataFrame
    crimes: pd.DataFrame
    habits: pd.Series
    """What no register knows: how each officer really works, a key of `habits.HABITS`, by ``officer_id``."""


def make_sample(scale: str | Scale = "district", *, seed: int = 1, until: date) -> Sample:
    """Generate a sample place with a year of visits and two years of crimes.

    Parameters
    ----------
    scale
        "district", "regency", or a custom scale.
    seed
        The same seed, scale and day give the same place.
    until
        The day after the last visit and crime, in Western Indonesia Time.

    Returns
    -------
    Sample
        Canonical data frames: villages that tile, households along roads, one officer per village, visits
        that follow the habits of `data.sample.habits`, crimes around the hotspots of `data.sample.hotspots`.

    Raises
    ------
    DataError
        If there is no scale of that name.

    Examples
    --------
    >>> from datetime import date
    >>> sample = make_sample("district", until=date(2026, 11, 1))
    >>> len(sample.villages), len(sample.households), len(sample.visits), len(sample.crimes)
    (17, 14000, 20000, 600)
    """
    scale = _scale_named(scale) if isinstance(scale, str) else scale
    chances = [np.random.default_rng(part) for part in np.random.SeedSequence(seed).spawn(_PARTS)]
    land = make_land(scale, chances[0])
    hamlets = plan_hamlets(land, share_households(land, scale.n_households, chances[1]), chances[1])
    roads = lay_roads(land, hamlets.cell, chances[2])
    homes = settle_households(land, hamlets, roads, chances[3])
    people = describe_households(land, hamlets, homes, chances[4]), describe_officers(land, chances[4])
    habit = assign_habits(scale.n_villages, chances[5])
    diary = keep_diaries(land, homes, habit, n=scale.n_visits, until=until, rng=chances[5])
    visits = describe_visits(land, people, homes.xy, diary, habit, chances[5])
    hotspots = place_hotspots(land, roads, hamlets.cell, scale.n_hotspots, chances[6])
    cases = make_crimes(Scene(land, roads, homes, hotspots), scale.n_crimes, until, chances[6])
    habits = pd.Series(list(HABITS), dtype="str").take(habit).set_axis(people[1].index).rename("habit")
    crimes = describe_crimes(land, cases, chances[6])
    return Sample(_count_people(land, homes.village), *people, visits, crimes, habits)


def _scale_named(name: str) -> Scale:
    if name not in SCALES:
        raise DataError("Unknown scale {name!r}: choose {scales:or}.", name=name, scales=tuple(SCALES))
    return SCALES[name]


def _count_people(land: Land, village: np.ndarray) -> gpd.GeoDataFrame:
    """Add the population counts of the registers to the villages."""
    households = np.bincount(village, minlength=len(land.frame))
    frame = land.frame.assign(
        population=np.round(households * PERSONS_PER_HOUSEHOLD).astype(np.int64),
        households_registered=households,
    )
    columns = ["village", "district_code", "district", "regency_code", "regency", "population"]
    return frame[[*columns, "households_registered", "boundary_year", "geometry"]]
