"""Made units whose truth is known: what happened, when each record came, and what of it is in the files.

A unit has twenty-five villages in five districts, thirty households a village, and two years of crimes up to
31 October 2026, all made here by rules that a test can state. Its files are imported as a clerk would import
them, so that a sentence is held against the file and not against our own reading of it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from data.importing import commit_import, state_complete_to
from tests.data.imports import DEMO, load, prepare
from tests.pages.squares import SIDE, Square

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.random import Generator

    from data.database import Database

ZONE = "Asia/Jakarta"
SQUARE = Square(side=5, n_homes=30)
N_VILLAGES = SQUARE.side**2
LAST_DAY = date(2026, 10, 31)
END = pd.Timestamp("2026-11-01", tz=ZONE)
DAYS = 730
FRIDAY = 4
CORNER = [0, 1, 5, 6]
"""Four villages that lie together."""
AWAY = [2, 9]
"""Villages whose visits may be planted elsewhere."""
PERIOD = ("2026-08-03", "2026-11-01")
"""The ninety days that reports and pages are asked for."""
DELAY_DAYS = 14
STATED_BEFORE_DAYS = 60
"""Days before the last day to which a late record is complete: 1.4 % of that day are missing, exp(-60/14)."""


@dataclass
class MadeUnit:
    """The files of a unit, and what is known of it.

    Attributes
    ----------
    kind, seed
        How it was made.
    homes
        Households: ``household_id``, ``village`` (number from 0), ``lon``, ``lat``.
    visits
        ``household_id``, ``visited_at`` (local), ``outcome``, ``lon``, ``lat``; the log in the file.
    crimes
        ``village``, ``occurred_at`` (local), ``lon``, ``lat``; the register in the file.
    complete_to
        Last day to which the crimes are complete, as the clerk states it, by district; "" is every other.
    precision
        What the file tells of a crime's time: ``"minute"``, ``"day"`` or ``"month"``.
    planted
        Names of what is really there: ``"hot"`` (a village with nine times its share), ``"cluster"`` (four
        villages in a corner with five times theirs), ``"fall"`` (half as many in the period), ``"rise"``
        (twice as many), ``"year"`` (a third as many in the last year), ``"growth"`` (three times as many),
        ``"night"`` (most crimes at night), ``"weekday"`` (most on Fridays), ``"repeats"``, ``"away"`` (visits
        of two villages recorded elsewhere), ``"moments"`` (all villages' crimes at the same moments). All
        else is chance.
    """

    kind: str
    seed: int
    homes: pd.DataFrame
    visits: pd.DataFrame
    crimes: pd.DataFrame
    complete_to: dict[str, date] = field(default_factory=lambda: {"": LAST_DAY})
    precision: str = "minute"
    planted: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """Name in a test's report."""
        return f"{self.kind}-{self.seed}"

    def ends(self) -> dict[str, date]:
        """Return the last day to which the crimes of each district are complete."""
        return {
            code[:6]: self.complete_to.get(code[:6], self.complete_to.get("", LAST_DAY))
            for code in SQUARE.codes
        }


KINDS: dict[str, int] = {
    "late": 8,
    "thin": 8,
    "coarse": 7,
    "tied": 7,
    "empty": 4,
    "absent": 7,
    "years": 11,
    "days": 8,
}
"""The kinds of units, and how many of each: sixty together."""


def make_unit(kind: str, seed: int) -> MadeUnit:
    """Make a unit."""
    rng = np.random.default_rng([list(KINDS).index(kind), seed])
    return _MAKERS[kind](rng, seed)


def import_unit(database: Database, unit: MadeUnit) -> None:
    """Import the files of a unit, and state to which day its visits and crimes are complete."""
    load(database, "boundaries", _write_boundaries(), "desa.geojson", code_scheme="kemendagri")
    if len(unit.homes):
        load(database, "households", _write_homes(unit.homes))
    if len(unit.visits):
        _import_to(database, "visits", _write_visits(unit.visits), {"": LAST_DAY})
    if len(unit.crimes):
        _import_to(database, "crimes", _write_crimes(unit), unit.ends())


def _import_to(database: Database, dataset: str, content: str, complete_to: dict[str, date]) -> None:
    days = {district: str(day) for district, day in complete_to.items()}
    prepared = prepare(database, dataset, content)
    commit_import(database, state_complete_to(database, DEMO, prepared, days))


# ---- makers


def _make_late(rng: Generator, seed: int) -> MadeUnit:
    """Constant crime of which each comes after a delay; with an odd seed a district stopped delivering."""
    crimes = _scatter_crimes(rng, 2000)
    came = crimes["occurred_at"] + pd.to_timedelta(rng.exponential(DELAY_DAYS, len(crimes)), unit="D")
    crimes = crimes[came < END]
    complete_to = {"": (END - pd.Timedelta(days=STATED_BEFORE_DAYS + 1)).date()}
    if seed % 2:
        stopped, last = SQUARE.codes[0][:6], date(2026, 6, 30)
        in_district = crimes["village"] < SQUARE.side
        crimes = crimes[~in_district | (crimes["occurred_at"] < pd.Timestamp("2026-07-01", tz=ZONE))]
        complete_to[stopped] = last
    homes = _make_homes()
    return MadeUnit("late", seed, homes, _visit(rng, homes, 0.5), crimes, complete_to)


def _make_thin(rng: Generator, seed: int) -> MadeUnit:
    """A few crimes at random places and moments; with an even seed no visit at all."""
    homes = _make_homes()
    visits = _visit(rng, homes, 0.1 * (seed % 2))
    return MadeUnit("thin", seed, homes, visits, _scatter_crimes(rng, 3 + 9 * seed))


def _make_coarse(rng: Generator, seed: int) -> MadeUnit:
    """Crimes of which the file has the day, or with an odd seed the month only."""
    homes, precision = _make_homes(), "month" if seed % 2 else "day"
    unit = MadeUnit("coarse", seed, homes, _visit(rng, homes, 0.5), _scatter_crimes(rng, 1500))
    unit.precision = precision
    return unit


def _make_tied(rng: Generator, seed: int) -> MadeUnit:
    """As many visited households in each village, and as many crimes, in each quarter of the record."""
    homes = _make_homes()
    met = homes.groupby("village").head(seed).index
    crimes = _scatter_crimes(rng, N_VILLAGES * 48, village=np.arange(N_VILLAGES * 48) % N_VILLAGES)
    step = DAYS / 48  # days from one crime of a village to its next, on the same days in all of them
    days = (crimes.groupby("village").cumcount() + 0.5) * step
    crimes["occurred_at"] = END - pd.to_timedelta(DAYS - days, unit="D")
    visits = _visit(rng, homes.loc[met], 1.0)
    return MadeUnit("tied", seed, homes, visits, crimes, planted=frozenset({"moments"}))


def _make_empty(_rng: Generator, seed: int) -> MadeUnit:
    """Villages alone, or with households, a visit, or three crimes at one point on one day."""
    homes, rng = _make_homes(), np.random.default_rng(seed)
    nothing = _scatter_crimes(rng, 0, days=80)
    none_met, one = _visit(rng, homes, 0.0), _scatter_crimes(rng, 1, days=80)
    return [
        MadeUnit("empty", seed, homes.iloc[:0], none_met, nothing),
        MadeUnit("empty", seed, homes, none_met, nothing),
        MadeUnit("empty", seed, homes, _visit(rng, homes.head(1), 1.0), nothing),
        MadeUnit("empty", seed, homes, none_met, one.loc[[0, 0, 0]].reset_index(drop=True)),
    ][seed]


def _make_absent(rng: Generator, seed: int) -> MadeUnit:
    """Three of four visits found nobody at home."""
    homes = _make_homes()
    visits = _visit(rng, homes, 0.8)
    visits["outcome"] = rng.choice(["absent", "absent", "refused", "met"], len(visits))
    return MadeUnit("absent", seed, homes, visits, _scatter_crimes(rng, 800))


def _make_years(rng: Generator, seed: int) -> MadeUnit:
    """Two years with something planted in them: several things with the first seed, else one."""
    names = ("hot", "fall", "night", "repeats", "away", "cluster", "rise", "year", "weekday", "growth")
    planted = frozenset(names[:5] if seed == 0 else [names[seed - 1]])
    homes = _make_homes()
    crimes = _scatter_crimes(rng, 3000)
    if "hot" in planted:
        hot = _scatter_crimes(rng, 1500, village=np.full(1500, 5), spread=0.15)
        crimes = pd.concat([crimes, hot])
    if "cluster" in planted:
        crimes = pd.concat([crimes, _scatter_crimes(rng, 3000, village=rng.choice(CORNER, 3000))])
    crimes = _thin_crimes(rng, crimes, planted)
    if "repeats" in planted:
        again = crimes.sample(frac=0.3, random_state=seed)
        later = again["occurred_at"] + pd.to_timedelta(rng.uniform(0.2, 5, len(again)), unit="D")
        crimes = pd.concat([crimes, again.assign(occurred_at=later)[later < END]])
    if "night" in planted:
        night = pd.to_timedelta(np.where(rng.uniform(size=len(crimes)) < 0.7, 1.0, 13.0), unit="h")
        shift = pd.to_timedelta(rng.uniform(0, 3, len(crimes)), unit="h")
        crimes["occurred_at"] = crimes["occurred_at"].dt.normalize() + night + shift
    visits = _visit(rng, homes, 0.7)
    if "away" in planted:
        at = homes["village"].reindex(visits["household_id"]).isin(AWAY).to_numpy()
        visits.loc[at, "lat"] += 0.004  # about 440 m
    return MadeUnit("years", seed, homes, visits, crimes.reset_index(drop=True), planted=planted)


def _thin_crimes(rng: Generator, crimes: pd.DataFrame, planted: frozenset[str]) -> pd.DataFrame:
    """Leave out crimes at random, so that there are fewer at some times than at others."""
    chance, at = rng.uniform(size=len(crimes)), crimes["occurred_at"]
    recent, last_year = at >= pd.Timestamp(PERIOD[0], tz=ZONE), at >= END - pd.Timedelta(days=365)
    kept = {
        "fall": ~recent | (chance < 0.5),
        "rise": recent | (chance < 0.5),
        "year": ~last_year | (chance < 1 / 3),
        "growth": last_year | (chance < 1 / 3),
        "weekday": (at.dt.day_of_week == FRIDAY) | (chance < 0.3),
    }
    return next((crimes[mask] for name, mask in kept.items() if name in planted), crimes)


def _make_days(rng: Generator, seed: int) -> MadeUnit:
    """A record of the last ten days only; with an odd seed the visits are of the late evening."""
    homes = _make_homes()
    crimes, visits = _scatter_crimes(rng, 60 + 20 * seed, days=10), _visit(rng, homes, 0.3, days=10)
    visits["visited_at"] += pd.Timedelta(hours=14 * (seed % 2), seconds=30)  # midnight would be no time
    return MadeUnit("days", seed, homes, visits[visits["visited_at"] < END], crimes)


_MAKERS: dict[str, Callable[[Generator, int], MadeUnit]] = {
    "late": _make_late,
    "thin": _make_thin,
    "coarse": _make_coarse,
    "tied": _make_tied,
    "empty": _make_empty,
    "absent": _make_absent,
    "years": _make_years,
    "days": _make_days,
}


def _make_homes() -> pd.DataFrame:
    place, number = np.divmod(np.arange(N_VILLAGES * SQUARE.n_homes), SQUARE.n_homes)
    west, south = SQUARE.corners(place)
    return pd.DataFrame(
        {
            "village": place,
            "lon": west + 0.003 + 0.001 * (number % 15),
            "lat": south + 0.006 + 0.006 * (number // 15),
        },
        index=pd.Index([f"K{i:03d}" for i in range(len(place))], name="household_id"),
    )


def _visit(rng: Generator, homes: pd.DataFrame, share: float, *, days: int = 85) -> pd.DataFrame:
    """Visit a share of households once in the last days, at the door, each by an officer of its own."""
    met = homes[rng.uniform(size=len(homes)) < share]
    moment = END - pd.to_timedelta(rng.integers(1, days, len(met)), unit="D") + pd.Timedelta(hours=9)
    moment += pd.to_timedelta(rng.integers(0, 300, len(met)), unit="min")
    return pd.DataFrame(
        {
            "household_id": met.index,
            "visited_at": moment,
            "outcome": "met",
            "lon": met["lon"].to_numpy(),
            "lat": met["lat"].to_numpy(),
        }
    )


def _scatter_crimes(
    rng: Generator, n: int, *, village: np.ndarray | None = None, days: float = DAYS, spread: float = 0.9
) -> pd.DataFrame:
    """Scatter crimes over villages, or over the middle of some, and over the last days, uniformly."""
    place = rng.integers(0, N_VILLAGES, n) if village is None else village
    west, south = SQUARE.corners(place)
    inside = (1 - spread) / 2 + spread * rng.uniform(size=(2, n))
    seconds = rng.uniform(0, days * 86_400, n).round()
    return pd.DataFrame(
        {
            "village": place,
            "occurred_at": END - pd.to_timedelta(seconds + 1, unit="s"),
            "lon": west + SIDE * inside[0],
            "lat": south + SIDE * inside[1],
        }
    ).sort_values("occurred_at", ignore_index=True)


# ---- files


def _write_boundaries() -> str:
    villages = SQUARE.make_villages().reset_index()
    kept = villages[["village_code", "village", "district", "geometry"]]
    features = [
        {
            "type": "Feature",
            "properties": {key: row[key] for key in ("village_code", "village", "district")},
            "geometry": shapely.geometry.mapping(row["geometry"]),
        }
        for row in kept.to_dict("records")
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


def _write_homes(homes: pd.DataFrame) -> str:
    number = np.arange(len(homes))
    rows = homes.reset_index().assign(head_name=[f"Kepala {i}" for i in number], rt="01", rw="01")
    return rows.drop(columns="village").to_csv(index=False)


def _write_visits(visits: pd.DataFrame) -> str:
    rows = visits.assign(
        visit_id=[f"V{i}" for i in range(len(visits))],
        officer_id=[f"P{i}" for i in range(len(visits))],
        visited_at=visits["visited_at"].dt.strftime("%Y-%m-%d %H:%M:%S"),
    )
    return rows.to_csv(index=False)


def _write_crimes(unit: MadeUnit) -> str:
    written = {"minute": "%Y-%m-%d %H:%M", "day": "%Y-%m-%d", "month": "%Y-%m"}[unit.precision]
    rows = unit.crimes.drop(columns="village").assign(
        crime_id=[f"C{i}" for i in range(len(unit.crimes))],
        category="curat",
        source="reported",
        occurred_at=unit.crimes["occurred_at"].dt.strftime(written),
    )
    return rows.to_csv(index=False)
