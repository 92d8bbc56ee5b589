"""The app's pages, one folder each, and what they share: widgets, web routes, queries and texts."""

import logging

# Our own routes are made before Streamlit's runtime, whose cache would warn about it for each function.
logging.getLogger("streamlit.runtime.caching.cache_data_api").setLevel(logging.ERROR)
