"""Rates of small areas: raw, smoothed towards the overall rate, and with confidence intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import stats

from geo.errors import ColumnError, GeoError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

PER_HOUSEHOLDS = 1000.0


def measure_rates(
    counts: pd.Series, exposure: pd.Series, *, per: float = PER_HOUSEHOLDS, confidence: float = 0.95
) -> pd.DataFrame:
    """Compute rates of counts per exposure by area.

    Parameters
    ----------
    counts
        Crimes by area.
    exposure
        Households (or people, or household-years) on the same index; 0 or missing where unknown.
    per
        Exposure that rates refer to.
    confidence
        Confidence level of the interval, between 0 and 1.

    Returns
    -------
    pandas.DataFrame
        On the index of ``counts``: ``n_crimes``, ``exposure``, ``rate`` (raw), ``rate_smoothed``
        (:func:`smooth_rates`), ``rate_low`` and ``rate_high``, the exact Poisson interval of the raw rate
        (Garwood 1936). All rates refer to ``per`` units of exposure; NaN without exposure.

    Raises
    ------
    ColumnError
        If the indexes differ, a count is missing, or a count or exposure is negative.
    GeoError
        If ``per`` is not above 0, or the confidence not between 0 and 1.

    Examples
    --------
    >>> counts, households = pd.Series([3, 0], index=["a", "b"]), pd.Series([1000, 0], index=["a", "b"])
    >>> measure_rates(counts, households).loc["a", ["rate", "rate_low", "rate_high"]].round(2).to_list()
    [3.0, 0.62, 8.77]
    """
    if not per > 0 or not 0 < confidence < 1:
        raise GeoError("Rates need an exposure above 0, and intervals a confidence between 0 and 1.")
    n, at_risk = _require(counts, exposure)
    tail = (1 - confidence) / 2
    low = np.where(n > 0, stats.chi2.ppf(tail, 2 * np.maximum(n, 1)) / 2, 0.0)
    high = stats.chi2.ppf(1 - tail, 2 * n + 2) / 2
    return pd.DataFrame(
        {
            "n_crimes": counts,
            "exposure": exposure,
            "rate": per * n / at_risk,
            "rate_smoothed": per * smooth_rates(n, at_risk),
            "rate_low": per * low / at_risk,
            "rate_high": per * high / at_risk,
        },
        index=counts.index,
    )


def smooth_rates(counts: ArrayLike, exposure: ArrayLike) -> NDArray[np.float64]:
    """Smooth rates towards that of all areas, the more so the smaller the area (empirical Bayes).

    The global moment estimator of Marshall (1991): with r = y/n, m = Σy/Σn and
    a = Σn(r - m)²/Σn - m/n̄, at least 0, the rate is m + (r - m)·a/(a + m/n).

    Parameters
    ----------
    counts
        k counts y.
    exposure
        k exposures n; 0 or NaN where there is none.

    Returns
    -------
    numpy.ndarray
        k rates per unit of exposure; NaN without exposure.

    Examples
    --------
    >>> smooth_rates([0, 5, 50], [10, 100, 1000]).round(4).tolist()  # raw 0, 0.05, 0.05; a clipped
    [0.0495, 0.0495, 0.0495]
    >>> smooth_rates([0, 40, 50], [10, 100, 1000]).round(4).tolist()  # raw 0, 0.4, 0.05
    [0.0366, 0.3758, 0.0503]
    """
    y, n = np.asarray(counts, dtype=np.float64), np.asarray(exposure, dtype=np.float64)
    known = n > 0
    smoothed = np.full(n.shape, np.nan)
    if not known.any():
        return smoothed
    y, n = y[known], n[known]
    raw, mean = y / n, y.sum() / n.sum()
    variance = max(float((n * (raw - mean) ** 2).sum() / n.sum() - mean / n.mean()), 0.0)
    spread = variance + mean / n
    weight = np.divide(variance, spread, where=spread > 0, out=np.zeros(len(n)))
    smoothed[known] = mean + (raw - mean) * weight
    return smoothed


def _require(counts: pd.Series, exposure: pd.Series) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Check and return the numbers; an exposure of 0 becomes NaN."""
    if not counts.index.equals(exposure.index):
        raise ColumnError("Crimes and exposure must cover the same areas in the same order.")
    n = counts.to_numpy(dtype=np.float64, na_value=np.nan)
    at_risk = exposure.to_numpy(dtype=np.float64, na_value=np.nan)
    if not (n >= 0).all() or (at_risk < 0).any():
        raise ColumnError("Crimes must be 0 or more in each area, and no exposure may be below 0.")
    return n, np.where(at_risk > 0, at_risk, np.nan)
