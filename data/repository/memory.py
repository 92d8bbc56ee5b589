"""Reading what imports remember: it holds no record, so it needs no principal."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pandas as pd
import sqlalchemy as sa

from data import tables

if TYPE_CHECKING:
    from data.database import Database


def read_layout(database: Database, dataset: str, layout: str) -> dict[str, str]:
    """Read how the columns of a source's files were read last.

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
