"""The weekly problem: who can go, where to, when, and by which rules."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

import holidays
import numpy as np
import pandas as pd

from geo.errors import ColumnError, GeoError, Phrase
from geo.routes.travel import StraightLine, Travel

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

HOUR_S: Final = 3_600
DAY_S: Final = 24 * HOUR_S
_SATURDAY, _SUNDAY = 5, 6


@dataclass(frozen=True)
class Shift:
    """A part of the day between leaving the post and being back there.

    Attributes
    ----------
    name
        How plans call it.
    start_s, end_s
        Seconds after local midnight.
    """

    name: str
    start_s: int
    end_s: int


MORNING: Final = Shift("morning", 8 * HOUR_S, 12 * HOUR_S)
AFTERNOON: Final = Shift("afternoon", 13 * HOUR_S, 16 * HOUR_S)
EVENING: Final = Shift("evening", 16 * HOUR_S, 18 * HOUR_S)
"""Not in the default day: for households that are at home only after 16:00."""


@dataclass(frozen=True)
class Rules:
    """What every plan must keep.

    Attributes
    ----------
    shifts
        The parts of a working day, in order, not overlapping.
    service_s
        Seconds that a visit takes.
    max_visits
        Visits of an officer in a day, over all shifts.
    floor_share
        Share of an officer's visits (0 to 1) that is kept for the villages by their share of households.
    rest_days
        Days between the last visit of a household and the next.
    """

    shifts: tuple[Shift, ...] = (MORNING, AFTERNOON)
    service_s: int = 600
    max_visits: int = 8
    floor_share: float = 0.2
    rest_days: int = 14

    def __post_init__(self) -> None:
        """Refuse rules that no plan could keep."""
        ends = [-1, *(shift.end_s for shift in self.shifts)]
        ordered = all(end <= shift.start_s for end, shift in zip(ends[1:], self.shifts[1:], strict=False))
        forward = all(0 <= shift.start_s < shift.end_s <= DAY_S for shift in self.shifts)
        if not (self.shifts and ordered and forward):
            raise GeoError("The shifts of a day must follow each other, and each must end after it starts.")
        if len({shift.name for shift in self.shifts}) < len(self.shifts):
            raise GeoError("Each shift needs a name of its own.")
        if self.service_s <= 0 or self.max_visits < 1 or self.rest_days < 0 or not 0 <= self.floor_share <= 1:
            raise GeoError("A visit takes time, a day has at least one, a floor is a share between 0 and 1.")


@dataclass(frozen=True)
class Problem:
    """One week of visits to be planned.

    Attributes
    ----------
    households
        Indexed by household id (text): ``lon``, ``lat`` (WGS84; NaN = no point), ``village_code``, ``prize``
        (points, 0 or more). Optional: ``must`` (true = comes before everything else), ``open_from_s`` and
        ``open_until_s`` (seconds after midnight between which a whole visit must lie; NaN = any time) and
        ``last_visit_on`` (local day without a time zone; NaT = never).
    officers
        Indexed by officer id (text): ``villages`` (codes joined by a space), ``lon``, ``lat`` of the post
        (NaN = unknown: the middle of the officer's households stands in).
    days
        Working days, in order.
    leave
        Days on which an officer does not work, by officer id.
    locks
        Households that a person has put on a day. They come first, and rest days don't bind them.
    registered
        Households by village, for the floor; None counts ``households``.
    rules, travel
        See there.
    """

    households: pd.DataFrame
    officers: pd.DataFrame
    days: tuple[date, ...]
    leave: Mapping[str, frozenset[date]] = field(default_factory=dict)
    locks: Mapping[str, date] = field(default_factory=dict)
    registered: pd.Series | None = None
    rules: Rules = field(default_factory=Rules)
    travel: Travel = field(default_factory=StraightLine)

    def __post_init__(self) -> None:
        """Refuse frames that lack a column, repeat an id, or hold impossible numbers."""
        _require(self.households, ("lon", "lat", "village_code", "prize"), Phrase("households"))
        _require(self.officers, ("villages", "lon", "lat"), Phrase("officers"))
        prize = self.households["prize"].to_numpy(dtype=np.float64)
        if not (np.isfinite(prize).all() and (prize >= 0).all()):
            raise ColumnError("A prize is a number of points, 0 or more.")
        if list(self.days) != sorted(set(self.days)):
            raise GeoError("The working days must be in order, each once.")

    def days_of(self, officer_id: str) -> tuple[date, ...]:
        """Tell the days on which an officer works."""
        away = self.leave.get(officer_id, frozenset())
        return tuple(day for day in self.days if day not in away)


def week_days(week: str) -> tuple[date, ...]:
    """List the seven days of an ISO week.

    Parameters
    ----------
    week
        As in ``2026-W48``.

    Returns
    -------
    tuple of datetime.date
        Monday first.

    Raises
    ------
    GeoError
        If it is not a week.

    Examples
    --------
    >>> week_days("2026-W48")[0].isoformat()
    '2026-11-23'
    """
    year, _, number = week.partition("-W")
    try:
        monday = date.fromisocalendar(int(year), int(number), 1)
    except ValueError:
        raise GeoError("{week!r} is not a week: write it as 2026-W48.", week=week) from None
    return tuple(monday + timedelta(days=n) for n in range(7))


def working_days(
    week: str,
    *,
    country: str | None = "ID",
    weekend: Iterable[int] = (_SATURDAY, _SUNDAY),
    also_off: Iterable[date] = (),
) -> tuple[date, ...]:
    """List the days of a week on which visits are made.

    Parameters
    ----------
    week
        As in ``2026-W48``.
    country
        ISO code of the country whose public holidays are left out, as the ``holidays`` package knows them
        (those of the lunar calendars are its estimates until they are announced); None leaves none out.
    weekend
        Weekdays that are free, 0 is Monday.
    also_off
        Further free days, such as joint leave.

    Returns
    -------
    tuple of datetime.date
        In order.

    Raises
    ------
    GeoError
        If it is not a week, or the country's holidays are not known.

    Examples
    --------
    >>> [day.isoformat() for day in working_days("2026-W01")]  # without New Year
    ['2025-12-29', '2025-12-30', '2025-12-31', '2026-01-02']
    """
    days = week_days(week)
    off = {*also_off, *holidays_between(days[0], days[-1], country=country)}
    free = set(weekend)
    return tuple(day for day in days if day.weekday() not in free and day not in off)


def holidays_between(since: date, until: date, *, country: str | None = "ID") -> dict[date, str]:
    """List public holidays.

    Parameters
    ----------
    since, until
        First and last day.
    country
        ISO code; None knows none.

    Returns
    -------
    dict
        Day to its name in the country's own language.

    Raises
    ------
    GeoError
        If the country's holidays are not known.

    Examples
    --------
    >>> from datetime import date
    >>> list(holidays_between(date(2026, 8, 16), date(2026, 8, 18)))
    [datetime.date(2026, 8, 17)]
    """
    if country is None:
        return {}
    try:
        known = holidays.country_holidays(country, years=range(since.year, until.year + 1))
    except NotImplementedError:
        raise GeoError(
            "The holidays of {country!r} are not known: give an ISO code such as ID.", country=country
        ) from None
    return {day: name for day, name in sorted(known.items()) if since <= day <= until}


def village_floors(problem: Problem) -> pd.Series:
    """Tell the least number of visits that each village is to get.

    Each officer's slots (working days times visits a day) times the floor share go to the officer's villages
    by their registered households, rounded half up, at least 1. A village that officers share counts in equal
    parts.

    Parameters
    ----------
    problem
        The week.

    Returns
    -------
    pandas.Series
        ``floor`` by officer id and village code, before households that can't be visited are seen to.

    Examples
    --------
    >>> households = pd.DataFrame(
    ...     {"lon": 111.0, "lat": -7.4, "village_code": ["a"] * 3 + ["b"], "prize": 1.0}, index=list("1234")
    ... )
    >>> officers = pd.DataFrame({"villages": ["a b"], "lon": 111.0, "lat": -7.4}, index=["o"])
    >>> village_floors(Problem(households, officers, working_days("2026-W48"))).to_dict()
    {('o', 'a'): 6, ('o', 'b'): 2}
    """
    tied = tie_villages(problem.officers)
    registered = problem.registered
    if registered is None:
        registered = problem.households["village_code"].value_counts()
    weight = registered.reindex(tied["village_code"], fill_value=0).to_numpy(dtype=np.float64)
    weight = weight / tied.groupby("village_code")["officer_id"].transform("size").to_numpy()
    total = pd.Series(weight).groupby(tied["officer_id"].to_numpy()).transform("sum").to_numpy()
    n_days = {name: len(problem.days_of(name)) for name in problem.officers.index}
    slots = tied["officer_id"].map(n_days).to_numpy(dtype=np.float64) * problem.rules.max_visits
    share = np.divide(weight, total, out=np.zeros_like(weight), where=total > 0)
    floor = np.floor(problem.rules.floor_share * slots * share + 0.5)
    floor = np.where((share > 0) & (slots > 0) & (problem.rules.floor_share > 0), np.maximum(floor, 1), 0)
    index = pd.MultiIndex.from_frame(tied[["officer_id", "village_code"]])
    return pd.Series(floor.astype(np.int64), index=index, name="floor")


def tie_villages(officers: pd.DataFrame) -> pd.DataFrame:
    """List who visits which village: one row for each pair, ``officer_id`` and ``village_code``."""
    codes = officers["villages"].fillna("").astype("str").str.split()
    pairs = codes.explode().dropna()
    frame = pd.DataFrame({"officer_id": pairs.index, "village_code": pairs.to_numpy()}, dtype="str")
    return frame.drop_duplicates(ignore_index=True)


def _require(frame: pd.DataFrame, columns: tuple[str, ...], what: Phrase) -> None:
    for column in columns:
        if column not in frame.columns:
            raise ColumnError("The {what} have no column {column!r}.", what=what, column=column)
    if not frame.index.is_unique:
        raise ColumnError(
            "The id {id!r} is there more than once.", id=frame.index[frame.index.duplicated()][0]
        )
