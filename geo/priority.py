"""Priority of areas for visits: visit gap combined with crime risk, by village or by RT."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from geo.checks import require_columns
from geo.errors import ColumnError, Phrase
from geo.join import match_households
from geo.rates import PER_HOUSEHOLDS, smooth_rates
from geo.significance import adjust_p_values, require_enough

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

Leading = Literal["both", "gap", "crime", "neither"]

MIN_AREAS = 3  # needed for a ranking
HIGH_RANK = 2 / 3  # percentile rank from which a gap or risk is high
RT_MAX_DISTANCE_M = 250.0  # a crime farther than this from any household is in no RT
HIGH_LEVEL = 0.05  # false discoveries among areas whose crime is called high
DISCOVERED = "discovered"  # crimes found by patrols: left out, so that attention does not feed on itself

_TIE = 1e-9  # ranks and values that differ by less are equal
_COUNTED = ("n_households", "evidenced_coverage", "n_crimes")


class PriorityFacts(NamedTuple):
    """Facts behind the priority of an area, for a sentence about it.

    Attributes
    ----------
    area
        Its code.
    rank, n_areas
        Rank, 1 being the first to visit, and the number of ranked areas.
    n_households, n_missed
        Registered households, and those without a visit that its GPS record supports.
    coverage, typical_coverage
        Evidenced coverage of the area and the median of all areas, 0 to 1.
    n_crimes
        Crimes reported by the public, raw.
    raw_crimes_per_1000
        Crimes per 1,000 households of the area.
    crimes_per_1000, typical_crimes_per_1000
        The same smoothed, of the area and the median of all areas.
    leading
        Which of visit gap and crime risk stands out: it is in the upper third of all areas and above their
        median, and the crimes are more than chance would put there.
    """

    area: str
    rank: int
    n_areas: int
    n_households: int
    n_missed: int
    coverage: float
    typical_coverage: float
    n_crimes: int
    raw_crimes_per_1000: float
    crimes_per_1000: float
    typical_crimes_per_1000: float
    leading: Leading


def rank_priority(areas: pd.DataFrame) -> pd.DataFrame:
    """Rank areas by visit gap and crime risk.

    The score is the geometric mean of two percentile ranks: of the gap, 1 - evidenced coverage, and of the
    risk, the rate of reported crime smoothed towards the overall rate (:func:`geo.rates.smooth_rates`). Tied
    areas share the mean rank. Crime discovered by patrols is left out (Lum & Isaac 2016).

    Parameters
    ----------
    areas
        Villages or RTs, indexed by code: ``n_households`` registered, ``evidenced_coverage`` (0 to 1, NaN
        without households) and ``n_crimes`` reported (:func:`count_reported_crimes`).

    Returns
    -------
    pandas.DataFrame
        On the index of ``areas``: ``n_households``, ``evidenced_coverage``, ``n_crimes``, ``visit_gap`` (0 to
        1), ``crimes_per_1000_households`` (smoothed), ``p_adjusted`` (how likely chance alone would put as
        many of the crimes there, each household being equally at risk: exact binomial, one-sided, adjusted
        for the number of areas), ``gap_rank`` and ``risk_rank`` (above 0, up to 1), ``priority`` (0 to 1) and
        ``rank`` (1 first; equal scores share the lower number). An area without households or coverage has no
        gap, no rank and no priority.

    Raises
    ------
    ColumnError
        If a column is missing, a code repeats, or a coverage is not between 0 and 1.
    TooFewError
        If fewer than ``MIN_AREAS`` areas have households and a coverage.

    Examples
    --------
    >>> areas = pd.DataFrame(
    ...     {"n_households": [100, 100, 100], "evidenced_coverage": [0.1, 0.9, 0.5], "n_crimes": [9, 0, 3]},
    ...     index=["a", "b", "c"],
    ... )
    >>> rank_priority(areas)[["gap_rank", "risk_rank", "priority", "rank"]].round(2)
       gap_rank  risk_rank  priority  rank
    a      1.00       1.00      1.00     1
    b      0.33       0.33      0.33     3
    c      0.67       0.67      0.67     2
    """
    _require(areas)
    coverage = areas["evidenced_coverage"].astype(np.float64)
    known = (areas["n_households"] > 0) & coverage.notna()
    require_enough(int(known.sum()), MIN_AREAS, Phrase("areas with households and coverage"))
    households = areas["n_households"].where(known).to_numpy(dtype=np.float64, na_value=np.nan)
    risk = PER_HOUSEHOLDS * smooth_rates(areas["n_crimes"].to_numpy(dtype=np.float64), households)
    answer = areas[list(_COUNTED)].copy()
    answer["visit_gap"] = (1 - coverage).where(known)
    answer["crimes_per_1000_households"] = risk
    answer["p_adjusted"] = _compute_excess_p(answer["n_crimes"].to_numpy(), households)
    answer["gap_rank"] = answer["visit_gap"].round(12).rank(pct=True)
    answer["risk_rank"] = answer["crimes_per_1000_households"].round(12).rank(pct=True)
    answer["priority"] = np.sqrt(answer["gap_rank"] * answer["risk_rank"])
    rank = answer["priority"].round(12).rank(ascending=False, method="min")
    answer["rank"] = rank.astype("int64" if known.all() else "Int64")
    return answer


def has_distinct_risks(ranked: pd.DataFrame) -> bool:
    """Return whether risk affects the ranking: with very few crimes all smoothed rates are equal.

    Parameters
    ----------
    ranked
        What :func:`rank_priority` returned.

    Examples
    --------
    >>> areas = pd.DataFrame({"n_households": 100, "evidenced_coverage": [0.1, 0.9, 0.5]}, index=list("abc"))
    >>> [has_distinct_risks(rank_priority(areas.assign(n_crimes=n))) for n in ([9, 0, 3], [1, 0, 0])]
    [True, False]
    """
    return bool(ranked["risk_rank"].min() < ranked["risk_rank"].max())


def has_distinct_gaps(ranked: pd.DataFrame) -> bool:
    """Return whether the visit gap affects the ranking: without any visit all gaps are equal.

    Parameters
    ----------
    ranked
        What :func:`rank_priority` returned.

    Examples
    --------
    >>> areas = pd.DataFrame({"n_households": 100, "n_crimes": [9, 0, 3]}, index=list("abc"))
    >>> visited = [0.1, 0.9, 0.5], [0.0, 0.0, 0.0]
    >>> [has_distinct_gaps(rank_priority(areas.assign(evidenced_coverage=part))) for part in visited]
    [True, False]
    """
    return bool(ranked["gap_rank"].min() < ranked["gap_rank"].max())


def explain_priority(ranked: pd.DataFrame, area: str) -> PriorityFacts:
    """Gather the facts behind the priority of one area.

    Parameters
    ----------
    ranked
        What :func:`rank_priority` returned.
    area
        A code of its index that has a rank.

    Returns
    -------
    PriorityFacts
        The facts of this area.

    Raises
    ------
    ColumnError
        If the area is not in the index or has no rank.

    Examples
    --------
    >>> areas = pd.DataFrame(
    ...     {"n_households": [100, 100, 100], "evidenced_coverage": [0.1, 0.9, 0.5], "n_crimes": [9, 0, 3]},
    ...     index=["a", "b", "c"],
    ... )
    >>> facts = explain_priority(rank_priority(areas), "a")
    >>> facts.rank, facts.n_missed, facts.leading
    (1, 90, 'both')
    """
    found = ranked[(ranked.index == area) & ranked["rank"].notna()].to_dict("records")
    if not found:
        raise ColumnError(
            "The area {area!r} has no priority: it does not exist, or has no households.", area=area
        )
    row = found[0]
    typical_gap = float(ranked["visit_gap"].median())
    typical_risk = float(ranked["crimes_per_1000_households"].median())
    return PriorityFacts(
        area=area,
        rank=int(row["rank"]),
        n_areas=int(ranked["rank"].notna().sum()),
        n_households=int(row["n_households"]),
        n_missed=round(row["n_households"] * row["visit_gap"]),
        coverage=float(row["evidenced_coverage"]),
        typical_coverage=1 - typical_gap,
        n_crimes=int(row["n_crimes"]),
        raw_crimes_per_1000=float(PER_HOUSEHOLDS * row["n_crimes"] / row["n_households"]),
        crimes_per_1000=float(row["crimes_per_1000_households"]),
        typical_crimes_per_1000=typical_risk,
        leading=_find_leading(
            gap=_is_high(row["gap_rank"], row["visit_gap"], typical_gap),
            crime=_is_high(row["risk_rank"], row["crimes_per_1000_households"], typical_risk)
            and row["p_adjusted"] <= HIGH_LEVEL,
        ),
    )


def count_reported_crimes(crimes: pd.DataFrame, areas: pd.Index, *, by: str = "village_code") -> pd.DataFrame:
    """Count crimes by area, without those discovered by patrols.

    Parameters
    ----------
    crimes
        Crimes with ``source`` (reported, discovered or unknown) and the column ``by``.
    areas
        Codes of the areas to count, in this order.
    by
        Column with the area code; missing if in none.

    Returns
    -------
    pandas.DataFrame
        By area: ``n_crimes`` (reported, or of unknown source), ``n_unknown_source`` (part of them) and
        ``n_discovered`` (not part of them).

    Raises
    ------
    ColumnError
        If a column is missing.

    Examples
    --------
    >>> sources = ["reported", "discovered", "unknown"]
    >>> crimes = pd.DataFrame({"village_code": ["a", "a", "a"], "source": sources})
    >>> count_reported_crimes(crimes, pd.Index(["a"])).loc["a"].to_dict()
    {'n_crimes': 2, 'n_unknown_source': 1, 'n_discovered': 1}
    """
    require_columns(crimes, (by, "source"), Phrase("crimes"))
    discovered, unknown = crimes["source"] == DISCOVERED, crimes["source"] == "unknown"
    parts = {"n_crimes": ~discovered, "n_unknown_source": unknown, "n_discovered": discovered}
    counts = {
        name: crimes.loc[chosen.to_numpy(dtype=bool), by].value_counts().reindex(areas, fill_value=0)
        for name, chosen in parts.items()
    }
    return pd.DataFrame(counts, index=areas).astype("int64")


def name_rts(households: pd.DataFrame) -> pd.Series:
    """Make the RT code of each household from village code, RW and RT.

    Parameters
    ----------
    households
        ``village_code``, ``rw`` and ``rt``, text.

    Returns
    -------
    pandas.Series
        ``rt_code`` on the index of ``households``, such as ``"3521072013 002/003"`` (RW/RT); missing where
        village or RT is. A missing RW is left blank; leading zeros do not matter.

    Raises
    ------
    ColumnError
        If a column is missing.

    Examples
    --------
    >>> name_rts(pd.DataFrame({"village_code": ["v"], "rw": ["2"], "rt": ["03"]})).item()
    'v 002/003'
    """
    require_columns(households, ("village_code", "rw", "rt"), Phrase("households"))
    rt, rw = (households[part].astype("str").str.strip().str.zfill(3) for part in ("rt", "rw"))
    named = households["village_code"].astype("str") + " " + rw.fillna("") + "/" + rt
    return named.where(households["rt"].notna() & households["village_code"].notna()).rename("rt_code")


def assign_rts(
    crimes: gpd.GeoDataFrame, households: gpd.GeoDataFrame, *, max_distance_m: float = RT_MAX_DISTANCE_M
) -> pd.Series:
    """Find the RT of each crime: that of the nearest household, as RTs have no official borders.

    Parameters
    ----------
    crimes
        Points in a metric CRS.
    households
        Points in the CRS of ``crimes``, indexed by household id, with ``village_code``, ``rw`` and ``rt``.
    max_distance_m
        A crime farther from any household is in no RT.

    Returns
    -------
    pandas.Series
        ``rt_code`` on the index of ``crimes``, as :func:`name_rts` makes it.

    Raises
    ------
    CRSError
        If a layer has no CRS, is not in metres, or the two differ.
    GeometryError
        If a layer holds anything but points.
    ColumnError
        If the households lack a column.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import Point
    >>> home = {"village_code": ["v"], "rw": ["2"], "rt": ["3"]}
    >>> homes = gpd.GeoDataFrame(home, geometry=[Point(0, 0)], index=["h"], crs="EPSG:32749")
    >>> crimes = gpd.GeoDataFrame(geometry=[Point(30, 40), Point(900, 0)], crs="EPSG:32749")
    >>> assign_rts(crimes, homes).tolist()
    ['v 002/003', nan]
    """
    nearest = match_households(crimes, households, max_distance_m=max_distance_m)["household_id"]
    rts = name_rts(households)
    return pd.Series(rts.reindex(nearest).to_numpy(), index=crimes.index, name="rt_code", dtype="str")


def _is_high(rank: float, value: float, typical: float) -> bool:
    """Return whether a value is in the upper third and above the median: where most areas tie, it is not."""
    return rank >= HIGH_RANK - _TIE and value > typical + _TIE


def _find_leading(*, gap: bool, crime: bool) -> Leading:
    if gap and crime:
        return "both"
    if gap:
        return "gap"
    return "crime" if crime else "neither"


def _compute_excess_p(n_crimes: NDArray[np.int64], households: NDArray[np.float64]) -> NDArray[np.float64]:
    """Compute how likely chance would put as many of all crimes among the households of each area."""
    known = ~np.isnan(households)
    p = np.full(len(households), np.nan)
    share = households[known] / households[known].sum()
    p[known] = stats.binom.sf(n_crimes[known] - 1, n_crimes[known].sum(), share)
    return adjust_p_values(p)


def _require(areas: pd.DataFrame) -> None:
    require_columns(areas, _COUNTED, Phrase("areas"))
    if not areas.index.is_unique:
        raise ColumnError(
            "The area {area!r} appears more than once.", area=areas.index[areas.index.duplicated()][0]
        )
    coverage = areas["evidenced_coverage"].dropna()
    if not ((coverage >= 0) & (coverage <= 1)).all():
        raise ColumnError("Coverage must be between 0 and 1.")
