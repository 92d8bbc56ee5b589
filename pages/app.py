"""The frame around every page: language, navigation and error messages."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages.queries.areas import select_villages
from pages.queries.records import open_connection
from pages.text.language import _
from pages.widgets.messages import report_errors, show_welcome
from pages.widgets.sidebar import offer_languages, settle_language

ICON, STYLE = (Path(__file__).with_name(name) for name in ("icon.svg", "style.css"))


def main() -> None:
    """Show the page of the current URL."""
    st.set_page_config(page_title="Sambang", page_icon=str(ICON), layout="wide")
    settle_language()
    st.html(STYLE)
    overview = st.Page(
        "overview/page.py", title=_("Overview"), icon=":material/space_dashboard:", default=True
    )
    coverage = st.Page("coverage/page.py", title=_("Coverage"), icon=":material/map:", url_path="coverage")
    unvisited = st.Page(
        "unvisited/page.py", title=_("Unvisited"), icon=":material/home_pin:", url_path="unvisited"
    )
    plan = st.Page("plan/page.py", title=_("Weekly plan"), icon=":material/route:", url_path="plan")
    my_area = st.Page(
        "my_area/page.py", title=_("My area"), icon=":material/person_pin_circle:", url_path="my_area"
    )
    hotspots = st.Page(
        "hotspots/page.py", title=_("Hotspots"), icon=":material/blur_on:", url_path="hotspots"
    )
    compare = st.Page("compare/page.py", title=_("Compare"), icon=":material/compare:", url_path="compare")
    briefing = st.Page(
        "briefing/page.py", title=_("Briefing"), icon=":material/slideshow:", url_path="briefing"
    )
    evidence = st.Page(
        "evidence/page.py", title=_("Visit evidence"), icon=":material/fact_check:", url_path="evidence"
    )
    imports = st.Page("imports/page.py", title=_("Data"), icon=":material/database:", url_path="data")
    page = st.navigation(
        {
            _("Situation"): [overview, coverage, unvisited, hotspots, compare, briefing],
            _("Fieldwork"): [plan, my_area],
            _("Records"): [evidence, imports],
        }
    )
    with report_errors():
        if page == imports or len(select_villages(open_connection(), "")):
            page.run()
        else:
            show_welcome(imports)
    offer_languages()


main()
