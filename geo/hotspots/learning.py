"""Kernel bandwidth from how well each candidate predicted later crime."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from geo.accuracy import DEFAULT_AREA_SHARE, measure_accuracy
from geo.counting import number_periods, take_times
from geo.grid import coarsen_cell
from geo.hotspots.bandwidth import choose_bandwidth
from geo.hotspots.density import DEFAULT_CELL_M, DensitySurface, estimate_density
from geo.join import take_coordinates

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

CANDIDATES_M = (200.0, 300.0, 500.0, 800.0, 1200.0)
MIN_TO_LEARN = 200  # crimes; with fewer, the bandwidth is chosen from their spread
N_PERIODS = 4  # of equal length, in the later half of the crimes' time; each is predicted from all before

Obstacle = Literal["", "few", "one_time", "coarse"]

_DIGITS = 9  # of a score; scores that differ by less are equal


@dataclass(frozen=True)
class BandwidthChoice:
    """A bandwidth and why it was chosen.

    Attributes
    ----------
    bandwidth_m
        Radius of the kernel in metres.
    by
        ``"accuracy"`` if chosen by accuracy on later crime, ``"spread"`` if by the normal reference rule.
    scores
        PAI on later crime by candidate (metres); empty if chosen from the spread.
    obstacle
        Why the spread decided: ``"few"`` crimes with a time and a place, all at ``"one_time"``, or cells too
        ``"coarse"`` for any candidate; empty if accuracy did.
    """

    bandwidth_m: float
    by: str
    scores: pd.Series = field(default_factory=lambda: pd.Series(dtype=np.float64))
    obstacle: Obstacle = ""

    @property
    def is_tied(self) -> bool:
        """Whether another candidate predicted later crime as well."""
        return int((self.scores.round(_DIGITS) == self.scores.round(_DIGITS).max()).sum()) > 1


def learn_bandwidth(
    crimes: gpd.GeoDataFrame,
    area: gpd.GeoDataFrame,
    *,
    candidates: Sequence[float] = CANDIDATES_M,
    area_share: float = DEFAULT_AREA_SHARE,
) -> BandwidthChoice:
    """Choose the bandwidth whose density surface best predicted later crime.

    The later half of the crimes' time is split into ``N_PERIODS`` of equal length. For each, the surface of
    all earlier crimes is tested on the crimes of that period (:func:`geo.accuracy.measure_accuracy`); the
    candidate with the highest PAI over all periods is chosen, the smallest if tied. With fewer than
    ``MIN_TO_LEARN`` crimes that have a time and lie in the area, or if all are at one time, the bandwidth is
    chosen by :func:`geo.hotspots.choose_bandwidth`.

    Parameters
    ----------
    crimes
        Points in a metric CRS with ``occurred_at`` (tz-aware).
    area
        Polygons in the CRS of ``crimes``.
    candidates
        Bandwidths to try, in metres; those smaller than the area's cells are left out.
    area_share
        Share of the area treated as hot.

    Returns
    -------
    BandwidthChoice
        The bandwidth, how it was chosen, and the PAI of the candidates.

    Raises
    ------
    CRSError
        If a layer has no CRS, is not in metres, or the two differ.
    ColumnError
        If ``occurred_at`` is missing or has no time zone.
    GridError
        If the area is empty.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> rng = np.random.default_rng(1)
    >>> area = gpd.GeoDataFrame(geometry=[box(0, 0, 6000, 6000)], crs="EPSG:32749")
    >>> xy = rng.choice([[1500, 1500], [4500, 3000]], 300) + rng.normal(0, 150, (300, 2))
    >>> days = pd.date_range("2026-01-01", periods=300, freq="D", tz="UTC")
    >>> places = gpd.points_from_xy(*xy.T)
    >>> crimes = gpd.GeoDataFrame({"occurred_at": days}, geometry=places, crs="EPSG:32749")
    >>> choice = learn_bandwidth(crimes, area)
    >>> choice.by, choice.scores.index.tolist()
    ('accuracy', [200.0, 300.0, 500.0, 800.0, 1200.0])
    """
    cell_m, _ = coarsen_cell(area, cell_m=DEFAULT_CELL_M, margin_m=max(candidates))
    times = take_times(crimes)
    ground = estimate_density(crimes.iloc[:0], area, cell_m=cell_m, bandwidth_m=max(candidates))
    cell_of = _cells_of(crimes, ground)
    usable = (cell_of >= 0) & times.notna().to_numpy()
    period = _periods(times, usable)
    radii = [radius for radius in candidates if radius >= cell_m]
    obstacle = _find_obstacle(int(usable.sum()), has_later=bool((period >= 0).any()), radii=radii)
    if obstacle:
        return BandwidthChoice(choose_bandwidth(crimes[cell_of >= 0]), "spread", obstacle=obstacle)
    known = crimes[usable]
    hits = [
        _hits(known, area, cell_of[usable], period[usable], (radius, cell_m, area_share)) for radius in radii
    ]
    n_later = int((period[usable] >= 0).sum())
    scores = pd.Series(np.array(hits) / n_later / area_share, index=pd.Index(radii, name="bandwidth_m"))
    best = radii[int(np.argmax(scores.round(_DIGITS).to_numpy()))]
    return BandwidthChoice(float(best), "accuracy", scores.rename("pai"))


def _find_obstacle(n_usable: int, *, has_later: bool, radii: list[float]) -> Obstacle:
    if n_usable < MIN_TO_LEARN:
        return "few"
    if not has_later:
        return "one_time"
    return "" if radii else "coarse"


def _cells_of(crimes: gpd.GeoDataFrame, surface: DensitySurface) -> NDArray[np.intp]:
    """Return the number of the surface's cell that contains each crime, -1 outside the area."""
    x, y = take_coordinates(crimes)
    inside = np.isfinite(surface.sample_at(x, y))
    cell_of = np.full(len(crimes), -1, dtype=np.intp)
    col = np.floor((x[inside] - surface.west_m) / surface.cell_m).astype(np.intp)
    row = np.floor((y[inside] - surface.south_m) / surface.cell_m).astype(np.intp)
    cell_of[inside] = row * surface.shape[1] + col
    return cell_of


def _periods(times: pd.Series, usable: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Return the number of the period of each time in the later half, -1 in the earlier half."""
    first, last = times[usable].min(), times[usable].max()
    if not usable.any() or first == last:
        return np.full(len(times), -1, dtype=np.intp)
    middle, end = first + (last - first) / 2, last + pd.Timedelta(seconds=1)
    return number_periods(times, pd.date_range(middle, end, periods=N_PERIODS + 1))


def _hits(
    crimes: gpd.GeoDataFrame,
    area: gpd.GeoDataFrame,
    cell_of: NDArray[np.intp],
    period: NDArray[np.intp],
    setting: tuple[float, float, float],
) -> float:
    """Count the later crimes in the cells that one bandwidth predicted as hot, over all periods."""
    radius, cell_m, area_share = setting
    hits = 0.0
    for number in np.unique(period[period >= 0]):
        later = period == number
        surface = estimate_density(crimes[period < number], area, cell_m=cell_m, bandwidth_m=radius)
        scores = np.ravel(surface.values)
        counts = np.bincount(cell_of[later], minlength=scores.size)
        ground = np.isfinite(scores)
        measured = measure_accuracy(
            scores[ground], counts[ground], np.ones(int(ground.sum())), area_share=area_share
        )
        hits += measured.hit_rate * measured.n_crimes
    return hits
