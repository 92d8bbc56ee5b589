"""Lists as files that a spreadsheet, a map or a GPS device reads; what is text stays text."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import pandas as pd
import xlsxwriter

from data.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_ROWS = 1_048_575
"""Rows below its header that a sheet of a workbook can have."""

_FORMULA = r"^(?=[=+\-@\t\r])"
_NOT_XML = r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"
_WIDTH, _MOST_WIDTH = 10, 40
_DECIMALS = 6  # of degrees: 0.1 m


def write_csv(rows: pd.DataFrame, headings: Mapping[str, str]) -> bytes:
    """Write a list as CSV in UTF-8, which a spreadsheet reads as data only.

    Parameters
    ----------
    rows
        The list, in the order wanted.
    headings
        Columns of ``rows`` to write, in this order, and what each is called.

    Returns
    -------
    bytes
        With a mark of UTF-8 in front. Text that a spreadsheet would take for a formula is preceded by an
        apostrophe.

    Examples
    --------
    >>> write_csv(pd.DataFrame({"rt": ["03", "=1+1"]}), {"rt": "RT"}).decode("utf-8-sig").split()
    ['RT', '03', "'=1+1"]
    """
    safe = _pick(rows, headings)
    for name in safe.columns:
        if _is_text(safe[name]):
            safe[name] = safe[name].str.replace(_FORMULA, "'", regex=True)
    return safe.to_csv(index=False).encode("utf-8-sig")


def write_xlsx(rows: pd.DataFrame, headings: Mapping[str, str], *, sheet: str) -> bytes:
    """Write a list as a workbook: text as text, numbers as numbers, the header in view and to filter by.

    Parameters
    ----------
    rows, headings
        As for ``write_csv``.
    sheet
        Name of the sheet, at most 31 signs.

    Returns
    -------
    bytes
        An XLSX file.

    Raises
    ------
    DataError
        If there are more rows than a sheet can hold.
    """
    if len(rows) > MAX_ROWS:
        raise DataError(
            "A sheet holds {most:,} rows, not {n:,}: choose a smaller area, or CSV.",
            most=MAX_ROWS,
            n=len(rows),
        )
    shown = _pick(rows, headings)
    buffer = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "nan_inf_to_errors": True,
    }
    with xlsxwriter.Workbook(buffer, options) as book:
        page = book.add_worksheet(sheet)
        bold = book.add_format({"bold": True, "bottom": 1})
        page.write_row(0, 0, list(shown.columns), bold)
        for number, name in enumerate(shown.columns):
            column = shown[name]
            kept = column.astype("object").where(column.notna(), None)
            page.write_column(1, number, kept.tolist())
            longest = column.astype("str").str.len().max() if len(column) else 0
            page.set_column(number, number, min(max(_WIDTH, longest, len(name)) + 2, _MOST_WIDTH))
        page.freeze_panes(1, 0)
        page.autofilter(0, 0, max(len(shown), 1), len(shown.columns) - 1)
    return buffer.getvalue()


def write_geojson(rows: pd.DataFrame, headings: Mapping[str, str]) -> bytes:
    """Write a list as GeoJSON (RFC 7946): WGS84 points, and no geometry where there is none.

    Parameters
    ----------
    rows
        With ``lon`` and ``lat``.
    headings
        Columns to write as properties, by their own names; what they are called is not used.

    Returns
    -------
    bytes
        A feature collection in UTF-8.

    Examples
    --------
    >>> rows = pd.DataFrame({"rt": ["03"], "lon": [111.4], "lat": [-7.4]})
    >>> json.loads(write_geojson(rows, {"rt": "RT"}))["features"][0]["geometry"]["coordinates"]
    [111.4, -7.4]
    """
    names = [name for name in headings if name not in ("lon", "lat")]
    shown = rows[names].astype("object").where(rows[names].notna(), None)
    properties = shown.to_dict(orient="records")
    places = zip(rows["lon"].round(_DECIMALS), rows["lat"].round(_DECIMALS), rows["lon"].notna(), strict=True)
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [lon, lat]} if located else None,
            "properties": known,
        }
        for (lon, lat, located), known in zip(places, properties, strict=True)
    ]
    collection = {"type": "FeatureCollection", "features": features}
    return json.dumps(collection, ensure_ascii=False, separators=(",", ":"), default=str).encode()


def write_gpx(rows: pd.DataFrame, *, name: str, description: str) -> bytes:
    """Write the located rows of a list as waypoints (GPX 1.1).

    Parameters
    ----------
    rows
        With ``lon`` and ``lat`` (WGS84).
    name, description
        Columns of ``rows`` that become each waypoint's name and description.

    Returns
    -------
    bytes
        XML in UTF-8.

    Examples
    --------
    >>> rows = pd.DataFrame({"lon": [111.4, None], "lat": [-7.4, None], "who": "A & B", "what": "due"})
    >>> write_gpx(rows, name="who", description="what").count(b"<wpt")
    1
    """
    placed = rows[rows["lon"].notna() & rows["lat"].notna()]
    texts = [
        [
            escape(text)
            for text in placed[column].fillna("").astype("str").str.replace(_NOT_XML, " ", regex=True)
        ]
        for column in (name, description)
    ]
    points = zip(placed["lat"].round(_DECIMALS), placed["lon"].round(_DECIMALS), *texts, strict=True)
    body = "\n".join(
        f'<wpt lat="{lat}" lon="{lon}"><name>{who}</name><desc>{what}</desc></wpt>'
        for lat, lon, who, what in points
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<gpx version="1.1" creator="Sambang" xmlns="http://www.topografix.com/GPX/1/1">\n{body}\n</gpx>\n'
    ).encode()


def _pick(rows: pd.DataFrame, headings: Mapping[str, str]) -> pd.DataFrame:
    shown = rows[list(headings)].copy()
    for name in shown.columns:
        if isinstance(shown[name].dtype, pd.CategoricalDtype):
            shown[name] = shown[name].astype("str")
    return shown.rename(columns=dict(headings))


def _is_text(column: pd.Series) -> bool:
    return bool(pd.api.types.is_string_dtype(column.dtype))
