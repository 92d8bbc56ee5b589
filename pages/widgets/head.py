"""The head of a page: title, area, period, date of data, and the trail of areas."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from geo.record_end import describe_short_records
from pages.queries.areas import list_ancestors, name_area, name_heading
from pages.queries.spans import list_record_ends
from pages.text.language import _, escape_markdown, format_day, format_period, translate
from pages.widgets.sidebar import move_period, set_area

if TYPE_CHECKING:
    from datetime import date

    from geo.record_end import RecordEnd
    from pages.queries.filters import Filters
    from pages.queries.records import Connection


def show_head(connection: Connection, filters: Filters, title: str, *datasets: str) -> None:
    """Show the title with the area, the period, and how recent the datasets are."""
    st.title(title, anchor=False)
    parts = [escape_markdown(name_heading(connection, filters.area)), format_period(filters.period)]
    parts += [_describe_end(name, list_record_ends(connection, filters.area, name)) for name in datasets]
    st.caption(" · ".join(parts))
    _warn_of_late_records(connection, filters, *datasets)
    _show_way_back(connection, filters.area)


def _describe_end(dataset: str, ends: list[RecordEnd]) -> str:
    """Say to which day a dataset is complete, and in which district where others go further."""
    if not ends:
        return _("no visits recorded yet") if dataset == "visits" else _("no crimes recorded yet")
    said = _("visits complete to {day}") if dataset == "visits" else _("crimes complete to {day}")
    first = min(ends, key=lambda end: end.last_day)
    named = said.format(day=format_day(first.last_day))
    if all(end.last_day == first.last_day for end in ends):
        return named
    return f"{named} ({escape_markdown(first.district)})"


def _warn_of_late_records(connection: Connection, filters: Filters, *datasets: str) -> None:
    """Say which record ends within the period: silent where all are complete to its last day."""
    ends = list_record_ends(connection, filters.area, *datasets)
    told = describe_short_records(filters.period.last_day, ends)
    if told is not None:
        st.info(
            _(
                "In this period, {record}. What happened later may still come in: few or none are not a "
                "fall, and nothing is compared with an earlier period."
            ).format(record=escape_markdown(translate(told))),
            icon=":material/hourglass_top:",
        )


def _show_way_back(connection: Connection, area: str) -> None:
    """Draw the areas that contain the chosen one as a trail of buttons."""
    if not area:
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        for code in list_ancestors(connection, area):
            st.button(
                escape_markdown(name_area(connection, code)),
                key=f"back_{code}",
                type="tertiary",
                icon=":material/chevron_left:",
                on_click=set_area,
                args=(code,),
            )
        st.markdown(f"**{escape_markdown(name_area(connection, area))}**")


def offer_period_with_data(filters: Filters, last: date | None, n_found: int) -> None:
    """Offer the latest period with data where the chosen one has none."""
    if n_found or last is None or filters.period.since <= last < filters.period.until:
        return
    st.info(_("There are no data in this period. The last data are from {day}.").format(day=format_day(last)))
    st.button(
        _("Show the period ending that day"),
        on_click=move_period,
        args=(last, filters.period.days),
    )
