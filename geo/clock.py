"""The crime clock: at what hours and on what days crimes happen, and whether any stands out from chance."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import binom

from geo.aoristic import tabulate_hours, tabulate_weekdays
from geo.caution import require_days
from geo.counting import take_times
from geo.errors import Phrase
from geo.precision import know_hours, know_weekdays
from geo.significance import MIN_CRIMES, require_enough

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

HOURS_TOGETHER = 6
"""Hours that are looked at together for the busiest part of the day."""
LEVEL = 0.0013
"""Probability (exact, binomial, one-sided) below which a count is more than an even spread explains: three
standard errors, so that the largest of 24 spans and 7 days is so by chance in fewer than 5 of 100 records."""

_ROUNDING = 1e-6  # of the sums of shares
_WEEK = 7


class Peak(NamedTuple):
    """The busiest hours or day, where they stand out from chance."""

    first: int
    """The hour that begins them, or the weekday (0 is Monday)."""
    share: float
    """Their share of the crimes whose hour, or day, is known."""


class CrimeClock(NamedTuple):
    """Crimes by hour of the week and by weekday."""

    hours: pd.DataFrame
    """As from :func:`geo.aoristic.tabulate_hours`: crimes whose hour is known, or that lie between times."""
    weekdays: pd.Series
    """As from :func:`geo.aoristic.tabulate_weekdays`: crimes whose day is known, or between two times."""
    n_crimes: int
    n_with_hour: int
    n_with_day: int
    busiest_hours: Peak | None
    """None where no hours stand out, or fewer than ``MIN_CRIMES`` crimes have an hour."""
    busiest_day: Peak | None

    @property
    def n_without_hour(self) -> int:
        """Number of crimes that the hours leave out."""
        return self.n_crimes - self.n_with_hour

    @property
    def n_without_day(self) -> int:
        """Number of crimes that the weekdays leave out."""
        return self.n_crimes - self.n_with_day

    @property
    def has_hours(self) -> bool:
        """Whether enough crimes have an hour for anything to be said about hours."""
        return self.n_with_hour >= MIN_CRIMES


def measure_clock(crimes: pd.DataFrame, *, zone: str) -> CrimeClock:
    """Measure at what hours and on what days crimes happen.

    Parameters
    ----------
    crimes
        ``occurred_at``, and ``occurred_to`` and ``time_precision`` where known, as in
        :func:`geo.aoristic.tabulate_hours`.
    zone
        Time zone of the clock, such as ``"Asia/Jakarta"``.

    Returns
    -------
    CrimeClock
        The tables, and the busiest hours and day where an even spread has a probability of at most ``LEVEL``.

    Raises
    ------
    ColumnError
        If a column is missing, or a time has no time zone.
    PeriodError
        If the time zone is unknown.
    TooFewError
        If fewer than ``MIN_CRIMES`` crimes are given or have a day, or all are of one day.

    Examples
    --------
    >>> import pandas as pd
    >>> times = pd.Series(pd.date_range("2026-10-01 22:30", periods=40, freq="D", tz="Asia/Jakarta"))
    >>> clock = measure_clock(pd.DataFrame({"occurred_at": times}), zone="Asia/Jakarta")
    >>> clock.busiest_hours, clock.busiest_day
    (Peak(first=17, share=1.0), None)
    >>> dates = pd.DataFrame({"occurred_at": times.dt.normalize(), "time_precision": "day"})
    >>> measure_clock(dates, zone="Asia/Jakarta").busiest_hours is None
    True
    """
    require_enough(len(crimes), MIN_CRIMES, Phrase("crimes"))
    dated = crimes[know_weekdays(crimes)]
    require_enough(len(dated), MIN_CRIMES, Phrase("crimes whose day is known"))
    require_days(dated, zone=zone)
    hours = tabulate_hours(crimes, zone=zone)
    weekdays = hours.sum(axis=1) + tabulate_weekdays(crimes[~know_hours(crimes)], zone=zone)
    n_with_hour = len(crimes) - hours.attrs["n_undated"] - hours.attrs["n_without_hour"]
    by_hour = hours.sum().to_numpy()
    together = np.convolve(
        np.append(by_hour, by_hour[: HOURS_TOGETHER - 1]), np.ones(HOURS_TOGETHER), "valid"
    )
    return CrimeClock(
        hours,
        weekdays,
        n_crimes=len(crimes),
        n_with_hour=n_with_hour,
        n_with_day=len(dated),
        busiest_hours=_find_peak(together, n_with_hour, HOURS_TOGETHER / len(by_hour)),
        busiest_day=_find_peak(weekdays.to_numpy(), len(dated), _share_weekdays(dated, zone)),
    )


def _share_weekdays(dated: pd.DataFrame, zone: str) -> NDArray[np.float64]:
    """Return each weekday's share of the days from the first crime to the last: ten days have some twice."""
    days = take_times(dated).dt.tz_convert(zone).dt.normalize()
    weekdays = pd.date_range(days.min(), days.max(), freq="D").day_of_week
    return np.bincount(weekdays, minlength=_WEEK) / len(weekdays)


def _find_peak(counts: np.ndarray, total: int, share: ArrayLike) -> Peak | None:
    """Return the largest count if it stands out from an even spread of enough crimes."""
    first = int(counts.argmax())
    expected = np.broadcast_to(share, counts.shape)[first]
    if total < MIN_CRIMES or binom.sf(np.floor(counts[first] + _ROUNDING) - 1, total, expected) > LEVEL:
        return None
    return Peak(first, float(counts[first] / total))
