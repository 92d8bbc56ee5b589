"""Tables: they show the numbers of the map beside them, and hand them out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import streamlit as st

from data.exports.tables import write_csv
from pages.text.language import MISSING, _, format_day, format_number, format_time

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from pages.queries.filters import Filters

Kind = Literal["text", "count", "decimal", "fine", "percent", "day", "moment", "trend"]
_INDEX = "__index__"
_LOWEST, _TALLEST = 1, 14
_ROW_PX = 35


class Column(NamedTuple):
    """One column: its name in the frame, its heading, and what it holds."""

    name: str
    heading: str
    kind: Kind = "text"
    help: str | None = None


_WRITE: dict[Kind, Callable] = {
    "count": format_number,
    "decimal": lambda value: format_number(value, digits=1),
    "day": format_day,
    "moment": lambda value: MISSING if value != value else format_time(value),  # noqa: PLR0124 - NaT
    "fine": lambda value: format_number(value, digits=3),
    "text": lambda value: MISSING if value is None or value != value else str(value),  # noqa: PLR0124 - NaN
}


def show_table(frame: pd.DataFrame, columns: list[Column], *, key: str, picks: bool = False) -> int | None:
    """Show columns of a frame, its numbers written in the user's language; a heading sorts by them.

    Parameters
    ----------
    frame
        A share (0 to 1) of kind ``percent`` is drawn as a bar, a list of shares (``trend``) as a line. A
        district that all rows share is left out.
    columns
        What to show, from left to right.
    key
        Unlike that of any other table of the page.
    picks
        Whether a row can be picked.

    Returns
    -------
    int or None
        Position of the row that is picked.
    """
    if "district" in frame and len(frame["district"].unique()) <= 1:
        columns = [column for column in columns if column.name != "district"]
    shown = frame[[column.name for column in columns]].copy()
    for column in columns:
        if column.kind == "percent":
            shown[column.name] = 100 * shown[column.name]
    written: dict[Any, Any] = {
        column.name: _WRITE[column.kind] for column in columns if column.kind in _WRITE
    }
    rows = min(max(len(shown), _LOWEST), _TALLEST) + 1
    state: Any = st.dataframe(
        shown.style.format(written),
        column_config={column.name: _configure(column, shown) for column in columns},
        hide_index=True,
        placeholder=MISSING,
        height=rows * _ROW_PX + 3,
        key=key,
        on_select="rerun" if picks else "ignore",
        selection_mode="single-row",
    )
    picked = state.selection.rows if picks else []
    return picked[0] if picked and picked[0] < len(frame) else None


def offer_csv(frame: pd.DataFrame, columns: list[Column], *, name: str) -> None:
    """Offer the numbers of a table as a file.

    Parameters
    ----------
    frame
        One row a village.
    columns
        The table's columns.
    name
        Of the file, without its ending.
    """
    st.download_button(
        _("Download this table (CSV)"),
        write_table_csv(frame, columns),
        file_name=f"{name}.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
    )


def write_table_csv(frame: pd.DataFrame, columns: list[Column]) -> bytes:
    """Write columns of a table as CSV by their own names, the index first."""
    names = [column.name for column in columns]
    rows = frame[names].copy()
    rows.insert(0, _INDEX, frame.index)
    return write_csv(rows, {_INDEX: str(frame.index.name or ""), **{name: name for name in names}})


def name_download(subject: str, filters: Filters) -> str:
    """Name a file by what it holds: subject, area code, first and last day."""
    parts = [subject, filters.area, filters.period.since.isoformat(), filters.period.last_day.isoformat()]
    return "_".join(["sambang", *filter(None, parts)])


def _configure(column: Column, shown: pd.DataFrame) -> Any:
    if column.kind == "percent":
        return st.column_config.ProgressColumn(
            column.heading, help=column.help, format="%.0f%%", min_value=0, max_value=100
        )
    if column.kind == "trend":
        most = max((max(shares) for shares in shown[column.name]), default=0.0)
        return st.column_config.AreaChartColumn(column.heading, help=column.help, y_min=0, y_max=most or 1.0)
    if column.kind in ("count", "decimal", "fine"):
        return st.column_config.NumberColumn(column.heading, help=column.help)
    if column.kind in ("day", "moment"):
        return st.column_config.Column(column.heading, help=column.help)
    return st.column_config.TextColumn(column.heading, help=column.help)
