"""What the My area page draws: the ring, the day's households with buttons, the way to the field sheet."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from data.settings import get_settings
from geo.tiles import SHAPES
from pages import _rounds, _words
from pages._http.routes import base_path
from pages._http.sheets import sheet_url
from pages._texts import MISSING, _, day, ngettext, number, percent, plain

if TYPE_CHECKING:
    from pages._records import Source
    from pages._rounds import Officer, Share, Sheet

_ROUND_M = 10
_RING = '<div class="ring" role="img" aria-label="{said}" style="--share: {share}%"><span>{said}</span></div>'


def choose(officers: list[Officer]) -> tuple[Officer, str]:
    """Draw the choice of the officer, and of the village where there are several; kept in the address."""
    by_id = {officer.officer_id: officer for officer in officers}
    named = st.query_params.get("officer")
    st.session_state.setdefault("my_officer", named if named in by_id else officers[0].officer_id)
    chosen = st.selectbox(
        _("Officer"),
        list(by_id),
        format_func=lambda key: f"{by_id[key].name} · {', '.join(by_id[key].villages.values())}",
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


def show_ring(share: Share) -> None:
    """Draw the coverage that the GPS record supports as a ring, and say what is left."""
    target = number(get_settings().target_days)
    with st.container(horizontal=True, key="my_ring", vertical_alignment="center"):
        part = 0.0 if share.n_households == 0 else 100 * share.evidenced
        st.html(_RING.format(said=escape(percent(share.evidenced)), share=round(part, 1)))
        left = share.n_households - share.n_evidenced
        said = ngettext(
            "{n} household of {all} is left to visit within {days} days.",
            "{n} households of {all} are left to visit within {days} days.",
            left,
        )
        parts = [
            _("Visits supported by GPS"),
            said.format(n=number(left), all=number(share.n_households), days=target),
            _("Reported visited: {n}.").format(n=number(share.n_reported)),
        ]
        st.markdown(f"**{plain(parts[0])}**  \n{plain(parts[1])}  \n{plain(parts[2])}")


def offer_field_sheet(sheet: Sheet) -> None:
    """Lead to the light page that works without a connection and keeps the phone's place."""
    url = sheet_url(f"/{base_path()}".rstrip("/"), sheet.officer.officer_id, sheet.village)
    st.link_button(
        _("Open the field sheet: light, works offline"), url, icon=":material/mobile:", width="stretch"
    )


def show_home(source: Source, sheet: Sheet, key: str, home: dict[Any, Any], place: int) -> None:
    """Draw one household: who, where, why, and two buttons."""
    name = MISSING if pd.isna(home["head_name"]) else home["head_name"]
    where = [f"RT {_or_dash(home['rt'])} / RW {_or_dash(home['rw'])}"]
    if not pd.isna(home["distance_m"]):
        where.append(f"{number(round(home['distance_m'] / _ROUND_M) * _ROUND_M)} m")
    why = [f"{SHAPES[home['status']]} {_words.status(home['status'])}"]
    if not pd.isna(home["last_visit_at"]):
        why.append(day(home["last_visit_at"]))
    with st.container(border=True, key=f"my_home_{place}"):
        st.markdown(f"**{place} · {plain(name)}**  \n{plain(' · '.join(where))}  \n{plain(', '.join(why))}")
        if home["outcome"]:
            told = {"met": _("Met"), "absent": _("Not at home")}
            st.markdown(f"**✓ {plain(told.get(home['outcome'], home['outcome']))}**")
            return
        with st.container(horizontal=True):
            for outcome, label in (("met", _("Met")), ("absent", _("Not at home"))):
                st.button(
                    label,
                    key=f"{outcome}_{key}",
                    type="primary" if outcome == "met" else "secondary",
                    on_click=_mark,
                    args=(source, sheet, key, outcome),
                    width="stretch",
                )
        if not pd.isna(home["lon"]):
            at = f"{home['lat']:.6f},{home['lon']:.6f}"
            st.link_button(_("open map"), f"geo:{at}?q={at}", icon=":material/map:", type="tertiary")


def _mark(source: Source, sheet: Sheet, household_id: str, outcome: str) -> None:
    receipt = _rounds.mark_household(source, sheet, household_id, outcome)
    for code in receipt.refused.values():
        st.warning(_words.reason(code))


def _or_dash(value: object) -> str:
    return MISSING if value is None or value != value else str(value)  # noqa: PLR0124 - NaN
