"""Names and media types of exported files."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

MEDIA_TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "csv": "text/csv; charset=utf-8",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "geojson": "application/geo+json",
        "gpx": "application/gpx+xml",
        "ics": "text/calendar; charset=utf-8",
        "pdf": "application/pdf",
        "zip": "application/zip",
    }
)
"""Media type of a file by its extension."""

_NOT_IN_NAME = re.compile(r"[^\w.-]")


def make_file_name(text: str) -> str:
    """Convert text to a part of a file name: letters, digits, ``_``, ``-`` and dots.

    Examples
    --------
    >>> make_file_name("P 1/a.b")
    'P_1_a.b'
    """
    return _NOT_IN_NAME.sub("_", text)
