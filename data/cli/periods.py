"""What reports share: options for area and period."""

from datetime import date, datetime, timedelta
from typing import Annotated

import geopandas as gpd
import pandas as pd
import typer

from data import repository
from data.database import Database
from data.errors import DataError
from data.ground import read_named_villages
from data.periods import Period
from data.principal import Principal
from data.settings import get_settings

Area = Annotated[str | None, typer.Option(metavar="CODE", help="Only this village, district or regency.")]
Since = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="First day of the period.")
]
Until = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%d"],
        metavar="DATE",
        help="Day after the last day of the period (default: the day after the latest record).",
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
    """Read the villages of an area.

    Raises
    ------
    DataError
        If it has none.
    """
    return require_villages(read_named_villages(database, principal, area), area)


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


def choose_period(
    database: Database, principal: Principal, dataset: str, since: datetime | None, until: datetime | None
) -> Period:
    """Return the period as asked for, else the latest days with records."""
    settings = get_settings()
    last = until.date() if until else _day_after_latest(database, principal, dataset)
    first = since.date() if since else last - timedelta(days=settings.coverage_days)
    return Period(first, last, settings.time_zone)


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


def _day_after_latest(database: Database, principal: Principal, dataset: str) -> date:
    clock = get_settings().clock
    latest = repository.read_span(database, principal)["last_at"][[dataset]].dropna()
    last = clock.today() if latest.empty else latest.dt.tz_convert(clock.zone).iloc[0].date()
    return last + timedelta(days=1)
