"""Crime concentration: density and risk surfaces, significant areas, clusters, concentration curves."""

from geo.hotspots.bandwidth import FALLBACK_BANDWIDTH_M, MAX_BANDWIDTH_M, choose_bandwidth
from geo.hotspots.density import DEFAULT_CELL_M, DensitySurface, estimate_density

__all__ = [
    "DEFAULT_CELL_M",
    "FALLBACK_BANDWIDTH_M",
    "MAX_BANDWIDTH_M",
    "DensitySurface",
    "choose_bandwidth",
    "estimate_density",
]
