"""Visits as an app would have recorded them: noisy GPS fixes, families by number or by name, remarks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from data.sample import habits
from data.sample.clock import to_times
from data.sample.habits import HABITS
from data.sample.plane import to_degrees
from data.sample.remarks import ALL_REMARKS, COPIED_REMARKS, WRITTEN_REMARKS
from data.sample.text import format_numbers, pick_words
from geo.crs import WGS84, to_metric
from geo.join import locate_points, match_households

if TYPE_CHECKING:
    from pandas.api.extensions import ExtensionArray

    from data.sample.diary import Diary
    from data.sample.land import Land

OUTCOMES = ("met", "absent", "refused")
MATCHES = ("id", "text", "distance", "none")
PLACEMENTS = ("inside", "outside", "unlocated")
_ID, _TEXT, _DISTANCE, _NONE = range(len(MATCHES))


def describe_visits(
    land: Land,
    people: tuple[pd.DataFrame, pd.DataFrame],
    homes: np.ndarray,
    diary: Diary,
    habit: np.ndarray,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Make the data frame of visits.

    Parameters
    ----------
    land
        The villages.
    people
        The frames of households and of officers.
    homes
        True positions of the households, metres, shape (n households, 2).
    diary
    Who visited which household, and when.
    habit
        Position in `HABITS` of each officer.
    rng
        Random number generator.

    Returns
    -------
    pandas.DataFrame
        The canonical columns of visits, indexed by ``visit_id`` in order of time.
    """
    households, officers = people
    kind = habit[diary.officer]
    lonlat, accuracy = _take_fixes(land, homes, diary, habit, rng)
    match, found = _match(households, diary, lonlat, rng)
    by_name = np.isin(match, (_TEXT, _NONE))
    code, placement = assign_villages(land, lonlat, diary.officer)
    frame = pd.DataFrame(
        {
            "visited_at": to_times(diary.second),
            "officer_id": pick_words(officers.index.array, diary.officer),
            "household_id": pick_words(households.index.array, found),
            "household_match": pick_words(MATCHES, match),
            "lon": lonlat[:, 0],
            "lat": lonlat[:, 1],
            "accuracy_m": accuracy,
            "village_code": code,
            "placement": placement,
            "outcome": pick_words(OUTCOMES, _draw_outcomes(kind, rng)),
            "remarks": pick_words(ALL_REMARKS, _choose_remarks(diary.officer, kind, rng)),
            **_name_families(households, diary.home, match),
            **name_villages(land, np.where(by_name | np.isnan(accuracy), diary.officer, -1)),
        }
    )
    frame.index = pd.Index("V" + pd.Series(format_numbers(np.arange(len(frame)) + 1, 7)), name="visit_id")
    return frame


def _take_fixes(
    land: Land, homes: np.ndarray, diary: Diary, habit: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Return each visit's fix in degrees, shape (n, 2), and its accuracy in metres; NaN without a fix."""
    n, kind = len(diary.officer), habit[diary.officer]
    accuracy = np.clip(
        habits.ACCURACY_M * rng.lognormal(0, habits.ACCURACY_SPREAD, n), *habits.ACCURACY_RANGE_M
    ).round(1)
    accuracy[diary.exact] = 0.0
    truth = np.where(diary.at_desk[:, None], _desks(land, habit)[diary.officer], homes[diary.home])
    fix = truth + rng.normal(0, 1, (n, 2)) * (habits.NOISE * accuracy)[:, None]
    stale = np.flatnonzero(~diary.exact & (rng.random(n) < habits.STALE_FIX))
    away, angle = rng.uniform(*habits.STALE_FIX_M, len(stale)), rng.uniform(0, 2 * np.pi, len(stale))
    fix[stale] += np.column_stack([np.cos(angle), np.sin(angle)]) * away[:, None]
    none = rng.random(n) < np.array([habit.without_fix for habit in HABITS.values()])[kind]
    fix[none], accuracy[none] = np.nan, np.nan
    return to_degrees(fix), accuracy


def _desks(land: Land, habit: np.ndarray) -> np.ndarray:
    """Place each officer's desk, in metres: at the village office or at the district's police station."""
    desk_bound = np.flatnonzero(habit == list(HABITS).index("desk_bound"))
    desks = land.offices.copy()
    at_station = desk_bound[:: habits.AT_STATION]
    desks[at_station] = land.offices[land.capitals[land.district_of_village[at_station]]]
    return desks


def assign_villages(
    land: Land, lonlat: np.ndarray, village: np.ndarray
) -> tuple[ExtensionArray, ExtensionArray]:
    """Assign each record the village of its fix or, without a fix, the one that its text names.

    Parameters
    ----------
    land
        The villages.
    lonlat
        Degrees, shape (n, 2); NaN where there is no fix.
    village
        Position of the village named, shape (n,).

    Returns
    -------
    tuple of pandas.api.extensions.ExtensionArray
        ``village_code`` and ``placement``.
    """
    code = locate_points(lonlat[:, 0], lonlat[:, 1], land.frame)
    no_fix = np.isnan(lonlat[:, 0])
    placement = np.where(no_fix, 2, np.where(pd.isna(code), 1, 0))
    code[no_fix] = land.frame.index.to_numpy(dtype=object)[village[no_fix]]
    return pd.array(code, dtype="str"), pick_words(PLACEMENTS, placement)


def name_villages(land: Land, village: np.ndarray) -> dict[str, ExtensionArray]:
    """Return the village names as the source wrote them; -1 is none."""
    nothing = np.full(len(village), -1)
    return {
        "village_given": pick_words(land.frame["village"].array, village),
        "district_given": pick_words(land.frame["district"].array, village),
        "village_code_given": pick_words(land.frame.index.array, nothing),
    }


def _match(
    households: pd.DataFrame, diary: Diary, lonlat: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Choose how each visit is matched to a household, and to which; -1 for none."""
    n = len(diary.home)
    chance = rng.random(n)
    match = np.full(n, _ID)
    match[chance < habits.BY_TEXT] = _TEXT
    match[chance < habits.BY_TEXT * habits.BY_TEXT_MISSPELT] = _NONE
    found = np.where(match == _NONE, -1, diary.home)
    by_place = (chance > 1 - habits.BY_PLACE) & ~np.isnan(lonlat[:, 0])
    match[by_place] = _DISTANCE
    found[by_place] = _nearest(households, lonlat[by_place])
    return np.where(by_place & (found < 0), _NONE, match), found


def _nearest(households: pd.DataFrame, lonlat: np.ndarray) -> np.ndarray:
    """Return the position of the household nearest to each fix, -1 where none is near."""
    known = households.loc[households["lon"].notna(), ["lon", "lat"]]
    there = to_metric(
        gpd.GeoDataFrame(known[[]], geometry=gpd.points_from_xy(known["lon"], known["lat"]), crs=WGS84)
    )
    here = to_metric(gpd.GeoDataFrame(geometry=gpd.points_from_xy(*lonlat.T), crs=WGS84), like=there)
    return households.index.get_indexer(pd.Index(match_households(here, there)["household_id"]))


def _draw_outcomes(kind: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    steps = np.cumsum([habit.outcomes for habit in HABITS.values()], axis=1)[:, :-1]
    return (rng.random(len(kind))[:, None] >= steps[kind]).sum(axis=1)


def _choose_remarks(officer: np.ndarray, kind: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Choose the position of each visit's remark among the written and the copied ones, -1 for none."""
    blank, copied = np.array([habit.remarks for habit in HABITS.values()])[kind].T
    chance = rng.random(len(kind))
    written = rng.integers(0, len(WRITTEN_REMARKS), len(kind))
    own = len(WRITTEN_REMARKS) + officer % len(COPIED_REMARKS)
    return np.where(chance < blank, -1, np.where(chance < blank + copied, own, written))


def _name_families(
    households: pd.DataFrame, home: np.ndarray, match: np.ndarray
) -> dict[str, ExtensionArray]:
    """Return what each visit records of its family: its number, or its head, RT and RW, or nothing."""
    by_name = np.where(np.isin(match, (_TEXT, _NONE)), home, -1)
    head = pd.Series(pick_words(households["head_name"].array, by_name))
    misspelt = match == _NONE
    head[misspelt] = "Pak " + head[misspelt].str.split().str[0]
    return {
        "head_name": head.array,
        "rt": pick_words(households["rt"].array, by_name),
        "rw": pick_words(households["rw"].array, by_name),
        "household_given": pick_words(households.index.array, np.where(match == _ID, home, -1)),
    }
