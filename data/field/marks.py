"""Marks of an officer's field sheet: *met* or *not at home*; each is one visit, however often it is sent."""

from __future__ import annotations

import hashlib
import json
import math
import re
import uuid
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from data import repository
from data.errors import DataError, ScopeError
from data.field.day import add_visits, read_household_villages
from data.settings import get_settings
from data.store import Batch
from geo.join import locate_points

if TYPE_CHECKING:
    from collections.abc import Sequence

    from data.database import Database
    from data.principal import Principal

MARK_OUTCOMES = ("met", "absent")
"""Possible outcomes of a mark."""
MAX_MARKS = 500
"""Most marks in one delivery: weeks of an officer's work."""
MAX_MARK_AGE = timedelta(days=60)
"""A mark older than this is refused: the phone's clock must be wrong."""
MAX_CLOCK_LEAD = timedelta(minutes=10)
"""How far a phone's clock may run ahead."""

FIELD_SHEET_NAME = re.compile(r"field sheet (\d{4}-\d\d-\d\d) (.+)")
"""Name of the import of an officer's marks of a day: the day and the officer's id."""

_LONGEST = 2_000  # characters of a refused mark that are kept
_FIX = ("lon", "lat", "accuracy_m")
_EAST, _NORTH = 180.0, 90.0
_LEAST_ACCURATE_M = 100_000.0


@dataclass(frozen=True)
class MarkReceipt:
    """Which marks were accepted, so that the phone may delete them, and why others were refused."""

    accepted: tuple[str, ...]
    """Ids of visits that are stored, by this or an earlier delivery."""
    refused: dict[str, str]
    """Reason code by id of the mark as it was sent; the mark itself is kept in quarantine."""
    n_new: int


class _Refused(Exception):  # noqa: N818 - a reason, not an error; never leaves this module
    """The reason why a mark is refused."""


class _Mark(NamedTuple):
    visit_id: str
    household_id: str
    outcome: str
    visited_at: datetime
    lon: float
    lat: float
    accuracy_m: float


def record_marks(
    database: Database,
    principal: Principal,
    officer_id: str,
    marks: Sequence[Any],
    *,
    now: datetime | None = None,
) -> MarkReceipt:
    """Store marks as visits with their fix, each once.

    All marks of an officer that arrive on one local day form one growing import, *field sheet*, which can be
    undone as a whole like any other.

    Parameters
    ----------
    database, principal
        The database to write to, and the principal who delivers the marks.
    officer_id
        The officer who made the visits.
    marks
        JSON objects: ``visit_id`` (a UUID made by the phone; one UUID is one visit), ``household_id``,
        ``outcome`` (met or absent), ``marked_at`` (ISO 8601 with a time zone), and, if the phone has a fix,
        ``lon``, ``lat`` (WGS84) and ``accuracy_m``.
    now
        The current moment; the clock's if omitted.

    Returns
    -------
    MarkReceipt
        The same marks are accepted and refused, however often they are sent.

    Raises
    ------
    ScopeError
        If the officer is not in scope.
    DataError
        If there are too many marks at once.
    """
    if len(marks) > MAX_MARKS:
        raise DataError("{n:,} marks were sent at once: send at most {most}.", n=len(marks), most=MAX_MARKS)
    if officer_id not in repository.read_officers(database, principal).index:
        raise ScopeError("There is no officer {officer_id} in your assigned area.", officer_id=officer_id)
    moment = now or get_settings().clock.now()
    homes = read_household_villages(database, principal, _households_of(marks))
    read, refused = _read_all(marks, homes, moment)
    batch = _batch_of(officer_id, principal, moment)
    records = _place(database, principal, _to_frame(read, officer_id), homes)
    kept = pd.DataFrame(
        [(reason, _write(raw)) for raw, reason in refused], columns=["reasons", "raw"], dtype="str"
    )
    n_new = add_visits(database, batch, records, kept)
    return MarkReceipt(
        tuple(mark.visit_id for mark in read), {_name(raw): reason for raw, reason in refused}, n_new
    )


def _households_of(marks: Sequence[Any]) -> set[str]:
    named = (mark.get("household_id") for mark in marks if isinstance(mark, dict))
    return {name for name in named if isinstance(name, str)}


def _read_all(
    marks: Sequence[Any], homes: pd.Series, now: datetime
) -> tuple[list[_Mark], list[tuple[Any, str]]]:
    """Split marks into valid ones, each once, and refused ones with the reason."""
    read: dict[str, _Mark] = {}
    refused = []
    for raw in marks:
        try:
            mark = _read(raw, now, homes.index)
        except _Refused as reason:
            refused.append((raw, str(reason)))
        else:
            read.setdefault(mark.visit_id, mark)
    return list(read.values()), refused


def _read(raw: Any, now: datetime, homes: pd.Index) -> _Mark:
    if not isinstance(raw, dict) or raw.get("outcome") not in MARK_OUTCOMES:
        raise _Refused("bad_value")
    household_id = raw.get("household_id")
    try:
        visit_id = str(uuid.UUID(str(raw.get("visit_id"))))
    except ValueError:
        raise _Refused("bad_value") from None
    if not isinstance(household_id, str) or not household_id:
        raise _Refused("bad_value")
    if household_id not in homes:
        raise _Refused("not_in_reach")
    return _Mark(
        visit_id, household_id, raw["outcome"], _read_time(raw.get("marked_at"), now), *_read_fix(raw)
    )


def _read_time(raw: Any, now: datetime) -> datetime:
    try:
        moment = datetime.fromisoformat(raw) if isinstance(raw, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise _Refused("bad_date")
    if not now - MAX_MARK_AGE <= moment <= now + MAX_CLOCK_LEAD:
        raise _Refused("date_out_of_range")
    return moment.astimezone(UTC)


def _read_fix(raw: dict[str, Any]) -> tuple[float, float, float]:
    """Read longitude, latitude and accuracy; all NaN if the phone had no fix."""
    values = [raw.get(name) for name in _FIX]
    if values[0] is None and values[1] is None:
        return math.nan, math.nan, math.nan
    lon, lat, accuracy_m = (_number(value) for value in values)
    if not (abs(lon) <= _EAST and abs(lat) <= _NORTH):  # NaN compares false
        raise _Refused("bad_coordinates")
    if lon == 0 and lat == 0:
        raise _Refused("zero_coordinates")
    if values[2] is not None and not 0 <= accuracy_m <= _LEAST_ACCURATE_M:
        raise _Refused("bad_number")
    return lon, lat, accuracy_m


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else math.nan


def _to_frame(marks: list[_Mark], officer_id: str) -> pd.DataFrame:
    frame = pd.DataFrame(marks, columns=_Mark._fields).set_index("visit_id")
    moments = pd.to_datetime(frame["visited_at"], utc=True).astype("datetime64[us, UTC]")
    numbers = frame[list(_FIX)].astype("float64")
    texts = frame[["household_id", "outcome"]].astype("str")
    named = texts.assign(officer_id=officer_id, household_match="id", household_given=texts["household_id"])
    return named.assign(visited_at=moments, **{name: numbers[name] for name in _FIX})


def _place(database: Database, principal: Principal, records: pd.DataFrame, homes: pd.Series) -> pd.DataFrame:
    """Assign each visit to the village of its fix or, without a fix, of its household."""
    # A fix may lie in a village out of the officer's scope; it is the visit's village all the same.
    villages = repository.read_villages(database, replace(principal, areas=("",)))
    lon, lat = records["lon"].to_numpy(), records["lat"].to_numpy()
    of_fix = pd.Series(locate_points(lon, lat, villages), index=records.index, dtype="str")
    of_home = pd.Series(homes.reindex(records["household_id"]).array, index=records.index, dtype="str")
    located = ~np.isnan(lon)
    placement = np.where(located, np.where(of_fix.isna(), "outside", "inside"), "unlocated")
    return records.assign(
        village_code=of_fix.where(located, of_home),
        placement=pd.Series(placement, records.index, dtype="str"),
    )


def _batch_of(officer_id: str, principal: Principal, moment: datetime) -> Batch:
    day = moment.astimezone(get_settings().zone).date().isoformat()
    named = json.dumps(["field sheet", officer_id, day])
    return Batch(
        dataset="visits",
        file_name=f"field sheet {day} {officer_id}",
        fingerprint=hashlib.sha256(named.encode()).hexdigest(),
        imported_by=principal.user,
        rows_read=0,
        rows_quarantined=0,
        rows_outside=0,
    )


def _write(raw: Any) -> str:
    """Return a refused mark as the JSON text of one quarantined row."""
    known = raw if isinstance(raw, dict) else {"mark": raw}
    cells = {str(name): "" if value is None else str(value) for name, value in known.items()}
    said = json.dumps(cells, sort_keys=True, ensure_ascii=False)
    return said if len(said) <= _LONGEST else json.dumps({"mark": said[:_LONGEST]}, ensure_ascii=False)


def _name(raw: Any) -> str:
    return str(raw.get("visit_id")) if isinstance(raw, dict) else str(raw)
