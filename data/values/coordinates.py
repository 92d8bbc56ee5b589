"""Parsing of coordinates: decimal degrees, degrees and minutes, pairs, well-known text, GeoJSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from data.values.numbers import read_numbers
from data.values.texts import (
    clean_texts,
    extract_groups,
    match_pattern,
    to_mask,
    to_text_array,
    to_text_series,
)

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

_SIDES = "LU|LS|BT|BB|[NSEWUTB]"  # utara, selatan, timur, barat; lintang utara … bujur barat
_SOUTH_OR_WEST = {"s", "ls", "w", "b", "bb"}
_LATITUDES, _LONGITUDES = {"n", "u", "lu", "s", "ls"}, {"e", "t", "bt", "w", "b", "bb"}
_NUMBER = r"\d{1,3}(?:[.,]\d+)?"
_PRIMES, _DOUBLE_PRIMES = "[\u2018\u2019\u2032]", "[\u201d\u2033]|''"
_SEXAGESIMAL = (
    rf"(?i)^(?P<head>{_SIDES})?\s*(?P<sign>[+-])?(?P<degrees>\d{{1,3}})(?:\s*[°º˚:]\s*|\s+)"
    r"(?P<minutes>\d{1,2}(?:[.,]\d+)?)\s*(?:[':]\s*|\s+)?"
    rf"(?:(?P<seconds>\d{{1,2}}(?:[.,]\d+)?)\s*\"?)?\s*(?P<tail>{_SIDES})?$"
)
_WITH_SIDE = (
    rf"(?i)^(?P<head>{_SIDES})?\s*(?P<sign>[+-])?(?P<degrees>{_NUMBER})\s*[°º˚]?\s*(?P<tail>{_SIDES})?$"
)
_PARTS_A_DEGREE = 60.0
_PAIR = (
    r"^(?P<first>[^;/]+?)\s*[;/]\s*(?P<second>[^;/]+)$",
    r"^(?P<first>[^;]+?),\s+(?P<second>[^;]+)$",
    r"^(?P<first>[+-]?\d+(?:\.\d+)?),(?P<second>[+-]?\d+(?:\.\d+)?)$",
    r"^(?P<first>[+-]?\d+,\d+)\s*,\s*(?P<second>[+-]?\d+,\d+)$",
    r"^(?P<first>[+-]?\d+(?:[.,]\d+)?)\s+(?P<second>[+-]?\d+(?:[.,]\d+)?)$",
    rf"(?i)^(?P<first>.*\d.*?(?:{_SIDES}))\s*,?\s*(?P<second>\d.*)$",
    rf"(?i)^(?P<first>.*\d[^a-z]*?)\s*,?\s*(?P<second>(?:{_SIDES})\s*\d.*)$",
)
_SHAPES = r"(?i)^(?:SRID=\d+;)?\s*(?:MULTI)?(?:POINT|POLYGON|LINESTRING)\s*Z?M?\s*\("
_MAX_LATITUDE = 90.0


class Degrees(NamedTuple):
    """Parsed angles, n each: degrees (NaN where none), which are unreadable, and the axis a letter names."""

    angles: NDArray[np.float64]
    bad: NDArray[np.bool_]
    is_latitude: NDArray[np.bool_]
    is_longitude: NDArray[np.bool_]


def read_degrees(texts: pd.Series) -> Degrees:
    r"""Read angles: decimals with point or comma, or degrees, minutes and seconds; a hemisphere is optional.

    Parameters
    ----------
    texts
        n texts, trimmed. Hemispheres are N S E W, or in Indonesian LU LS BT BB (U S T B).

    Returns
    -------
    Degrees
        The angles; south and west are negative.

    Examples
    --------
    >>> import pandas as pd
    >>> texts = pd.Series(["111,45", "7°24'30\" LS", "111 27 0 BT", "S 7° 24.5'", "7°61'"], dtype="str")
    >>> read = read_degrees(texts)
    >>> read.angles.round(6).tolist(), read.bad.tolist()
    ([111.45, -7.408333, 111.45, -7.408333, nan], [False, False, False, False, True])
    """
    values, bad = read_numbers(texts)
    nothing = np.zeros(len(texts), dtype=bool)
    if not bad.any():
        return Degrees(values, bad, nothing, nothing)
    array = pc.replace_substring(to_text_array(texts), "\u2212", "-")
    for signs, plain in ((_PRIMES, "'"), (_DOUBLE_PRIMES, '"')):
        array = pc.replace_substring_regex(array, signs, plain)
    latitude, longitude = nothing.copy(), nothing.copy()
    for pattern in (_SEXAGESIMAL, _WITH_SIDE):
        parts = extract_groups(array, pattern)
        angle, valid, side = _assemble(parts)
        new = bad & valid
        values[new], bad = angle[new], bad & ~new
        latitude |= new & _is_in(side, _LATITUDES)
        longitude |= new & _is_in(side, _LONGITUDES)
    return Degrees(values, bad, latitude, longitude)


def _assemble(parts: dict[str, pa.Array]) -> tuple[NDArray[np.float64], NDArray[np.bool_], pa.Array]:
    """Return the angles, which of them are valid, and their hemispheres."""
    degrees, minutes, seconds = (
        _floats(parts.get(name), len(parts[""])) for name in ("degrees", "minutes", "seconds")
    )
    angle = degrees + minutes / _PARTS_A_DEGREE + seconds / _PARTS_A_DEGREE**2
    side = pc.utf8_lower(pc.coalesce(parts["tail"], parts["head"]))
    signed = to_mask(pc.is_valid(parts["sign"]))
    two_sides = to_mask(pc.and_(pc.is_valid(parts["tail"]), pc.is_valid(parts["head"])))
    negative = to_mask(pc.equal(parts["sign"], "-")) | _is_in(side, _SOUTH_OR_WEST)
    valid = to_mask(parts[""]) & (minutes < _PARTS_A_DEGREE) & (seconds < _PARTS_A_DEGREE)
    valid &= ~two_sides & ~(signed & to_mask(pc.is_valid(side)))
    return np.where(negative, -angle, angle), valid, side


def _floats(texts: pa.Array | None, n: int) -> NDArray[np.float64]:
    if texts is None:
        return np.zeros(n)
    numbers = pc.cast(pc.replace_substring(texts, ",", "."), pa.float64())
    return pc.fill_null(numbers, 0.0).to_numpy(zero_copy_only=False)


def _is_in(side: pa.Array, names: set[str]) -> NDArray[np.bool_]:
    return to_mask(pc.is_in(side, value_set=pa.array(sorted(names), type=side.type)))


def read_pairs(texts: pd.Series) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Read points from a single column: two angles, well-known text, or GeoJSON.

    Parameters
    ----------
    texts
        n texts, trimmed. The first of two angles is the latitude, as people usually write, unless letters
        or numbers above 90 in the file show that it is the longitude; this is decided once for all rows.
        Well-known text and GeoJSON have the longitude first by definition.

    Returns
    -------
    tuple
        n rows of x and y (NaN where missing or unreadable), and n booleans that mark the unreadable.

    Examples
    --------
    >>> import pandas as pd
    >>> texts = pd.Series(["-7.4, 111.45", "-7,4; 111,45", "POINT (111.45 -7.4)", "here"], dtype="str")
    >>> read_pairs(texts)[0].tolist()
    [[111.45, -7.4], [111.45, -7.4], [111.45, -7.4], [nan, nan]]
    """
    points, filled = np.full((len(texts), 2), np.nan), texts.notna().to_numpy()
    array = pc.replace_substring_regex(to_text_array(texts), r"^[(\[]\s*(.*?)\s*[)\]]$", r"\1")
    shaped = match_pattern(array, _SHAPES) | match_pattern(array, r"^\s*\{")
    if shaped.any():
        shapes = read_shape_texts(texts.where(shaped))
        points[shaped] = shapely.get_coordinates(_inner_points(shapes[shaped]))
    plain = filled & ~shaped
    found = np.zeros(len(texts), dtype=bool)
    ordered = np.full((len(texts), 2), np.nan)
    votes = np.zeros(2, dtype=int)  # latitude first, longitude first
    for pattern in _PAIR:
        parts = extract_groups(array, pattern)
        first, second = (read_degrees(_trim(parts[name], texts)) for name in ("first", "second"))
        whole = np.isfinite(first.angles) & np.isfinite(second.angles) & plain & ~found
        ordered[whole] = np.column_stack([first.angles, second.angles])[whole]
        votes += [
            int((whole & (first.is_latitude | (np.abs(second.angles) > _MAX_LATITUDE))).sum()),
            int((whole & (first.is_longitude | (np.abs(first.angles) > _MAX_LATITUDE))).sum()),
        ]
        found |= whole
    points[found] = ordered[found] if votes[1] > votes[0] else ordered[found, ::-1]
    return points, filled & np.isnan(points).any(axis=1)


def _trim(part: pa.Array, texts: pd.Series) -> pd.Series:
    return clean_texts(to_text_series(part, texts.index))


def _inner_points(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return a point for each shape; one with NaN coordinates where there is no shape."""
    usable = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    points = np.full(len(shapes), shapely.Point(np.nan, np.nan), dtype=object)
    points[usable] = shapely.point_on_surface(shapely.make_valid(shapes[usable]))
    return points


def read_shape_texts(texts: pd.Series) -> NDArray[np.object_]:
    """Read shapes from well-known text or GeoJSON.

    Parameters
    ----------
    texts
        n texts, trimmed.

    Returns
    -------
    numpy.ndarray
        n shapes without height; None where missing or unreadable.

    Examples
    --------
    >>> import pandas as pd
    >>> shape = read_shape_texts(pd.Series(["SRID=4326;POLYGON ((0 0, 1 0, 1 1, 0 0))"], dtype="str"))[0]
    >>> shape.area
    0.5
    """
    plain = texts.str.replace(r"(?i)^SRID=\d+;", "", regex=True)
    as_json = plain.str.startswith("{").fillna(False).to_numpy(dtype=bool)
    shapes = np.full(len(texts), None, dtype=object)
    filled = plain.notna().to_numpy()
    values = plain.astype(object).to_numpy()
    shapes[as_json] = shapely.from_geojson(values[as_json], on_invalid="ignore")
    known = filled & ~as_json & match_pattern(to_text_array(plain), _SHAPES)
    shapes[known] = shapely.from_wkt(values[known], on_invalid="ignore")
    return shapely.force_2d(shapes)
