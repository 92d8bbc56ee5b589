"""Emerging hot spot analysis: how hot spots come and go, in seventeen patterns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.binomial import compute_binomial_p
from geo.checks import require_counts, take_exposure
from geo.errors import ColumnError, Phrase
from geo.hotspots.getis import MIN_AREAS
from geo.significance import (
    MIN_CRIMES,
    combine_p_values,
    compute_two_sided_p,
    find_discoveries,
    require_enough,
)
from geo.trend import compute_mann_kendall
from geo.weights import include_self, take_values

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray
    from scipy import sparse

NO_PATTERN = "none"
KINDS = (
    "new",
    "consecutive",
    "intensifying",
    "persistent",
    "diminishing",
    "sporadic",
    "oscillating",
    "historical",
)
PATTERNS = (NO_PATTERN, *(f"{kind}_{side}" for side in ("hot", "cold") for kind in KINDS))

MIN_PERIODS = 10  # required by Esri, and by Mann-Kendall's normal approximation (Kendall 1975)
MOST_PERIODS_SHARE = 0.90  # share of periods that counts as most of them
TREND_LEVEL = 0.10  # significance of a trend: 90 % confidence
SPOT_LEVEL = 0.05  # false discoveries among a period's hot and cold spots: 95 % confidence


def find_emerging_hotspots(
    counts: pd.DataFrame,
    neighbours: sparse.csr_array,
    *,
    exposure: pd.Series | float = 1.0,
    earlier_periods: int = 1,
) -> pd.DataFrame:
    """Classify areas by how their hot and cold spots came and went.

    Gi* is computed for each area and period against all areas and periods, with neighbours in space and in
    the ``earlier_periods`` before (Esri, Emerging Hot Spot Analysis). Spots are hot or cold at 95 %,
    two-sided, if an exact test finds them, too, as in :func:`geo.hotspots.getis.find_hotspots`: given the
    crimes of each period, those of a neighbourhood that holds the share q of the exposure are binomial with
    q, so that a rise or fall of all areas together makes no spots. Each period is adjusted for its areas as a
    map of its own (Benjamini & Hochberg 1995). The trend of the Gi* scores is tested by Mann-Kendall at 90 %.
    The patterns are those of :func:`name_patterns`.

    Parameters
    ----------
    counts
        Areas by periods of equal length, the earliest first, none missing.
    neighbours
        n by n binary weights in the order of ``counts``, without the areas themselves.
    exposure
        Room for crime in each area, such as its km² of land; equal by default.
    earlier_periods
        Number of earlier periods in an area's neighbourhood; 0 for none.

    Returns
    -------
    pandas.DataFrame
        On the index of ``counts``: ``pattern`` (one of ``PATTERNS``), ``n_hot`` and ``n_cold`` periods,
        ``last`` (1 hot, -1 cold, 0 neither in the last period), ``trend_z`` and ``trend_p``.

    Raises
    ------
    ColumnError
        If counts, weights and exposure differ in length, a count is missing or not whole, or an exposure is
        not above 0.
    TooFewError
        If there are fewer than ``MIN_PERIODS`` periods, ``geo.hotspots.getis.MIN_AREAS`` areas or
        ``MIN_CRIMES`` crimes.

    Examples
    --------
    >>> from geo.weights import find_cell_neighbours
    >>> ids = pd.Index([f"square_100_{c}_{r}" for r in range(8) for c in range(8)])
    >>> counts = pd.DataFrame(0, index=ids, columns=range(10))
    >>> counts.loc[["square_100_1_1", "square_100_1_2", "square_100_2_1", "square_100_2_2"], 9] = 10
    >>> found = find_emerging_hotspots(counts, find_cell_neighbours(ids))
    >>> found.loc["square_100_1_1", "pattern"], found.loc["square_100_6_6", "pattern"]
    ('new_hot', 'none')
    """
    numbers = counts.to_numpy(dtype=np.float64, na_value=np.nan)
    require_enough(counts.shape[1], MIN_PERIODS, Phrase("periods"))
    require_enough(len(counts), MIN_AREAS, Phrase("areas"))
    scores = compute_space_time_scores(numbers, neighbours, earlier_periods=earlier_periods)
    require_enough(float(numbers.sum()), MIN_CRIMES, Phrase("crimes"))
    weights, room = include_self(neighbours), take_exposure(exposure, counts.index)
    spots = _find_spots(scores, numbers, weights, room, earlier_periods=earlier_periods)
    trend_z, trend_p = compute_mann_kendall(np.nan_to_num(scores))
    trend = np.where(trend_p < TREND_LEVEL, np.sign(trend_z), 0).astype(np.int8)
    return pd.DataFrame(
        {
            "pattern": pd.array(name_patterns(spots, trend), dtype="str"),
            "n_hot": (spots > 0).sum(axis=1),
            "n_cold": (spots < 0).sum(axis=1),
            "last": spots[:, -1],
            "trend_z": trend_z,
            "trend_p": trend_p,
        },
        index=counts.index,
    )


def compute_space_time_scores(
    counts: ArrayLike, neighbours: sparse.csr_array, *, earlier_periods: int = 1
) -> NDArray[np.float64]:
    """Score each area and period by Gi* with neighbours in space and in the periods before.

    As :func:`geo.hotspots.getis.compute_gi_scores`, with n areas times periods, and their overall mean and
    deviation. In the first periods the neighbourhood is smaller, as there are no earlier ones.

    Parameters
    ----------
    counts
        n areas by m periods.
    neighbours
        n by n binary weights without the areas themselves.
    earlier_periods
        Number of earlier periods in the neighbourhood; 0 for none.

    Returns
    -------
    numpy.ndarray
        n by m scores; NaN where all counts are equal.

    Raises
    ------
    ColumnError
        If counts and weights differ in length, or a count is missing.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> line = csr_array(np.eye(3, k=1) + np.eye(3, k=-1))
    >>> compute_space_time_scores([[4], [4], [0]], line, earlier_periods=0).round(3).ravel().tolist()
    [1.414, nan, -0.707]
    """
    x = take_values(counts, neighbours)
    weights = include_self(neighbours)
    k = np.repeat(np.asarray(weights.sum(axis=1))[:, np.newaxis], x.shape[1], axis=1)
    sums, sizes = (_add_earlier(numbers, earlier_periods) for numbers in (weights @ x, k))
    deviation = x.std()
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.sqrt(sizes * (x.size - sizes) / (x.size - 1))
        scores = (sums - sizes * x.mean()) / (deviation * spread)
    return np.where(np.isfinite(scores), scores, np.nan)


def _find_spots(
    scores: NDArray[np.float64],
    counts: NDArray[np.float64],
    weights: sparse.csr_array,
    exposure: NDArray[np.float64],
    *,
    earlier_periods: int,
) -> NDArray[np.int8]:
    """Find the periods in which each area is hot (1), cold (-1) or neither (0)."""
    require_counts(counts)
    p = compute_two_sided_p(scores)
    area, period = np.nonzero(p <= SPOT_LEVEL)  # the others are no spots, whatever the exact test would say
    sums = _add_earlier(weights @ counts, earlier_periods)[area, period]
    trials = _add_earlier(counts.sum(axis=0, keepdims=True), earlier_periods)[0, period]
    share = np.minimum((weights @ exposure) / exposure.sum(), 1 - np.finfo(float).eps)[area]
    p_exact = compute_binomial_p(sums.astype(np.int64), trials.astype(np.int64), share)
    p[area, period] = combine_p_values(scores[area, period], p_exact, sums - trials * share)
    found = find_discoveries(p, level=SPOT_LEVEL)
    return np.where(found, np.sign(np.nan_to_num(scores)), 0).astype(np.int8)


def _add_earlier(numbers: NDArray[np.float64], periods: int) -> NDArray[np.float64]:
    """Add to each period, a column, those before it."""
    added = numbers.copy()
    for back in range(1, min(periods, numbers.shape[1] - 1) + 1):
        added[:, back:] += numbers[:, :-back]
    return added


def name_patterns(spots: ArrayLike, trend: ArrayLike) -> NDArray[np.object_]:
    """Name the pattern of each series of hot and cold spots, as defined by Esri.

    The first that fits, in this order (for hot spots; for cold ones, swap hot and cold):

    - new: hot in the last period, never before;
    - consecutive: an unbroken run of at least two hot periods up to the last, none before it, hot in less
      than 90 % of the periods;
    - historical: neither hot nor cold in the last period, hot in at least 90 %;
    - intensifying, diminishing, persistent: hot in at least 90 %, the last included, while the scores rise,
      fall, or neither;
    - oscillating: hot in the last period, cold in one before, hot in less than 90 %;
    - sporadic: hot in the last period and on and off before, never cold, hot in less than 90 %.

    Parameters
    ----------
    spots
        k areas by n periods, the earliest first: 1 hot, -1 cold, 0 neither.
    trend
        k numbers: 1 for a significant rise of the scores, -1 for a fall, 0 for neither.

    Returns
    -------
    numpy.ndarray
        k names from ``PATTERNS``: ``"none"`` or the kind and the side, such as ``"sporadic_cold"``.

    Raises
    ------
    ColumnError
        If the two differ in length.
    TooFewError
        If there is no period.

    Examples
    --------
    >>> name_patterns([[0, 0, 0, 1], [0, 0, 1, 1], [-1, 1, 0, 1], [1, 0, 0, 0]], [0, 0, 0, 0]).tolist()
    ['new_hot', 'consecutive_hot', 'oscillating_hot', 'none']
    """
    seen, course = np.atleast_2d(np.asarray(spots)), np.asarray(trend)
    if len(seen) != len(course):
        raise ColumnError("There are {n} areas but {n_trends} trends.", n=len(seen), n_trends=len(course))
    require_enough(seen.shape[1], 1, Phrase("periods"))
    names = np.full(len(seen), NO_PATTERN, dtype=object)
    for side, sign in (("hot", 1), ("cold", -1)):  # the last period decides, so that at most one fits
        for kind, fits in _kinds(seen * sign, course * sign):
            names[fits] = f"{kind}_{side}"
    return names


def _kinds(seen: NDArray[np.int_], course: NDArray[np.int_]) -> list[tuple[str, NDArray[np.bool_]]]:
    """Find the kind of hot spot of each series; at most one fits."""
    hot = seen > 0
    n_hot, last = hot.sum(axis=1), hot[:, -1]
    run = np.cumprod(hot[:, ::-1], axis=1).sum(axis=1)  # unbroken, up to the last period
    mostly = n_hot >= MOST_PERIODS_SHARE * hot.shape[1] - 1e-9
    new = last & (n_hot == 1)
    consecutive = ~mostly & (run == n_hot) & (run > 1)
    lasting, fitful = last & mostly & ~new, last & ~mostly & ~new & ~consecutive
    was_cold = (seen < 0).any(axis=1)
    return [
        ("new", new),
        ("consecutive", consecutive),
        ("historical", mostly & (seen[:, -1] == 0)),
        ("intensifying", lasting & (course > 0)),
        ("diminishing", lasting & (course < 0)),
        ("persistent", lasting & (course == 0)),
        ("oscillating", fitful & was_cold),
        ("sporadic", fitful & ~was_cold),
    ]
