"""Crimes and visits by village and week: what is rounded when a week closes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from data.settings import get_settings
from data.tables import ROUNDED_COUNTS
from geo.groups import NOWHERE, count_groups, count_local_days, find_contacts, find_positions
from geo.priority import DISCOVERED
from geo.rounding import NEVER
from pages.queries.evidence import load_assessment
from pages.queries.records import (
    Connection,
    load_crimes,
    load_households,
    load_villages,
    load_visits,
    locate_visits,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

_EPOCH, _DAYS_FROM_MONDAY, _DAYS_A_WEEK = date(1970, 1, 1), 3, 7  # that day was a Thursday


def find_week(day: date) -> int:
    """Return the number of a day's week, Monday to Sunday."""
    return ((day - _EPOCH).days + _DAYS_FROM_MONDAY) // _DAYS_A_WEEK


def find_monday(week: int) -> date:
    """Return the first day of a week."""
    return _EPOCH + timedelta(days=_DAYS_A_WEEK * week - _DAYS_FROM_MONDAY)


@dataclass(frozen=True)
class WeekRecord:
    """What is counted, by week: crimes (reported, then discovered, by village), visits, who was visited."""

    codes: pd.Index
    levels: pd.DataFrame
    crimes: tuple[NDArray[np.int64], NDArray[np.int64]]
    visits: tuple[NDArray[np.int64], NDArray[np.int64]]
    homes: NDArray[np.int64]
    met: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]

    @classmethod
    def gather(cls, connection: Connection, codes: pd.Index) -> WeekRecord:
        """Gather the records of villages."""
        villages = load_villages(connection)
        of_village = np.append(codes.get_indexer(villages.index), NOWHERE)
        crimes, visits = load_crimes(connection), load_visits(connection)
        place = find_positions(crimes["village_code"], codes)
        kind = (crimes["source"] == DISCOVERED).to_numpy().astype(np.int64)
        cell = np.where(place == NOWHERE, NOWHERE, place + len(codes) * kind)
        of_home = find_positions(load_households(connection)["village_code"], codes)
        home = visits["household_id"].cat.codes.to_numpy().astype(np.int64)
        week = _number_weeks(visits["visited_at"])
        is_visit = find_contacts(visits)  # an attempt is none
        counts = is_visit & (home >= 0) & (np.append(of_home, NOWHERE)[home] != NOWHERE)
        position = np.cumsum(of_home != NOWHERE) - 1  # households that lie in no village are left out
        return cls(
            codes,
            pd.DataFrame(villages.loc[codes, ["district_code", "regency_code"]]),
            (_number_weeks(crimes["occurred_at"]), cell),
            (week, np.where(is_visit, of_village[locate_visits(connection)], NOWHERE).astype(np.int64)),
            of_home[of_home != NOWHERE],
            (
                week[counts],
                position[home[counts]],
                load_assessment(connection)["qualifies"].to_numpy()[counts],
            ),
        )

    @property
    def first(self) -> int:
        """The first week with a record."""
        return int(min(part.min() for part in (self.crimes[0], self.visits[0]) if len(part)))

    def count(self, week: int) -> dict[str, NDArray[np.int64]]:
        """Count the crimes and visits of a week by village."""
        n = len(self.codes)
        crimes = count_groups(self.crimes[1][self.crimes[0] == week], 2 * n)
        visits = count_groups(self.visits[1][self.visits[0] == week], n)
        return dict(zip(ROUNDED_COUNTS, (crimes[:n], crimes[n:], visits), strict=True))

    def find_last_visits(self, weeks: range) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the weeks of the last reported and evidenced visits of all households, before a week."""
        last = np.full((2, len(self.homes)), NEVER)
        self.note_visits(last, self.met[0] < weeks.start)
        return last[0], last[1]

    def note_visits(self, last: NDArray[np.int64], chosen: NDArray[np.bool_]) -> None:
        """Note the weeks of visits, which are in order of time."""
        week, home, qualifies = self.met
        last[0][home[chosen]] = week[chosen]
        supported = chosen & qualifies
        last[1][home[supported]] = week[supported]


def _number_weeks(times: pd.Series) -> NDArray[np.int64]:
    days = count_local_days(pd.DatetimeIndex(times), get_settings().time_zone)
    return (days + _DAYS_FROM_MONDAY) // _DAYS_A_WEEK
