"""Navigation on the Coverage page from district to village to RT, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.queries.areas import is_area, name_area, step_into
from pages.queries.neighbourhoods import Neighbourhood, set_neighbourhood
from pages.text.language import escape_markdown
from pages.widgets.sidebar import set_area

if TYPE_CHECKING:
    from pages.queries.neighbourhoods import VillageHomes
    from pages.queries.records import Connection
    from pages.widgets.maps import MapClick

_FOLLOWED = "coverage.followed"


def show_way_back(connection: Connection, homes: VillageHomes | None) -> None:
    """Show which RT is chosen, if any, and a button back to its village."""
    if homes is None or homes.chosen is None:
        return
    chosen = homes.chosen
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.button(
            escape_markdown(name_area(connection, chosen.village)),
            key="back_village",
            type="tertiary",
            icon=":material/chevron_left:",
            on_click=set_neighbourhood,
            args=(None,),
        )
        st.markdown(f"**RT {escape_markdown(chosen.rt)} / RW {escape_markdown(chosen.rw)}**")


def follow_click(
    connection: Connection, area: str, homes: VillageHomes | None, click: MapClick, *, key: str
) -> None:
    """Open the area that was clicked on the map, from district to village to RT.

    Each click is followed once: the map still holds the old one after the user goes back.

    Parameters
    ----------
    connection
        The database and its user.
    area
        The area that the map shows.
    homes
        Its households, if it is a village.
    click
        The last click on the map.
    key
        Key of the map.
    """
    followed = st.session_state.setdefault(_FOLLOWED, {})
    if followed.get(key) == click:
        return
    followed[key] = click
    if click.point_id is not None:
        if homes is not None and homes.chosen is None and click.point_id in homes.everyone.index:
            home = homes.everyone.loc[click.point_id]
            set_neighbourhood(Neighbourhood(area, str(home["rw"]), str(home["rt"])))
            st.rerun()
    elif click.area_code and click.area_code != area and is_area(connection, click.area_code):
        set_area(step_into(connection, area, click.area_code))
        st.rerun()
