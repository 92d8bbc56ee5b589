"""The period that a figure covers, in half-open local days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pandas as pd

from data.errors import DataError

YEAR_DAYS = 365


@dataclass(frozen=True)
class Period:
    """The days from ``since`` up to, but not including, ``until`` in a time zone.

    Examples
    --------
    >>> period = Period(date(2026, 8, 3), date(2026, 11, 1), "Asia/Jakarta")
    >>> period.days
    90
    >>> period.since_at
    Timestamp('2026-08-02 17:00:00+0000', tz='UTC')
    """

    since: date
    until: date
    zone: str

    def __post_init__(self) -> None:
        """Refuse a period that contains no day."""
        if self.since >= self.until:
            raise DataError(
                "The period from {since} to {until} contains no day: choose an end after its start.",
                since=self.since,
                until=self.until,
            )

    @classmethod
    def last(cls, days: int, *, until: date, zone: str) -> Period:
        """Return the period of ``days`` days that ends at ``until`` (exclusive)."""
        return cls(until - timedelta(days=days), until, zone)

    @property
    def days(self) -> int:
        """Length in days."""
        return (self.until - self.since).days

    @property
    def last_day(self) -> date:
        """Last day within the period."""
        return self.until - timedelta(days=1)

    @property
    def since_at(self) -> pd.Timestamp:
        """First moment of the period, in UTC."""
        return _midnight(self.since, self.zone)

    @property
    def until_at(self) -> pd.Timestamp:
        """First moment after the period, in UTC."""
        return _midnight(self.until, self.zone)

    def previous(self) -> Period:
        """Return the period of the same length just before.

        Examples
        --------
        >>> Period(date(2026, 8, 3), date(2026, 11, 1), "Asia/Jakarta").previous().since
        datetime.date(2026, 5, 5)
        """
        return Period(self.since - timedelta(days=self.days), self.since, self.zone)

    def extend_to_year(self, recorded_from: date | None = None) -> Period:
        """Return the period, begun earlier where it is shorter than a year, as far as the record reaches.

        Examples
        --------
        >>> Period(date(2026, 8, 3), date(2026, 11, 1), "Asia/Jakarta").extend_to_year().since
        datetime.date(2025, 11, 1)
        """
        since = min(self.since, self.until - timedelta(days=YEAR_DAYS))
        if recorded_from is not None and since < recorded_from < self.until:
            since = recorded_from
        return Period(since, self.until, self.zone)


def _midnight(day: date, zone: str) -> pd.Timestamp:
    return pd.Timestamp(datetime.combine(day, time(), ZoneInfo(zone))).tz_convert("UTC")
