"""Reading of a Knox table: the bands in which crimes followed each other more often than chance explains."""

from __future__ import annotations

from itertools import combinations, product
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

MIN_REPEATS = 5  # observed pairs of a band, for a reading
LEVEL = 0.05

_CLOSE = 1e-9  # scores that differ by less are equal: rounding of sums in another order


class KnoxReading(NamedTuple):
    """Summary of a Knox table: how far and how long the risk is raised, and by how much.

    Attributes
    ----------
    distance_m, days
        Distance and time up to which the risk is raised; all bands up to there, taken together.
    n_observed
        Observed pairs of crimes.
    n_expected
        Pairs expected by chance.
    ratio
        Observed ÷ expected. The bands are chosen for their excess, so this tends to be a little high.
    p
        One-sided p-value of the clearest band, by permutation, adjusted for the number of bands.
    distance_from_m, days_from
        Distance and time from which the risk is raised; 0 if from the first.
    """

    distance_m: float
    days: float
    n_observed: int
    n_expected: float
    ratio: float
    p: float
    distance_from_m: float = 0.0
    days_from: float = 0.0


class BandScores(NamedTuple):
    """Excess of pairs in each distance band (rows) and time band (columns).

    Attributes
    ----------
    scores
        Standardised excess of the observed pairs; -inf for fewer than ``MIN_REPEATS``.
    p_adjusted
        One-sided p-values, adjusted for the number of bands; 1 for fewer than ``MIN_REPEATS`` pairs.
    """

    scores: NDArray[np.float64]
    p_adjusted: NDArray[np.float64]


def score_bands(counts: NDArray[np.int64]) -> BandScores:
    """Score the excess of pairs in each band, and adjust its p-value for the number of bands.

    The score is the square root of the pairs, which steadies the variance of counts (Bartlett 1936),
    standardised by its mean and standard deviation over the observed and the permuted tables. The adjusted
    p-value is the share of tables whose highest score is at least as high (single-step maxT; Westfall & Young
    1993): of tables without near repeats at most 5 % have any band with p ≤ 0.05, however many bands there
    are. Bands with fewer than ``MIN_REPEATS`` pairs have no score, in any table.

    Parameters
    ----------
    counts
        Pairs by table (the observed one first, then permutations), distance band and time band.

    Returns
    -------
    BandScores
        The scores of the observed table and their p-values.

    Examples
    --------
    >>> permuted = np.tile([[[2, 1]], [[1, 2]]], (10, 1, 1))
    >>> score_bands(np.concatenate([[[[2, 9]]], permuted])).p_adjusted.round(3).tolist()  # 1/21
    [[1.0, 0.048]]
    """
    roots = np.sqrt(counts)
    spread = roots.std(axis=0)
    scores = np.full(counts.shape, -np.inf)
    np.divide(roots - roots.mean(axis=0), spread, out=scores, where=(counts >= MIN_REPEATS) & (spread > 0))
    highest = scores.max(axis=(1, 2))
    reached = highest[:, np.newaxis, np.newaxis] >= scores[0] - _CLOSE
    return BandScores(scores[0], np.where(np.isfinite(scores[0]), reached.mean(axis=0), 1.0))


def read_bands(
    counts: NDArray[np.int64], found: BandScores, distances: NDArray[np.float64], days: NDArray[np.float64]
) -> KnoxReading | None:
    """Read the bands around the clearest one, as far as each has a significant excess.

    Parameters
    ----------
    counts
        Pairs by table, distance band and time band, as for :func:`score_bands`.
    found
        Its result.
    distances, days
        Edges of the bands, in metres and days.

    Returns
    -------
    KnoxReading | None
        Of the blocks of adjacent bands that hold the clearest band and only significant ones, that with the
        most pairs in excess; None where no band has an adjusted p-value of ``LEVEL`` or less.

    Examples
    --------
    >>> permuted = np.tile([[[2, 1]], [[1, 2]]], (10, 1, 1))
    >>> counts = np.concatenate([[[[2, 9]]], permuted])
    >>> reading = read_bands(counts, score_bands(counts), np.array([0, 100]), np.array([0, 7, 14]))
    >>> reading.days_from, reading.days, reading.n_observed, reading.n_expected
    (7.0, 14.0, 9, 1.5)
    """
    expected = counts[1:].mean(axis=0)
    raised = (found.p_adjusted <= LEVEL) & (expected > 0)
    if not raised.any():
        return None
    clearest = np.where(raised, found.scores, -np.inf)
    far, late = np.unravel_index(int(clearest.argmax()), raised.shape)
    excess = counts[0] - expected
    near, soon = max(
        (block for block in _list_blocks(int(far), int(late), raised.shape) if raised[block].all()),
        key=lambda block: float(excess[block].sum()),
    )
    n_observed, n_expected = int(counts[0][near, soon].sum()), float(expected[near, soon].sum())
    return KnoxReading(
        distance_m=float(distances[near.stop]),
        days=float(days[soon.stop]),
        n_observed=n_observed,
        n_expected=n_expected,
        ratio=n_observed / n_expected,
        p=float(found.p_adjusted[far, late]),
        distance_from_m=float(distances[near.start]),
        days_from=float(days[soon.start]),
    )


def _list_blocks(far: int, late: int, shape: tuple[int, ...]) -> Iterator[tuple[slice, slice]]:
    """Return the blocks of adjacent distance and time bands that hold one band."""
    across, along = (
        [slice(*ends) for ends in combinations(range(n + 1), 2) if ends[0] <= place < ends[1]]
        for n, place in zip(shape, (far, late), strict=True)
    )
    yield from product(across, along)
