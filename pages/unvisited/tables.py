"""The table of the Unvisited page: the households of a village, or villages and districts by status."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from geo.districts import sum_by_district
from geo.status import STATUSES
from pages.text.language import _
from pages.text.tries import describe_tries_of_each
from pages.text.vocabulary import name_status
from pages.widgets.tables import Column, show_table

if TYPE_CHECKING:
    import pandas as pd


MOST_VILLAGES = 500
"""Maximum number of villages in a table, more than any regency has; wider areas list districts."""


def show_household_table(counts: pd.DataFrame, homes: pd.DataFrame | None) -> None:
    """Show the households of a village, or the number by status for each village or district."""
    if homes is None:
        rows, by_district = list_status_places(counts)
        st.subheader(_("Districts") if by_district else _("Villages"), anchor=False)
        columns = [] if by_district else [Column("village", _("Village"))]
        columns.append(Column("district", _("District")))
        columns += [Column(name, name_status(name), "count") for name in STATUSES]
        tried = _("Never visited or overdue, and tried since the last visit without meeting anybody.")
        columns.append(Column("n_tried", _("Tried"), "count", tried))
        columns.append(Column("n_households", _("Registered"), "count"))
    else:
        st.subheader(_("Households"), anchor=False)
        columns = [
            Column("head_name", _("Head of household")),
            Column("rt", _("RT")),
            Column("rw", _("RW")),
            Column("said", _("Status")),
            Column("tried", _("Attempts"), help=_("Attempts since the last visit")),
            Column("last_visit_at", _("Last visit"), "day"),
            Column("days_since", _("Days since visit"), "count"),
            Column("group", _("Group")),
        ]
        said = homes["status"].astype("str").map(name_status)
        rows = homes.assign(said=said, tried=describe_tries_of_each(homes))
    show_table(rows, columns, key="unvisited_table")


def list_status_places(counts: pd.DataFrame) -> tuple[pd.DataFrame, bool]:
    """List villages by never-visited households; their districts if there are too many.

    Returns
    -------
    tuple of pandas.DataFrame and bool
        The rows of ``counts``, added up to districts where the second is true.
    """
    by_district = len(counts) > MOST_VILLAGES
    if by_district:
        counts = sum_by_district(counts, counts=[*STATUSES, "n_tried", "n_households"])
    return counts.sort_values("never", ascending=False, kind="stable"), by_district
