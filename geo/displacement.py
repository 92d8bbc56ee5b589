"""Effect of a police operation on crime: the weighted displacement difference."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import stats

from geo.errors import GeoError, Phrase
from geo.significance import require_enough

MIN_MEAN_COUNT = 5  # mean crimes per count, below which the normal approximation is poor


class ZoneCounts(NamedTuple):
    """Crimes in one zone before and after: whole numbers."""

    before: int
    after: int


NO_CRIMES = ZoneCounts(0, 0)


class Sizes(NamedTuple):
    """Sizes of the periods and zones, of which only ratios matter: a count is divided by both of its sizes.

    Attributes
    ----------
    before, after
        Lengths of the periods: 2 and 1 for two years against one.
    treated, control, near_treated, near_control
        Sizes of the zones, such as households: 1 and 3 where the control is three times as large.
    """

    before: float = 1.0
    after: float = 1.0
    treated: float = 1.0
    control: float = 1.0
    near_treated: float = 1.0
    near_control: float = 1.0


EQUAL_SIZES = Sizes()


class Displacement(NamedTuple):
    """Weighted displacement difference.

    Attributes
    ----------
    difference
        Crimes above (> 0) or below (< 0) the number expected from the controls, displacement included; of a
        period and zone of size 1.
    error
        Its standard error, assuming Poisson counts.
    z
        ``difference`` ÷ ``error``.
    p
        Two-sided p-value.
    low, high
        Ends of the confidence interval.
    """

    difference: float
    error: float
    z: float
    p: float
    low: float
    high: float


def measure_displacement(
    treated: ZoneCounts,
    control: ZoneCounts,
    *,
    near_treated: ZoneCounts = NO_CRIMES,
    near_control: ZoneCounts = NO_CRIMES,
    sizes: Sizes = EQUAL_SIZES,
    confidence: float = 0.95,
) -> Displacement:
    """Measure the effect of an operation, including crime that it may have displaced.

    WDD = ΔT - ΔC + ΔD - ΔDC, Δ being after minus before, of the treated zone, its control, the zone to which
    crime may have moved, and that zone's control; its variance is the sum of all counts (Wheeler & Ratcliffe
    2018). Counts of periods and zones of unequal size are divided by their sizes, and by the squares of them
    in the variance, as ``time_weights`` and ``area_weights`` do in Wheeler's R package ptools.

    Parameters
    ----------
    treated, control
        Crimes in the treated zone and in a similar zone without the operation.
    near_treated, near_control
        Crimes in the zones around the two; left out by default.
    sizes
        Sizes of the periods and zones; all equal by default.
    confidence
        Confidence level of the interval, between 0 and 1.

    Returns
    -------
    Displacement
        The estimate and its interval, all of it below 0 if crime fell significantly.

    Raises
    ------
    GeoError
        If a count is negative, a size is not above 0, or the confidence is not between 0 and 1.
    TooFewError
        If the counts used are below ``MIN_MEAN_COUNT`` on average.

    Examples
    --------
    The worked example of Wheeler & Ratcliffe (2018):

    >>> found = measure_displacement(
    ...     ZoneCounts(207, 110),
    ...     ZoneCounts(308, 318),
    ...     near_treated=ZoneCounts(178, 157),
    ...     near_control=ZoneCounts(150, 140),
    ... )
    >>> found.difference, round(found.error**2), round(found.z, 2), round(found.low), round(found.high)
    (-118.0, 1568, -2.98, -196, -40)

    Two years before and one after:

    >>> found = measure_displacement(ZoneCounts(80, 20), ZoneCounts(100, 50), sizes=Sizes(before=2))
    >>> found.difference, round(found.error**2)  # 20 - 40 - (50 - 50); 20 + 80/4 + 50 + 100/4
    (-20.0, 115)
    """
    if not 0 < confidence < 1:
        raise GeoError("Confidence must be between 0 and 1, not {confidence}.", confidence=confidence)
    zones = np.array([treated, control, near_treated, near_control], dtype=np.float64)
    if not (np.isfinite(zones) & (zones >= 0)).all():
        raise GeoError("Crimes before and after must be counts of 0 or more.")
    if not all(np.isfinite(size) and size > 0 for size in sizes):
        raise GeoError("Sizes of periods and zones must be above 0.")
    n_counts = 2 * (2 + int(zones[2].any()) + int(zones[3].any()))
    require_enough(
        float(zones.sum()), MIN_MEAN_COUNT * n_counts, Phrase("crimes before and after in all zones")
    )
    weights = np.outer(sizes[2:], sizes[:2])
    rates = zones / weights
    difference = float(np.array([1, -1, 1, -1]) @ (rates[:, 1] - rates[:, 0]))
    error = float(np.sqrt((zones / weights**2).sum()))
    reach = float(stats.norm.ppf((1 + confidence) / 2)) * error
    z = difference / error
    return Displacement(
        difference, error, z, 2 * float(stats.norm.sf(abs(z))), difference - reach, difference + reach
    )
