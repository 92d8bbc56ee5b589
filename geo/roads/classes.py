"""What kind of road it is, in one set of classes, and how fast one rides on it."""

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
"""Speeds of a motorcycle in a village by the road classes of OpenStreetMap; links count as their road."""
OTHER_KMH: Final = 20.0
"""Speed on a class that is not listed."""
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
"""Values of OpenStreetMap's ``highway`` on which nobody can ride or walk to a household."""

_ALIASES: Final[Mapping[str, str]] = MappingProxyType(
    {
        # Indonesian: classes of the road law, owners, and what maps of the Geospatial Agency call them
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
        # English, as other makers of maps have them
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
"""What others call the classes, after ``jalan``, ``road`` and numbers are taken off."""

_NOISE = re.compile(r"\b(?:jalan|jln|jl|road|roads|rd|kelas|class)\b|[^a-z]+")
_GRADE = re.compile(r"_(?:link|grade\d)$")  # Geofabrik's tracks are of five grades


def name_classes(values: pd.Series) -> pd.Series:
    """Bring names of road classes to OpenStreetMap's.

    Parameters
    ----------
    values
        As a file has them, in Indonesian, English, or OpenStreetMap's own.

    Returns
    -------
    pandas.Series
        A key of ``SPEEDS_KMH``, one of ``NO_ROADS``, or empty where the class is not known; same index.

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
    """Find the column that tells the class of roads: the one with the most values that are known classes.

    Parameters
    ----------
    roads
        Text columns.

    Returns
    -------
    str or None
        The first of the best ones; None where no column knows a class.

    Examples
    --------
    >>> import pandas as pd
    >>> find_class_column(pd.DataFrame({"NAMA": ["Melati", None], "REMARK": ["Jalan Lokal", "Jalan Lain"]}))
    'REMARK'
    """
    known = {str(name): int((name_classes(roads[name]) != "").sum()) for name in roads.columns}
    best = max(known, key=known.__getitem__, default=None)
    return best if best is not None and known[best] else None
