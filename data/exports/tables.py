"""Lists as files for spreadsheet and map programs; text stays text."""

from __future__ import annotations

import io
import json
import re
from typing import TYPE_CHECKING, Any, TypeVar

import geopandas as gpd
import pandas as pd
import shapely
import xlsxwriter

from data.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from xlsxwriter.worksheet import Worksheet

MAX_ROWS = 1_048_575
"""Maximum number of rows below the header of a worksheet."""
MAX_CELL_CHARACTERS = 32_767
"""Maximum number of characters in a cell of a worksheet."""

Frame = TypeVar("Frame", bound=pd.DataFrame)

_FORMULA = re.compile(r"\s*[=+\-@]|[\t\r\n]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # invalid in XML
_NOT_IN_SHEET_NAME = re.compile(r"[\[\]:*?/\\']")
_LONGEST_SHEET_NAME = 31
_WIDTH, _MOST_WIDTH = 10, 40
_DECIMALS = 6  # of degrees: 0.1 m
_BOOK = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "nan_inf_to_errors": True,
}


def clean_text(text: str) -> str:
    r"""Replace control characters that neither a workbook nor XML can hold with spaces.

    Examples
    --------
    >>> clean_text("a\x00b")
    'a b'
    """
    return _CONTROL.sub(" ", text)


def write_csv(rows: pd.DataFrame, headings: Mapping[str, str], *, guard: bool = True) -> bytes:
    """Write a list as UTF-8 CSV that spreadsheet programs read as data only.

    Parameters
    ----------
    rows
        The list, in the order wanted.
    headings
        Columns of ``rows`` to write, in this order, and the heading of each.
    guard
        Whether to put an apostrophe before text (or a heading) that a spreadsheet would take for a formula,
        and to replace control characters with spaces. Otherwise text is written as it is: for a file that is
        to be imported again, whose ``-7.405`` must not become ``'-7.405``.

    Returns
    -------
    bytes
        With a byte order mark, by which spreadsheet programs recognise UTF-8.

    Examples
    --------
    >>> write_csv(pd.DataFrame({"rt": ["03", "=1+1"]}), {"rt": "RT"}).decode("utf-8-sig").split()
    ['RT', '03', "'=1+1"]
    """
    shown = _pick(rows, headings)
    if guard:
        _change_texts(shown, _guard)
        shown.columns = [_guard(name) for name in shown.columns]
    return shown.to_csv(index=False).encode("utf-8-sig")


def write_xlsx(
    rows: pd.DataFrame,
    headings: Mapping[str, str],
    *,
    worksheet: str,
    as_text: bool = False,
    freeze: int = 0,
    widths: Sequence[float] | None = None,
) -> bytes:
    """Write a list as a workbook: text as text, numbers as numbers, the header frozen and with filters.

    Parameters
    ----------
    rows, headings
        As for ``write_csv``; control characters become spaces.
    worksheet
        Name of the worksheet; invalid characters are replaced and long names shortened.
    as_text
        Whether every cell holds text, whatever it looks like, and stays text when a person edits it.
        All columns must be text, with "" for missing values. There are no filters.
    freeze
        Number of columns on the left that stay in view.
    widths
        Column widths in characters; fitted to the content by default.

    Returns
    -------
    bytes
        An XLSX file.

    Raises
    ------
    DataError
        If there are more rows, or longer texts, than a worksheet can hold.
    """
    _require_fit(rows[list(headings)])
    shown = _pick(rows, headings)
    _change_texts(shown, clean_text)
    shown.columns = [clean_text(name) for name in shown.columns]
    buffer = io.BytesIO()
    memory = "constant_memory" if as_text else "in_memory"
    with xlsxwriter.Workbook(buffer, {**_BOOK, memory: True}) as book:
        page = book.add_worksheet(_name_sheet(worksheet))
        if as_text:
            heading = {"bold": True, "num_format": "@", "text_wrap": True, "valign": "top"}
            _fill_with_text(page, shown, book.add_format(heading), book.add_format({"num_format": "@"}))
        else:
            page.write_row(0, 0, list(shown.columns), book.add_format({"bold": True, "bottom": 1}))
            for place in range(shown.shape[1]):
                column = shown.iloc[:, place]
                page.write_column(1, place, column.astype("object").where(column.notna(), None).tolist())
            page.autofilter(0, 0, max(len(shown), 1), shown.shape[1] - 1)
        for place, width in enumerate(_fit_widths(shown) if widths is None else widths):
            page.set_column(place, place, width)
        page.freeze_panes(1, freeze)
    return buffer.getvalue()


def write_times(rows: Frame, zone: str) -> Frame:
    """Write the times of a list as ISO 8601 text, local with their offset from UTC.

    Parameters
    ----------
    rows
        The list; columns of time-zone-aware times in any zone.
    zone
        The time zone to write them in.

    Returns
    -------
    pandas.DataFrame
        A copy with text in those columns; missing where there is no time.

    Examples
    --------
    >>> rows = pd.DataFrame({"visited_at": pd.to_datetime(["2026-10-05T20:30Z"])})
    >>> write_times(rows, "Asia/Jakarta")["visited_at"].item()
    '2026-10-06T03:30:00+07:00'
    """
    times = {
        name: rows[name].dt.tz_convert(zone).map(pd.Timestamp.isoformat, na_action="ignore").astype("str")
        for name in rows.columns
        if isinstance(rows[name].dtype, pd.DatetimeTZDtype)
    }
    return rows.assign(**times)


def fits_workbook(rows: pd.DataFrame) -> bool:
    """Return whether a worksheet can hold a list: its number of rows and the length of each text."""
    return len(rows) <= MAX_ROWS and _longest_text(rows) <= MAX_CELL_CHARACTERS


def write_geojson(rows: pd.DataFrame, headings: Mapping[str, str]) -> bytes:
    """Write a list as GeoJSON (RFC 7946) in WGS84.

    Parameters
    ----------
    rows
        A GeoDataFrame in WGS84, or points by ``lon`` and ``lat``; rows without a place have no geometry.
    headings
        Columns to write as properties, by their own names; the headings themselves are not used.

    Returns
    -------
    bytes
        A feature collection in UTF-8, with coordinates rounded to 0.1 m.

    Examples
    --------
    >>> rows = pd.DataFrame({"rt": ["03"], "lon": [111.4], "lat": [-7.4]})
    >>> json.loads(write_geojson(rows, {"rt": "RT"}))["features"][0]["geometry"]["coordinates"]
    [111.4, -7.4]
    """
    is_geographic = isinstance(rows, gpd.GeoDataFrame)
    names = [name for name in headings if is_geographic or name not in ("lon", "lat")]
    known = pd.DataFrame(rows[names])
    properties = known.astype("object").where(known.notna(), None).to_dict(orient="records")
    features = [
        f'{{"type":"Feature","geometry":{shape},"properties":{_to_json(facts)}}}'
        for shape, facts in zip(_geometries(rows), properties, strict=True)
    ]
    return f'{{"type":"FeatureCollection","features":[{",".join(features)}]}}'.encode()


def _geometries(rows: pd.DataFrame) -> list[str]:
    if isinstance(rows, gpd.GeoDataFrame):
        shapes = shapely.transform(rows.geometry.to_numpy(), lambda places: places.round(_DECIMALS))
        return [shape or "null" for shape in shapely.to_geojson(shapes).tolist()]
    places = zip(rows["lon"].round(_DECIMALS), rows["lat"].round(_DECIMALS), strict=True)
    return [
        f'{{"type":"Point","coordinates":[{lon},{lat}]}}' if lon == lon and lat == lat else "null"  # noqa: PLR0124 - NaN
        for lon, lat in places
    ]


def _to_json(facts: Mapping[Any, Any]) -> str:
    return json.dumps(facts, ensure_ascii=False, separators=(",", ":"), default=str)


def _pick(rows: pd.DataFrame, headings: Mapping[str, str]) -> pd.DataFrame:
    shown = pd.DataFrame(rows[list(headings)])
    for name in shown.columns:
        if isinstance(shown[name].dtype, pd.CategoricalDtype):
            shown[name] = shown[name].astype("str")
    return shown.set_axis(list(headings.values()), axis="columns")


def _may_hold_text(column: pd.Series) -> bool:
    return column.dtype == "object" or bool(pd.api.types.is_string_dtype(column.dtype))


def _change_texts(shown: pd.DataFrame, change: Callable[[str], str]) -> None:
    """Change only the texts of a table, in place: a column may hold numbers as well as texts."""
    for place in range(shown.shape[1]):
        column = shown.iloc[:, place]
        if _may_hold_text(column):
            values = [change(value) if isinstance(value, str) else value for value in column]
            shown.isetitem(place, pd.Series(values, dtype=column.dtype).array)


def _guard(text: str) -> str:
    """Put an apostrophe before text that a spreadsheet would take for a formula."""
    cleaned = clean_text(text)
    return f"'{cleaned}" if _FORMULA.match(cleaned) else cleaned


def _longest_text(rows: pd.DataFrame) -> int:
    longest = (
        rows[name].map(lambda value: len(value) if isinstance(value, str) else 0).max()
        for name in rows.columns
        if len(rows) and _may_hold_text(rows[name])
    )
    return int(max(longest, default=0))


def _require_fit(rows: pd.DataFrame) -> None:
    if len(rows) > MAX_ROWS:
        raise DataError(
            "A worksheet holds at most {most:,} rows, not {n:,}: choose a smaller area, or CSV.",
            most=MAX_ROWS,
            n=len(rows),
        )
    if not fits_workbook(rows):
        raise DataError(
            "A cell holds {most:,} characters, and the list has a longer text: choose CSV.",
            most=MAX_CELL_CHARACTERS,
        )


def _name_sheet(name: str) -> str:
    return _NOT_IN_SHEET_NAME.sub(" ", clean_text(name))[:_LONGEST_SHEET_NAME]


def _fill_with_text(page: Worksheet, shown: pd.DataFrame, heading: Any, cell: Any) -> None:
    """Write all rows as text, from top to bottom: a constant-memory workbook keeps no earlier row."""
    for place, name in enumerate(shown.columns):
        page.write_string(0, place, name, heading)
    columns = [shown.iloc[:, place] for place in range(shown.shape[1])]
    for number, texts in enumerate(zip(*columns, strict=True), start=1):
        for place, text in enumerate(texts):
            page.write_string(number, place, text, cell)


def _fit_widths(shown: pd.DataFrame) -> list[int]:
    widths = []
    for place, name in enumerate(shown.columns):
        longest = shown.iloc[:, place].astype("str").fillna("").str.len().max() if len(shown) else 0
        widths.append(min(max(_WIDTH, int(longest), len(name)) + 2, _MOST_WIDTH))
    return widths
