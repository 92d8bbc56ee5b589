"""Prizes of households: points for visit status, recent crime nearby, and tags."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from geo.checks import require_columns
from geo.errors import ColumnError, GeoError, Phrase
from geo.ground import project_locally
from geo.priority import DISCOVERED
from geo.status import STATUSES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

NEARBY_M = 300.0
RECENT_DAYS = 60.0
"""Crimes within ``NEARBY_M`` metres and the last ``RECENT_DAYS`` days count as local risk."""
FULL_RISK = 5
"""Number of crimes nearby at which risk points reach their maximum."""
STATUS_SHARES: Final[Mapping[str, float]] = MappingProxyType(
    {"never": 1.0, "overdue": 0.8, "due": 0.5, "visited": 0.1}
)
"""Share of the status points by visit status."""


@dataclass(frozen=True)
class PrizeWeights:
    """Maximum points for each part of a prize.

    Attributes
    ----------
    status
        For a household never visited.
    risk
        For ``FULL_RISK`` or more crimes nearby.
    tags
        For each tag, such as ``elderly``; other tags earn none.
    """

    status: float = 6.0
    risk: float = 4.0
    tags: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Raise for negative points."""
        if min(self.status, self.risk, *self.tags.values()) < 0:
            raise GeoError("Points for a visit are 0 or more.")


Preset = Literal["gap", "crime", "balanced"]
PRESETS: Final[Mapping[Preset, PrizeWeights]] = MappingProxyType(
    {"gap": PrizeWeights(9.0, 1.0), "crime": PrizeWeights(2.0, 8.0), "balanced": PrizeWeights(6.0, 4.0)}
)
"""Weights that favour closing the coverage gap, responding to crime, or both."""


def measure_prizes(
    households: pd.DataFrame,
    status: pd.Series,
    crimes: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    weights: PrizeWeights | None = None,
) -> pd.DataFrame:
    """Compute the prize of visiting each household, and its parts.

    Crimes that patrols discovered themselves are ignored, to avoid a feedback loop.

    Parameters
    ----------
    households
        Indexed by household id: ``lon``, ``lat`` (WGS84); optional ``tags``, words joined by a space, comma
        or semicolon.
    status
        Visit status by household id, as from `geo.status.find_household_status`; *never* where missing.
    crimes
        ``occurred_at`` (with a time zone), ``category``, ``lon``, ``lat``; optional ``source``.
    as_of
        Reference time, with a time zone; crimes in the ``RECENT_DAYS`` before it count.
    weights
        Maximum points; None for the balanced preset.

    Returns
    -------
    pandas.DataFrame
        On the index of ``households``: ``prize``, its parts ``status_points``, ``risk_points`` and
        ``tag_points``, ``status``, ``n_crimes_near``, and ``top_category`` with ``n_top_category``, the most
        frequent category among them (the first by name if tied; missing if none).

    Raises
    ------
    ColumnError
        If a column is missing, or a status is not in ``geo.status.STATUSES``.

    Examples
    --------
    >>> households = pd.DataFrame({"lon": [111.0, 111.02], "lat": -7.4}, index=["a", "b"])
    >>> day = pd.Timestamp("2026-11-20", tz="Asia/Jakarta")
    >>> crimes = pd.DataFrame({"occurred_at": [day], "category": "curat", "lon": 111.001, "lat": -7.4})
    >>> status = pd.Series(["never", "visited"], index=["a", "b"])
    >>> measure_prizes(households, status, crimes, as_of=day + pd.Timedelta(days=1))[
    ...     ["prize", "n_crimes_near", "top_category"]
    ... ]
       prize  n_crimes_near top_category
    a    6.8              1        curat
    b    0.6              0          NaN
    """
    weights = weights or PRESETS["balanced"]
    known = status.reindex(households.index).astype("object").fillna("never")
    if not known.isin(STATUSES).all():
        raise ColumnError("A status is one of {statuses}.", statuses=STATUSES)
    near = count_nearby_crimes(households, crimes, as_of=as_of)
    parts = pd.DataFrame(index=households.index)
    parts["status_points"] = weights.status * known.map(dict(STATUS_SHARES)).astype(np.float64)
    parts["risk_points"] = weights.risk * near["n_crimes_near"].clip(upper=FULL_RISK) / FULL_RISK
    parts["tag_points"] = _tag_points(households, weights.tags)
    parts.insert(0, "prize", parts.sum(axis=1))
    return parts.assign(status=known.astype("str")).join(near)


def count_nearby_crimes(
    households: pd.DataFrame, crimes: pd.DataFrame, *, as_of: pd.Timestamp
) -> pd.DataFrame:
    """Count recent crimes near each household.

    Parameters
    ----------
    households, crimes, as_of
        As for :func:`measure_prizes`.

    Returns
    -------
    pandas.DataFrame
        On the index of ``households``: ``n_crimes_near``, ``top_category``, ``n_top_category``.

    Raises
    ------
    ColumnError
        If a column is missing.
    """
    require_columns(households, ("lon", "lat"), Phrase("households"))
    require_columns(crimes, ("occurred_at", "category", "lon", "lat"), Phrase("crimes"))
    recent = _recent(crimes, as_of)
    categories, names = pd.factorize(recent["category"].fillna("other").astype("str"), sort=True)
    counts = np.zeros((len(households), max(1, len(names))), dtype=np.int64)
    homes, places = _flat(households, recent)
    located = np.flatnonzero(np.isfinite(homes).all(axis=1))
    if len(recent) and len(located):
        near = cKDTree(places).query_ball_point(homes[located], NEARBY_M)
        sizes = np.fromiter(map(len, near), dtype=np.int64, count=len(near))
        hits = np.concatenate([np.asarray(hit, dtype=np.int64) for hit in near])
        np.add.at(counts, (np.repeat(located, sizes), categories[hits]), 1)
    top = counts.argmax(axis=1)
    most = counts.max(axis=1)
    labels = np.asarray([*names, ""], dtype=object)[np.where(most > 0, top, -1)]
    return pd.DataFrame(
        {
            "n_crimes_near": counts.sum(axis=1),
            "top_category": pd.Series(labels, index=households.index, dtype="str").where(most > 0),
            "n_top_category": most,
        },
        index=households.index,
    )


def _recent(crimes: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    age = as_of - crimes["occurred_at"]
    kept = (age > pd.Timedelta(0)) & (age <= pd.Timedelta(days=RECENT_DAYS))
    kept &= crimes["lon"].notna() & crimes["lat"].notna()
    if "source" in crimes:
        kept &= crimes["source"] != DISCOVERED
    return crimes[kept]


def _flat(households: pd.DataFrame, crimes: pd.DataFrame) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Project both to one plane centred on the households, in metres."""
    west, south = (float(households[name].astype(np.float64).median()) for name in ("lon", "lat"))
    planes = [
        project_locally(
            frame["lon"].to_numpy(np.float64), frame["lat"].to_numpy(np.float64), west=west, south=south
        )
        for frame in (households, crimes)
    ]
    return np.column_stack(planes[0]), np.column_stack(planes[1])


def _tag_points(households: pd.DataFrame, points: Mapping[str, float]) -> pd.Series:
    total = pd.Series(0.0, index=households.index)
    if not points or "tags" not in households:
        return total
    tags = households["tags"].fillna("").astype("str").str.casefold().str.split(r"[\s,;]+")
    for tag, value in points.items():
        total += value * np.array([tag.casefold() in mine for mine in tags], dtype=np.float64)
    return total
