"""What is true of a made unit in a period, computed from its files by other means than the program's."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tests.sentences.units import N_VILLAGES, PERIOD, SQUARE, ZONE, MadeUnit

if TYPE_CHECKING:
    from datetime import date

CONTACT = {"met"}


class Truth:
    """The facts of a unit in a period of local days, half-open."""

    def __init__(self, unit: MadeUnit, since: str = PERIOD[0], until: str = PERIOD[1]) -> None:
        self.unit = unit
        self.since, self.until = (pd.Timestamp(day, tz=ZONE) for day in (since, until))

    # ---- visits

    @cached_property
    def log(self) -> pd.DataFrame:
        """The visits of the period."""
        visits = self.unit.visits
        at = visits["visited_at"]
        return visits[(at >= self.since) & (at < self.until)]

    @cached_property
    def contacts(self) -> pd.DataFrame:
        """Those at which somebody was met."""
        return self.log[self.log["outcome"].isin(CONTACT)]

    @cached_property
    def n_homes(self) -> int:
        """Registered households."""
        return len(self.unit.homes)

    def count_visited(self, visits: pd.DataFrame) -> pd.Series:
        """Count the households of each village with at least one of these visits."""
        village = self.unit.homes["village"].reindex(visits["household_id"].unique())
        return village.value_counts().reindex(range(N_VILLAGES), fill_value=0)

    @cached_property
    def reported(self) -> pd.Series:
        """Share of the households of each village that somebody met, by its name."""
        return self._name(self.count_visited(self.contacts) / SQUARE.n_homes)

    def count_visits(self, visits: pd.DataFrame) -> pd.Series:
        """Count these visits by the village of their household, by its name."""
        village = self.unit.homes["village"].reindex(visits["household_id"])
        return self._name(village.value_counts().reindex(range(N_VILLAGES), fill_value=0))

    @cached_property
    def near_visits(self) -> pd.DataFrame:
        """Contacts whose fix is at the door: all but those planted away."""
        home = self.unit.homes.loc[self.contacts["household_id"], ["lon", "lat"]].to_numpy()
        away = np.abs(self.contacts[["lon", "lat"]].to_numpy() - home).max(axis=1) > 1e-4
        return self.contacts[~away]

    @cached_property
    def supported_visits(self) -> pd.DataFrame:
        """Those of them that raise no question: none late in the evening."""
        return self.near_visits[self.near_visits["visited_at"].dt.hour.between(6, 20)]

    @cached_property
    def evidenced(self) -> pd.Series:
        """Share of the households of each village with a supported contact, by its name."""
        return self._name(self.count_visited(self.supported_visits) / SQUARE.n_homes)

    # ---- crimes

    def count_crimes(self, since: pd.Timestamp | None = None, until: pd.Timestamp | None = None) -> pd.Series:
        """Count the crimes of each village between two moments, the period's by default, by its name."""
        at, place = self.unit.crimes["occurred_at"], self.unit.crimes["village"]
        if self.unit.precision == "month":
            at = at.dt.tz_localize(None).dt.to_period("M").dt.to_timestamp().dt.tz_localize(ZONE)
        inside = (at >= (since or self.since)) & (at < (until or self.until))
        return self._name(place[inside].value_counts().reindex(range(N_VILLAGES), fill_value=0))

    @cached_property
    def crimes(self) -> pd.Series:
        """Crimes of each village in the period, by its name."""
        return self.count_crimes()

    @cached_property
    def n_crimes(self) -> int:
        """All of them."""
        return int(self.crimes.sum())

    def is_complete(self, last_day: date) -> bool:
        """Return whether the crimes of every district are complete to a day."""
        return all(end >= last_day for end in self.unit.ends().values())

    def _name(self, by_number: pd.Series) -> pd.Series:
        names = [f"Desa {number + 1}" for number in by_number.index]
        return pd.Series(by_number.to_numpy(), index=names)
