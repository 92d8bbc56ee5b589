"""What is shown: one file a page, and beside them what pages share."""

import logging

# Our own routes are made before Streamlit's runtime; its cache would say so once for each function.
logging.getLogger("streamlit.runtime.caching.cache_data_api").setLevel(logging.ERROR)
