"""Near repeats: whether a crime makes another one nearby soon after more likely, and where that is so now."""

from geo.repeats.knox import MIN_CRIMES, Metric, NearRepeats, Reading, measure_near_repeats
from geo.repeats.windows import active_windows

__all__ = ["MIN_CRIMES", "Metric", "NearRepeats", "Reading", "active_windows", "measure_near_repeats"]
