"""Under which path our own routes stand."""

from __future__ import annotations


def normalise_base_path(base_path: str) -> str:
    """Turn Streamlit's ``server.baseUrlPath``, with or without slashes, into what our addresses begin with.

    Examples
    --------
    >>> prefix_of("/map/"), prefix_of("")
    ('/map', '')
    """
    return f"/{base_path.strip('/')}".rstrip("/")
