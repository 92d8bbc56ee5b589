"""Entry point: `streamlit run dashboard.py`, or any ASGI server on `dashboard:app`."""

from pathlib import Path

import streamlit as st

from pages.routes import make_middleware, make_routes

app = st.App(Path(__file__).parent / "pages" / "app.py", routes=make_routes(), middleware=make_middleware())
