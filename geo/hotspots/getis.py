"""Hot and cold spots by the Getis-Ord Gi* and Gi statistics."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.binomial import compute_binomial_p
from geo.checks import are_counts, take_exposure
from geo.errors import Phrase
from geo.significance import (
    MIN_CRIMES,
    adjust_p_values,
    classify_confidence,
    combine_p_values,
    compute_two_sided_p,
    require_enough,
)
from geo.weights import include_self, take_values

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray
    from scipy import sparse

MIN_AREAS = 10  # fewer are too few to compare with
FEW_AREAS = 30  # below this the normal approximation is rough, and a note says so

_NEGLIGIBLE = 1e-24  # share of the mean square below which a variance is a rounding error


def compute_gi_scores(
    values: ArrayLike, neighbours: sparse.csr_array, *, star: bool = True
) -> NDArray[np.float64]:
    """Compute Gi* or Gi: how far the sum around each area is from its expectation under randomness.

    z = (Σⱼ wᵢⱼxⱼ - kᵢx̄) / (s·√(kᵢ(n - kᵢ)/(n - 1))), with binary weights, kᵢ the number of neighbours and s
    the population standard deviation (Ord & Getis 1995, eqs. 11 and 14). Gi* counts the area itself among
    its neighbours; Gi excludes it, from x̄ and s as well.

    Parameters
    ----------
    values
        n numbers, or n by m for m independent layers.
    neighbours
        n by n binary weights without the areas themselves, as made by :mod:`geo.weights`.
    star
        Whether to count the area itself (Gi*).

    Returns
    -------
    numpy.ndarray
        Scores in the shape of ``values``: standard normal under randomness where many crimes fall in each
        area; with few, high scores are common (see :func:`find_hotspots`). NaN where undefined: all values
        are equal, an area has no neighbour (Gi), or all areas are its neighbours.

    Raises
    ------
    ColumnError
        If values and weights differ in length, or a value is missing.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> line = csr_array(np.eye(5, k=1) + np.eye(5, k=-1))
    >>> compute_gi_scores([4, 4, 0, 0, 0], line).round(3).tolist()  # x̄ 1.6, s 1.96; (8 - 3.2)/(1.96·√1.5) = 2
    [2.0, 1.333, -0.333, -2.0, -1.333]
    """
    x = take_values(values, neighbours)
    one_column = (slice(None),) + (np.newaxis,) * (x.ndim - 1)
    # The area counts once, even where the weights include it already.
    itself = (1.0 - neighbours.diagonal())[one_column] if star else 0.0
    k = (neighbours @ np.ones(len(x)))[one_column] + itself
    n, own = (len(x), 0.0) if star else (len(x) - 1, x)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = (x.sum(axis=0) - own) / n
        square = ((x**2).sum(axis=0) - own**2) / n
        variance = square - mean**2
        variance = np.where(variance > _NEGLIGIBLE * square, variance, np.nan)
        scores = (neighbours @ x + itself * x - k * mean) / np.sqrt(variance * k * (n - k) / (n - 1))
    return np.where(np.isfinite(scores), scores, np.nan)


def find_hotspots(
    values: pd.Series,
    neighbours: sparse.csr_array,
    *,
    exposure: pd.Series | float = 1.0,
    star: bool = True,
    adjust: bool = True,
    minimum: int = MIN_CRIMES,
) -> pd.DataFrame:
    """Find areas with significantly high or low counts around them (Getis-Ord Gi*).

    With few crimes the scores are far from normal: most random maps have cells beyond any customary limit. So
    an area is significant only if an exact test finds it, too. Under randomness each crime falls anywhere on
    the exposure alike; given their total N, the number in a neighbourhood that holds the share q of it is
    binomial(N, q). For Gi, an area's own crimes and exposure are left out of both. Significant is what score
    and exact test both find (:func:`geo.significance.combine_p_values`): the exact test alone would call each
    place hot where people live at all, the score alone each chance meeting of two crimes.

    Parameters
    ----------
    values
        Counts by area, none missing. Rates get scores, but are not tested.
    neighbours
        n by n binary weights in the order of ``values``: :func:`geo.weights.find_cell_neighbours` for a grid,
        :func:`geo.weights.find_area_neighbours` for villages.
    exposure
        Room for crime in each area, in any unit: its km² of land, as cells at the edge have less. Equal by
        default.
    star
        Whether to count the area itself (Gi*).
    adjust
        Whether to control the false discovery rate over all areas (Benjamini & Hochberg 1995).
    minimum
        Minimum sum of ``values``; 0 where they are not counts.

    Returns
    -------
    pandas.DataFrame
        On the index of ``values``: ``n_neighbours`` (excluding the area itself), ``z`` and ``p`` (its
        two-sided normal p-value, as other programs give it), ``p_exact``, ``p_adjusted`` (of the larger of
        the two) and ``confidence``: 3, 2, 1 for hot at 99, 95, 90 %, -3, -2, -1 for cold, 0 for neither.
        Where all values are equal, z and p are NaN and confidence is 0. ``.attrs["note"]`` is a sentence on
        the limits of the result, or empty.

    Raises
    ------
    ColumnError
        If values, weights and exposure differ in length, a value is missing, or an exposure is not above 0.
    TooFewError
        If there are fewer than ``MIN_AREAS`` areas, or the values sum to less than ``minimum``.

    Examples
    --------
    >>> from geo.weights import find_cell_neighbours
    >>> ids = pd.Index([f"square_100_{c}_{r}" for r in range(6) for c in range(6)])
    >>> counts = pd.Series(0, index=ids)
    >>> counts[["square_100_1_1", "square_100_1_2", "square_100_2_1", "square_100_2_2"]] = [12, 9, 9, 10]
    >>> found = find_hotspots(counts, find_cell_neighbours(ids))
    >>> found.loc["square_100_1_1", ["z", "confidence"]].round(2).to_dict()
    {'z': 3.59, 'confidence': 3.0}
    """
    require_enough(len(values), MIN_AREAS, Phrase("areas"))
    x = values.to_numpy(dtype=np.float64, na_value=np.nan)
    scores = compute_gi_scores(x, neighbours, star=star)
    require_enough(float(values.sum()), minimum, Phrase("crimes"))
    p_exact, excess = _test_sums(x, neighbours, take_exposure(exposure, values.index), star=star)
    both = combine_p_values(scores, p_exact, excess)
    adjusted = adjust_p_values(both) if adjust else both
    answer = pd.DataFrame(
        {
            "n_neighbours": np.diff(neighbours.indptr),
            "z": scores,
            "p": compute_two_sided_p(scores),
            "p_exact": p_exact,
            "p_adjusted": adjusted,
            "confidence": classify_confidence(scores, adjusted),
        },
        index=values.index,
    )
    answer.attrs["note"] = _note(scores, p_exact)
    return answer


def _test_sums(
    x: NDArray[np.float64], neighbours: sparse.csr_array, exposure: NDArray[np.float64], *, star: bool
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return exact p-values of the sums around areas, and what the sums exceed their expectation by.

    NaN where the values are no counts, or where an area has no neighbours or all areas are.
    """
    if star:
        weights = include_self(neighbours)
        trials, whole = np.full(len(x), x.sum()), np.full(len(x), exposure.sum())
    else:
        weights, trials, whole = neighbours, x.sum() - x, exposure.sum() - exposure
    sums, share = weights @ x, (weights @ exposure) / whole
    size, most = np.asarray(weights.sum(axis=1)), len(x) - (not star)
    tested = (size > 0) & (size < most) & are_counts(x)
    p = np.full(len(x), np.nan)
    p[tested] = compute_binomial_p(
        sums[tested].astype(np.int64), trials[tested].astype(np.int64), share[tested]
    )
    return p, sums - trials * share


def _note(scores: NDArray[np.float64], p_exact: NDArray[np.float64]) -> str:
    if np.isnan(scores).all():
        return "All areas are alike: no area stands out."
    if np.isnan(p_exact).all():
        return "These are not counts: they are scored, but their significance is not tested."
    if len(scores) < FEW_AREAS:
        return f"With {len(scores)} areas, fewer than {FEW_AREAS}, significance is only a rough guide."
    return ""
