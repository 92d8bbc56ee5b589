"""Gather one week's problem from the records: who can go, where, and what each visit is worth."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from data import repository
from data.errors import DataError, ScopeError
from data.evidence import read_assessed_visits
from data.periods import Period
from data.plans.request import WeekRequest
from data.plans.rules import read_posts, read_rules, read_tag_wishes, read_weights
from data.plans.versions import read_current_stops
from data.settings import get_settings
from data.travel import read_travel
from geo.attempts import list_attempts
from geo.routes import Problem, list_week_days, list_working_days, measure_prizes
from geo.routes.prizes import RECENT_DAYS
from geo.routes.problem import list_officer_villages
from geo.routes.retry import RETRY_COLUMNS, choose_retry_hours
from geo.status import find_household_status

if TYPE_CHECKING:
    from data.database import Database
    from data.principal import Principal

__all__ = ["PlanWeek", "WeekRequest", "gather_week"]

_PERSONAL = ("head_name", "address", "rt", "rw", "tags")
LONGEST_LAG_DAYS = 90
"""Days by which a record of crimes may end before the week: older crimes say nothing of where to go now."""
_CRIMES = ("occurred_at", "category", "source", "lon", "lat", "village_code")


@dataclass(frozen=True)
class PlanWeek:
    """A week's problem with the facts that explain it.

    Attributes
    ----------
    request
        The supervisor's request.
    problem
        The problem that `geo.routes` solves.
    prizes
        Prize of each household of the problem, as returned by `geo.routes.measure_prizes`.
    homes
        Households of the problem, indexed by ``household_id``: ``lon``, ``lat``, ``village_code``,
        ``village``, ``head_name``, ``address``, ``rt``, ``rw``, ``tags``, ``status`` and ``days_since`` (the
        last visit that counts), ``n_attempts`` and ``attempt`` (since the last reported visit, as
        `geo.attempts.summarize_attempts` returns them). It names people.
    officers
        Officers of the problem, indexed by ``officer_id``: ``name``, ``rank``, ``villages`` (those in the
        plan), and ``lon``, ``lat`` of the post: the median point of the officer's households.
    """

    request: WeekRequest
    problem: Problem
    prizes: pd.DataFrame
    homes: pd.DataFrame
    officers: pd.DataFrame


def gather_week(
    database: Database, principal: Principal, request: WeekRequest, *, as_of: pd.Timestamp | None = None
) -> PlanWeek:
    """Gather everything needed to plan a week.

    Parameters
    ----------
    database, principal
        The database, and the principal who asks.
    request
        The supervisor's request.
    as_of
        Moment, with a time zone, at which status, rest and recent crimes are measured. The default is the
        first moment of the week, so that the same records give the same plan whenever it is built.

    Returns
    -------
    PlanWeek
        Only what the principal may see.

    Raises
    ------
    DataError
        If there are no officers or villages yet, or a household that the request names is not registered
        or is in another officer's plan.
    ScopeError
        If the area or an officer is out of scope.
    """
    moment = as_of or _first_moment(request.week)
    villages = repository.read_villages(database, principal, area=request.area)
    officers = _choose_officers(database, principal, request, villages.index)
    everyone = repository.read_households(database, principal, personal=True)
    homes = _choose_homes(everyone, request, officers, villages.index)
    homes = homes.assign(
        village=pd.Series(villages["village"].reindex(homes["village_code"]).array, homes.index)
    )
    visits = _read_visits(database, principal, everyone, request)
    homes = homes.join(_stand(homes, visits, moment)[["status", "days_since"]])
    homes = homes.join(_look_back(homes, visits, moment))
    officers = _place_posts(officers, homes)
    _require_officer_villages(request.posts, officers)
    registered = homes["village_code"].value_counts()
    taken = _planned_elsewhere(database, principal, request, officers.index)
    homes = homes[~homes.index.isin(request.dropped | taken)]
    prizes = measure_prizes(
        homes,
        homes["status"],
        _read_crimes(database, principal, moment),
        as_of=moment,
        weights=read_weights(get_settings(), request.preset),
    )
    problem = Problem(
        households=_tabulate(homes, prizes, request),
        officers=officers[["villages", "lon", "lat"]],
        days=list_working_days(request.week),
        leave=request.leave,
        locks=request.locks,
        posts=_place_village_posts(request, officers, homes),
        registered=registered,
        rules=read_rules(get_settings()),
        travel=read_travel(database, principal),
    )
    shown = ["lon", "lat", "village_code", "village", *_PERSONAL, "status", "days_since"]
    shown += ["n_attempts", "attempt"]
    return PlanWeek(request, problem, prizes, homes[shown], officers)


def _first_moment(week: str) -> pd.Timestamp:
    return pd.Timestamp(datetime.combine(list_week_days(week)[0], time(), get_settings().zone))


def _choose_officers(
    database: Database, principal: Principal, request: WeekRequest, codes: pd.Index
) -> pd.DataFrame:
    """Read the requested officers, with those of their villages that are in the plan."""
    officers = repository.read_officers(database, principal)
    if not len(codes) or officers.empty:
        raise DataError("There are no villages or no officers yet: import both before you plan.")
    unknown = sorted({*request.officers, *request.leave} - set(officers.index))
    if unknown:
        raise ScopeError(
            "There is no officer {officer} in your assigned area: see the list of officers.",
            officer=unknown[0],
        )
    known = set(codes)
    theirs = officers["villages"].fillna("").str.split()
    officers = officers.assign(villages=[" ".join(code for code in mine if code in known) for mine in theirs])
    chosen = officers.index.isin(request.officers) if request.officers else officers["villages"] != ""
    officers = officers[chosen].sort_index()
    if officers.empty:
        raise DataError("No officer is assigned to a village in the area: check the officers' villages.")
    return officers[["name", "rank", "villages"]]


def _choose_homes(
    everyone: pd.DataFrame, request: WeekRequest, officers: pd.DataFrame, codes: pd.Index
) -> pd.DataFrame:
    """Select the households of the officers' villages and those that the request names."""
    named = request.must | set(request.locks)
    within = everyone["village_code"].isin(codes)
    missing = len(named) - int((within & everyone.index.isin(named)).sum())
    if missing:
        raise DataError(
            "{n:,} of the households to be visited are not registered in the area: remove them.", n=missing
        )
    own = everyone["village_code"].isin(set(list_officer_villages(officers)["village_code"]))
    homes = everyone[own | everyone.index.isin(named)]
    return homes.assign(village_code=homes["village_code"].astype("str"))


def _planned_elsewhere(
    database: Database, principal: Principal, request: WeekRequest, officers: pd.Index
) -> set[str]:
    """Find the households that officers outside this plan already visit in this week."""
    stops = read_current_stops(database, principal, week=request.week)
    taken = set(stops.loc[~stops["officer_id"].isin(officers), "household_id"])
    n = len(taken & (request.must | set(request.locks)))
    if n:
        raise DataError(
            "{n:,} of the households to be visited are in another officer's published plan: remove them.",
            n=n,
        )
    return taken


def _read_visits(
    database: Database, principal: Principal, everyone: pd.DataFrame, request: WeekRequest
) -> pd.DataFrame:
    """Read all reported visits, with ``qualifies`` if only evidenced ones count."""
    columns = ("visited_at", "household_id", "attempt")
    visits = repository.read_visits(database, principal, columns=columns)
    if request.counting == "reported":
        return visits
    qualifies = read_assessed_visits(database, principal, everyone)["qualifies"]
    return visits.assign(qualifies=qualifies.reindex(visits.index))


def _stand(homes: pd.DataFrame, visits: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    return find_household_status(homes, visits, as_of=as_of, target_days=get_settings().target_days)


def _look_back(homes: pd.DataFrame, visits: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return the day of the last reported visit, from which a household rests, and the attempts since then.

    An attempt gives no rest and changes no status: it only moves the next try to another shift.
    """
    reported = visits.loc[visits["visited_at"] < as_of, ["visited_at", "household_id", "attempt"]]
    stand, zone = _stand(homes, reported, as_of), as_of.tzinfo
    last_at = pd.DatetimeIndex(stand["last_visit_at"])
    attempts = list_attempts(reported, homes.index, last_at, zone=zone or get_settings().zone)
    hours = choose_retry_hours(
        homes.join(read_tag_wishes(homes["tags"])), attempts, read_rules(get_settings())
    )
    return hours.assign(
        last_visit_on=stand["last_visit_at"].dt.tz_convert(zone).dt.normalize().dt.tz_localize(None),
        n_attempts=stand["n_attempts"],
        attempt=stand["attempt"].astype("str"),
    )


def _place_posts(officers: pd.DataFrame, homes: pd.DataFrame) -> pd.DataFrame:
    """Place each officer's post at the median of the officer's households: the records hold no other."""
    placed = homes.loc[homes["lon"].notna() & homes["lat"].notna(), ["village_code", "lon", "lat"]]
    pairs = list_officer_villages(officers).merge(placed, on="village_code")
    middle = pairs.groupby("officer_id")[["lon", "lat"]].median()
    return officers.join(middle.reindex(officers.index))


def _require_officer_villages(codes: frozenset[str], officers: pd.DataFrame) -> None:
    unknown = sorted(codes - set(list_officer_villages(officers)["village_code"]))
    if unknown:
        raise DataError(
            "No day can start in {village}: it is not a village of the plan's officers.", village=unknown[0]
        )


def _place_village_posts(
    request: WeekRequest, officers: pd.DataFrame, homes: pd.DataFrame
) -> dict[str, tuple[float, float]]:
    """Place the posts of villages: where the settings say, otherwise at the median of its households."""
    places = read_posts(get_settings())
    codes = (set(places) | request.posts) & set(list_officer_villages(officers)["village_code"])
    located = homes[homes["village_code"].isin(codes) & homes["lon"].notna() & homes["lat"].notna()]
    middle = located.groupby("village_code")[["lon", "lat"]].median()
    found = {
        str(code): (float(lon), float(lat))
        for code, lon, lat in zip(middle.index, middle["lon"], middle["lat"], strict=True)
    }
    return found | {code: place for code, place in places.items() if code in codes and place is not None}


def _read_crimes(database: Database, principal: Principal, as_of: pd.Timestamp) -> pd.DataFrame:
    """Read the crimes that may count as recent, including those beyond the border of the plan's area.

    Where the record of a district ends before ``as_of``, its crimes are moved on by that gap: its last days
    on record count, and a district that delivers late doesn't lose the weight of its crimes.
    """
    last = as_of.tz_convert(get_settings().zone).date() + timedelta(days=1)
    lags = _measure_lags(database, principal, as_of)
    longest = int(lags.max()) if len(lags) else 0
    period = Period.last(int(RECENT_DAYS) + 2 + longest, until=last, zone=get_settings().time_zone)
    crimes = repository.read_crimes(database, principal, period=period, columns=_CRIMES)
    district = crimes["village_code"].map(repository.read_districts(database, principal)["district_code"])
    lag = district.astype("object").map(lags).fillna(lags.min() if len(lags) else 0)
    return crimes.assign(occurred_at=crimes["occurred_at"] + pd.to_timedelta(lag, unit="D"))


def _measure_lags(database: Database, principal: Principal, as_of: pd.Timestamp) -> pd.Series:
    """Return by how many whole days each district's record of crimes ends before a moment, by code.

    It is 0 where it ends so long before that its last crimes are not recent in any sense.
    """
    ends = repository.read_record_ends(database, principal)
    ends = ends[(ends["dataset"] == "crimes") & ends["last_day"].notna()].set_index("district_code")
    local = as_of.tz_convert(get_settings().zone).tz_localize(None)
    lags = (local - (ends["last_day"] + pd.Timedelta(days=1))).dt.days.clip(lower=0)
    return lags.where(lags <= LONGEST_LAG_DAYS, 0)


def _tabulate(homes: pd.DataFrame, prizes: pd.DataFrame, request: WeekRequest) -> pd.DataFrame:
    table = homes[["lon", "lat", "village_code", "last_visit_on", *RETRY_COLUMNS]].astype(
        {"lon": np.float64, "lat": np.float64}
    )
    wishes = read_tag_wishes(homes["tags"])
    return table.assign(
        prize=prizes["prize"],
        must=wishes["must"] | homes.index.isin(request.must),
        open_from_s=wishes["open_from_s"],
        open_until_s=wishes["open_until_s"],
    )
