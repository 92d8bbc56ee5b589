"""Risk surface of crimes relative to households, by dual kernel density."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from geo.errors import GeoError, Phrase, TooFewError
from geo.hotspots.density import DensitySurface, estimate_density
from geo.significance import require_enough

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

RiskKind = Literal["ratio", "log", "difference"]

MIN_HOUSEHOLDS = 5.0  # in a cell's kernel; with fewer, a rate is unreliable and could expose a household
PER_HOUSEHOLDS = 1000.0

_COLUMNS = {
    "ratio": "crimes_per_1000_households",
    "log": "log_relative_risk",
    "difference": "excess_crimes_per_km2",
}


@dataclass(frozen=True)
class RiskSurface(DensitySurface):
    """Risk on a grid of square cells: a density surface with other values.

    Attributes
    ----------
    kind
        ``"ratio"``: crimes per 1,000 households. ``"log"``: natural logarithm of that ratio relative to the
        whole area's; 0 is the average. ``"difference"``: crimes per km² in excess of the area's average
        rate applied to the households there.
    n_households
        Households used.
    """

    kind: RiskKind = "ratio"
    n_households: int = 0

    def to_frame(self) -> gpd.GeoDataFrame:
        """Return the cells that have a value as squares.

        Returns
        -------
        geopandas.GeoDataFrame
            Squares in ``crs`` with ``crimes_per_1000_households``, ``log_relative_risk`` or
            ``excess_crimes_per_km2``; index ``cell_id`` as in :func:`geo.grid.make_grid`.
        """
        return super().to_frame().rename(columns={"crimes_per_km2": _COLUMNS[self.kind]})


def estimate_risk(
    crimes: gpd.GeoDataFrame,
    households: gpd.GeoDataFrame,
    area: gpd.GeoDataFrame,
    *,
    kind: RiskKind = "ratio",
    cell_m: float | None = None,
    bandwidth_m: float | None = None,
) -> RiskSurface:
    """Compare the density of crimes with that of households, using the same quartic kernel for both.

    The ratio of two kernel densities of equal bandwidth (Kelsall & Diggle 1995). A cell whose kernel contains
    fewer than ``MIN_HOUSEHOLDS`` households, weighted so that one at its centre counts 1, has no ratio.

    Parameters
    ----------
    crimes, households
        Points in a metric CRS; those without coordinates are ignored.
    area
        Polygons in the same CRS.
    kind
        What the values are: see :class:`RiskSurface`. The log is NaN also where there is no crime.
    cell_m, bandwidth_m
        As for :func:`geo.hotspots.kernel_density`; a default bandwidth is chosen from the crimes.

    Returns
    -------
    RiskSurface
        Risk by cell; NaN where a cell does not touch the area, or has too few households for a ratio or log.

    Raises
    ------
    CRSError
        If a layer has no CRS, is not in metres, or two differ.
    GridError
        If the area is empty, or the cell size or the bandwidth is not above 0.
    GeometryError
        If crimes or households hold anything but points.
    GeoError
        If ``kind`` is unknown.
    TooFewError
        If there are no crimes, or fewer than ``MIN_HOUSEHOLDS`` households in the area or in every kernel.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import Point, box
    >>> area = gpd.GeoDataFrame(geometry=[box(0, 0, 3000, 3000)], crs="EPSG:32749")
    >>> homes = gpd.GeoDataFrame(geometry=[Point(1550, 1550)] * 50, crs="EPSG:32749")
    >>> crimes = gpd.GeoDataFrame(geometry=[Point(1550, 1550)] * 2, crs="EPSG:32749")
    >>> round(estimate_risk(crimes, homes, area, bandwidth_m=500).peak, 6)  # 2 of 50
    40.0
    """
    if kind not in get_args(RiskKind):
        raise GeoError("Risk surface must be 'ratio', 'log' or 'difference', not {kind!r}.", kind=kind)
    upper = estimate_density(crimes, area, cell_m=cell_m, bandwidth_m=bandwidth_m)
    require_enough(upper.n_points, 1, Phrase("crimes in the area"))
    lower = estimate_density(households, area, cell_m=upper.cell_m, bandwidth_m=upper.bandwidth_m)
    require_enough(lower.n_points, int(MIN_HOUSEHOLDS), Phrase("households in the area"))
    enough = lower.values * np.pi * (upper.bandwidth_m / 1000) ** 2 / 3 >= MIN_HOUSEHOLDS * (1 - 1e-9)
    values = _compare(upper, lower, kind)
    if kind != "difference" and not enough.any():
        raise TooFewError(
            "No place has enough households within {bandwidth_m:,.0f} m for a rate: at least {least} "
            "are needed.",
            bandwidth_m=upper.bandwidth_m,
            least=int(MIN_HOUSEHOLDS),
        )
    return RiskSurface(
        values=values if kind == "difference" else np.where(enough, values, np.nan),
        west_m=upper.west_m,
        south_m=upper.south_m,
        cell_m=upper.cell_m,
        bandwidth_m=upper.bandwidth_m,
        n_points=upper.n_points,
        crs=upper.crs,
        note=upper.note,
        kind=kind,
        n_households=lower.n_points,
    )


def _compare(crimes: DensitySurface, households: DensitySurface, kind: RiskKind) -> NDArray[np.float64]:
    average = crimes.n_points / households.n_points
    if kind == "difference":
        return np.asarray(crimes.values - average * households.values)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = crimes.values / households.values
        ratio = np.where(households.values > 0, ratio, np.nan)
        logarithm = np.where(ratio > 0, np.log(ratio / average), np.nan)
    return np.asarray(PER_HOUSEHOLDS * ratio if kind == "ratio" else logarithm)
