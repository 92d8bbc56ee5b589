"""The clock that the program reads: the machine's, or one stopped at a moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Clock:
    """The current moment, and the current day in the unit's time zone.

    Parameters
    ----------
    zone
        The unit's time zone: its days begin at local midnight.
    stopped_at
        A moment with a time zone that the clock always shows, as in tests; None for the machine's clock.

    Examples
    --------
    >>> from zoneinfo import ZoneInfo
    >>> late = datetime(2026, 10, 31, 18, 0, tzinfo=UTC)
    >>> Clock(ZoneInfo("Asia/Jakarta"), stopped_at=late).today()
    datetime.date(2026, 11, 1)
    """

    zone: ZoneInfo
    stopped_at: datetime | None = None

    def now(self) -> datetime:
        """Return the current moment in UTC."""
        return (self.stopped_at or datetime.now(UTC)).astimezone(UTC)

    def seconds(self) -> int:
        """Return the current moment in whole seconds since 1970-01-01 UTC, as stored in the database."""
        return int(self.now().timestamp())

    def today(self) -> date:
        """Return the current day in the unit's time zone."""
        return self.now().astimezone(self.zone).date()
