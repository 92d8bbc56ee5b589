"""What commands share: opening the database, answering in JSON or text, writing tables to files."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import geopandas as gpd
import pandas as pd
import typer

from data.database import Database
from data.errors import DataError
from data.exports.tables import write_csv, write_geojson, write_times, write_xlsx
from data.settings import get_settings

AsJson = Annotated[bool, typer.Option("--json", help="Print the answer as one JSON object.")]
OutFile = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", help="Write the table to a .csv, .xlsx or .geojson file."),
]
_KINDS = (".csv", ".xlsx", ".geojson")
_SHEET = "Sambang"


def open_database() -> Database:
    """Open the database named in the settings, and bring its tables up to date."""
    database = Database(get_settings().database_url)
    database.migrate()
    return database


def print_answer(facts: Mapping[str, Any], text: str, *, as_json: bool) -> None:
    """Print an answer: one JSON object, or text for people."""
    typer.echo(json.dumps(facts, ensure_ascii=False, default=str) if as_json else text)


def print_progress(text: str, *, is_last: bool = False) -> None:
    """Write how far a command is over the line before, on a terminal; never into a file or a pipe."""
    if sys.stderr.isatty():
        typer.echo(f"\r{text}", err=True, nl=is_last)


def format_count(n: int, thing: str) -> str:
    """Count things whose plural ends in s.

    Examples
    --------
    >>> format_count(1, "row"), format_count(1_200, "row")
    ('1 row', '1,200 rows')
    """
    return f"{n:,} {thing}" if n == 1 else f"{n:,} {thing}s"


def name_import(batch: int | None, *, dry_run: bool) -> str:
    """Name an import by its number, at the head of its receipt."""
    return "Nothing stored (dry run)" if dry_run else f"Import {batch}"


def to_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Convert a frame's rows to plain values: None where missing, times as ISO text in UTC.

    Examples
    --------
    >>> to_rows(pd.DataFrame({"n": [1], "share": [float("nan")]}, index=pd.Index(["a"], name="code")))
    [{'code': 'a', 'n': 1, 'share': None}]
    """
    plain = write_times(pd.DataFrame(frame.drop(columns="geometry", errors="ignore")).reset_index(), "UTC")
    rows = plain.astype(object).where(plain.notna(), None).to_dict("records")
    return [{str(name): value for name, value in row.items()} for row in rows]


def write_table(frame: pd.DataFrame, path: Path) -> None:
    """Write a table to a file whose extension decides the format.

    Parameters
    ----------
    frame
        The table; its index becomes the first column.
    path
        ``.csv`` (UTF-8 with byte order mark, for spreadsheets), ``.xlsx``, or ``.geojson`` for areas or
        points in WGS84. Text that a spreadsheet would read as a formula is kept as text in all of them;
        times are those of the unit's time zone, with their offset.

    Raises
    ------
    DataError
        If the extension is none of these, or the file cannot be written.
    """
    kind = path.suffix.lower()
    geographic = isinstance(frame, gpd.GeoDataFrame)
    if kind not in _KINDS or (kind == ".geojson" and not geographic):
        kinds = _KINDS if geographic else _KINDS[:-1]
        raise DataError(
            f"The file {path.name} would be of a kind that cannot be written: call it {' or '.join(kinds)}."
        )
    local = write_times(frame.reset_index(), get_settings().time_zone)
    plain = pd.DataFrame(local.drop(columns="geometry", errors="ignore"))
    headings = {str(name): str(name) for name in plain.columns}
    if kind == ".geojson":
        content = write_geojson(local, headings)
    elif kind == ".xlsx":
        content = write_xlsx(plain, headings, worksheet=_SHEET)
    else:
        content = write_csv(plain, headings)
    write_bytes(content, path)


def write_bytes(content: bytes, path: Path) -> None:
    """Write a file.

    Raises
    ------
    DataError
        If it cannot be written.
    """
    try:
        path.write_bytes(content)
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise DataError(f"The file {path} cannot be written ({reason}): choose another place.") from error
