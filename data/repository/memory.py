"""Read what imports remember; it holds no record, so it needs no principal."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pandas as pd
import sqlalchemy as sa

from data import tables

if TYPE_CHECKING:
    from data.database import Database


def read_layout(database: Database, dataset: str, layout: str) -> dict[str, str]:
    """Read how the columns of files with this layout were last mapped.

    Returns
    -------
    dict
        Column by field, or ``=text`` for one text in all rows; empty for a layout never imported.
    """
    table = tables.layouts
    query = sa.select(table.c.columns).where(table.c.dataset == dataset, table.c.layout == layout)
    found = database.read(query.order_by(table.c.batch_id.desc()).limit(1))["columns"].to_pylist()
    return json.loads(found[0]) if found else {}


def read_spellings(database: Database, *, without: int | None = None) -> pd.Series:
    """Read which villages people assigned to spellings.

    Parameters
    ----------
    database
        The database to read.
    without
        An import to ignore, as if it were undone.

    Returns
    -------
    pandas.Series
        Village codes by ``district|village``, normalised as for comparison; the last assignment counts.
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
    """Read the code scheme of the boundaries in force; None if no import stated it."""
    table = tables.batches
    query = sa.select(table.c.code_scheme).where(
        table.c.dataset == "boundaries", table.c.code_scheme.is_not(None)
    )
    found = database.read(query.order_by(table.c.batch_id.desc()).limit(1))["code_scheme"].to_pylist()
    return found[0] if found else None


def read_crosswalk(database: Database) -> pd.Series:
    """Read the Kemendagri codes, indexed by BPS code."""
    table = tables.crosswalk
    frame = database.read(sa.select(table.c.bps_code, table.c.village_code)).to_pandas()
    return pd.Series(frame["village_code"].array, index=pd.Index(frame["bps_code"], dtype="str"), dtype="str")
