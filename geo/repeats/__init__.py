"""Near repeats: whether crimes raise the risk of further crimes nearby and soon after, and where now."""

from geo.repeats.knox import MIN_KNOX_CRIMES, Metric, NearRepeats, measure_near_repeats
from geo.repeats.raised_risk import find_raised_risk_areas
from geo.repeats.reading import MIN_REPEATS, KnoxReading

__all__ = [
    "MIN_KNOX_CRIMES",
    "MIN_REPEATS",
    "KnoxReading",
    "Metric",
    "NearRepeats",
    "find_raised_risk_areas",
    "measure_near_repeats",
]
