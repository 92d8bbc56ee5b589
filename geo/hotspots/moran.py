"""Spatial clusters and outliers by local Moran's I."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.errors import GeoError, Phrase
from geo.hotspots.getis import MIN_AREAS
from geo.significance import MIN_CRIMES, adjust_p_values, require_enough
from geo.weights import take_values

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray
    from scipy import sparse

DEFAULT_PERMUTATIONS = 999
REFINED_PERMUTATIONS = (
    9_999  # for areas with a small p, which must be smaller still after adjustment for many areas
)
QUADRANTS = ("HH", "LH", "LL", "HL")  # high or low: the area's own value first, then its neighbours'

_RARE = 10  # permutations as extreme as observed, below which more are drawn
_MOST_AT_ONCE = 4_000_000  # numbers held in memory while permuting: 32 MB


def compute_moran_scores(values: ArrayLike, neighbours: sparse.csr_array) -> NDArray[np.float64]:
    """Compute local Moran's I: how similar each area is to the mean of its neighbours.

    Iᵢ = (n - 1)·zᵢ·Σⱼ wᵢⱼzⱼ / Σⱼ zⱼ², z the deviations from the mean and w row-standardised (Anselin 1995,
    scaled as in esda).

    Parameters
    ----------
    values
        n numbers.
    neighbours
        n by n binary weights without the areas themselves.

    Returns
    -------
    numpy.ndarray
        n scores: above 0 where an area is similar to its neighbours. NaN without neighbours or where all
        values are equal.

    Raises
    ------
    ColumnError
        If values and weights differ in length, or a value is missing.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> line = csr_array(np.eye(4, k=1) + np.eye(4, k=-1))
    >>> compute_moran_scores([3, 1, 0, 0], line).tolist()  # z 2, 0, -1, -1; Σz² 6; 3·2·0/6 … 3·1·1/6
    [0.0, 0.0, 0.25, 0.5]
    """
    z, lag = _deviations(values, neighbours)
    return np.asarray((len(z) - 1) * z * lag / _sum_of_squares(z))


def measure_local_moran(
    values: pd.Series,
    neighbours: sparse.csr_array,
    *,
    n_permutations: int = DEFAULT_PERMUTATIONS,
    n_refined: int = REFINED_PERMUTATIONS,
    seed: int = 0,
    minimum: int = MIN_CRIMES,
) -> pd.DataFrame:
    """Find areas significantly similar or dissimilar to their neighbours (local Moran's I).

    Significance is by conditional permutation: the area keeps its value, and its neighbours' values are drawn
    from all other areas without replacement (Anselin 1995). p is two-sided, twice the smaller tail, so at
    least 2/(permutations + 1), and adjusted for the false discovery rate (Benjamini & Hochberg 1995). Areas
    with fewer than ten permutations as extreme as observed get ``n_refined`` in total (after Besag & Clifford
    1991).

    Parameters
    ----------
    values
        Counts or rates by area, none missing.
    neighbours
        n by n binary weights in the order of ``values``, without the areas themselves.
    n_permutations, n_refined
        Permutations for all areas, and in total for those with a small p (ignored unless larger).
    seed
        Random seed: the same seed and order of areas give the same result.
    minimum
        Minimum sum of ``values``; 0 where they are not counts.

    Returns
    -------
    pandas.DataFrame
        On the index of ``values``: ``moran`` (:func:`compute_moran_scores`), ``p``, ``p_adjusted`` and
        ``quadrant``: HH, LH, LL or HL (high or low), the area's own value first, its neighbours' mean second.
        All are missing where an area has no neighbours or all values are equal.

    Raises
    ------
    ColumnError
        If values and weights differ in length, or a value is missing.
    GeoError
        If ``n_permutations`` is below 1.
    TooFewError
        If there are fewer than ``MIN_AREAS`` areas, or the values sum to less than ``minimum``.

    Examples
    --------
    >>> from geo.weights import find_cell_neighbours
    >>> ids = pd.Index([f"square_100_{c}_{r}" for r in range(8) for c in range(8)])
    >>> counts = pd.Series(0, index=ids)
    >>> counts[["square_100_1_1", "square_100_1_2", "square_100_2_1", "square_100_2_2"]] = [12, 9, 9, 10]
    >>> found = measure_local_moran(counts, find_cell_neighbours(ids))
    >>> found.loc["square_100_1_1", "quadrant"], found["moran"].idxmax()
    ('HH', 'square_100_1_1')
    """
    require_enough(len(values), MIN_AREAS, Phrase("areas"))
    if n_permutations < 1:
        raise GeoError(
            "Significance needs at least one permutation, not {n_permutations}.",
            n_permutations=n_permutations,
        )
    z, lag = _deviations(values.to_numpy(dtype=np.float64, na_value=np.nan), neighbours)
    require_enough(float(values.sum()), minimum, Phrase("crimes"))
    k = np.diff(neighbours.indptr)
    p = _permutation_p(z, lag, k, permutation_steps=(n_permutations, n_refined - n_permutations), seed=seed)
    quadrant = pd.array(np.array(QUADRANTS, dtype=object)[_quadrants(z, lag)], dtype="str")
    quadrant[np.isnan(p)] = None
    return pd.DataFrame(
        {
            "moran": (len(z) - 1) * z * lag / _sum_of_squares(z),
            "p": p,
            "p_adjusted": adjust_p_values(p),
            "quadrant": quadrant,
        },
        index=values.index,
    )


def _deviations(
    values: ArrayLike, neighbours: sparse.csr_array
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the deviations from the mean, and their mean over the neighbours (NaN without any)."""
    x = take_values(values, neighbours)
    z = x - x.mean()
    k = np.diff(neighbours.indptr)
    return z, np.divide(neighbours @ z, k, where=k > 0, out=np.full(len(x), np.nan))


def _sum_of_squares(z: NDArray[np.float64]) -> float:
    return float((z**2).sum()) if np.ptp(z) > 0 else float("nan")


def _quadrants(z: NDArray[np.float64], lag: NDArray[np.float64]) -> NDArray[np.intp]:
    high, high_around = z > 0, lag > 0
    return np.where(high, np.where(high_around, 0, 3), np.where(high_around, 1, 2))


def _permutation_p(
    z: NDArray[np.float64],
    lag: NDArray[np.float64],
    k: NDArray[np.intp],
    *,
    permutation_steps: tuple[int, int],
    seed: int,
) -> NDArray[np.float64]:
    """Return p by permutation for all areas, with more permutations for those with few as extreme."""
    rng = np.random.default_rng(seed)
    above, below, drawn = (np.zeros(len(z)) for _ in range(3))
    tested = np.flatnonzero((k > 0) & (np.ptp(z) > 0))
    for n_permutations in permutation_steps:
        rare = tested[np.minimum(above, below)[tested] < _RARE]
        if n_permutations > 0 and rare.size:
            more = _count_extremes(z, lag, k, areas=rare, n_permutations=n_permutations, rng=rng)
            above[rare] += more[0]
            below[rare] += more[1]
            drawn[rare] += n_permutations
    p = np.full(len(z), np.nan)
    tails = np.minimum(above, below)[tested]
    p[tested] = np.minimum(1.0, 2 * (tails + 1) / (drawn[tested] + 1))
    return p


def _count_extremes(
    z: NDArray[np.float64],
    lag: NDArray[np.float64],
    k: NDArray[np.intp],
    *,
    areas: NDArray[np.intp],
    n_permutations: int,
    rng: np.random.Generator,
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Count the permutations with at least, and at most, the observed product.

    One draw of positions serves all areas of a permutation: positions at or after an area's own shift by one.
    """
    above, below = np.zeros(len(areas), dtype=np.intp), np.zeros(len(areas), dtype=np.intp)
    most = int(k[areas].max(initial=1))
    counted = np.arange(most) < k[areas][:, np.newaxis]
    seen = lag[areas] * k[areas]
    rounding = 1e-12 * np.abs(seen).max(initial=0.0)  # tolerance, so that equal sums compare as equal
    done, at_once = 0, max(_MOST_AT_ONCE // max(len(areas) * most, len(z)), 1)
    while done < n_permutations:
        drawn = _draw_distinct(min(at_once, n_permutations - done), most, len(z) - 1, rng)[:, np.newaxis]
        around = z[drawn + (drawn >= areas[:, np.newaxis])]
        difference = np.sign(z[areas]) * ((around * counted).sum(axis=2) - seen)
        above += (difference >= -rounding).sum(axis=0)
        below += (difference <= rounding).sum(axis=0)
        done += len(drawn)
    return above, below


def _draw_distinct(n_draws: int, size: int, n: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Draw ``size`` different numbers below n, many times: draws with a number twice are drawn anew."""
    if size**2 > n:  # about four draws of ten and more would have one twice
        return np.argpartition(rng.random((n_draws, n)), size - 1, axis=1)[:, :size]
    drawn, repeated = np.empty((n_draws, size), dtype=np.int64), np.arange(n_draws)
    while repeated.size:
        drawn[repeated] = rng.integers(0, n, (repeated.size, size))
        ordered = np.sort(drawn[repeated], axis=1)
        repeated = repeated[(ordered[:, 1:] == ordered[:, :-1]).any(axis=1)]
    return drawn
