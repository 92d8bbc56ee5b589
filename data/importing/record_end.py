"""To which day an import makes a record complete: suggested from earlier imports, stated by people."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pandas as pd

from data import repository
from data.errors import DataError
from data.importing.results import PreparedImport
from data.repository import DATED, ELSEWHERE
from data.settings import get_settings
from geo.precision import find_last_days

if TYPE_CHECKING:
    from collections.abc import Mapping

    from data.database import Database
    from data.importing.results import PreparedRoads
    from data.principal import Principal

_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class RecordEndSuggestion:
    """To which day a file probably makes its record complete.

    Attributes
    ----------
    districts
        Names of the districts that it speaks of, by code: all of the unit, or the one that all of its rows
        lie in.
    last_day
        The day for most of them; None where there is nothing to go by.
    others
        Days of the districts that end earlier, by code.
    last_row
        Day of the last row of the file.
    delay_days
        Days before the last row on record.
    basis
        Whether earlier imports taught that delay (``learned``), the settings give it (``assumed``), or the
        day was ``stated`` at an earlier import.
    """

    districts: dict[str, str]
    last_day: date | None
    others: dict[str, date]
    last_row: date | None
    delay_days: int
    basis: str


def suggest_record_end(
    database: Database, principal: Principal, prepared: PreparedImport | PreparedRoads
) -> RecordEndSuggestion | None:
    """Suggest to which day a file makes its record complete.

    It is the day by which 95 % of the events had arrived in earlier imports, or a cautious delay before the
    last row where there are too few imports to learn from; never the day of the last row itself because it is
    the last. What was stated before is not taken back.

    Returns
    -------
    RecordEndSuggestion or None
        None for a dataset that is not dated, or a file without accepted rows.
    """
    if not isinstance(prepared, PreparedImport) or prepared.dataset not in DATED or prepared.records.empty:
        return None
    villages = repository.read_districts(database, principal)
    stated = repository.read_statements(database, prepared.dataset, repository.list_districts(villages).index)
    before = repository.read_arrivals(database, principal, prepared.dataset)
    coming = _count_rows(prepared, int(before["batch"].max()) + 1 if len(before) else 1)
    unstated = stated.iloc[:0].reindex(stated.index)
    both = pd.concat([before, coming], ignore_index=True)
    found = repository.derive_record_ends(prepared.dataset, unstated, both, villages)
    last = found["last_day"].where(~(stated["last_day"] > found["last_day"]), stated["last_day"])
    named = _list_districts(coming, villages)
    days = last.reindex(list(named)).dropna()
    most = days.mode().max() if len(days) else None
    return RecordEndSuggestion(
        districts=named,
        last_day=None if most is None else most.date(),
        others={str(code): day.date() for code, day in days[days < most].items()},
        last_row=_EPOCH + timedelta(days=int(coming["day"].max())),
        delay_days=int(found["delay_days"].iloc[0]),
        basis="stated" if (stated["last_day"] == most).any() else str(found["basis"].mode()[0]),
    )


def state_complete_to(
    database: Database,
    principal: Principal,
    prepared: PreparedImport | PreparedRoads,
    stated: Mapping[str, str],
) -> PreparedImport:
    """Add to a prepared import to which day it makes its record complete.

    Parameters
    ----------
    database, principal
        The database it was prepared for, and the user.
    prepared
        From ``prepare_records``, of visits or crimes.
    stated
        Day (ISO) by code or name of a district; by the empty text for all districts of the file, which are
        those of the unit unless all of its rows lie in one.

    Returns
    -------
    PreparedImport
        With ``complete_to``.

    Raises
    ------
    DataError
        If the dataset has no days, a day is not a date or lies in the future, or a district is not known.
    """
    if not isinstance(prepared, PreparedImport) or prepared.dataset not in DATED:
        raise DataError("Only visits and crimes are complete to a day: leave the day out.")
    villages = repository.read_districts(database, principal)
    days: dict[str, date] = {}
    for place, written in stated.items():
        code = _find_district(place, villages) if place else _find_whole(prepared, villages)
        days[code] = _read_day(written)
    return replace(prepared, complete_to=days)


def _count_rows(prepared: PreparedImport, batch: int) -> pd.DataFrame:
    settings = get_settings()
    if prepared.dataset == "crimes":
        days = find_last_days(prepared.records, zone=settings.time_zone)
    else:
        days = prepared.records["visited_at"].dt.tz_convert(settings.zone).dt.tz_localize(None).dt.normalize()
    today = (settings.clock.today() - _EPOCH).days
    day = (days - pd.Timestamp(0)).dt.days.clip(upper=today)
    rows = pd.DataFrame({"day": day, "village_code": prepared.records["village_code"].astype("str")})
    counted = rows.groupby(["day", "village_code"], dropna=False).size().rename("n").reset_index()
    return counted.assign(batch=batch)


def _list_districts(coming: pd.DataFrame, villages: pd.DataFrame) -> dict[str, str]:
    """Name the districts that a file speaks of."""
    all_of_them = repository.list_districts(villages)["district"]
    held = coming["village_code"].map(villages["district_code"]).dropna().unique()
    named = all_of_them.loc[held] if len(held) == 1 else all_of_them
    return {str(code): str(name) for code, name in named.items()}


def _find_whole(prepared: PreparedImport, villages: pd.DataFrame) -> str:
    """Return the district of a file with rows of one of several districts, else the empty code."""
    held = prepared.records["village_code"].map(villages["district_code"]).dropna().unique()
    is_one_of_several = len(held) == 1 and len(repository.list_districts(villages)) > 1
    return str(held[0]) if is_one_of_several else ELSEWHERE


def _find_district(place: str, villages: pd.DataFrame) -> str:
    named = repository.list_districts(villages)["district"]
    wanted = place.strip().casefold()
    found = named.index[(named.index == wanted.replace(".", "")) | (named.str.casefold() == wanted)]
    if len(found) != 1:
        raise DataError(
            "'{place}' is not the name or code of one district on record: the districts are {districts}.",
            place=place,
            districts=tuple(f"{name} ({code})" for code, name in named.items()),
        )
    return str(found[0])


def _read_day(written: str) -> date:
    try:
        day = date.fromisoformat(written.strip())
    except ValueError:
        raise DataError("'{written}' is not a day: write it as 2026-10-31.", written=written) from None
    if day > get_settings().clock.today():
        raise DataError("No record can be complete to {day}, which lies in the future.", day=day)
    return day
