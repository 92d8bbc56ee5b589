"""Query parameters shared by several routes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pages.queries.filters import AREA_CODE
from pages.text.language import get_language
from pages.web.answers import RefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping


def read_area(query: Mapping[str, str]) -> str:
    """Read the requested area code; empty for all areas in scope.

    Raises
    ------
    RefusedError
        If it is not a valid code.
    """
    area = query.get("area", "")
    if area and not AREA_CODE.fullmatch(area):
        raise RefusedError("Set area to the code of a village, district or regency.")
    return area


def add_language(query: str) -> str:
    """Add the session's language to a query."""
    return f"{query}&lang={get_language()}"
