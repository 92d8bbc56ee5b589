"""Parts of the Unvisited page: its choices, its figures, and the list as files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from data.settings import get_settings
from geo.status import STATUSES
from pages.queries.households import (
    TARGETS,
    StatusRequest,
    keep_known_statuses,
    list_neighbourhoods,
    read_target_days,
)
from pages.text.language import MISSING, _, format_list, format_number, ngettext
from pages.text.vocabulary import name_status
from pages.unvisited.routes import write_export_url
from pages.web.addresses import read_base_path
from pages.widgets.cards import Card

if TYPE_CHECKING:
    import pandas as pd

    from pages.queries.filters import Filters
    from pages.queries.households import HouseholdFilter
    from pages.queries.records import Connection

_ROUND_M = 10
_MOST_NAMED = 4  # RTs of a group named in a sentence; the table names all
_DAYS = (1, 2, 3, 5)  # of work that a part of a group may hold


def choose_status_request(filters: Filters) -> StatusRequest:
    """Draw the choice of target and of visits that count, and return the request."""
    targets = sorted({*TARGETS, read_target_days()})
    target = st.selectbox(
        _("Visit again within"),
        targets,
        index=targets.index(read_target_days()),
        format_func=lambda days: ngettext("{n} day", "{n} days", days).format(n=format_number(days)),
        key="unvisited_target",
    )
    bases = {"reported": _("all reported"), "evidenced": _("supported by GPS")}
    basis = st.segmented_control(
        _("Visits that count"),
        list(bases),
        default="reported",
        required=True,
        format_func=bases.__getitem__,
        key="unvisited_basis",
    )
    return StatusRequest(filters.period.until, target, basis)


def choose_statuses() -> tuple[str, ...]:
    """Draw the choice of statuses."""
    picked = st.pills(
        _("Status"),
        STATUSES,
        selection_mode="multi",
        default=["never", "overdue"],
        format_func=name_status,
        key="unvisited_status",
    )
    return keep_known_statuses(picked or ())


def choose_rw_rt(connection: Connection, area: str) -> tuple[str, str]:
    """Draw the choice of RW and RT within a village; both are empty for all."""
    pairs = list_neighbourhoods(connection, area)
    rw = st.selectbox(
        _("RW"),
        ["", *filter(None, pairs["rw"].unique())],
        format_func=lambda name: name or _("All"),
        key="unvisited_rw",
    )
    inside = pairs[pairs["rw"] == rw] if rw else pairs
    rt = st.selectbox(
        _("RT"),
        ["", *sorted(filter(None, inside["rt"].unique()))],
        format_func=lambda name: name or _("All"),
        key="unvisited_rt",
    )
    return rt, rw


def choose_part_size() -> int:
    """Draw the choice of parts that groups are cut into, by days of visits; 0 for whole groups."""
    most = get_settings().visits_a_day
    return st.selectbox(
        _("Groups"),
        [0, *(days * most for days in _DAYS)],
        format_func=lambda n: (
            ngettext("in parts of at most {n} household", "in parts of at most {n} households", n).format(
                n=format_number(n)
            )
            if n
            else _("whole")
        ),
        key="unvisited_parts",
    )


def list_status_cards(counts: pd.DataFrame) -> list[Card]:
    """List the cards of households by status."""
    helps = {
        "never": _("No visit was reported before the end of the period; an attempt is not a visit."),
        "overdue": _("The last visit was longer ago than the target."),
        "due": _("More than three quarters of the target time has passed since the last visit."),
        "visited": _("The last visit was within the first three quarters of the target."),
    }
    return [Card(name_status(name), format_number(counts[name].sum()), help=helps[name]) for name in STATUSES]


def describe_tried(counts: pd.DataFrame) -> str:
    """Say at how many unvisited households an officer tried since the last visit; silent if at none."""
    n = int(counts["n_tried"].sum())
    return (
        ngettext(
            "At {n} household never visited or overdue an officer has tried since the last visit without "
            "meeting anybody.",
            "At {n} households never visited or overdue an officer has tried since the last visit without "
            "meeting anybody.",
            n,
        ).format(n=format_number(n))
        if n
        else ""
    )


def describe_largest_group(groups: pd.DataFrame) -> str:
    """Describe where the largest group is."""
    if groups.empty:
        return _("There are no groups of neighbouring households that were never visited.")
    largest = groups.iloc[0]
    named = largest["rts"][:_MOST_NAMED]
    places = [
        _("RT {rt}/RW {rw} in {village}").format(
            **{name: rt[name] or MISSING for name in ("rt", "rw", "village")}
        )
        for rt in named
    ]
    if more := len(largest["rts"]) - len(named):
        places.append(ngettext("{n} more RT", "{n} more RTs", more).format(n=format_number(more)))
    said = _("Start here: {n} neighbouring households, {places}, {m} m across.").format(
        n=format_number(largest["n_households"]),
        places=format_list(places),
        m=format_number(round_width(largest["extent_m"])),
    )
    # Said only if it is so: of groups of the same size none is the largest.
    tied = int((groups["n_households"] == largest["n_households"]).sum()) - 1
    if not tied:
        return said
    others = ngettext("{n} other group is as large.", "{n} other groups are as large.", tied)
    return f"{said} {others.format(n=format_number(tied))}"


def offer_exports(asked: StatusRequest, chosen: HouseholdFilter) -> None:
    """Offer the list as files, served by a route with the same scope as the page."""
    kinds = {
        "pdf": (_("Print (PDF)"), ":material/print:"),
        "xlsx": ("Excel (XLSX)", ":material/table_view:"),
        "csv": ("CSV", ":material/csv:"),
        "gpx": ("GPX", ":material/location_on:"),
        "geojson": ("GeoJSON", ":material/data_object:"),
    }
    with st.container(horizontal=True, gap="small"):
        for kind, (label, icon) in kinds.items():
            st.link_button(
                label, write_export_url(kind, asked, chosen, base_path=read_base_path()), icon=icon
            )


def round_width(metres: float) -> int:
    """Round how far apart households are to tens of metres, and to 10 m at least."""
    return max(round(metres / _ROUND_M), 1) * _ROUND_M
