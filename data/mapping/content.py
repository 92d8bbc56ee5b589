"""Detection of what a column holds from its values: dates, coordinates, codes, names of known villages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

from data.values import (
    normalise_names,
    read_clocks,
    read_codes,
    read_degrees,
    read_moments,
    read_numbers,
    read_pairs,
)
from data.values.coordinates import read_shape_texts
from data.values.texts import clean_texts, match_pattern, to_text_array

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from data.schema import Field

SAMPLE_SIZE = 500
"""Most values of a column that are examined."""
MIN_SHARE = 0.9
"""Share of values that must fit before a column is mapped to a field whose name it does not have."""

_UTC = ZoneInfo("UTC")
_WRITTEN_DATE = r"\d[-/. ][\dA-Za-z]"
_FRACTION = r"[.,]\d{2,}"
_SHAPE = r"(?i)^\s*(?:\{|(?:SRID=\d+;)?\s*(?:MULTI)?(?:POINT|POLYGON)\b)"
_CLOCK = r"^\d{1,2}[:.]\d{2}"
_INDONESIA = {"longitude": (94.0, 142.0), "latitude": (-12.0, 7.0)}


@dataclass(frozen=True)
class KnownNames:
    """Names of the villages and districts in force, normalised for comparison."""

    villages: frozenset[str] = frozenset()
    districts: frozenset[str] = frozenset()


NOTHING_KNOWN = KnownNames()


def take_sample(column: pd.Series) -> pd.Series:
    """Sample up to ``SAMPLE_SIZE`` filled values of a column, spread over its length."""
    filled = clean_texts(column).dropna()
    return filled.iloc[:: max(1, len(filled) // SAMPLE_SIZE)].head(SAMPLE_SIZE).reset_index(drop=True)


def measure_readable_share(item: Field, sample: pd.Series) -> float:
    """Measure the share of values that a field's kind can read; 1 for kinds that accept any text.

    Examples
    --------
    >>> import pandas as pd
    >>> from data.schema import DATASETS
    >>> sample = pd.Series(["2026-01-12", "soon"], dtype="str")
    >>> measure_readable_share(DATASETS["visits"].field("visited_at"), sample)
    0.5
    """
    if sample.empty:
        return 0.0
    match item.kind:
        case "moment":
            bad = np.minimum(*(_bad_dates(sample, order) for order in ("dayfirst", "monthfirst")))
        case "clock":
            bad = read_clocks(sample).bad
        case "longitude" | "latitude":
            bad = read_degrees(sample).bad
        case "number" | "integer" | "dilution":
            bad = read_numbers(sample)[1]
        case "code":
            bad = read_codes(sample).bad
        case "point":
            bad = read_pairs(sample)[1]
        case "shape":
            bad = read_shape_texts(sample) == None  # noqa: E711 - an array of objects, compared one by one
        case _:
            return 1.0
    return float(1 - np.mean(bad))


def measure_typical_share(item: Field, sample: pd.Series, known: KnownNames = NOTHING_KNOWN) -> float:
    """Measure the share of values that are typical of a field, whatever the column is called.

    Dates must be written as such, not as bare numbers; coordinates must have decimals and lie in or near
    Indonesia; names must be those of villages or districts in force. 0 for fields without typical values.
    """
    if sample.empty:
        return 0.0
    array, readable = to_text_array(sample), measure_readable_share(item, sample)
    typical: NDArray[np.bool_]
    match item.kind:
        case "moment":
            typical = match_pattern(array, _WRITTEN_DATE)
        case "clock":
            typical = match_pattern(array, _CLOCK)
        case "longitude" | "latitude":
            low, high = _INDONESIA[item.kind]
            angles = read_degrees(sample).angles
            typical = match_pattern(array, _FRACTION) & (angles >= low) & (angles <= high)
        case "code":
            typical = read_codes(sample).codes.notna().to_numpy()
        case "point":
            typical = match_pattern(array, _SHAPE) | (
                match_pattern(array, _FRACTION) & _are_near(read_pairs(sample)[0])
            )
        case "shape":
            typical = np.ones(len(sample), dtype=bool)
        case _:
            names = {"village": known.villages, "district": known.districts}.get(item.name, frozenset())
            typical = normalise_names(sample).isin(names).to_numpy()
    return min(readable, float(typical.mean()))


def _are_near(points: NDArray[np.float64]) -> NDArray[np.bool_]:
    (west, east), (south, north) = _INDONESIA["longitude"], _INDONESIA["latitude"]
    lon, lat = points.T
    return (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)


def _bad_dates(sample: pd.Series, order: str) -> NDArray[np.bool_]:
    return read_moments(sample, order=order, zone=_UTC)[1]  # type: ignore[arg-type]  # one of the two orders
