"""Comparison of two periods by area: significant rises and falls."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import stats

from geo.binomial import bisect_counts, compute_binomial_p
from geo.checks import require_counts, take_exposure
from geo.errors import ColumnError, GeoError, Phrase
from geo.significance import adjust_p_values, find_p_thresholds, require_enough

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

DEFAULT_LEVEL = 0.05
ALIKE = 1.25  # rates are the same if the whole interval of their ratio lies between 1/ALIKE and ALIKE

_ROUNDED = 1 + 1e-9  # the sum of both tails may round to less than one of them

VERDICTS = ("more", "fewer", "same", "unclear")


def compare_periods(
    before: pd.Series,
    after: pd.Series,
    *,
    exposure_before: pd.Series | float = 1.0,
    exposure_after: pd.Series | float = 1.0,
    level: float = DEFAULT_LEVEL,
) -> pd.DataFrame:
    """Compare the crimes of two periods in each area.

    If nothing changed, the later crimes, given those of both periods, are binomial with the later period's
    share of the exposure (Przyborowski & Wilenski 1940). p is the total probability of all outcomes no
    likelier than the observed one; ``p_adjusted`` controls false discoveries over the areas with any crime
    (Benjamini & Hochberg 1995). The interval of the ratio is the exact one of Clopper & Pearson (1934).

    Parameters
    ----------
    before, after
        Counts by area on one index, whole numbers, none missing.
    exposure_before, exposure_after
        Exposure of each count, such as days or household-days: one number, or one for each area, above 0.
        Except for the two rates, only their ratio matters.
    level
        Significance level, between 0 and 1.

    Returns
    -------
    pandas.DataFrame
        On the index of ``before``: ``n_before``, ``n_after``, ``rate_before``, ``rate_after`` (per unit of
        exposure), ``ratio`` of the rates (NaN where there were none before) with ``ratio_low`` and
        ``ratio_high``, ``p``, ``p_adjusted`` and ``verdict``: ``"more"`` or ``"fewer"`` where ``p_adjusted``
        is at most ``level``; ``"same"`` only where the whole interval lies between 1/1.25 and 1.25; else
        ``"unclear"``. ``rise_from`` and ``fall_to`` are the smallest later count that would have been
        ``"more"`` here, the other areas being as they are, and the largest that would have been ``"fewer"``
        (-1 where not even 0 would).

    Raises
    ------
    ColumnError
        If the indexes differ, a count is not a whole number of 0 or more, or an exposure is not above 0.
    GeoError
        If the level is not between 0 and 1.
    TooFewError
        If there is no crime in any area.

    Examples
    --------
    >>> before, after = pd.Series([3, 40], index=["a", "b"]), pd.Series([6, 15], index=["a", "b"])
    >>> compare_periods(before, after)[["p", "rise_from", "fall_to", "verdict"]].round(3)
           p  rise_from  fall_to  verdict
    a  0.508         12       -1  unclear
    b  0.001         64       21    fewer
    """
    if not 0 < level < 1:
        raise GeoError("Significance level must be between 0 and 1, not {level}.", level=level)
    first, second = _counts(before, after)
    exposed = tuple(take_exposure(part, before.index) for part in (exposure_before, exposure_after))
    share = exposed[1] / (exposed[0] + exposed[1])
    require_enough(int(first.sum() + second.sum()), 1, Phrase("crimes in either period"))
    p = np.where(first + second > 0, compute_binomial_p(second, first + second, share), np.nan)
    adjusted = adjust_p_values(p)
    low, high = _ratio_interval(first, second, share, level)
    rates = first / exposed[0], second / exposed[1]
    answer = pd.DataFrame(
        {
            "n_before": first,
            "n_after": second,
            "rate_before": rates[0],
            "rate_after": rates[1],
            "ratio": np.divide(rates[1], rates[0], where=first > 0, out=np.full(len(first), np.nan)),
            "ratio_low": low,
            "ratio_high": high,
            "p": p,
            "p_adjusted": adjusted,
            "verdict": _verdicts(rates, (low, high), adjusted <= level),
        },
        index=before.index,
    )
    needed = find_p_thresholds(p, level=level)
    answer["rise_from"], answer["fall_to"] = find_least_changes(first, share, level=needed)
    return answer


def find_least_changes(
    before: NDArray[np.int64], share: NDArray[np.float64], *, level: ArrayLike = DEFAULT_LEVEL
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Find the later counts from which a change from an earlier count is significant.

    Parameters
    ----------
    before
        n earlier counts.
    share
        n shares of the later period in the exposure of both periods.
    level
        Significance level of :func:`geo.binomial.compute_binomial_p` (two-sided), one for all or n.

    Returns
    -------
    tuple[numpy.ndarray, numpy.ndarray]
        The smallest later count that is a significant rise, and the largest that is a significant fall; -1
        where no count is.

    Examples
    --------
    >>> rise, fall = find_least_changes(np.array([0, 10]), np.array([0.5, 0.5]))
    >>> rise.tolist(), fall.tolist()
    ([6, 23], [-1, 2])
    """
    levels = np.broadcast_to(np.asarray(level, dtype=np.float64), before.shape)
    cases, case_of = np.unique(np.stack([before, share, levels]), axis=1, return_inverse=True)
    earlier, part, needed = cases[0].astype(np.int64), cases[1], cases[2]
    expected = earlier * part / (1 - part)

    def may_tell(later: NDArray[np.int64], *, rise: bool) -> NDArray[np.bool_]:
        """One tail alone, which moves one way with the later count; both together do not always."""
        tail = stats.binom.sf(later - 1, later + earlier, part)
        if not rise:
            tail = stats.binom.cdf(later, later + earlier, part)
        return np.asarray(tail <= needed * _ROUNDED)

    def tells(later: NDArray[np.int64], *, rise: bool) -> NDArray[np.bool_]:
        beyond = later > expected if rise else later < expected
        return beyond & (compute_binomial_p(later, later + earlier, part) <= needed)

    below = np.floor(expected).astype(np.int64)
    above = below + 1
    while not (told := may_tell(above, rise=True)).all():
        below, above = np.where(told, below, above), np.where(told, above, 2 * above + 1)
    rise = bisect_counts(below, above, lambda later: may_tell(later, rise=True))
    while not (told := tells(rise, rise=True)).all():
        rise = np.where(told, rise, rise + 1)
    lowest = np.full(len(cases[0]), -1)  # means that no count would show a fall
    fall = bisect_counts(
        np.ceil(expected).astype(np.int64), lowest, lambda later: may_tell(later, rise=False)
    )
    while not (told := (fall < 0) | tells(np.maximum(fall, 0), rise=False)).all():
        fall = np.where(told, fall, fall - 1)
    return rise[case_of.ravel()], fall[case_of.ravel()]


def _counts(before: pd.Series, after: pd.Series) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    if not before.index.equals(after.index):
        raise ColumnError("The two periods must have the same areas in the same order.")
    taken = []
    for counts in (before, after):
        numbers = counts.to_numpy(dtype=np.float64, na_value=np.nan)
        require_counts(numbers)
        taken.append(numbers.astype(np.int64))
    return taken[0], taken[1]


def _ratio_interval(
    first: NDArray[np.int64], second: NDArray[np.int64], share: NDArray[np.float64], level: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Convert the exact interval of the later period's share into one of the ratio of rates."""
    low = np.where(second > 0, stats.beta.ppf(level / 2, np.maximum(second, 1), first + 1), 0.0)
    high = np.where(first > 0, stats.beta.ppf(1 - level / 2, second + 1, np.maximum(first, 1)), 1.0)
    odds = (1 - share) / share
    with np.errstate(divide="ignore"):
        ends = odds * low / (1 - low), odds * high / (1 - high)
    known = first + second > 0
    return np.where(known, ends[0], np.nan), np.where(known, ends[1], np.nan)


def _verdicts(
    rates: tuple[NDArray[np.float64], NDArray[np.float64]],
    interval: tuple[NDArray[np.float64], NDArray[np.float64]],
    significant: NDArray[np.bool_],
) -> pd.api.extensions.ExtensionArray:
    alike = (interval[0] >= 1 / ALIKE) & (interval[1] <= ALIKE)
    rose = significant & (rates[1] > rates[0])
    fell = significant & (rates[1] < rates[0])
    return pd.array(np.select([rose, fell, alike], VERDICTS[:-1], default=VERDICTS[-1]), dtype="str")
