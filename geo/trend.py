"""Trends of series, tested by Mann and Kendall."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo.errors import Phrase
from geo.significance import compute_two_sided_p, require_enough

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

_LEAST_SERIES = 2  # values needed for a pair


def compute_mann_kendall(series: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Test each series for a trend (Mann 1945, Kendall 1975), with the correction for ties.

    S = Σ sign(xⱼ - xᵢ), i < j; its variance is (n(n - 1)(2n + 5) - Σ t(t - 1)(2t + 5))/18 with t the sizes of
    ties; z = (S ∓ 1)/√variance, 0 if S is 0.

    Parameters
    ----------
    series
        k series of n values, k by n, the earliest first.

    Returns
    -------
    tuple[numpy.ndarray, numpy.ndarray]
        k scores z, above 0 for a rise, and k two-sided p-values.

    Raises
    ------
    TooFewError
        If the series have fewer than two values.

    Examples
    --------
    >>> z, p = compute_mann_kendall([[1, 2, 3, 4, 5], [1, 1, 1, 1, 1]])  # S 10, variance 300/18; 9/4.0825
    >>> z.round(4).tolist(), p.round(4).tolist()
    ([2.2045, 0.0], [0.0275, 1.0])
    """
    x = np.atleast_2d(np.asarray(series, dtype=np.float64))
    n = x.shape[1]
    require_enough(n, _LEAST_SERIES, Phrase("periods"))
    periods = np.ascontiguousarray(x.T)  # a row a period: series side by side are compared at once
    s, tied = np.zeros(len(x), dtype=np.int64), np.ones(periods.shape, dtype=np.int64)
    for lag in range(1, n):
        later, earlier = periods[lag:], periods[:-lag]
        s += (later > earlier).sum(axis=0, dtype=np.int64) - (later < earlier).sum(axis=0, dtype=np.int64)
        equal = later == earlier
        tied[lag:] += equal
        tied[:-lag] += equal
    ties = ((tied - 1) * (2 * tied + 5)).sum(axis=0)  # each tie of t values is met t times
    variance = (n * (n - 1) * (2 * n + 5) - ties) / 18
    z = np.divide(s - np.sign(s), np.sqrt(variance), where=variance > 0, out=np.zeros(len(x)))
    return z, compute_two_sided_p(z)
