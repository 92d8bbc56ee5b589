"""The page of maps, served as dashboard.py serves its own."""

from pathlib import Path

import streamlit as st

from pages.routes import make_middleware, make_routes

app = st.App(Path(__file__).parent / "maps.py", routes=make_routes(), middleware=make_middleware())
