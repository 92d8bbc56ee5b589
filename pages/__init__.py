"""The pages of the app, one package each, and the packages they share."""

import logging

# The app's routes are made before Streamlit's runtime, and its cache would log that for each function.
logging.getLogger("streamlit.runtime.caching.cache_data_api").setLevel(logging.ERROR)
