"""My area: an officer's village, how much of it is covered, and whom to visit today."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages import _my_area, _records, _round_words, _rounds
from pages._texts import _, number, plain

if TYPE_CHECKING:
    from pages._records import Source
    from pages._rounds import Sheet


def main() -> None:
    """Show the page."""
    source = _records.open_source()
    officers = _rounds.list_officers(source)
    st.title(_("My area"), anchor=False)
    if not officers:
        st.info(_("There are no officers yet: import them on the Data page."))
        return
    officer, village = _my_area.choose(officers)
    sheet = _rounds.read_sheet(source, officer, village)
    _my_area.show_ring(_rounds.measure_share(source, officer, village, sheet.day))
    show_day(source, sheet)


def show_day(source: Source, sheet: Sheet) -> None:
    """Show today's list with its buttons, and how far it has come."""
    n, done = len(sheet.homes), sheet.n_done
    st.subheader(_("Today"), anchor=False)
    if not n and not sheet.week.is_published:
        st.success(_("No household of this village is due. Well done."))
        return
    st.caption(plain(_round_words.say_list(sheet)))
    if n:
        said = _("{done} of {n} done")
        st.progress(done / n, text=said.format(done=number(done), n=number(n)))
    _my_area.offer_field_sheet(sheet)
    _my_area.show_homes(source, sheet, sheet.homes)
    _my_area.show_more(source, sheet)
    st.caption(plain(_("Marks made here carry no place of the phone.")))


main()
