"""The density surface, against scikit-learn on the same cells.

scikit-learn has no quartic kernel. Its nearest in shape and reach, the Epanechnikov kernel of the same
bandwidth, stands for its speed; the surface itself is held against the exact quartic sum.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely
from scipy.spatial import cKDTree
from sklearn.neighbors import KernelDensity

from geo.hotspots import DensitySurface, estimate_density
from tests.benchmarks.rows import Benchmark, Row, Sizes, compare

if TYPE_CHECKING:
    from numpy.typing import NDArray

UTM = "EPSG:32749"
LARGEST_ERROR = 0.04  # of the peak


def surface_of_crimes(sizes: Sizes) -> Row:
    """Clusters and scatter, half and half; the bandwidth is the one that the surface chooses itself."""
    rng = np.random.default_rng(4)
    centres = rng.uniform(0, sizes.side_m, (40, 2))
    clustered = rng.choice(centres, sizes.crimes // 2) + rng.normal(0, 600, (sizes.crimes // 2, 2))
    xy = np.concatenate([clustered, rng.uniform(0, sizes.side_m, (sizes.crimes - len(clustered), 2))])
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(xy[:, 0], xy[:, 1]), crs=UTM)
    area = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, sizes.side_m, sizes.side_m)], crs=UTM)
    chosen = estimate_density(points, area)
    cells, bandwidth_m = _centres(chosen), chosen.bandwidth_m
    compared = compare(
        lambda: estimate_density(points, area),
        lambda: KernelDensity(kernel="epanechnikov", bandwidth=bandwidth_m).fit(xy).score_samples(cells),
        sizes,
    )
    surface: DensitySurface = compared.own_answer
    exact = _sum_exactly(xy, cells, bandwidth_m)
    error = float(np.abs(surface.values.ravel() - exact).max() / exact.max())
    return compared.row(
        f"Density of {sizes.crimes:,} points on {len(cells):,} cells, against scikit-learn (Epanechnikov)",
        at_least=50,
        agrees=error <= LARGEST_ERROR,
        note=f"off the exact quartic sum by {error:.2%} of the peak, of {LARGEST_ERROR:.0%} allowed",
    )


def _centres(surface: DensitySurface) -> NDArray[np.float64]:
    n_rows, n_cols = surface.shape
    x = surface.west_m + (np.arange(n_cols) + 0.5) * surface.cell_m
    y = surface.south_m + (np.arange(n_rows) + 0.5) * surface.cell_m
    return np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)


def _sum_exactly(xy: NDArray[np.float64], cells: NDArray[np.float64], h: float) -> NDArray[np.float64]:
    """Add up 3/(πh²)·(1 - d²/h²)² over the points within h of each cell, per km²."""
    tree = cKDTree(xy)
    density = np.zeros(len(cells))
    for start in range(0, len(cells), 2_000):
        some = cKDTree(cells[start : start + 2_000])
        pairs = some.sparse_distance_matrix(tree, h, output_type="ndarray")
        kernel = 3 / (np.pi * h**2) * (1 - (pairs["v"] / h) ** 2) ** 2
        density[start : start + some.n] = np.bincount(pairs["i"], weights=kernel, minlength=some.n)
    return density * 1e6


BENCHMARKS: list[Benchmark] = [surface_of_crimes]
