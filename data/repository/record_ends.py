"""Read to which day visits and crimes are complete, by district."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import sqlalchemy as sa

from data import tables
from data.repository.scope import has_prefix, is_in_scope
from data.settings import get_settings
from geo.areas import are_in_area, is_in_area
from geo.errors import Phrase
from geo.record_delay import learn_delay
from geo.record_end import RATE_DAYS, RecordEnd, find_record_ends

if TYPE_CHECKING:
    from data.database import Database
    from data.principal import Principal

DATED = {"visits": Phrase("visits"), "crimes": Phrase("crimes")}
"""Datasets whose record ends on some day, as they are called in a sentence."""
ELSEWHERE = ""
"""District of a statement that holds for every district without one of its own in the same import."""
_SECONDS_A_DAY = 86_400
_EPOCH = date(1970, 1, 1)
_COLUMNS = ["dataset", "district_code", "district", "last_day", "basis", "delay_days"]


def read_record_ends(database: Database, principal: Principal) -> pd.DataFrame:
    """Read to which day each dataset is complete in each district in scope.

    What the latest import states about a district holds. Where none states anything, the end is derived from
    how late earlier imports were, or from the delay of the settings: see ``geo.record_end``.

    Returns
    -------
    pandas.DataFrame
        One row for each dataset (visits, crimes) and district: ``dataset``, ``district_code``, ``district``
        (its name, else its code; empty for a unit without villages), ``last_day`` (datetime64, NaT without
        any record), ``basis`` (of ``geo.record_end.BASES``) and ``delay_days`` (NaN where it was not needed).
    """
    districts = read_districts(database, principal)
    parts = [_read_dataset(database, principal, dataset, districts) for dataset in DATED]
    return pd.concat(parts, ignore_index=True)[_COLUMNS]


def select_record_ends(ends: pd.DataFrame, area: str | None, *datasets: str) -> list[RecordEnd]:
    """Select the ends of the records that a figure of an area rests on.

    Parameters
    ----------
    ends
        As ``read_record_ends`` returns them.
    area
        Code of a village, district or regency; everything if omitted.
    *datasets
        The datasets of the figure.

    Returns
    -------
    list of RecordEnd
        One for each district and dataset with any record.
    """
    of = ends[ends["dataset"].isin(datasets) & ends["last_day"].notna()]
    inside = are_in_area(of["district_code"], area or "")
    around = [is_in_area(area or "", code) for code in of["district_code"]]
    rows = of[inside | np.array(around, dtype=bool)]
    return [
        RecordEnd(DATED[dataset], district, day.date())
        for dataset, district, day in zip(rows["dataset"], rows["district"], rows["last_day"], strict=True)
    ]


def read_districts(database: Database, principal: Principal) -> pd.DataFrame:
    """Read the district of each village in scope.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``village_code``: ``district_code`` and ``district`` (its name, else its code).
    """
    table = tables.villages
    query = sa.select(table.c.village_code, table.c.district_code, table.c.district)
    rows = database.read(query.where(has_prefix(table.c.village_code, principal.narrow_areas(None))))
    frame = rows.to_pandas().set_index("village_code").sort_index()
    return frame.assign(district=frame["district"].fillna(frame["district_code"]))


def read_arrivals(database: Database, principal: Principal, dataset: str) -> pd.DataFrame:
    """Count the events of a dataset by local day, district and the import that first brought them.

    Returns
    -------
    pandas.DataFrame
        ``day`` (days since 1970; of a month of which no more is known, its last, or today), ``batch``,
        ``village_code`` and ``n``.
    """
    table, twin = tables.RECORDS[dataset], tables.REPLACED[dataset]
    key = tables.get_key_column(table)
    first = sa.select(twin.c[key], sa.func.min(twin.c.batch_id).label("batch")).group_by(twin.c[key])
    earlier = first.subquery()
    batch = sa.func.coalesce(earlier.c.batch, table.c.batch_id).label("batch")
    day = _day_of(dataset).label("day")
    groups = [day, batch, table.c.village_code, *([table.c.time_precision] if dataset == "crimes" else [])]
    query = (
        sa.select(*groups, sa.func.count().label("n"))
        .select_from(table.outerjoin(earlier, earlier.c[key] == table.c[key]))
        .where(is_in_scope(table, principal, None))
        .group_by(*groups)
    )
    arrivals = database.read(query).to_pandas()
    if dataset == "crimes":
        first = arrivals["day"].to_numpy(dtype="int64").astype("datetime64[D]").astype("datetime64[M]")
        last = (first + 1).astype("datetime64[D]").astype("int64") - 1
        today = (get_settings().clock.today() - _EPOCH).days
        is_month = arrivals["time_precision"] == "month"
        arrivals["day"] = arrivals["day"].mask(
            is_month, pd.Series(np.minimum(last, today), index=arrivals.index)
        )
    return arrivals.drop(columns="time_precision", errors="ignore")


def _day_of(dataset: str) -> sa.ColumnElement[int]:
    """Return the local day of an event as days since 1970, by the unit's present offset from UTC."""
    moment = tables.visits.c.visited_at if dataset == "visits" else tables.crimes.c.occurred_at
    offset = get_settings().clock.now().astimezone(get_settings().zone).utcoffset() or timedelta()
    return (moment + int(offset.total_seconds())) // _SECONDS_A_DAY


def _read_dataset(
    database: Database, principal: Principal, dataset: str, villages: pd.DataFrame
) -> pd.DataFrame:
    districts = list_districts(villages)
    stated = read_statements(database, dataset, districts.index)
    arrivals = pd.DataFrame()
    if stated["batch"].isna().any() or _is_followed(database, dataset, int(stated["batch"].min())):
        arrivals = read_arrivals(database, principal, dataset)
    found = derive_record_ends(dataset, stated, arrivals, villages)
    return districts.join(found).reset_index().assign(dataset=dataset)


def list_districts(villages: pd.DataFrame) -> pd.DataFrame:
    """List the districts of villages by code; one without a code where there are no villages."""
    if villages.empty:
        return pd.DataFrame({"district": [""]}, index=pd.Index([ELSEWHERE], name="district_code"))
    return villages.groupby("district_code")[["district"]].first()


def read_statements(database: Database, dataset: str, districts: pd.Index) -> pd.DataFrame:
    """Read what is stated about each district: ``last_day``, and the ``batch`` that states it; or missing."""
    table = tables.recorded_to
    query = sa.select(table.c.batch_id, table.c.district_code, table.c.complete_to)
    rows = database.read(query.where(table.c.dataset == dataset).order_by(table.c.batch_id)).to_pandas()
    rows = rows.assign(last_day=pd.to_datetime(rows["complete_to"]))
    general = rows[rows["district_code"] == ELSEWHERE].tail(1)
    own = rows[rows["district_code"] != ELSEWHERE].drop_duplicates("district_code", keep="last")
    if len(general):
        own = own[own["batch_id"] >= general["batch_id"].item()]
    found = own.set_index("district_code")[["last_day", "batch_id"]].reindex(districts)
    for name in found.columns if len(general) else ():
        found[name] = found[name].fillna(general[name].item())
    return found.rename(columns={"batch_id": "batch"})


def _is_followed(database: Database, dataset: str, batch: int) -> bool:
    """Return whether a later import than the one given brought anything of the dataset."""
    table = tables.RECORDS[dataset]
    query = sa.select(table.c.batch_id).where(table.c.batch_id > batch).limit(1)
    return len(database.read(query)) > 0


def derive_record_ends(
    dataset: str, stated: pd.DataFrame, arrivals: pd.DataFrame, villages: pd.DataFrame
) -> pd.DataFrame:
    """Derive the ends of a dataset's record from what is stated and when its events arrived.

    Parameters
    ----------
    dataset
        visits or crimes.
    stated
        As ``read_statements`` returns it.
    arrivals
        As ``read_arrivals`` returns it; empty where nothing arrived since the statements.
    villages
        As ``read_districts`` returns it.

    Returns
    -------
    pandas.DataFrame
        On the index of ``stated``: ``last_day``, ``basis`` and ``delay_days``.
    """
    rows = pd.DataFrame({"stated": stated["last_day"], "newest": pd.NaT, "n_year": 0}, index=stated.index)
    if arrivals.empty:
        found = find_record_ends(rows, reach=None, delay_days=0, is_learned=False)
        return found.assign(delay_days=np.nan)
    of = arrivals["village_code"].map(villages["district_code"])
    arrivals = arrivals.assign(district_code=of if len(villages) else ELSEWHERE)
    after = arrivals["batch"] > arrivals["district_code"].map(stated["batch"]).fillna(-1)
    newest = arrivals[after].groupby("district_code")["day"].max().reindex(stated.index)
    since = arrivals["district_code"].map(newest) - RATE_DAYS
    rows["n_year"] = arrivals[arrivals["day"] > since].groupby("district_code")["n"].sum()
    rows["n_year"] = rows["n_year"].fillna(0)
    rows["newest"] = pd.to_datetime(newest, unit="D", origin="unix")
    learned = learn_delay(arrivals)
    delay = learned if learned is not None else get_assumed_delay(dataset)
    reach = _EPOCH + timedelta(days=int(arrivals["day"].max()))
    found = find_record_ends(rows, reach=reach, delay_days=delay, is_learned=learned is not None)
    return found.assign(delay_days=delay)


def get_assumed_delay(dataset: str) -> int:
    """Return the days by which events of a dataset are assumed to come late, as set for the unit."""
    settings = get_settings()
    return settings.visits_delay_days if dataset == "visits" else settings.crimes_delay_days
