"""Shared parts of significance tests: p-values, false discoveries, confidence classes, enough data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

from geo.errors import GeoError, Phrase, TooFewError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

CONFIDENCES = (0.90, 0.95, 0.99)
_ROUNDING = 1e-12  # relative, of p-values at their threshold
MIN_CRIMES = 30  # a customary minimum: with fewer, only the crudest differences can be told from chance


def compute_two_sided_p(z: ArrayLike) -> NDArray[np.float64]:
    """Compute the two-sided p-values of standard normal scores.

    Parameters
    ----------
    z
        Scores, any shape; NaN stays NaN.

    Returns
    -------
    numpy.ndarray
        p-values, 0 to 1, in the shape of ``z``.

    Examples
    --------
    >>> compute_two_sided_p([0.0, -1.959964]).round(4).tolist()
    [1.0, 0.05]
    """
    return np.asarray(2 * stats.norm.sf(np.abs(np.asarray(z, dtype=np.float64))))


def adjust_p_values(p: ArrayLike) -> NDArray[np.float64]:
    """Adjust p-values for the false discovery rate (Benjamini & Hochberg 1995).

    The adjusted value is the smallest rate at which the test counts as a discovery.

    Parameters
    ----------
    p
        n p-values; NaN means no test and stays NaN.

    Returns
    -------
    numpy.ndarray
        n adjusted p-values, never below ``p``, at most 1.

    Raises
    ------
    GeoError
        If a value is not between 0 and 1.

    Examples
    --------
    >>> adjust_p_values([0.01, 0.04, 0.03, float("nan")]).round(3).tolist()
    [0.03, 0.04, 0.04, nan]
    """
    values = np.asarray(p, dtype=np.float64)
    tested = np.flatnonzero(~np.isnan(values))
    if ((values[tested] < 0) | (values[tested] > 1)).any():
        raise GeoError("p-values must be between 0 and 1.")
    adjusted = np.full(values.shape, np.nan)
    if tested.size:
        adjusted[tested] = stats.false_discovery_control(values[tested])
    return adjusted


def find_discoveries(p: ArrayLike, *, level: float) -> NDArray[np.bool_]:
    """Find the tests that are discoveries at a rate of false ones (Benjamini & Hochberg 1995).

    As where :func:`adjust_p_values` of a layer is at most ``level``, but only the small p-values are sorted.

    Parameters
    ----------
    p
        n p-values by m layers, each a family of its own; NaN means no test.
    level
        Rate of false discoveries in each layer.

    Returns
    -------
    numpy.ndarray
        n by m; true for a discovery.

    Examples
    --------
    >>> find_discoveries([[0.01, 0.06], [0.04, 0.03], [0.03, 0.2]], level=0.05).tolist()
    [[True, False], [True, False], [True, False]]
    """
    values = np.asarray(p, dtype=np.float64)
    limits = np.full(values.shape[1], -1.0)  # the largest p-value of each layer that is a discovery
    for layer, (one, n_tests) in enumerate(zip(values.T, (~np.isnan(values)).sum(axis=0), strict=True)):
        small = np.sort(one[one <= level])
        limits[layer] = small[small * n_tests <= level * np.arange(1, len(small) + 1)].max(initial=-1.0)
    return np.asarray(values <= limits)


def combine_p_values(
    z: ArrayLike, p_exact: NDArray[np.float64], excess: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Combine a score and an exact test of the same excess: significant is what both find.

    The larger p-value is never below the exact one, so it holds as that does, however few the crimes. The
    score adds the scatter of the counts themselves: where crimes come many to a place, no exact test of
    single crimes is enough (an intersection-union test, Berger 1982).

    Parameters
    ----------
    z
        Standard normal scores, any shape; NaN means no test.
    p_exact
        Exact two-sided p-values, in the same shape.
    excess
        What the exact test found: above 0 for more than expected, below for fewer.

    Returns
    -------
    numpy.ndarray
        The larger of the two p-values; 1 where they point to different sides; NaN where one is missing.

    Examples
    --------
    >>> exact, excess = np.array([0.2, 0.01, 0.01]), np.array([3.0, 3.0, 3.0])
    >>> combine_p_values([1.96, 5.0, -5.0], exact, excess).round(3).tolist()
    [0.2, 0.01, 1.0]
    """
    scores = np.asarray(z, dtype=np.float64)
    both = np.maximum(compute_two_sided_p(scores), p_exact)
    return np.where((scores * excess > 0) | np.isnan(both), both, 1.0)


def find_p_thresholds(p: ArrayLike, *, level: float) -> NDArray[np.float64]:
    """Find how small each p-value must be to be a discovery, the others being as they are.

    With R discoveries among m tests (Benjamini & Hochberg 1995), a discovery stays one up to R/m of the
    level. Any other test becomes one at k/m of the level for the largest k at which k - 1 others lie below.

    Parameters
    ----------
    p
        n p-values; NaN means no test, and gets the threshold that it would have as one more test.
    level
        False discovery rate, between 0 and 1.

    Returns
    -------
    numpy.ndarray
        n thresholds, from ``level`` divided by the number of tests to ``level``.

    Examples
    --------
    >>> find_p_thresholds([0.001, 0.5, 0.9, 0.04], level=0.05).round(4).tolist()
    [0.0125, 0.025, 0.025, 0.025]
    """
    values = np.asarray(p, dtype=np.float64)
    tested = ~np.isnan(values)
    thresholds = np.empty(values.shape)
    thresholds[tested] = _find_thresholds(values[tested], level)
    thresholds[~tested] = _find_thresholds(np.append(values[tested], 1.0), level)[-1]
    return thresholds


def _find_thresholds(p: NDArray[np.float64], level: float) -> NDArray[np.float64]:
    steps = level * np.arange(1, len(p) + 1) / max(len(p), 1)
    n_below = np.searchsorted(np.sort(p), steps * (1 + _ROUNDING), side="right")
    number = np.arange(1, len(p) + 1)
    discoveries = int(number[n_below >= number].max(initial=0))
    kept = steps[discoveries - 1] if discoveries else 0.0
    open_steps = steps[n_below >= number - 1]  # a test here would have enough others below it
    found = open_steps[np.maximum(np.searchsorted(open_steps, p, side="left") - 1, 0)]
    return np.where(p <= kept * (1 + _ROUNDING), kept, found)


def classify_confidence(z: ArrayLike, p: ArrayLike) -> NDArray[np.int8]:
    """Classify scores by confidence and sign, as Gi* maps show them.

    Parameters
    ----------
    z
        n scores.
    p
        n two-sided p-values, adjusted where many areas are tested; NaN is not significant.

    Returns
    -------
    numpy.ndarray
        n numbers: 3, 2, 1 for above at 99, 95, 90 % confidence, -3, -2, -1 for below, 0 for neither.

    Examples
    --------
    >>> classify_confidence([3.0, 2.0, -1.7, 0.3], [0.003, 0.046, 0.089, 0.76]).tolist()
    [3, 2, -1, 0]
    """
    levels = np.asarray(p, dtype=np.float64)
    reached = sum(
        (levels <= 1 - confidence + np.finfo(float).eps).astype(np.int8) for confidence in CONFIDENCES
    )
    return (np.sign(np.nan_to_num(np.asarray(z, dtype=np.float64))) * reached).astype(np.int8)


def require_enough(n: float, minimum: int, what: Phrase) -> None:
    """Check that there is enough to compute from.

    Parameters
    ----------
    n
        Number available.
    minimum
        Number required.
    what
        Name of what is counted, in the plural, such as ``Phrase("crimes")``.

    Raises
    ------
    TooFewError
        If ``n`` is below ``minimum``.

    Examples
    --------
    >>> require_enough(2, 30, Phrase("crimes"))
    Traceback (most recent call last):
    geo.errors.TooFewError: Too few crimes for a result (2): at least 30 are needed.
    """
    if minimum == 1 and not n >= minimum:
        raise TooFewError("There are no {what}, so there is nothing to report.", what=what)
    if not n >= minimum:
        raise TooFewError(
            "Too few {what} for a result ({n:g}): at least {least} are needed.", what=what, n=n, least=minimum
        )
