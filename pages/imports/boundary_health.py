"""Quality of boundaries, in the preview of a boundary file and of those in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from data import repository
from data.importing import BoundaryHealth, check_boundaries
from pages.imports.maps import draw_boundaries
from pages.queries.records import CACHE_TTL, hash_by_version, load_villages
from pages.text.language import _, escape_markdown, format_list, format_number, ngettext
from pages.widgets.cards import Card, show_plain_cards
from pages.widgets.maps import show_map

if TYPE_CHECKING:
    from pages.queries.records import Connection

_M2_PER_HA = 1e4
_WORST, _NAMED = 10, 12
_MAP_HEIGHT = 420


def show_stored_health(connection: Connection) -> None:
    """Show the quality of the boundaries in force in a collapsed section."""
    if load_villages(connection).empty:
        return
    with st.expander(_("Boundary quality"), icon=":material/health_and_safety:"):
        health = _check(connection)
        show_health(health, name="_stored")
        show_map(
            draw_boundaries(load_villages(connection), health),
            key="health_map",
            height=_MAP_HEIGHT,
        )


@st.cache_resource(max_entries=4, ttl=CACHE_TTL, show_spinner=False, hash_funcs=hash_by_version("boundaries"))
def _check(connection: Connection) -> BoundaryHealth:
    villages = repository.read_villages(connection.database, connection.principal)
    scheme = repository.read_code_scheme(connection.database)
    return check_boundaries(villages, scheme="bps" if scheme == "bps" else None)


def show_health(health: BoundaryHealth, *, name: str) -> None:
    """Show the irregularities of boundaries as figures, and the worst of them by name.

    Parameters
    ----------
    health
        Result of checking the boundaries.
    name
        Key that is unique among the boundaries on the page.
    """
    found = health.summarise()
    show_plain_cards(
        [
            Card(_("Villages"), format_number(health.n_villages)),
            Card(
                _("Overlapping pairs"),
                format_number(found["overlapping_pairs"]),
                help=_describe_area(found["overlaps_ha"]),
            ),
            Card(_("Gaps"), format_number(found["gaps"]), help=_describe_area(found["gaps_ha"])),
            Card(_("Repeated names in a district"), format_number(found["repeated_names"])),
            Card(_("Missing numbers"), format_number(found["missing_numbers"]), help=_describe_numbering()),
        ],
        name=name,
    )
    slivers = found["overlap_slivers"] + found["gap_slivers"]
    if found["overlapping_pairs"] + found["gaps"]:
        said = ngettext(
            "{n} of them is a sliver, narrower than 20 m, where one border was drawn twice. A point "
            "there counts for the lower code only.",
            "{n} of them are slivers, narrower than 20 m, where one border was drawn twice. A point "
            "there counts for the lower code only.",
            slivers,
        )
        st.caption(said.format(n=format_number(slivers)))
    _show_worst(health)
    _describe_names(health)


def _describe_area(hectares: float) -> str:
    return _("{n} ha in total.").format(n=format_number(hectares, digits=1))


def _describe_numbering() -> str:
    return _(
        "Village codes in a district are numbered consecutively. A missing number is a village that "
        "is not here, or one that was merged or moved: a question, not an error."
    )


def _show_worst(health: BoundaryHealth) -> None:
    """List the pairs with the largest overlaps, and the districts with missing numbers."""
    worst = health.overlaps.head(_WORST)
    if len(worst):
        shown = pd.DataFrame(
            {
                _("Village"): worst["left"].map(health.names),
                _("Overlaps with"): worst["right"].map(health.names),
                _("Overlap, ha"): (worst["area_m2"] / _M2_PER_HA).map(lambda ha: format_number(ha, digits=2)),
                _("Mean width, m"): worst["width_m"].map(format_number),
            }
        )
        st.dataframe(shown, hide_index=True)
    lacking = health.numbering[health.numbering["missing"] != ""]
    if len(lacking):
        shown = pd.DataFrame(
            {
                _("District"): lacking["district"].fillna(""),
                _("District code"): lacking.index,
                _("Villages"): lacking["n_areas"].map(format_number),
                _("Expected from the codes"): lacking["n_expected"].map(format_number),
                _("Missing codes"): lacking["missing"].str.replace(" ", ", "),
            }
        )
        st.dataframe(shown, hide_index=True)


def _describe_names(health: BoundaryHealth) -> None:
    if len(health.repeated):
        named = health.names.reindex(health.repeated.index[:_NAMED])
        listed = format_list([f"{escape_markdown(name)} ({code})" for code, name in named.items()])
        st.caption(_("The same name occurs twice in a district: {villages}.").format(villages=listed))
    if len(health.non_villages):
        names = ", ".join(escape_markdown(name) for name in health.non_villages["village"].head(_NAMED))
        st.caption(_("These do not look like villages: {names}.").format(names=names))
