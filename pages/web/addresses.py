"""The base path of the app's own routes."""

from __future__ import annotations

from streamlit import config


def normalise_base_path(base_path: str) -> str:
    """Return the URL prefix for Streamlit's ``server.baseUrlPath``, with or without slashes.

    Examples
    --------
    >>> normalise_base_path("/map/"), normalise_base_path("")
    ('/map', '')
    """
    return f"/{base_path.strip('/')}".rstrip("/")


def read_base_path() -> str:
    """Return the path under which Streamlit serves.

    Returns
    -------
    str
        ``server.baseUrlPath`` without slashes at its ends; empty for the root.
    """
    return str(config.get_option("server.baseUrlPath") or "").strip("/")
