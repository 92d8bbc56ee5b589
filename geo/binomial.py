"""The exact two-sided binomial test, for any number of counts at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import special, stats

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

_TIE = 1e-7  # share by which probabilities may differ and still be equal, as in R's binom.test


def compute_binomial_p(
    hits: NDArray[np.int64], trials: NDArray[np.int64], share: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Compute p-values of the exact two-sided binomial test.

    Parameters
    ----------
    hits, trials
        n whole numbers each, hits at most trials.
    share
        n probabilities of a hit, above 0 and below 1.

    Returns
    -------
    numpy.ndarray
        n p-values: the total probability of all outcomes no likelier than the observed one; 1 without trials.

    Examples
    --------
    >>> p = compute_binomial_p(np.array([6, 0]), np.array([9, 0]), np.array([0.5, 0.5]))
    >>> p.round(4).tolist()  # 2·130/512
    [0.5078, 1.0]
    """
    order = np.lexsort((share, trials, hits))
    cases = np.stack([hits, trials, share])[:, order]
    begins = np.append(True, (cases[:, 1:] != cases[:, :-1]).any(axis=0)) if len(order) else np.zeros(0, bool)
    p = np.empty(len(order))
    p[order] = _add_tails(*cases[:, begins])[np.cumsum(begins) - 1]
    return p


def bisect_counts(
    no: NDArray[np.int64],
    yes: NDArray[np.int64],
    holds: Callable[[NDArray[np.int64]], NDArray[np.bool_]],
) -> NDArray[np.int64]:
    """Find by bisection the numbers nearest to ``no`` for which something holds.

    Parameters
    ----------
    no, yes
        n whole numbers each: it doesn't hold for the first, and holds for the second and on from where it
        begins to hold between them.
    holds
        Function of n whole numbers of 0 or more that tells for each whether it holds.

    Returns
    -------
    numpy.ndarray
        n whole numbers.

    Examples
    --------
    >>> bisect_counts(np.array([0, 9]), np.array([100, -1]), lambda n: (n > 20) | (n < 5)).tolist()
    [21, 4]
    """
    while (np.abs(yes - no) > 1).any():
        middle = np.where(np.abs(yes - no) > 1, (yes + no) // 2, yes)
        held = (middle == yes) | holds(np.maximum(middle, 0))
        no, yes = np.where(held, no, middle), np.where(held, middle, yes)
    return yes


def _add_tails(
    hits: NDArray[np.float64], trials: NDArray[np.float64], share: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Add the observed tail and, from the other one, the outcomes that are no likelier.

    Probabilities fall on both sides of the likeliest outcome, so the other tail is found by bisection.
    """
    odds = np.log(share) - np.log1p(-share)

    def weigh(outcome: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the logarithm of the probability, but for what is the same for all outcomes."""
        return (
            outcome * odds
            - np.asarray(special.gammaln(outcome + 1))
            - np.asarray(special.gammaln(trials - outcome + 1))
        )

    likeliest = np.minimum(np.floor((trials + 1) * share), trials).astype(np.int64)
    above = hits > likeliest
    limit = weigh(hits) + _TIE
    beyond = np.where(above, -1, trials + 1).astype(np.int64)  # of no probability, on the other side
    other = bisect_counts(likeliest, beyond, lambda outcome: weigh(np.minimum(outcome, trials)) <= limit)
    low, high = np.where(above, other, hits), np.where(above, hits, other)
    p = stats.binom.cdf(low, trials, share) + stats.binom.sf(high - 1, trials, share)
    return np.where(weigh(likeliest.astype(np.float64)) <= limit, 1.0, np.minimum(p, 1.0))
