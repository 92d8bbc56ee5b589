"""Predictive accuracy of crime maps over successive periods: hit rate, PAI, PEI and RRI."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from geo.counting import count_by_area, number_periods, take_times
from geo.crs import require_metric
from geo.errors import ColumnError, GeoError, Phrase
from geo.grid import M2_PER_KM2
from geo.join import assign_areas
from geo.significance import adjust_p_values, require_enough

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import geopandas as gpd
    from numpy.typing import ArrayLike, NDArray

    Method = Callable[[gpd.GeoDataFrame, gpd.GeoDataFrame], ArrayLike]

DEFAULT_AREA_SHARE = 0.10  # of the ground, counted as hot
BASELINE = "counts"  # the method to beat: a map of plain past counts
MIN_LATER_CRIMES = 10  # in all periods together, needed to compare methods
MIN_PERIODS = 5  # needed to compare methods: fewer pairs can't reach 5 % in a signed-rank test

_ALPHA = 0.05


class Accuracy(NamedTuple):
    """Accuracy of one map in predicting the crimes of one later period.

    Attributes
    ----------
    area_share
        Share of the ground counted as hot, 0 to 1.
    n_crimes
        Later crimes in the whole area.
    hit_rate
        Share of them on the hot ground, 0 to 1.
    pai
        Predictive accuracy index: hit rate ÷ area share (Chainey, Tompson & Uhlig 2008).
    pei
        Predictive efficiency index: PAI ÷ the highest PAI that any map with that area share could reach (Hunt
        2016), 0 to 1.
    rri
        Recapture rate index: later ÷ earlier crimes on the hot ground, divided by the same ratio for the
        whole area (Levine 2008); NaN without earlier crimes.
    """

    area_share: float
    n_crimes: float
    hit_rate: float
    pai: float
    pei: float
    rri: float


@dataclass(frozen=True)
class _Curve:
    """Cumulative shares of ground and crimes, highest scores first; tied areas form one step."""

    ground: NDArray[np.float64]
    crimes: NDArray[np.float64]

    def at(self, share: float) -> float:
        return float(np.interp(share, self.ground, self.crimes))


def measure_accuracy(
    scores: ArrayLike,
    crimes: ArrayLike,
    ground: ArrayLike,
    *,
    area_share: float = DEFAULT_AREA_SHARE,
    earlier: ArrayLike | None = None,
) -> Accuracy:
    """Measure the share of later crimes on the ground that a map scored highest.

    Areas count as hot from the highest score down until they fill the share of the ground. The area at the
    limit, and tied areas together, count in part, so that ties need no arbitrary order.

    Parameters
    ----------
    scores
        n scores per unit of ground (such as crimes per km²), higher is hotter; NaN ranks last.
    crimes
        n counts of the later period.
    ground
        n sizes of the areas, in any unit (such as km²).
    area_share
        Share of the ground to count as hot, above 0 and at most 1.
    earlier
        n counts of the period that the scores were made from, for the RRI.

    Returns
    -------
    Accuracy
        The measures of this map and period.

    Raises
    ------
    ColumnError
        If the arrays differ in length, or a count or size is missing or negative.
    GeoError
        If the area share is not above 0 and at most 1.
    TooFewError
        If there is no later crime, or no ground.

    Examples
    --------
    >>> found = measure_accuracy([3, 2, 1], [6, 3, 0], [1, 1, 1], area_share=1 / 3)
    >>> round(found.hit_rate, 3), round(found.pai, 3), round(found.pei, 3)  # (6/9)/(1/3)
    (0.667, 2.0, 1.0)
    """
    if not 0 < area_share <= 1:
        raise GeoError(
            "The share of the area must be above 0 and at most 1, not {area_share}.",
            area_share=area_share,
        )
    order, later, sizes = (np.asarray(part, dtype=np.float64) for part in (scores, crimes, ground))
    _require_counts(order, later, sizes)
    hits = _accumulate(order, later, sizes).at(area_share)
    best = _accumulate(later / np.where(sizes > 0, sizes, np.nan), later, sizes).at(area_share)
    rri = float("nan")
    if earlier is not None:
        before = np.asarray(earlier, dtype=np.float64)
        _require_counts(order, before, sizes)
        recaptured = _accumulate(order, before, sizes).at(area_share)
        rri = hits / recaptured if recaptured > 0 else float("nan")
    return Accuracy(area_share, float(later.sum()), hits, hits / area_share, hits / best, rri)


def measure_rolling_accuracy(
    crimes: gpd.GeoDataFrame,
    cells: gpd.GeoDataFrame,
    methods: Mapping[str, Method],
    *,
    edges: pd.DatetimeIndex,
    history: pd.Timedelta | None = None,
    area_share: float = DEFAULT_AREA_SHARE,
) -> pd.DataFrame:
    """Measure how well methods predict each period from the crimes before it.

    Parameters
    ----------
    crimes
        Points in a metric CRS with ``occurred_at`` (tz-aware).
    cells
        Grid in the CRS of ``crimes``, as :func:`geo.grid.make_grid` returns it.
    methods
        Functions by name, such as those of :mod:`geo.hotspots.methods`. Each takes (past crimes, cells), with
        only the crimes before the period, and returns one score per cell, higher is hotter.
    edges
        k + 1 ascending tz-aware times that bound k periods.
    history
        How far back past crimes are used; all of them by default.
    area_share
        Share of the ground to count as hot.

    Returns
    -------
    pandas.DataFrame
        One row per period and method, in order: ``period`` (its start), ``method``, ``n_past`` crimes and the
        fields of :class:`Accuracy`. A period without crimes, or without earlier ones, has no row.

    Raises
    ------
    CRSError
        If a layer has no CRS, is not in metres, or the two differ.
    ColumnError
        If the times are missing or have no time zone, or a method returns the wrong number of scores.
    PeriodError
        If the edges have no time zone, are fewer than two, or are not ascending.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import Point, box
    >>> from geo.grid import make_grid
    >>> from geo.hotspots.methods import score_by_counts
    >>> cells = make_grid(gpd.GeoDataFrame(geometry=[box(0, 0, 1000, 100)], crs="EPSG:32749"), cell_m=100)
    >>> days = pd.to_datetime(["2026-01-05", "2026-01-15", "2026-01-16"], utc=True)
    >>> places = [Point(50, 50), Point(50, 50), Point(950, 50)]
    >>> crimes = gpd.GeoDataFrame({"occurred_at": days}, geometry=places, crs="EPSG:32749")
    >>> edges = pd.DatetimeIndex(["2026-01-10", "2026-01-20"], tz="UTC")
    >>> measure_rolling_accuracy(crimes, cells, {"counts": score_by_counts}, edges=edges)[["hit_rate", "pai"]]
       hit_rate  pai
    0       0.5  5.0
    """
    require_metric(crimes, like=cells)
    times = take_times(crimes)
    period = number_periods(times, edges)
    cell_of = assign_areas(crimes, cells)
    ground = cells.geometry.area.to_numpy() / M2_PER_KM2
    rows = []
    for number, start in enumerate(edges[:-1]):
        later = count_by_area(cell_of[period == number], cells.index)
        past = times < start if history is None else (times < start) & (times >= start - history)
        if not later.any() or not past.any():
            continue
        earlier = count_by_area(cell_of[past], cells.index)
        for name, method in methods.items():
            measured = measure_accuracy(
                method(crimes[past], cells), later, ground, area_share=area_share, earlier=earlier
            )
            rows.append({"period": start, "method": name, "n_past": int(past.sum()), **measured._asdict()})
    return pd.DataFrame(rows, columns=["period", "method", "n_past", *Accuracy._fields])


def score_methods(rolled: pd.DataFrame, *, baseline: str = BASELINE) -> pd.DataFrame:
    """Score methods against a baseline: which of them predicted significantly more later crimes.

    Parameters
    ----------
    rolled
        What :func:`measure_rolling_accuracy` returned.
    baseline
        The method to beat.

    Returns
    -------
    pandas.DataFrame
        By method, best first: ``n_periods``, ``n_crimes`` (all later ones), ``hit_rate`` and ``pai`` over all
        of them, mean ``pei``, ``gain`` (hit rate minus the baseline's), ``p`` (one-sided signed-rank test
        of the periods' hit rates against the baseline's, Wilcoxon 1945; NaN for the baseline, 1 where all
        periods tie), ``p_adjusted`` for the number of methods (Benjamini & Hochberg 1995) and
        ``beats_baseline``: ``gain`` above 0 and ``p_adjusted`` at most 5 %.

    Raises
    ------
    ColumnError
        If the baseline is not one of the methods.
    TooFewError
        If there are fewer than ``MIN_PERIODS`` periods or ``MIN_LATER_CRIMES`` later crimes.

    Examples
    --------
    >>> hits = {"counts": 0.4, "new": 0.5}
    >>> rows = [(start, name, 20.0, hit) for start in range(6) for name, hit in hits.items()]
    >>> rolled = pd.DataFrame(rows, columns=["period", "method", "n_crimes", "hit_rate"])
    >>> score_methods(rolled.assign(area_share=0.1, pei=0.5))[["pai", "p", "beats_baseline"]].round(3)
            pai      p  beats_baseline
    method
    new     5.0  0.016            True
    counts  4.0    NaN           False
    """
    hit_rates = rolled.pivot_table(index="period", columns="method", values="hit_rate")
    if baseline not in hit_rates.columns and len(rolled):
        raise ColumnError("There is no method {baseline!r} to score the others against.", baseline=baseline)
    require_enough(len(hit_rates), MIN_PERIODS, Phrase("periods with crimes"))
    n_crimes = rolled.groupby("period")["n_crimes"].first().reindex(hit_rates.index)
    require_enough(float(n_crimes.sum()), MIN_LATER_CRIMES, Phrase("later crimes"))
    pooled = hit_rates.mul(n_crimes, axis=0).sum() / n_crimes.sum()
    answer = pd.DataFrame(
        {
            "n_periods": len(hit_rates),
            "n_crimes": n_crimes.sum(),
            "hit_rate": pooled,
            "pai": pooled / rolled["area_share"].iloc[0],
            "pei": rolled.groupby("method")["pei"].mean(),
            "gain": pooled - pooled[baseline],
            "p": {
                name: np.nan if name == baseline else _signed_rank_p(hit_rates[name] - hit_rates[baseline])
                for name in hit_rates.columns
            },
        }
    )
    answer["p_adjusted"] = adjust_p_values(answer["p"])
    answer["beats_baseline"] = (answer["gain"] > 0) & (answer["p_adjusted"] <= _ALPHA)
    order = np.lexsort([answer.index.to_numpy().astype(str), -answer["hit_rate"].to_numpy()])
    return answer.iloc[order].rename_axis("method")


def _accumulate(
    scores: NDArray[np.float64], crimes: NDArray[np.float64], sizes: NDArray[np.float64]
) -> _Curve:
    rank = np.unique(-np.nan_to_num(scores, nan=-np.inf), return_inverse=True)[1]
    ground = np.append(0.0, np.bincount(rank, weights=sizes).cumsum())
    found = np.append(0.0, np.bincount(rank, weights=crimes).cumsum())
    return _Curve(ground / ground[-1], found / found[-1] if found[-1] > 0 else found)


def _require_counts(
    scores: NDArray[np.float64], crimes: NDArray[np.float64], sizes: NDArray[np.float64]
) -> None:
    if not scores.shape == crimes.shape == sizes.shape or scores.ndim != 1:
        raise ColumnError("Scores, crimes and land areas must be three arrays of numbers of the same length.")
    if not all((np.isfinite(part) & (part >= 0)).all() for part in (crimes, sizes)):
        raise ColumnError("Crimes and land area must be 0 or more in each area, with none missing.")
    require_enough(float(sizes.sum() > 0), 1, Phrase("areas with a size above 0"))
    require_enough(float(crimes.sum()), 1, Phrase("later crimes"))


def _signed_rank_p(difference: pd.Series) -> float:
    values = difference.dropna().round(12)
    if not values.any():
        return 1.0
    return float(stats.wilcoxon(values, alternative="greater", zero_method="zsplit", method="auto").pvalue)
