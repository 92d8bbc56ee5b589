"""My area: an officer's village, its coverage, and the households to visit today."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.my_area.day import find_target_period, read_day_list
from pages.my_area.view import (
    choose_officer_village,
    offer_field_sheet,
    show_coverage_ring,
    show_homes,
    show_more_homes,
)
from pages.my_area.wording import describe_day_list
from pages.queries.officers import list_officers
from pages.queries.records import open_connection
from pages.queries.visits import read_officer_coverage
from pages.text.language import _, escape_markdown, format_number

if TYPE_CHECKING:
    from pages.my_area.day import DayList
    from pages.queries.records import Connection


def main() -> None:
    """Show the page."""
    connection = open_connection()
    officers = list_officers(connection)
    st.title(_("My area"), anchor=False)
    if not officers:
        st.info(_("There are no officers yet: import them on the Data page."))
        return
    officer, village = choose_officer_village(officers)
    day_list = read_day_list(connection, officer, village)
    period = find_target_period(day_list.day)
    show_coverage_ring(read_officer_coverage(connection, officer, village, period))
    show_day_list(connection, day_list)


def show_day_list(connection: Connection, day_list: DayList) -> None:
    """Show today's list with its buttons, and its progress."""
    n, done = len(day_list.homes), day_list.n_done
    st.subheader(_("Today"), anchor=False)
    if not n and not day_list.week.is_published:
        st.success(_("No household in this village is due. Well done."))
        return
    st.caption(escape_markdown(describe_day_list(day_list)))
    if n:
        said = _("{done} of {n} done")
        st.progress(done / n, text=said.format(done=format_number(done), n=format_number(n)))
    offer_field_sheet(day_list)
    show_homes(connection, day_list, day_list.homes)
    show_more_homes(connection, day_list)
    st.caption(escape_markdown(_("Marks made here don't include the phone's location.")))


main()
