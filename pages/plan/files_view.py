"""Links to a published plan's files: printed sheets, tables, GPX routes and calendars."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import streamlit as st

from pages.plan.files import MOST_SHEETS, PlanPart
from pages.plan.routes import write_plan_url
from pages.queries.officers import title_officers
from pages.text.language import _, format_number, format_weekday
from pages.web.addresses import read_base_path

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd


def offer_plan_files(officers: pd.DataFrame, days: Sequence[date], wanted: PlanPart, *, key: str) -> None:
    """Show the choice of a part of the plan, and a link to each kind of file.

    Parameters
    ----------
    officers
        Officers by id, with ``name`` and ``rank``.
    days
        Days of the plan.
    wanted
        The plan to export.
    key
        Widget key, unique on the page.
    """
    names = {"": _("All officers")} | title_officers(officers)
    kinds = {
        "pdf": (_("Printed sheets (PDF)"), ":material/print:"),
        "xlsx": ("XLSX", ":material/table_view:"),
        "csv": ("CSV", ":material/csv:"),
        "gpx": ("GPX", ":material/location_on:"),
        "ics": (_("Calendars (ICS)"), ":material/calendar_month:"),
    }
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom", key=f"plan_files_{key}"):
        officer = st.selectbox(
            _("Files for"),
            list(names),
            format_func=names.__getitem__,
            key=f"plan_file_officer_{key}",
            width=200,
        )
        day = st.selectbox(
            _("Day"),
            ["", *days],
            format_func=lambda one: format_weekday(one) if one else _("All days"),
            key=f"plan_file_day_{key}",
            width=140,
        )
        part = replace(wanted, officer_id=officer or "", day=day if isinstance(day, date) else None)
        for kind, (label, icon) in kinds.items():
            st.link_button(label, write_plan_url(kind, part, base_path=read_base_path()), icon=icon)
    if not officer and len(officers) * (1 if day else len(days)) > MOST_SHEETS:
        st.caption(
            _("One PDF holds up to {n} sheets: choose an officer or a day to print.").format(
                n=format_number(MOST_SHEETS)
            )
        )
