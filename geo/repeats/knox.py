"""Knox test for near repeats: the table of crime pairs by distance and time, and its reading."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from geo.counting import take_times
from geo.crs import require_metric
from geo.errors import GeoError, Phrase, TooFewError
from geo.join import take_coordinates
from geo.precision import know_unit
from geo.repeats.reading import MIN_REPEATS, KnoxReading, read_bands, score_bands
from geo.significance import require_enough

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

Metric = Literal["manhattan", "euclidean"]

DISTANCE_BANDS_M = (0.0, 100.0, 200.0, 300.0, 400.0, 500.0)
TIME_BANDS_DAYS = (0.0, 7.0, 14.0, 21.0, 28.0)
DEFAULT_PERMUTATIONS = 999
MIN_KNOX_CRIMES = 30  # with a time and coordinates
MAX_PAIRS = 8_000_000  # within the largest distance: about 400 MB

_POWER = {"manhattan": 1.0, "euclidean": 2.0}
_SECONDS_PER_DAY = 86_400


@dataclass(frozen=True)
class NearRepeats:
    """A Knox table and its reading.

    Attributes
    ----------
    table
        One row per distance and time band, half-open [from, to): ``distance_from_m``, ``distance_to_m``,
        ``days_from``, ``days_to``, ``n_observed`` pairs, ``n_expected`` (mean of the permutations),
        ``n_expected_by_margins`` (pairs near in space times pairs near in time ÷ all pairs, Knox 1964),
        ``ratio`` (observed ÷ expected; NaN where none are expected), ``p`` (one-sided, of this band alone)
        and ``p_adjusted`` (for the number of bands; 1 where fewer than ``MIN_REPEATS`` pairs are observed).
    n_crimes
        Crimes with coordinates whose day is known.
    n_without_day
        Crimes that are left out because their day is not known.
    metric
        How distance was measured.
    reading
        Summary of the table: the clearest band and those around it that have a significant excess too; None
        where no band has, by ``p_adjusted``.
    """

    table: pd.DataFrame
    n_crimes: int
    metric: Metric
    reading: KnoxReading | None
    n_without_day: int = 0

    @property
    def can_tell(self) -> bool:
        """Whether a reading was possible: some band holds ``MIN_REPEATS`` pairs."""
        return bool((self.table["n_observed"] >= MIN_REPEATS).any())


class _Pairs(NamedTuple):
    """Pairs near in space, sorted by distance band; ``ends`` are the bounds of the bands."""

    one: NDArray[np.int32]
    other: NDArray[np.int32]
    ends: NDArray[np.intp]


def measure_near_repeats(
    crimes: gpd.GeoDataFrame,
    *,
    distance_bands_m: Sequence[float] = DISTANCE_BANDS_M,
    time_bands_days: Sequence[float] = TIME_BANDS_DAYS,
    metric: Metric = "manhattan",
    n_permutations: int = DEFAULT_PERMUTATIONS,
    seed: int = 0,
) -> NearRepeats:
    """Count pairs of crimes by distance and time apart, and compare with chance (Knox 1964).

    Chance is the same places with their times permuted (Johnson et al. 2007);
    p = (1 + permutations with at least as many pairs) ÷ (1 + permutations). The reading is of the whole
    table, adjusted for the number of bands (:func:`geo.repeats.reading.score_bands`).

    Parameters
    ----------
    crimes
        Points of one kind of crime in a metric CRS with ``occurred_at`` (tz-aware); those without time or
        coordinates are ignored.
    distance_bands_m, time_bands_days
        Increasing edges of half-open bands, in metres and in days of 24 hours, from 0 or above.
    metric
        ``"manhattan"`` (along a street grid) or ``"euclidean"``.
    n_permutations
        Number of permutations.
    seed
        Random seed: the same seed and crimes give the same result, in any order of rows.

    Returns
    -------
    NearRepeats
        The table and its reading.

    Raises
    ------
    CRSError
        If the crimes have no CRS or their CRS is not in metres.
    GeometryError
        If the layer holds anything but points.
    ColumnError
        If ``occurred_at`` is missing or has no time zone.
    GeoError
        If the bands don't increase from 0 or above, the metric is unknown, ``n_permutations`` is below 1, or
        more than ``MAX_PAIRS`` pairs lie within the largest distance.
    TooFewError
        If fewer than ``MIN_KNOX_CRIMES`` crimes have a time and coordinates, or all share one place or day.

    Examples
    --------
    >>> import geopandas as gpd
    >>> rng = np.random.default_rng(0)
    >>> xy, days = rng.uniform(0, 5000, (200, 2)), rng.integers(0, 300, 200)
    >>> xy, days = np.concatenate([xy, xy[:30] + 20]), np.concatenate([days, days[:30] + 2])
    >>> times = pd.Timestamp("2026-01-01", tz="UTC") + pd.to_timedelta(days, unit="D")
    >>> crimes = gpd.GeoDataFrame(
    ...     {"occurred_at": times}, geometry=gpd.points_from_xy(*xy.T), crs="EPSG:32749"
    ... )
    >>> found = measure_near_repeats(crimes)
    >>> found.reading.distance_m, found.reading.days, found.reading.n_observed, found.reading.p
    (100.0, 7.0, 32, 0.001)
    """
    require_metric(crimes)
    if metric not in get_args(Metric) or n_permutations < 1:
        raise GeoError(
            "Near repeats need the metric 'manhattan' or 'euclidean', and at least one permutation."
        )
    distances, days = _require_bands(distance_bands_m), _require_bands(time_bands_days)
    dated = know_unit(crimes, "day")
    xy, seconds = _events(crimes[dated], n_without_day=int((~dated).sum()))
    pairs = _pairs_within(xy, distances, metric)
    limits = np.ceil(days * _SECONDS_PER_DAY).astype(np.int64)
    rng = np.random.default_rng(seed)
    observed = _count(pairs, seconds, limits)
    chance = [_count(pairs, rng.permutation(seconds), limits) for _ in range(n_permutations)]
    counts = np.stack([observed, *chance])
    scores = score_bands(counts)
    table = _tabulate(counts, distances, days)
    table["p_adjusted"] = scores.p_adjusted.ravel()
    table["n_expected_by_margins"] = _by_margins(pairs, seconds, limits)
    reading = read_bands(counts, scores, distances, days)
    return NearRepeats(table, len(xy), metric, reading, n_without_day=int((~dated).sum()))


def _require_bands(edges: Sequence[float]) -> NDArray[np.float64]:
    bands = np.asarray(edges, dtype=np.float64)
    if len(bands) <= 1 or not (np.isfinite(bands).all() and bands[0] >= 0 and (np.diff(bands) > 0).all()):
        raise GeoError("Bands need two or more increasing edges, starting at 0 or above.")
    return bands


def _events(crimes: gpd.GeoDataFrame, *, n_without_day: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return coordinates and whole seconds since the first crime, ordered by time and place."""
    times, xy = take_times(crimes), np.column_stack(take_coordinates(crimes))
    usable = np.flatnonzero(times.notna().to_numpy() & np.isfinite(xy).all(axis=1))
    needed = Phrase("crimes with a time and a location")
    if n_without_day:
        needed = Phrase("crimes with a location whose day is known")
    require_enough(len(usable), MIN_KNOX_CRIMES, needed)
    seconds = pd.DatetimeIndex(times.iloc[usable]).as_unit("s").asi8
    seconds, xy = seconds - seconds.min(), xy[usable]
    if seconds.max() < _SECONDS_PER_DAY:
        raise TooFewError("All crimes are on one day: near repeats need more days.")
    if (xy == xy[0]).all():
        raise TooFewError("All crimes are at one place: near repeats need more places.")
    order = np.lexsort([xy[:, 1], xy[:, 0], seconds])
    return xy[order], seconds[order]


def _pairs_within(xy: NDArray[np.float64], distances: NDArray[np.float64], metric: Metric) -> _Pairs:
    tree, power = cKDTree(xy), _POWER[metric]
    n_pairs = (tree.count_neighbors(tree, distances[-1], p=power) - len(xy)) // 2
    if n_pairs > MAX_PAIRS:
        raise GeoError(
            "{n:,} pairs of crimes lie within {distance_m:g} m, more than {most:,}: use a shorter "
            "longest distance or fewer crimes.",
            n=n_pairs,
            distance_m=distances[-1],
            most=MAX_PAIRS,
        )
    pairs = tree.query_pairs(distances[-1], p=power, output_type="ndarray").astype(np.int32)
    one, other = pairs[:, 0], pairs[:, 1]
    across, up = (np.abs(part[one] - part[other]) for part in xy.T)
    distance = across + up if metric == "manhattan" else np.hypot(across, up)
    band = (np.searchsorted(distances, distance, side="right") - 1).astype(np.int16)
    order = np.argsort(band, kind="stable")
    order = order[(band[order] >= 0) & (band[order] < len(distances) - 1)]
    ends = np.searchsorted(band[order], np.arange(len(distances)))
    return _Pairs(one[order], other[order], ends)


def _count(pairs: _Pairs, seconds: NDArray[np.int64], limits: NDArray[np.int64]) -> NDArray[np.int64]:
    """Count pairs by distance band and time band."""
    short = seconds.max() <= np.iinfo(np.int32).max  # half the memory traffic
    small: NDArray[np.signedinteger] = seconds.astype(np.int32) if short else seconds
    apart = np.abs(small[pairs.one] - small[pairs.other])
    below = np.empty((len(pairs.ends) - 1, len(limits)), dtype=np.int64)
    for number, limit in enumerate(limits):
        near = apart < limit
        for band, (start, end) in enumerate(zip(pairs.ends[:-1], pairs.ends[1:], strict=True)):
            below[band, number] = np.count_nonzero(near[start:end])
    return np.diff(below, axis=1)


def _tabulate(
    counts: NDArray[np.int64], distances: NDArray[np.float64], days: NDArray[np.float64]
) -> pd.DataFrame:
    observed, chance = counts[0], counts[1:]
    expected = chance.mean(axis=0)
    ratio = np.divide(observed, expected, where=expected > 0, out=np.full(expected.shape, np.nan))
    rows, cols = np.indices(observed.shape)
    return pd.DataFrame(
        {
            "distance_from_m": distances[rows.ravel()],
            "distance_to_m": distances[rows.ravel() + 1],
            "days_from": days[cols.ravel()],
            "days_to": days[cols.ravel() + 1],
            "n_observed": observed.ravel(),
            "n_expected": expected.ravel(),
            "ratio": ratio.ravel(),
            "p": _p(observed, chance).ravel(),
        }
    )


def _p(observed: NDArray[np.int64], chance: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.asarray((1 + (chance >= observed).sum(axis=0)) / (1 + len(chance)))


def _by_margins(pairs: _Pairs, seconds: NDArray[np.int64], limits: NDArray[np.int64]) -> NDArray[np.float64]:
    n = len(seconds)
    earlier = np.searchsorted(seconds, seconds[:, np.newaxis] - limits, side="right")  # so long before
    near_in_time = np.diff((np.arange(n)[:, np.newaxis] - earlier).clip(min=0).sum(axis=0))
    return np.outer(np.diff(pairs.ends), near_in_time / (n * (n - 1) / 2)).ravel()
