"""The shared screen shows rounded figures of closed weeks, from which nothing small can be worked out."""

from __future__ import annotations

import html
import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
import pytest

from data import repository
from data.principal import Principal
from data.settings import get_settings
from data.store import store_rounded_weeks
from pages.briefing.slides import TITLES, write_slide
from pages.queries.records import open_connection
from pages.queries.rounded import LENGTHS
from pages.queries.week_records import find_monday, find_week
from tests.attack import Figure, Reader
from tests.data.builders import store
from tests.pages.conftest import open_database, stop_clock
from tests.pages.squares import Square, visit_at_the_door
from tests.volume import volume

if TYPE_CHECKING:
    from data.database import Database

BASE, OFF = 5, 4
N_DAYS, N_SHOWN = 160, 10
FIRST = date(2026, 3, 2)  # a Monday
LAST = FIRST + timedelta(days=N_DAYS)
ZONE = "Asia/Jakarta"
START = pd.Timestamp(FIRST, tz=ZONE).tz_convert("UTC")
LABELS = {
    "Recorded crimes": "crimes",
    "Reported visits": "visits",
    "Households never visited": "never",
    "Households reported visited": "covered",
    "Supported by GPS": "supported",
}


class Unit(NamedTuple):
    """A random unit: its villages, and its records with their local day."""

    codes: list[str]
    homes: pd.DataFrame
    visits: pd.DataFrame
    crimes: pd.DataFrame


def make_unit(seed: int) -> Unit:
    """Make villages in districts, with few records of each kind; every third unit is large enough to rank."""
    rng = np.random.default_rng(seed)
    square = Square(side=3 if seed % 3 == 0 else 2, n_homes=int(rng.integers(3, 30)))
    homes = square.make_homes(north=0.005)
    homes = homes[rng.random(len(homes)) < rng.uniform(0.5, 1)]
    n_visits, n_crimes = int(rng.integers(0, 3 * len(homes))), int(rng.integers(5, 25 * len(square.codes)))
    day = np.sort(rng.integers(0, N_DAYS, n_visits))
    visits = visit_at_the_door(
        homes,
        rng.integers(0, len(homes), n_visits),
        START + pd.to_timedelta(24 * day + 9, unit="h"),
    )
    unsupported = rng.random(n_visits) < 0.4
    visits.loc[unsupported, ["lon", "lat"]] = np.nan
    visits.loc[unsupported, "placement"] = "unlocated"
    place = rng.choice(len(square.codes), n_crimes, p=rng.dirichlet(np.ones(len(square.codes))))
    at = np.append(rng.integers(0, N_DAYS, n_crimes - 1), N_DAYS)
    west, south = square.corners(place)
    crimes = pd.DataFrame(
        {
            "occurred_at": START + pd.to_timedelta(24 * at + 9, unit="h"),
            "category": rng.choice(["curat", "curas"], n_crimes),
            "source": rng.choice(["reported", "discovered"], n_crimes, p=[0.8, 0.2]),
            "lon": west + rng.uniform(0.001, 0.019, n_crimes),
            "lat": south + rng.uniform(0.001, 0.019, n_crimes),
            "village_code": np.array(square.codes)[place],
            "placement": "inside",
        },
        index=pd.Index([f"C{i}" for i in range(n_crimes)], name="crime_id"),
    )  # fmt: skip
    last_visit = visit_at_the_door(homes, [0], pd.DatetimeIndex([crimes["occurred_at"].iloc[-1]]))
    visits = pd.concat([visits, last_visit.set_axis(["V_last"]).rename_axis("visit_id")])
    return Unit(square.codes, homes, visits, crimes)


def store_unit(database: Database, unit: Unit, seed: int) -> None:
    square = Square(side=3 if seed % 3 == 0 else 2, n_homes=1)
    store(database, "boundaries", square.make_villages())
    store(database, "households", unit.homes)
    store(database, "visits", unit.visits)
    store(database, "crimes", unit.crimes)


def read_slide(area: str, days: int, place: int) -> str:
    """Write a slide and return its text, one line a part."""
    written = write_slide(open_connection(), area, days, place)
    return re.sub(r"\s*\n\s*", "\n", html.unescape(re.sub(r"<[^>]+>", "\n", written))).strip()


def read_period(said: str) -> tuple[int, int]:
    """Return the days of a slide's period, as numbers: the first, and the one after the last."""
    first, last = re.search(r"· (\d+ \w+(?: \d+)?) to (\d+ \w+ \d+)", said).groups()  # type: ignore[union-attr]
    first = first if first[-4:].isdigit() else f"{first} {last[-4:]}"
    since, until = (pd.Timestamp(text).date().toordinal() for text in (first, last))
    return since, until + 1


def read_count(text: str) -> int:
    return 0 if text == "0\N{EN DASH}4" else int(text.replace(",", ""))


def bound(shown: int) -> tuple[int, int]:
    return shown - OFF, shown + OFF


def note_figures(reader: Reader, area: str, said: str) -> list[Figure]:
    """Let the reader note all numbers of the first slide, with those that its changes give away."""
    since, until = read_period(said)
    noted = []
    homes = read_count(re.search(r"are of (\S+) registered", said)[1])  # type: ignore[index]
    noted.append((Figure("households", area, since, until), bound(homes)))
    days = until - since
    for label, name in LABELS.items():
        value, change = re.search(rf"{label}\n(\S+)\nprevious period: (\S+)", said).groups()  # type: ignore[union-attr]
        if name in {"covered", "supported"}:
            if value == "\N{EM DASH}":
                continue
            share = 0 if value == "0\N{EN DASH}4" else int(value.rstrip("%")) / 100
            fits = [k for k in range(0, homes + 1, BASE) if abs(k / homes - share) <= 0.0051]
            noted.append((Figure(name, area, since, until), (min(fits) - OFF, max(fits) + OFF)))
            continue
        now = read_count(value)
        noted.append((Figure(name, area, since, until), bound(now)))
        if change != "\N{EM DASH}":
            before = now - int(change.replace(",", "").replace("\N{MINUS SIGN}", "-"))
            noted.append((Figure(name, area, since - days, since), bound(before)))
    for figure, ends in noted:
        reader.see(figure, *ends)
    return [figure for figure, _ in noted]


def note_lists(reader: Reader, unit: Unit, said: str) -> None:
    """Let the reader note the crimes and the coverage of the villages that a slide lists."""
    since, until = read_period(said)
    for name, crimes, share, homes in re.findall(
        r"(Desa \d+)\n(\S+) reported crimes?, (\S+) of (\S+) households covered", said
    ):
        code = unit.codes[int(name.split()[1]) - 1]
        reader.see(Figure("reported_crimes", code, since, until), *bound(read_count(crimes)))
        reader.see(Figure("households", code, since, until), *bound(read_count(homes)))
        if share.endswith("%"):
            n = read_count(homes)
            fits = [k for k in range(0, n + 1, BASE) if abs(k / n - int(share[:-1]) / 100) <= 0.0051]
            reader.see(Figure("supported", code, since, until), min(fits) - OFF, max(fits) + OFF)
    for name, before, now in re.findall(r"(Desa \d+)\n(\S+) crimes before, (\S+) now", said):
        code, days = unit.codes[int(name.split()[1]) - 1], until - since
        reader.see(Figure("crimes", code, since, until), *bound(read_count(now)))
        reader.see(Figure("crimes", code, since - days, since), *bound(read_count(before)))


class Truth:
    """The record itself, counted."""

    def __init__(self, unit: Unit) -> None:
        self.homes = unit.homes["village_code"].astype("str")
        self.visits, self.crimes = (
            pd.DataFrame(
                {
                    "day": [at.tz_convert(ZONE).date().toordinal() for at in rows[when]],
                    "code": codes,
                    "is_firm": is_firm,
                    "home": home,
                }
            )
            for rows, when, codes, is_firm, home in (
                (
                    unit.visits,
                    "visited_at",
                    self.homes.reindex(unit.visits["household_id"]).to_numpy(),
                    unit.visits["lon"].notna().to_numpy(),
                    unit.visits["household_id"].to_numpy(),
                ),
                (
                    unit.crimes,
                    "occurred_at",
                    unit.crimes["village_code"].to_numpy(),
                    (unit.crimes["source"] == "reported").to_numpy(),
                    "",
                ),
            )
        )

    def count(self, figure: Figure) -> int:
        """Count a figure: crimes, firm if reported, or visits, firm if they have a fix, at the door."""
        name, area, since, until = figure
        rows = self.crimes if "crimes" in name else self.visits
        rows = rows[(rows["day"] < until) & rows["code"].str.startswith(area)]
        recent = rows[rows["day"] >= since]
        n_homes = int(self.homes.str.startswith(area).sum())
        firm = recent[recent["is_firm"]]
        return {
            "households": n_homes,
            "never": n_homes - rows["home"].nunique(),
            "covered": recent["home"].nunique(),
            "supported": firm["home"].nunique(),
            "visits": len(recent),
            "crimes": len(recent),
            "reported_crimes": len(firm),
        }[name]


def attack_unit(database: Database, monkeypatch: pytest.MonkeyPatch, seed: int) -> tuple[int, int]:
    """Read the slides of all areas and periods on ten days; count small true counts and those confined."""
    unit = make_unit(seed)
    store_unit(database, unit, seed)
    reader, figures, seen = Reader(unit.codes), set(), set()
    areas = ["", *sorted({code[:6] for code in unit.codes}), *unit.codes]
    for day in range(N_SHOWN):
        stop_clock(monkeypatch, str(LAST - timedelta(days=N_SHOWN - 1 - day)))
        versions = [(area, read_slide(area, LENGTHS[1], 0)) for area in areas]
        if seen.issuperset(versions):
            continue  # nothing is new since the day before
        seen.update(versions)
        for area in areas:
            for days in LENGTHS:
                figures.update(note_figures(reader, area, read_slide(area, days, 0)))
        for place in (1, 2):
            note_lists(reader, unit, read_slide("", LENGTHS[1], place))
    assert len(seen) <= 3 * len(areas)  # at most two weeks close in ten days
    record = Truth(unit)
    truth = {figure: record.count(figure) for figure in figures}
    small = sum(1 <= value <= 4 for value in truth.values())
    return small, len(reader.find_confined(truth))


def test_weeks_are_numbered_from_monday_to_sunday() -> None:
    week = find_week(date(2026, 10, 26))  # a Monday
    assert find_week(date(2026, 11, 1)) == week
    assert find_week(date(2026, 10, 25)) == week - 1
    assert find_monday(week) == date(2026, 10, 26)


def open_unit(database: Database, monkeypatch: pytest.MonkeyPatch) -> Unit:
    monkeypatch.setenv("SAMBANG_LANGUAGE", "en")
    get_settings.cache_clear()
    unit = make_unit(1)
    store_unit(database, unit, 1)
    return unit


def test_figures_move_once_a_week_and_never_look_back(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_unit(database, monkeypatch)
    versions = []
    for day in range(8):  # Monday 27 July to Monday 3 August
        stop_clock(monkeypatch, str(date(2026, 7, 27) + timedelta(days=day)))
        versions.append(read_slide("", 28, 0))
    assert len(set(versions[:7])) == 1
    assert "29 Jun to 26 Jul 2026" in versions[0]
    assert "6 Jul to 2 Aug 2026" in versions[7]


def test_records_that_come_late_leave_closed_weeks_as_they_are(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit = open_unit(database, monkeypatch)
    before = [read_slide(area, 91, 0) for area in ("", *unit.codes)]
    late = unit.crimes.head(3).set_axis(["late1", "late2", "late3"]).rename_axis("crime_id")
    store(
        database,
        "crimes",
        late.assign(occurred_at=unit.crimes["occurred_at"].iloc[-1] - pd.Timedelta(days=30)),
        complete_to={},  # a file of late ones states nothing new
    )
    assert [read_slide(area, 91, 0) for area in ("", *unit.codes)] == before


def test_villages_added_later_are_rounded_for_the_closed_weeks_too(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAMBANG_LANGUAGE", "en")
    get_settings.cache_clear()
    unit = make_unit(1)
    villages = Square(side=2, n_homes=1).make_villages()
    first, later = unit.codes[:2], unit.codes[2:]
    store(database, "boundaries", villages.loc[first])
    for name in ("homes", "visits", "crimes"):
        store(database, {"homes": "households"}.get(name, name), getattr(unit, name))
    before = [read_slide(code, 364, 0) for code in first]
    store(database, "boundaries", villages.loc[later])
    assert [read_slide(code, 364, 0) for code in first] == before
    for code in later:
        figure = Figure("households", code, 0, date(2030, 1, 1).toordinal())
        homes = int(re.search(r"are of (\S+) registered", read_slide(code, 364, 0))[1])  # type: ignore[index]
        assert abs(homes - Truth(unit).count(figure)) < BASE


def test_weeks_that_someone_else_closed_are_kept(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    open_unit(database, monkeypatch)
    read_slide("", 28, 0)
    stored = repository.read_rounded_weeks(database, Principal.demo())
    households = repository.read_rounded_households(database, Principal.demo())
    other = stored.assign(visits=999)
    assert not store_rounded_weeks(database, other, households, after=None)
    pd.testing.assert_frame_equal(repository.read_rounded_weeks(database, Principal.demo()), stored)


def test_rounded_figures_are_read_within_scope_only(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit = open_unit(database, monkeypatch)
    read_slide("", 28, 0)
    district = unit.codes[0][:6]
    own = Principal("ani", "command", (district,))
    for read in (repository.read_rounded_weeks, repository.read_rounded_households):
        everything, seen = read(database, Principal.demo()), read(database, own)
        assert len(everything) > len(seen) > 0
        assert seen["village_code"].str.startswith(district).all()


@pytest.mark.usefixtures("database")
def test_nothing_is_shown_before_a_week_is_complete(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMBANG_LANGUAGE", "en")
    get_settings.cache_clear()
    for place in range(len(TITLES)):
        assert "No week of the record is complete yet" in read_slide("", 7, place)


def test_rounding_seed_repeats_a_rounding(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAMBANG_ROUNDING_SEED", "7")
    said = []
    for _ in range(2):
        open_unit(open_database(tmp_path_factory.mktemp("unit"), monkeypatch), monkeypatch)
        said.append([read_slide("", days, 0) for days in LENGTHS])
    assert said[0] == said[1]


@pytest.mark.trial
@pytest.mark.timeout(7200)
def test_shared_screen_gives_no_small_count_away(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = []
    for seed in range(volume(2, 300)):
        with monkeypatch.context() as patch:
            patch.setenv("SAMBANG_LANGUAGE", "en")
            database = open_database(tmp_path_factory.mktemp("unit"), patch)
            results.append(attack_unit(database, patch, seed))
    n_small, n_confined = (sum(counts) for counts in zip(*results, strict=True))
    print(f"{len(results)} units, {n_small} small counts, {n_confined} confined")
    assert n_small > len(results)
    assert n_confined == 0
