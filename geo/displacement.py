"""Effect of a police operation on crime: the weighted displacement difference."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import stats

from geo.errors import GeoError, Phrase
from geo.significance import require_enough

MIN_MEAN_COUNT = 5  # mean crimes per count, below which the normal approximation is poor


class ZoneCounts(NamedTuple):
    """Crimes in one zone before and after: whole numbers, over periods of equal length."""

    before: int
    after: int


NO_CRIMES = ZoneCounts(0, 0)


class Displacement(NamedTuple):
    """Weighted displacement difference.

    Attributes
    ----------
    difference
        Crimes above (> 0) or below (< 0) the number expected from the controls, displacement included.
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
    confidence: float = 0.95,
) -> Displacement:
    """Measure the effect of an operation, including crime that it may have displaced.

    WDD = ΔT - ΔC + ΔD - ΔDC, Δ being after minus before, of the treated zone, its control, the zone to which
    crime may have moved, and that zone's control; its variance is the sum of all counts (Wheeler & Ratcliffe
    2018).

    Parameters
    ----------
    treated, control
        Crimes in the treated zone and in a similar zone without the operation.
    near_treated, near_control
        Crimes in the zones around the two; left out by default.
    confidence
        Confidence level of the interval, between 0 and 1.

    Returns
    -------
    Displacement
        The estimate and its interval, all of it below 0 if crime fell significantly.

    Raises
    ------
    GeoError
        If a count is negative, or the confidence is not between 0 and 1.
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
    """
    if not 0 < confidence < 1:
        raise GeoError(
            "A confidence of {confidence} is none: give one between 0 and 1.", confidence=confidence
        )
    zones = np.array([treated, control, near_treated, near_control], dtype=np.float64)
    if not (np.isfinite(zones) & (zones >= 0)).all():
        raise GeoError("Crimes before and after must be counts of 0 or more.")
    n_counts = 2 * (2 + int(zones[2].any()) + int(zones[3].any()))
    require_enough(
        float(zones.sum()), MIN_MEAN_COUNT * n_counts, Phrase("crimes before and after in all zones")
    )
    difference = float(np.array([1, -1, 1, -1]) @ (zones[:, 1] - zones[:, 0]))
    error = float(np.sqrt(zones.sum()))
    reach = float(stats.norm.ppf((1 + confidence) / 2)) * error
    z = difference / error
    return Displacement(
        difference, error, z, 2 * float(stats.norm.sf(abs(z))), difference - reach, difference + reach
    )
