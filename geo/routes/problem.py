"""The weekly planning problem: officers, households, working days and rules."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

import holidays
import numpy as np
import pandas as pd

from geo.checks import require_columns
from geo.errors import ColumnError, GeoError, Phrase
from geo.routes.travel import StraightLine, Travel

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

HOUR_S: Final = 3_600
DAY_S: Final = 24 * HOUR_S
_SATURDAY, _SUNDAY = 5, 6


@dataclass(frozen=True)
class Shift:
    """A part of the day, from leaving the post to being back.

    Attributes
    ----------
    name
        Name used in plans.
    start_s, end_s
        Seconds after local midnight.
    """

    name: str
    start_s: int
    end_s: int


MORNING: Final = Shift("morning", 8 * HOUR_S, 12 * HOUR_S)
AFTERNOON: Final = Shift("afternoon", 13 * HOUR_S, 16 * HOUR_S)
"""Not in the default day; for households at home only after 16:00."""


@dataclass(frozen=True)
class PlanRules:
    """Rules that every plan must keep.

    Attributes
    ----------
    shifts
        Shifts of a working day, in order, not overlapping.
    service_s
        Service time of a visit, seconds.
    max_visits
        Maximum visits of an officer per day, over all shifts.
    floor_share
        Share of an officer's visits (0 to 1) reserved for villages, in proportion to their households.
    rest_days
        Minimum days between two visits to a household.
    """

    shifts: tuple[Shift, ...] = (MORNING, AFTERNOON)
    service_s: int = 600
    max_visits: int = 8
    floor_share: float = 0.2
    rest_days: int = 14

    def __post_init__(self) -> None:
        """Raise for rules that no plan could keep."""
        ends = [-1, *(shift.end_s for shift in self.shifts)]
        ordered = all(end <= shift.start_s for end, shift in zip(ends[1:], self.shifts[1:], strict=False))
        forward = all(0 <= shift.start_s < shift.end_s <= DAY_S for shift in self.shifts)
        if not (self.shifts and ordered and forward):
            raise GeoError(
                "The shifts of a day must be in order and must not overlap, and each must "
                "end after it starts."
            )
        if len({shift.name for shift in self.shifts}) < len(self.shifts):
            raise GeoError("Each shift needs a unique name.")
        if self.service_s <= 0 or self.max_visits < 1 or self.rest_days < 0 or not 0 <= self.floor_share <= 1:
            raise GeoError(
                "A visit must take time, a day must have at least one visit, and the "
                "minimum share must be between 0 and 1."
            )


@dataclass(frozen=True)
class Problem:
    """A week of visits to plan.

    Attributes
    ----------
    households
        Indexed by household id (text): ``lon``, ``lat`` (WGS84; NaN = no point), ``village_code``, ``prize``
        (points, 0 or more). Optional: ``must`` (true = planned before everything else), ``open_from_s`` and
        ``open_until_s`` (seconds after midnight between which a whole visit must lie; NaN = any time),
        ``retry_from_s`` and ``retry_until_s`` (hours in which to try again, from
        `geo.routes.retry.choose_retry_hours`; given up where nobody could get there then) and
        ``last_visit_on`` (local day without a time zone; NaT = never).
    officers
        Indexed by officer id (text): ``villages`` (codes joined by a space), ``lon``, ``lat`` of the post
        (NaN = unknown: the mean position of the officer's households is used).
    days
        Working days, in order.
    leave
        Days on which an officer does not work, by officer id.
    locks
        Day to which a household is locked, by household id. Planned first, regardless of rest days.
    registered
        Registered households by village, for the floor; None counts ``households``.
    rules, travel
        Rules of the plan, and what measures travel times.
    posts
        Longitude and latitude (WGS84) by village code: an officer of the village may start a day there.
    """

    households: pd.DataFrame
    officers: pd.DataFrame
    days: tuple[date, ...]
    leave: Mapping[str, frozenset[date]] = field(default_factory=dict)
    locks: Mapping[str, date] = field(default_factory=dict)
    registered: pd.Series | None = None
    rules: PlanRules = field(default_factory=PlanRules)
    travel: Travel = field(default_factory=StraightLine)
    posts: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Raise for frames that lack a column, repeat an id, or hold invalid numbers."""
        require_columns(self.households, ("lon", "lat", "village_code", "prize"), Phrase("households"))
        require_columns(self.officers, ("villages", "lon", "lat"), Phrase("officers"))
        _require_unique_ids(self.households)
        _require_unique_ids(self.officers)
        prize = self.households["prize"].to_numpy(dtype=np.float64)
        if not (np.isfinite(prize).all() and (prize >= 0).all()):
            raise ColumnError("A prize must be a number of points, 0 or more.")
        if list(self.days) != sorted(set(self.days)):
            raise GeoError("The working days must be in order, without repeats.")

    def list_days(self, officer_id: str) -> tuple[date, ...]:
        """Return the days on which an officer works."""
        away = self.leave.get(officer_id, frozenset())
        return tuple(day for day in self.days if day not in away)


def list_week_days(week: str) -> tuple[date, ...]:
    """List the seven days of an ISO week.

    Parameters
    ----------
    week
        ISO week, such as ``2026-W48``.

    Returns
    -------
    tuple of datetime.date
        Monday to Sunday.

    Raises
    ------
    GeoError
        If ``week`` is not a week.

    Examples
    --------
    >>> list_week_days("2026-W48")[0].isoformat()
    '2026-11-23'
    """
    year, _, number = week.partition("-W")
    try:
        monday = date.fromisocalendar(int(year), int(number), 1)
    except ValueError:
        raise GeoError("{week!r} is not a week: use the form 2026-W48.", week=week) from None
    return tuple(monday + timedelta(days=n) for n in range(7))


def list_working_days(
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
        ISO week, such as ``2026-W48``.
    country
        ISO code of the country whose public holidays are left out, according to the ``holidays`` package
        (estimated for lunar calendars until they are announced); None leaves none out.
    weekend
        Weekdays off, 0 is Monday.
    also_off
        Other days off, such as joint leave.

    Returns
    -------
    tuple of datetime.date
        In order.

    Raises
    ------
    GeoError
        If ``week`` is not a week, or the country's holidays are not known.

    Examples
    --------
    >>> [day.isoformat() for day in list_working_days("2026-W01")]  # without New Year
    ['2025-12-29', '2025-12-30', '2025-12-31', '2026-01-02']
    """
    days = list_week_days(week)
    off = {*also_off, *list_holidays(days[0], days[-1], country=country)}
    free = set(weekend)
    return tuple(day for day in days if day.weekday() not in free and day not in off)


def list_holidays(since: date, until: date, *, country: str | None = "ID") -> dict[date, str]:
    """Return the public holidays between two days, both included.

    Parameters
    ----------
    since, until
        First and last day.
    country
        ISO code; None for no holidays.

    Returns
    -------
    dict
        Name of each holiday by day, in the country's own language.

    Raises
    ------
    GeoError
        If the country's holidays are not known.

    Examples
    --------
    >>> from datetime import date
    >>> list(list_holidays(date(2026, 8, 16), date(2026, 8, 18)))
    [datetime.date(2026, 8, 17)]
    """
    if country is None:
        return {}
    try:
        known = holidays.country_holidays(country, years=range(since.year, until.year + 1))
    except NotImplementedError:
        raise GeoError(
            "The holidays of {country!r} are not known: use an ISO country code such as ID.", country=country
        ) from None
    return {day: name for day, name in sorted(known.items()) if since <= day <= until}


def compute_village_floors(problem: Problem) -> pd.Series:
    """Compute the floor of each village: the minimum number of visits it is to get.

    The floor share of each officer's slots (working days times visits per day) is divided among the officer's
    villages in proportion to their registered households, rounded half up, at least 1, at most the households
    that there are. A village shared by several officers is split equally between them.

    Parameters
    ----------
    problem
        The week's problem.

    Returns
    -------
    pandas.Series
        ``floor`` by officer id and village code, including households that can't be visited.

    Examples
    --------
    >>> households = pd.DataFrame(
    ...     {"lon": 111.0, "lat": -7.4, "village_code": ["a"] * 3 + ["b"], "prize": 1.0}, index=list("1234")
    ... )
    >>> officers = pd.DataFrame({"villages": ["a b"], "lon": 111.0, "lat": -7.4}, index=["o"])
    >>> compute_village_floors(Problem(households, officers, list_working_days("2026-W48"))).to_dict()
    {('o', 'a'): 3, ('o', 'b'): 1}
    """
    tied = list_officer_villages(problem.officers)
    registered = problem.registered
    if registered is None:
        registered = problem.households["village_code"].value_counts()
    weight = registered.reindex(tied["village_code"], fill_value=0).to_numpy(dtype=np.float64)
    weight = weight / tied.groupby("village_code")["officer_id"].transform("size").to_numpy()
    total = pd.Series(weight).groupby(tied["officer_id"].to_numpy()).transform("sum").to_numpy()
    n_days = {name: len(problem.list_days(name)) for name in problem.officers.index}
    slots = tied["officer_id"].map(n_days).to_numpy(dtype=np.float64) * problem.rules.max_visits
    share = np.divide(weight, total, out=np.zeros_like(weight), where=total > 0)
    floor = np.floor(problem.rules.floor_share * slots * share + 0.5)
    floor = np.where((share > 0) & (slots > 0) & (problem.rules.floor_share > 0), np.maximum(floor, 1), 0)
    floor = np.minimum(floor, np.ceil(weight))
    index = pd.MultiIndex.from_frame(tied[["officer_id", "village_code"]])
    return pd.Series(floor.astype(np.int64), index=index, name="floor")


def list_officer_villages(officers: pd.DataFrame) -> pd.DataFrame:
    """List the villages of each officer: one row per ``officer_id`` and ``village_code``."""
    codes = officers["villages"].fillna("").astype("str").str.split()
    pairs = codes.explode().dropna()
    frame = pd.DataFrame({"officer_id": pairs.index, "village_code": pairs.to_numpy()}, dtype="str")
    return frame.drop_duplicates(ignore_index=True)


def _require_unique_ids(frame: pd.DataFrame) -> None:
    if not frame.index.is_unique:
        raise ColumnError("The ID {id!r} occurs more than once.", id=frame.index[frame.index.duplicated()][0])
