"""Parts of the My area page: coverage ring, the day's households with buttons, link to the field sheet."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import streamlit as st

from data.settings import get_settings
from pages.my_area.day import mark_household
from pages.my_area.field_sheet import write_sheet_url
from pages.my_area.wording import describe_home, describe_more_homes, write_map_address
from pages.text.labels import distinguish_labels
from pages.text.language import _, escape_markdown, format_number, format_percent, ngettext
from pages.text.vocabulary import describe_reason
from pages.web.addresses import read_base_path
from pages.widgets.captions import describe_attempts

if TYPE_CHECKING:
    import pandas as pd

    from pages.my_area.day import DayList
    from pages.queries.officers import Officer
    from pages.queries.records import Connection
    from pages.queries.visits import Coverage

_AT_HAND = 16  # number of households beyond the list on the page; the field sheet shows all
_RING = '<div class="ring" role="img" aria-label="{said}" style="--share: {share}%"><span>{said}</span></div>'


def choose_officer_village(officers: list[Officer]) -> tuple[Officer, str]:
    """Draw the choice of officer, and of village where there are several; kept in the URL."""
    by_id = {officer.officer_id: officer for officer in officers}
    named = st.query_params.get("officer")
    st.session_state.setdefault("my_officer", named if named in by_id else officers[0].officer_id)
    labels = distinguish_labels(
        {key: f"{officer.name} · {', '.join(officer.villages.values())}" for key, officer in by_id.items()}
    )
    chosen = st.selectbox(
        _("Officer"),
        list(labels),
        format_func=labels.__getitem__,
        key="my_officer",
    )
    st.query_params["officer"] = chosen
    villages = by_id[chosen].villages
    if len(villages) == 1:
        return by_id[chosen], next(iter(villages))
    village = st.segmented_control(
        _("Village"),
        list(villages),
        default=next(iter(villages)),
        required=True,
        format_func=villages.__getitem__,
        key=f"my_village_{chosen}",
        width="stretch",
    )
    return by_id[chosen], village


def show_coverage_ring(coverage: Coverage) -> None:
    """Draw the GPS-supported coverage as a ring, and describe what is left."""
    target = format_number(get_settings().target_days)
    with st.container(horizontal=True, key="my_ring", vertical_alignment="center"):
        part = 0.0 if coverage.n_households == 0 else 100 * coverage.evidenced
        st.html(_RING.format(said=escape(format_percent(coverage.evidenced)), share=round(part, 1)))
        left = coverage.n_households - coverage.n_evidenced
        said = ngettext(
            "{n} of {all} households is still to be visited within {days} days.",
            "{n} of {all} households are still to be visited within {days} days.",
            left,
        )
        parts = [
            _("Visits supported by GPS"),
            said.format(n=format_number(left), all=format_number(coverage.n_households), days=target),
            _("Reported visited: {n}.").format(n=format_number(coverage.n_reported)),
        ]
        parts += [describe_attempts(coverage.n_attempts)] if coverage.n_attempts else []
        first, *others = map(escape_markdown, parts)
        st.markdown("  \n".join([f"**{first}**", *others]))


def offer_field_sheet(day_list: DayList) -> None:
    """Link to the light page that works offline and records the phone's position."""
    url = write_sheet_url(f"/{read_base_path()}".rstrip("/"), day_list.officer.officer_id, day_list.village)
    st.link_button(
        _("Open the field sheet: lightweight, works offline"), url, icon=":material/mobile:", width="stretch"
    )


def show_homes(connection: Connection, day_list: DayList, homes: pd.DataFrame) -> None:
    """Draw households of a list; the next one is marked in today's list."""
    for key, home in zip(homes.index, homes.to_dict("records"), strict=True):
        _show_home(connection, day_list, str(key), home, is_next=str(key) == day_list.next_home)


def show_more_homes(connection: Connection, day_list: DayList) -> None:
    """Offer households beyond the plan; without a plan, the day list is complete."""
    if day_list.week.is_published and len(day_list.more):
        with st.expander(describe_more_homes(day_list)):
            show_homes(connection, day_list, day_list.more.head(_AT_HAND))


def _show_home(
    connection: Connection, day_list: DayList, key: str, home: dict[Any, Any], *, is_next: bool
) -> None:
    """Draw one household: who, where, why, and two buttons."""
    told = describe_home(day_list, key, home)
    with st.container(border=True, key=f"my_home_{home['number']}"):
        head = f"{home['number']} · {escape_markdown(told.name)}"
        following = escape_markdown(_("next"))
        lines = [f"**{head}** :primary-badge[{following}]" if is_next else f"**{head}**"]
        st.markdown("  \n".join([*lines, escape_markdown(told.where), escape_markdown(told.why)]))
        if told.done:
            st.markdown(f"**{escape_markdown(told.done)}**")
            return
        with st.container(horizontal=True):
            for outcome, label in (("met", _("Met")), ("absent", _("Not at home"))):
                st.button(
                    label,
                    key=f"{outcome}_{key}",
                    type="primary" if outcome == "met" else "secondary",
                    on_click=_mark,
                    args=(connection, day_list, key, outcome),
                    width="stretch",
                )
        address = write_map_address(home)
        if address:
            st.link_button(_("Open map"), address, icon=":material/map:", type="tertiary")


def _mark(connection: Connection, day_list: DayList, household_id: str, outcome: str) -> None:
    receipt = mark_household(connection, day_list, household_id, outcome)
    for code in receipt.refused.values():
        st.warning(describe_reason(code))
