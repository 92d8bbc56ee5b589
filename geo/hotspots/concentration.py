"""Concentration of crime: the share of crimes in the densest areas."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from geo.errors import ColumnError, GeoError, Phrase
from geo.significance import require_enough

if TYPE_CHECKING:
    from numpy.typing import NDArray

DEFAULT_AREA_SHARE = 0.20
MIN_CRIMES_TO_SHARE = 10  # fewer crimes always fill only a few cells

_TIE = 1e-12  # shares that differ by less are equal
_N_SCATTERS = 99


class Concentration(NamedTuple):
    """Share of crimes in the densest part of the area.

    Attributes
    ----------
    area_share
        Share of the total area, 0 to 1.
    crime_share
        Share of the crimes in the densest areas of that total size, 0 to 1.
    chance_share
        Expected ``crime_share`` if as many crimes were scattered uniformly at random, 0 to 1.
    n_crimes
        Number of crimes.
    p
        Rank of ``crime_share`` among those of the random scatters (Barnard 1963), 0.01 to 1.
    """

    area_share: float
    crime_share: float
    chance_share: float
    n_crimes: int
    p: float


def trace_concentration(counts: pd.Series, ground: pd.Series) -> pd.DataFrame:
    """Cumulate crimes and area from the densest area down.

    Parameters
    ----------
    counts
        Crimes by area.
    ground
        Size of each area on the same index, in any unit.

    Returns
    -------
    pandas.DataFrame
        Cumulative ``area_share`` and ``crime_share`` from (0, 0) to (1, 1), one row for each density.

    Raises
    ------
    ColumnError
        If the two do not share an index, or a value is missing or negative.
    TooFewError
        If there are fewer than ``MIN_CRIMES_TO_SHARE`` crimes, or the total area is 0.

    Examples
    --------
    >>> trace_concentration(pd.Series([8, 1, 1, 0]), pd.Series([1.0, 1, 1, 1]))
       area_share  crime_share
    0        0.00          0.0
    1        0.25          0.8
    2        0.75          1.0
    3        1.00          1.0
    """
    _require(counts, ground)
    area_share, crime_share = _accumulate(
        counts.to_numpy(dtype=np.float64), ground.to_numpy(dtype=np.float64)
    )
    return pd.DataFrame({"area_share": area_share, "crime_share": crime_share})


def measure_concentration(
    counts: pd.Series, ground: pd.Series, *, area_share: float = DEFAULT_AREA_SHARE, seed: int = 0
) -> Concentration:
    """Measure the share of crimes in the densest part of the area.

    Parameters
    ----------
    counts
        Crimes by area, whole numbers.
    ground
        Size of each area on the same index, in any unit.
    area_share
        Share of the total area, above 0, at most 1; the area at the limit counts in proportion.
    seed
        Seed of the 99 random scatters behind ``chance_share``.

    Returns
    -------
    Concentration
        The share, and what chance alone would give.

    Raises
    ------
    ColumnError
        If the two do not share an index, or a value is missing or negative.
    GeoError
        If the share is not above 0 and at most 1.
    TooFewError
        If there are fewer than ``MIN_CRIMES_TO_SHARE`` crimes, or the total area is 0.

    Examples
    --------
    >>> counts, ground = pd.Series([8, 1, 1, 0]), pd.Series([1.0, 1, 1, 1])
    >>> round(measure_concentration(counts, ground, area_share=0.25).crime_share, 3)
    0.8
    """
    if not 0 < area_share <= 1:
        raise GeoError(
            "The share of the area must be above 0 and at most 1, not {area_share}.",
            area_share=area_share,
        )
    _require(counts, ground)
    sizes, n_crimes = ground.to_numpy(dtype=np.float64), round(counts.sum())
    scatters = np.random.default_rng(seed).multinomial(n_crimes, sizes / sizes.sum(), size=_N_SCATTERS)
    by_chance = [np.interp(area_share, *_accumulate(row.astype(np.float64), sizes)) for row in scatters]
    crime_share = np.interp(area_share, *_accumulate(counts.to_numpy(dtype=np.float64), sizes))
    as_high = sum(share >= crime_share - _TIE for share in by_chance)
    p = (1 + as_high) / (1 + _N_SCATTERS)
    return Concentration(area_share, float(crime_share), float(np.mean(by_chance)), n_crimes, p)


def _accumulate(
    counts: NDArray[np.float64], ground: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the cumulative shares of area and crimes; areas of equal density form one step."""
    density = np.divide(counts, ground, where=ground > 0, out=np.zeros(len(counts)))
    step = np.unique(-density, return_inverse=True)[1]
    area_share = np.append(0.0, np.bincount(step, weights=ground).cumsum() / ground.sum())
    crime_share = np.append(0.0, np.bincount(step, weights=counts).cumsum() / counts.sum())
    return area_share, crime_share


def _require(counts: pd.Series, ground: pd.Series) -> None:
    if not counts.index.equals(ground.index):
        raise ColumnError("Crimes and land area must cover the same areas in the same order.")
    for values in (counts, ground):
        numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
        if not (np.isfinite(numbers) & (numbers >= 0)).all():
            raise ColumnError("Crimes and land area must be 0 or more in each area, with none missing.")
    require_enough(float(counts.sum()), MIN_CRIMES_TO_SHARE, Phrase("crimes"))
    require_enough(float(ground.sum() > 0), 1, Phrase("areas with a size above 0"))
