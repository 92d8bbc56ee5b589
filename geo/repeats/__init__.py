"""Near repeats: whether crimes raise the risk of further crimes nearby and soon after, and where now."""

from geo.repeats.knox import MIN_CRIMES, Metric, NearRepeats, Reading, measure_near_repeats
from geo.repeats.windows import active_windows

__all__ = ["MIN_CRIMES", "Metric", "NearRepeats", "Reading", "active_windows", "measure_near_repeats"]
