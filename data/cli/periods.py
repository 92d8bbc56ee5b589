"""What reports share: options for area and period, and how far the record goes."""

from datetime import date, datetime, timedelta
from typing import Annotated, Any, NamedTuple

import geopandas as gpd
import pandas as pd
import typer

from data import repository
from data.database import Database
from data.errors import DataError
from data.ground import read_named_villages
from data.importing.register import read_register
from data.periods import Period
from data.principal import Principal
from data.settings import get_settings
from geo.record_end import RecordEnd, describe_short_records, find_obstacle

Area = Annotated[str | None, typer.Option(metavar="CODE", help="Only this village, district or regency.")]
Since = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="First day of the period.")
]
Until = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%d"],
        metavar="DATE",
        help="Day after the last day of the period (default: the day after the record is complete to).",
    ),
]


def describe_period(period: Period, area: str | None) -> dict[str, object]:
    """Describe the period and area of a report, for its JSON."""
    return {
        "since": str(period.since),
        "until": str(period.until),
        "time_zone": period.zone,
        "area": area or "",
    }


def format_period(period: Period) -> str:
    """Write a period as its first and its last day."""
    return f"{period.since} to {period.last_day}"


def read_area(database: Database, principal: Principal, area: str | None) -> gpd.GeoDataFrame:
    """Read the villages of an area, whose code may have dots or be a P-code.

    Raises
    ------
    DataError
        If it has none.
    """
    code = translate_area(database, principal, area)
    return require_villages(read_named_villages(database, principal, code), area)


def require_villages(villages: gpd.GeoDataFrame, area: str | None) -> gpd.GeoDataFrame:
    """Return the villages of an area.

    Raises
    ------
    DataError
        If there are none.
    """
    if villages.empty:
        where = f" in the area {area}" if area else ""
        raise DataError(f"There are no villages{where}: import their boundaries first.")
    return villages


class ReportSpan(NamedTuple):
    """The period of a report, and the records that it rests on."""

    period: Period
    ends: list[RecordEnd]

    @property
    def caution(self) -> str:
        """One sentence where a record ends within the period; empty where all are complete to its end."""
        told = describe_short_records(self.period.last_day, self.ends)
        return "" if told is None else f"Caution: {told}, so that few or none after it are no fall."

    @property
    def facts(self) -> dict[str, Any]:
        """The day to which all records are complete, and the caution, for the report's JSON."""
        last = min((end.last_day for end in self.ends), default=None)
        return {"complete_to": str(last) if last else None, "record_caution": self.caution}


def translate_area(database: Database, principal: Principal, area: str | None) -> str | None:
    """Translate the code of an area to the codes in force; None for everywhere.

    Raises
    ------
    DataError
        If it is a P-code that leads to no area of the boundaries in force.
    """
    return read_register(database, principal).translate_area(area) if area else None


def choose_period(
    database: Database,
    principal: Principal,
    datasets: tuple[str, ...],
    since: datetime | None,
    until: datetime | None,
    *,
    area: str | None = None,
) -> ReportSpan:
    """Return the period as asked for, else the days up to which the datasets of the area are complete."""
    settings = get_settings()
    code = translate_area(database, principal, area)
    ends = repository.select_record_ends(repository.read_record_ends(database, principal), code, *datasets)
    complete_to = min((end.last_day for end in ends), default=settings.clock.today())
    last = until.date() if until else complete_to + timedelta(days=1)
    first = since.date() if since else last - timedelta(days=settings.coverage_days)
    return ReportSpan(Period(first, last, settings.time_zone), ends)


def require_comparable(before: Period, span: ReportSpan) -> None:
    """Refuse to compare periods that overlap, or that the record does not hold as a whole.

    Raises
    ------
    DataError
        One sentence; where a record ends too early, it says which and when.
    """
    now = span.period
    obstacle = find_obstacle((before.since, before.last_day), (now.since, now.last_day), span.ends)
    if obstacle is not None:
        raise DataError(obstacle.template, **obstacle.values)


def require_records_since(database: Database, principal: Principal, dataset: str, period: Period) -> None:
    """Refuse a comparison with a time before the records begin, whose zeros would not be real.

    Raises
    ------
    DataError
        If there are no records, or the first is later than the first day of the period.
    """
    begins = find_first_day(database, principal, dataset)
    if begins is None:
        raise DataError(f"There are no {dataset} on record: there is nothing to compare.")
    if begins > period.since:
        raise DataError(
            f"The {dataset} on record begin on {begins}, after {period.since}: choose periods that both lie "
            "within the record."
        )


def find_first_day(database: Database, principal: Principal, dataset: str) -> date | None:
    """Find the local day of the first record of a dataset; None if there is none."""
    first = repository.read_span(database, principal)["first_at"][dataset]
    return None if pd.isna(first) else first.tz_convert(get_settings().time_zone).date()
