"""Weeks close when the record is complete to their end: their figures are rounded then, and kept for good."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from data import repository
from data.principal import Principal
from data.repository import DATED
from data.settings import get_settings
from data.store import store_rounded_weeks
from data.tables import ROUNDED_COUNTS
from geo.rounding import (
    BASE,
    NEVER,
    RoundedHouseholds,
    count_since,
    make_sums,
    round_counts,
    round_households,
)
from pages.queries.records import (
    Connection,
    load_households,
    load_villages,
)
from pages.queries.spans import find_record_end, read_spans
from pages.queries.week_records import WeekRecord, find_week

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.rounding import ShownSums

WEEKS: Final = (1, 4, 13, 52)
"""Lengths of the periods offered, in weeks."""
LEAST_VILLAGE_WEEKS: Final = 4
"""The shortest period of which a single village's figures are shown."""

_EVERYTHING = Principal("rounding", "command", ("",))  # every part of the unit is rounded with the others
_MOST_WEEKS = 3 * WEEKS[-1]  # before the first week that closes: a year, the year before, and one to begin


def find_last_closed_week(connection: Connection) -> int | None:
    """Find the last week to whose end crimes and visits are complete in every district; None if none.

    A closed week keeps its figures for good, so what comes late must be on record before it closes. No week
    closes before there are registered households, visits and crimes, as it would stay without them.
    """
    whole = replace(connection, principal=_EVERYTHING)
    complete_to = find_record_end(whole, "", *DATED)
    starts = [span.first for span in read_spans(whole).values() if span.first is not None]
    if complete_to is None or len(starts) < len(DATED) or load_households(whole).empty:
        return None
    yesterday = connection.clock.today() - timedelta(days=1)
    last = find_week(min(complete_to, yesterday) + timedelta(days=1)) - 1
    # A week that is closed stays so, even where later records show that it closed early.
    closed = repository.find_last_rounded_week(connection.database)
    last = last if closed is None else max(last, min(closed, find_week(yesterday + timedelta(days=1)) - 1))
    return last if last >= find_week(min(starts)) else None


def close_weeks(connection: Connection, last: int) -> None:
    """Round and store the weeks up to a week that are not stored yet, and those of villages added since."""
    whole = replace(connection, principal=_EVERYTHING)
    rng = np.random.default_rng(get_settings().rounding_seed)
    codes = pd.Index(load_villages(whole).index)
    stored = repository.read_rounded_weeks(whole.database, _EVERYTHING)
    after = None if stored.empty else int(stored["week"].max())
    added = codes.difference(pd.Index(stored["village_code"].unique()))
    if after is not None and len(added):
        held = repository.read_rounded_households(whole.database, _EVERYTHING)
        _close(whole, added, stored.iloc[:0], (after, after), rng, held=held)
        stored = repository.read_rounded_weeks(whole.database, _EVERYTHING)
    if after is None or after < last:
        _close(whole, codes, stored, (after, last), rng)


def _close(
    connection: Connection,
    codes: pd.Index,
    stored: pd.DataFrame,
    weeks: tuple[int | None, int],
    rng: np.random.Generator,
    *,
    held: pd.DataFrame | None = None,
) -> None:
    """Round the weeks of villages after those stored of them; ``held`` are the households of others."""
    record = WeekRecord.gather(connection, codes)
    after, last = weeks
    first = max(record.first, last - _MOST_WEEKS + 1) if stored.empty else int(stored["week"].max()) + 1
    if first > last:
        return
    rows, households = _round_weeks(connection, record, stored, range(first, last + 1), rng)
    households = households if held is None else pd.concat([held, households], ignore_index=True)
    store_rounded_weeks(connection.database, rows, households, after=after)


def _round_weeks(
    connection: Connection, record: WeekRecord, stored: pd.DataFrame, weeks: range, rng: np.random.Generator
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Round weeks one after another; return their rows, and the households at the end."""
    plain, kinds = (
        make_sums(record.levels, weeks=WEEKS, least_weeks=LEAST_VILLAGE_WEEKS, kinds=n) for n in (1, 2)
    )
    past = _Past.read(stored, record.codes)
    fives = _read_households(connection, record.codes, stored, rng)
    last = np.stack(record.find_last_visits(weeks))
    rows, households = [], pd.DataFrame()
    for week in weeks:
        record.note_visits(last, record.met[0] == week)
        fives = round_households(fives, (record.homes, last[0], last[1]), week, plain, rng=rng)
        counted = record.count(week)
        rounded = past.round_next(counted, (plain, kinds), fives.count_visited(week), rng)
        rows.append(_make_rows(record.codes, week, counted, rounded, fives))
        households = _count_households(record.codes, fives) if week == weeks[-1] else households
    return pd.concat(rows, ignore_index=True), households


def _count_households(codes: pd.Index, fives: RoundedHouseholds) -> pd.DataFrame:
    names = ["village_code", "reported_week", "evidenced_week"]
    columns = codes.to_numpy()[fives.village], fives.reported, fives.evidenced
    flat = pd.DataFrame(dict(zip(names, columns, strict=True)))
    return flat.groupby(names).size().rename("n").reset_index()


@dataclass
class _Past:
    """Counted and rounded figures of the weeks before, by kind: weeks by villages."""

    counted: dict[str, NDArray[np.int64]]
    rounded: dict[str, NDArray[np.int64]]

    @classmethod
    def read(cls, stored: pd.DataFrame, codes: pd.Index) -> _Past:
        """Take the weeks that periods of the weeks to come still contain."""
        held = stored[stored["week"] > stored["week"].max() - WEEKS[-1]]

        def take(name: str) -> NDArray[np.int64]:
            table = held.pivot_table(index="week", columns="village_code", values=name, aggfunc="sum")
            return table.reindex(columns=codes).fillna(0).to_numpy().astype(np.int64).reshape(-1, len(codes))

        names = {name: f"counted_{name}" for name in ROUNDED_COUNTS}
        return cls(
            {name: take(column) for name, column in names.items()}, {name: take(name) for name in names}
        )

    def round_next(
        self,
        counted: dict[str, NDArray[np.int64]],
        sums: tuple[ShownSums, ShownSums],
        visited: NDArray[np.int64],
        rng: np.random.Generator,
    ) -> dict[str, NDArray[np.int64]]:
        """Round the next week: crimes of both kinds together, and no fewer visits than households visited."""
        *crimes, visits = ROUNDED_COUNTS
        rounded = np.concatenate(
            [self._round(names, counted, shown, least, rng) for names, shown, least in (
                (crimes, sums[1], None), ([visits], sums[0], visited),
            )]
        )  # fmt: skip
        answer = dict(zip(ROUNDED_COUNTS, rounded.reshape(len(ROUNDED_COUNTS), -1), strict=True))
        for held, new in ((self.counted, counted), (self.rounded, answer)):
            for name in ROUNDED_COUNTS:
                held[name] = np.vstack([held[name], new[name]])[-WEEKS[-1] :]
        return answer

    def _round(
        self,
        names: list[str],
        counted: dict[str, NDArray[np.int64]],
        shown: ShownSums,
        least: NDArray[np.int64] | None,
        rng: np.random.Generator,
    ) -> NDArray[np.int64]:
        return round_counts(
            np.concatenate([counted[name] for name in names]),
            shown,
            past_counts=np.hstack([self.counted[name] for name in names]),
            past_rounded=np.hstack([self.rounded[name] for name in names]),
            rng=rng,
            at_least=least,
        )


def _read_households(
    connection: Connection, codes: pd.Index, stored: pd.DataFrame, rng: np.random.Generator
) -> RoundedHouseholds | None:
    """Read the rounded households of the last week that is stored."""
    if stored.empty:
        return None
    rows = repository.read_rounded_households(connection.database, _EVERYTHING)
    rows = rows.assign(place=codes.get_indexer(pd.Index(rows["village_code"])))
    rows = rows[rows["place"] >= 0].sort_values("place", kind="stable")
    place, reported, evidenced = (
        np.repeat(rows[name].to_numpy(dtype=np.int64), rows["n"])
        for name in ("place", "reported_week", "evidenced_week")
    )
    phase = stored.drop_duplicates("village_code", keep="last").set_index("village_code")["phase"]
    new = pd.Series(rng.random(len(codes)), index=codes)
    return RoundedHouseholds(place, reported, evidenced, phase.reindex(codes).fillna(new).to_numpy())


def _make_rows(
    codes: pd.Index,
    week: int,
    counted: dict[str, NDArray[np.int64]],
    rounded: dict[str, NDArray[np.int64]],
    fives: RoundedHouseholds,
) -> pd.DataFrame:
    n = len(codes)
    visited = {
        f"{kind}_{weeks}": BASE * count_since(fives.village, last, week - weeks + 1, n)
        for kind, last in (("reported", fives.reported), ("evidenced", fives.evidenced))
        for weeks in WEEKS
    }
    registered = BASE * np.bincount(fives.village, minlength=n)
    met = BASE * count_since(fives.village, fives.reported, NEVER + 1, n)
    return pd.DataFrame(
        {
            "week": week,
            "village_code": codes.to_numpy(),
            **{f"counted_{name}": values for name, values in counted.items()},
            **rounded,
            "households": registered,
            "never": registered - met,
            **visited,
            "phase": fives.phase,
        }
    )
