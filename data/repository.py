"""Reading: every call takes the principal who asks, and answers with frames of what it may see."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pandas as pd
import sqlalchemy as sa

from data import tables
from data.errors import BatchError, ScopeError
from data.frames import to_frame, unfold_refused, villages_from_arrow

if TYPE_CHECKING:
    from collections.abc import Iterable

    import geopandas as gpd

    from data.database import Database
    from data.principal import Principal
    from data.windows import Window

HOUSEHOLD_PERSONAL = ("head_name", "address")
"""Columns of households that name people: read only where they are shown."""

VISIT_COLUMNS = (
    "visited_at",
    "officer_id",
    "household_id",
    "lon",
    "lat",
    "village_code",
    "placement",
    "outcome",
)
"""Columns of visits that measures need; none of them names people."""

CRIME_COLUMNS = (
    "occurred_at", "occurred_to", "category", "source", "lon", "lat", "village_code", "placement",
)  # fmt: skip
"""Columns of crimes that measures need."""

_REPEATED = ("officer_id", "household_id", "village_code", "placement", "outcome", "category", "source")


def read_versions(database: Database) -> dict[str, int]:
    """Count how often each dataset has been written: what caches are keyed by.

    Returns
    -------
    dict
        Dataset to version; a dataset never written is absent. Holds no record, so it needs no principal.
    """
    rows = database.read(sa.select(tables.versions.c.dataset, tables.versions.c.version))
    return dict(zip(rows["dataset"].to_pylist(), rows["version"].to_pylist(), strict=True))


def read_villages(database: Database, principal: Principal, *, area: str | None = None) -> gpd.GeoDataFrame:
    """Read the villages in reach.

    Parameters
    ----------
    database, principal
        Where, and who asks.
    area
        Code of a village, district or regency; all in reach without it.

    Returns
    -------
    geopandas.GeoDataFrame
        Sorted by ``village_code`` (the index), EPSG:4326: names, codes and registers as in ``data.schema``.

    Raises
    ------
    ScopeError
        If the area is out of the principal's reach.
    """
    table = tables.villages
    query = sa.select(*_all_but_batch(table)).where(_under(table.c.village_code, principal.narrow(area)))
    return villages_from_arrow(database.read(query))


def read_households(
    database: Database, principal: Principal, *, area: str | None = None, personal: bool = False
) -> pd.DataFrame:
    """Read the households in reach.

    Parameters
    ----------
    database, principal, area
        As in ``read_villages``.
    personal
        Whether heads' names and addresses are wanted.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``household_id``; ``village_code`` and ``placement`` are categories.
    """
    table = tables.households
    columns = [
        column for column in _all_but_batch(table) if personal or column.name not in HOUSEHOLD_PERSONAL
    ]
    query = sa.select(*columns).where(_in_reach(table, principal, area))
    return to_frame(database.read(query), key="household_id", categories=("village_code", "placement"))


def read_officers(database: Database, principal: Principal) -> pd.DataFrame:
    """Read the officers who have a village in reach.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``officer_id``: name, rank, unit, villages (codes joined by a space).
    """
    frame = to_frame(database.read(sa.select(*_all_but_batch(tables.officers))), key="officer_id")
    if principal.sees_everything:
        return frame
    codes = frame["villages"].fillna("").str.split()
    return frame[[any(map(principal.sees, theirs)) for theirs in codes]]


def read_visits(
    database: Database,
    principal: Principal,
    *,
    window: Window | None = None,
    area: str | None = None,
    columns: Iterable[str] = VISIT_COLUMNS,
) -> pd.DataFrame:
    """Read the visits in reach.

    A visit is in reach where its own village is, or where its household is: a visit recorded elsewhere
    still counts for the household that it names.

    Parameters
    ----------
    database, principal, area
        As in ``read_villages``.
    window
        Only visits inside it; all without it.
    columns
        What to read besides the key.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``visit_id``; repeated texts are categories, times tz-aware UTC.
    """
    return _read_events(database, tables.visits, visits_in_reach(principal, area), window, columns)


def visits_in_reach(principal: Principal, area: str | None = None) -> sa.ColumnElement[bool]:
    """Make the condition on visits that lie, or whose household lies, in reach; for ``data`` itself.

    Raises
    ------
    ScopeError
        If the area is out of the principal's reach.
    """
    table = tables.visits
    reach = _in_reach(table, principal, area)
    if not area and principal.sees_everything:
        return reach
    at_home = sa.select(tables.households.c.household_id).where(
        _under(tables.households.c.village_code, principal.narrow(area))
    )
    return sa.or_(reach, table.c.household_id.in_(at_home))


def read_crimes(
    database: Database,
    principal: Principal,
    *,
    window: Window | None = None,
    area: str | None = None,
    columns: Iterable[str] = CRIME_COLUMNS,
) -> pd.DataFrame:
    """Read the crimes in reach; as ``read_visits``, indexed by ``crime_id``."""
    table = tables.crimes
    return _read_events(database, table, _in_reach(table, principal, area), window, columns)


def read_batches(database: Database, principal: Principal) -> pd.DataFrame:
    """Read the list of imports, newest first.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``batch_id``; ``reasons`` and ``notices`` are dicts of code to count. Empty for who
        can't see everything.
    """
    table = tables.batches
    query = sa.select(*table.columns).order_by(table.c.batch_id.desc())
    if not principal.sees_everything:
        query = query.where(sa.false())
    frame = to_frame(database.read(query), key="batch_id")
    return frame.assign(
        reasons=[json.loads(text) for text in frame["reasons"]],
        notices=[json.loads(text or "{}") for text in frame["notices"].fillna("")],
    )


def read_quarantine(database: Database, principal: Principal, batch_id: int) -> pd.DataFrame:
    """Read the rows that an import could not take.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``row_number`` in the file: ``reasons`` (codes joined by a space), then the raw columns.

    Raises
    ------
    ScopeError
        If the principal can't see everything: quarantined rows have no area to tell by.
    BatchError
        If there is no such import.
    """
    if not principal.sees_everything:
        raise ScopeError("Only who sees every area may open quarantined rows: ask your supervisor.")
    if batch_id not in read_batches(database, principal).index:
        raise BatchError(f"There is no import {batch_id}: 'status' and the Data page list the imports.")
    table = tables.quarantine
    query = sa.select(table.c.row_number, table.c.reasons, table.c.raw).where(table.c.batch_id == batch_id)
    frame = to_frame(database.read(query.order_by(table.c.row_number)), key="row_number")
    return unfold_refused(frame)


def count_records(database: Database, principal: Principal) -> pd.DataFrame:
    """Count each dataset's records in reach.

    Returns
    -------
    pandas.DataFrame
        Indexed by dataset: ``n_records``, and for datasets with points ``n_outside`` and ``n_unlocated``.
    """
    counts = {}
    for dataset, table in tables.RECORDS.items():
        if dataset == "officers":
            counts[dataset] = {"n_records": len(read_officers(database, principal))}
            continue
        query = sa.select(sa.func.count().label("n_records"), *_placement_counts(table)).select_from(table)
        counts[dataset] = database.read(query.where(_in_reach(table, principal, None))).to_pylist()[0]
    return pd.DataFrame.from_dict(counts, orient="index").fillna(0).astype("int64")


def read_span(database: Database, principal: Principal) -> pd.DataFrame:
    """Tell the first and last moment of visits and of crimes in reach.

    Returns
    -------
    pandas.DataFrame
        Indexed by dataset (visits, crimes): ``first_at`` and ``last_at``, tz-aware UTC, NaT where empty.
    """
    rows = {}
    for dataset, column in (("visits", tables.visits.c.visited_at), ("crimes", tables.crimes.c.occurred_at)):
        reach = _in_reach(tables.RECORDS[dataset], principal, None)
        query = sa.select(sa.func.min(column).label("first_at"), sa.func.max(column).label("last_at")).where(
            reach
        )
        rows[dataset] = database.read(query).to_pylist()[0]
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=["first_at", "last_at"])
    return frame.apply(pd.to_datetime, unit="s", utc=True)


def read_layout(database: Database, dataset: str, layout: str) -> dict[str, str]:
    """Read how the columns of a source's files were read last.

    Like the two below, it holds no record, so it needs no principal.

    Returns
    -------
    dict
        Field to column, or to ``=text`` for one text in all rows; empty for a layout never imported.
    """
    table = tables.layouts
    query = sa.select(table.c.columns).where(table.c.dataset == dataset, table.c.layout == layout)
    found = database.read(query.order_by(table.c.batch_id.desc()).limit(1))["columns"].to_pylist()
    return json.loads(found[0]) if found else {}


def read_spellings(database: Database, *, without: int | None = None) -> pd.Series:
    """Read which villages persons said that spellings mean.

    Parameters
    ----------
    database
        Where.
    without
        An import to leave out, as if it were undone.

    Returns
    -------
    pandas.Series
        Village codes by ``district|village`` as names are compared; what was said last counts.
    """
    table = tables.spellings
    query = sa.select(table.c.district, table.c.village, table.c.village_code, table.c.batch_id)
    if without is not None:
        query = query.where(table.c.batch_id != without)
    frame = database.read(query.order_by(table.c.batch_id)).to_pandas()
    names = pd.Index(frame["district"] + "|" + frame["village"], dtype="str")
    codes = pd.Series(frame["village_code"].array, index=names, dtype="str")
    return codes[~codes.index.duplicated(keep="last")]


def read_code_scheme(database: Database) -> str | None:
    """Tell whose codes the boundaries in force have; None where no import said so."""
    table = tables.batches
    query = sa.select(table.c.code_scheme).where(
        table.c.dataset == "boundaries", table.c.code_scheme.is_not(None)
    )
    found = database.read(query.order_by(table.c.batch_id.desc()).limit(1))["code_scheme"].to_pylist()
    return found[0] if found else None


def read_crosswalk(database: Database) -> pd.Series:
    """Read which BPS code is which Kemendagri code: the latter, indexed by the former."""
    table = tables.crosswalk
    frame = database.read(sa.select(table.c.bps_code, table.c.village_code)).to_pandas()
    return pd.Series(frame["village_code"].array, index=pd.Index(frame["bps_code"], dtype="str"), dtype="str")


def _all_but_batch(table: sa.Table) -> list[sa.Column]:
    return [column for column in table.columns if column.name != "batch_id"]


def _under(code: sa.ColumnElement[str], prefixes: tuple[str, ...]) -> sa.ColumnElement[bool]:
    """Whether a code begins with one of the prefixes; none at all for no prefix."""
    return sa.or_(sa.false(), *(code.startswith(prefix, autoescape=True) for prefix in prefixes))


def _in_reach(table: sa.Table, principal: Principal, area: str | None) -> sa.ColumnElement[bool]:
    """Whether a row's village is in reach; rows of no village are for who sees everything."""
    prefixes = principal.narrow(area)
    return sa.true() if "" in prefixes else _under(table.c.village_code, prefixes)


def _read_events(
    database: Database,
    table: sa.Table,
    reach: sa.ColumnElement[bool],
    window: Window | None,
    columns: Iterable[str],
) -> pd.DataFrame:
    key, moment = tables.key_of(table), table.c["visited_at" if table is tables.visits else "occurred_at"]
    query = sa.select(table.c[key], *(table.c[name] for name in columns)).where(reach)
    if window is not None:
        since, until = int(window.since_at.timestamp()), int(window.until_at.timestamp())
        query = query.where(moment >= since, moment < until)
    return to_frame(database.read(query), key=key, categories=_REPEATED)


def _placement_counts(table: sa.Table) -> list[sa.ColumnElement[int]]:
    if "placement" not in table.columns:
        return []
    return [
        sa.func.coalesce(sa.func.sum(sa.case((table.c.placement == place, 1), else_=0)), 0).label(
            f"n_{place}"
        )
        for place in ("outside", "unlocated")
    ]
