"""Road classes: names mapped to OpenStreetMap's classes, and a speed for each."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

SPEEDS_KMH: Final[Mapping[str, float]] = MappingProxyType(
    {
        "motorway": 60.0,
        "trunk": 45.0,
        "primary": 40.0,
        "secondary": 35.0,
        "tertiary": 30.0,
        "unclassified": 25.0,
        "residential": 20.0,
        "living_street": 15.0,
        "service": 15.0,
        "track": 12.0,
        "cycleway": 12.0,
        "path": 8.0,
        "bridleway": 8.0,
        "pedestrian": 5.0,
        "footway": 5.0,
        "steps": 3.0,
    }
)
"""Speeds of a motorcycle in villages by OpenStreetMap road class; links have the class of their road."""
OTHER_KMH: Final = 20.0
"""Speed on all other classes."""
NO_ROADS: Final = frozenset(
    {
        "construction",
        "proposed",
        "planned",
        "abandoned",
        "razed",
        "platform",
        "elevator",
        "corridor",
        "raceway",
    }
)
"""Values of OpenStreetMap's ``highway`` that are not usable to reach a household."""

_ALIASES: Final[Mapping[str, str]] = MappingProxyType(
    {
        # Indonesian: classes of the road law, owners, and names on maps of the Geospatial Information Agency
        "tol": "motorway",
        "bebas hambatan": "motorway",
        "nasional": "trunk",
        "negara": "trunk",
        "arteri": "trunk",
        "arteri primer": "trunk",
        "arteri sekunder": "primary",
        "provinsi": "primary",
        "propinsi": "primary",
        "kolektor": "secondary",
        "kolektor primer": "secondary",
        "kolektor sekunder": "tertiary",
        "kabupaten": "secondary",
        "kota": "secondary",
        "kecamatan": "tertiary",
        "lokal": "tertiary",
        "lokal primer": "tertiary",
        "lokal sekunder": "unclassified",
        "poros desa": "tertiary",
        "desa": "residential",
        "lain": "residential",
        "lingkungan": "residential",
        "lingkungan primer": "residential",
        "lingkungan sekunder": "residential",
        "permukiman": "residential",
        "perumahan": "residential",
        "gang": "living_street",
        "usaha tani": "track",
        "tanah": "track",
        "pematang": "path",
        "setapak": "path",
        # English, from other map providers
        "freeway": "motorway",
        "highway": "trunk",
        "national": "trunk",
        "arterial": "trunk",
        "major": "primary",
        "provincial": "primary",
        "state": "primary",
        "regional": "secondary",
        "collector": "secondary",
        "district": "secondary",
        "county": "secondary",
        "local": "tertiary",
        "minor": "unclassified",
        "village": "residential",
        "street": "residential",
        "lane": "living_street",
        "alley": "living_street",
        "driveway": "service",
        "farm": "track",
        "unpaved": "track",
        "trail": "path",
        "walkway": "footway",
    }
)
"""OpenStreetMap class by other names, without ``jalan``, ``road`` and numbers."""

_NOISE = re.compile(r"\b(?:jalan|jln|jl|road|roads|rd|kelas|class)\b|[^a-z]+")
_GRADE = re.compile(r"_(?:link|grade\d)$")  # Geofabrik has five grades of track


def name_classes(values: pd.Series) -> pd.Series:
    """Map names of road classes to those of OpenStreetMap.

    Parameters
    ----------
    values
        Class names as found in a file, in Indonesian, English or OpenStreetMap's.

    Returns
    -------
    pandas.Series
        A key of ``SPEEDS_KMH``, a value of ``NO_ROADS``, or empty where the class is unknown; same index.

    Examples
    --------
    >>> import pandas as pd
    >>> name_classes(pd.Series(["Jalan Kolektor", "primary_link", "track_grade3", "?"])).tolist()
    ['secondary', 'primary', 'track', '']
    """
    known = {text: _name_class(text) for text in values.astype("str").dropna().unique()}
    return values.astype("str").map(known).fillna("").astype("str")


def _name_class(text: str) -> str:
    written = _GRADE.sub("", text.strip().lower())
    if written in SPEEDS_KMH or written in NO_ROADS:
        return written
    return _ALIASES.get(" ".join(_NOISE.sub(" ", written).split()), "")


def find_class_column(roads: pd.DataFrame) -> str | None:
    """Find the column of road classes: the one with the most values that are known classes.

    Parameters
    ----------
    roads
        Table with text columns.

    Returns
    -------
    str or None
        Name of the column, the first if tied; None if no column has a known class.

    Examples
    --------
    >>> import pandas as pd
    >>> find_class_column(pd.DataFrame({"NAMA": ["Melati", None], "REMARK": ["Jalan Lokal", "Jalan Lain"]}))
    'REMARK'
    """
    known = {str(name): int((name_classes(roads[name]) != "").sum()) for name in roads.columns}
    best = max(known, key=known.__getitem__, default=None)
    return best if best is not None and known[best] else None
