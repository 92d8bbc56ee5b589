"""Layers of points: a heat layer, or a mark for each point."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from geo.checks import require_columns
from geo.errors import GeoError, Phrase
from geo.heat import DEFAULT_CELL_M, MAX_HEAT_CELLS, bin_points
from geo.maps.base import CLUSTER, HEAT, OfflineMap, ScriptLayer
from geo.maps.text import escape_texts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

MAX_POINTS = 5_000
"""Marks that a phone still draws smoothly; use heat or a surface for more."""
_STEPS = 65_535  # coordinates and weights are sent as 16-bit integers
_FULL_SHARE = 0.98  # by default, 2 % of the bins reach the full colour


class Symbol(NamedTuple):
    """Colour and shape of one kind of point."""

    colour: str
    shape: str = "circle"
    """One of circle, ring, square, diamond and triangle."""


def add_heat(
    map_: OfflineMap,
    binned: pd.DataFrame,
    colours: Sequence[str],
    *,
    full: float | None = None,
) -> OfflineMap:
    """Draw binned points as a heat layer.

    Use the same ``full`` for maps side by side, so that equal colours mean equal weights. If there are more
    bins than ``geo.heat.MAX_HEAT_CELLS``, they are merged into larger ones.

    Parameters
    ----------
    map_
        The map to draw on.
    binned
        lon, lat (WGS84) and weight of each bin, as returned by ``geo.heat.bin_points``; ``.attrs["cell_m"]``
        is their side, 100 m where absent.
    colours
        From weak to strong, as ``#rrggbb``.
    full
        Weight of a 100 m bin drawn in the full colour (twice that for a bin twice as wide); by default the
        98th percentile of the bins.

    Returns
    -------
    OfflineMap
        The same map.

    Raises
    ------
    ColumnError
        If lon, lat or weight is missing.
    GeoError
        If ``full`` is not above 0.

    Examples
    --------
    >>> import geopandas as gpd
    >>> import pandas as pd
    >>> from geo.maps import make_map
    >>> bins = pd.DataFrame({"lon": [111.4], "lat": [-7.4], "weight": [3.0]})
    >>> nowhere = gpd.GeoDataFrame(geometry=[], crs="EPSG:4326")
    >>> map_ = add_heat(make_map(nowhere), bins, ["#fef0d9", "#b30000"], full=3)
    >>> "Sambang.heat(" in map_.get_root().render()
    True
    """
    require_columns(binned, ("lon", "lat", "weight"), Phrase("points"))
    if full is not None and not full > 0:
        raise GeoError("Heat needs a full weight above 0, not {full}.", full=full)
    if binned.empty:
        return map_
    cell_m = float(binned.attrs.get("cell_m", DEFAULT_CELL_M))
    if len(binned) > MAX_HEAT_CELLS:
        binned = bin_points(binned, cell_m=2 * cell_m, weight="weight")
        cell_m = float(binned.attrs["cell_m"])
    of_bin = float(binned["weight"].quantile(_FULL_SHARE)) if full is None else full * cell_m / DEFAULT_CELL_M
    packed, options = _pack(binned)
    gradient = {str(round((i + 1) / len(colours), 2)): colour for i, colour in enumerate(colours)}
    options |= {"full": of_bin, "cell": cell_m, "gradient": gradient}
    ScriptLayer("heat", packed, options).place_on(map_, HEAT)
    return map_


def _pack(binned: pd.DataFrame) -> tuple[str, dict[str, Any]]:
    """Encode lon, lat and weight as 16-bit integers in base64, 8 characters per bin."""
    places = binned[["lon", "lat"]].to_numpy(dtype="float64")
    weights = binned["weight"].to_numpy(dtype="float64")
    low, high = places.min(axis=0), places.max(axis=0)
    span = np.where(high > low, high - low, 1.0)
    heaviest = max(float(weights.max()), np.finfo(float).tiny)
    whole = np.column_stack([(places - low) / span, np.clip(weights / heaviest, 0, 1)[:, None]])
    numbers = np.rint(whole * _STEPS).astype("<u2")
    west, south = low.tolist()
    east, north = (low + span).tolist()
    return (
        base64.b64encode(numbers.tobytes()).decode("ascii"),
        {"bounds": [west, south, east, north], "heaviest": heaviest},
    )


def add_points(
    map_: OfflineMap,
    points: pd.DataFrame,
    symbols: Mapping[str, Symbol],
    *,
    cluster: bool = False,
) -> OfflineMap:
    """Draw a mark for each point on a canvas.

    On click, st_folium returns the id of the point in the properties of ``last_active_drawing``.

    Parameters
    ----------
    map_
        The map to draw on.
    points
        At most 5,000 with lon and lat (WGS84). Optional: ``kind`` (a key of ``symbols``), ``label`` (text of
        the tooltip) and ``id``. Rows without coordinates are left out.
    symbols
        Symbol of each kind; without ``kind``, all points have the first.
    cluster
        Whether to group points close together into one mark with their number.

    Returns
    -------
    OfflineMap
        The same map.

    Raises
    ------
    ColumnError
        If lon or lat is missing.
    GeoError
        If there are too many points, or a kind has no symbol.

    Examples
    --------
    >>> import geopandas as gpd
    >>> import pandas as pd
    >>> from geo.maps import make_map
    >>> nowhere = gpd.GeoDataFrame(geometry=[], crs="EPSG:4326")
    >>> one = pd.DataFrame({"lon": [111.4], "lat": [-7.4]})
    >>> map_ = add_points(make_map(nowhere), one, {"": Symbol("#7b3294")})
    >>> "Sambang.points(" in map_.get_root().render()
    True
    """
    require_columns(points, ("lon", "lat"), Phrase("points"))
    placed = points[points["lon"].notna() & points["lat"].notna()]
    if len(placed) > MAX_POINTS:
        raise GeoError(
            "A map draws at most {most:,} points one by one, not {n:,}: choose a smaller area, or "
            "show heat or a density surface.",
            most=MAX_POINTS,
            n=len(placed),
        )
    data: dict[str, Any] = {"at": placed[["lon", "lat"]].round(6).to_numpy().tolist()}
    data |= _kinds(placed, symbols)
    if "label" in placed.columns:
        data["labels"] = escape_texts(placed["label"])
    if "id" in placed.columns:
        data["ids"] = escape_texts(placed["id"])
    options = {"symbols": [symbol._asdict() for symbol in symbols.values()], "radius": 5, "cluster": cluster}
    ScriptLayer("points", data, options).place_on(map_, CLUSTER if cluster else None)
    return map_


def _kinds(points: pd.DataFrame, symbols: Mapping[str, Symbol]) -> dict[str, list[int]]:
    """Return the index of each point's symbol."""
    if "kind" not in points.columns:
        return {}
    numbers = points["kind"].map({kind: number for number, kind in enumerate(symbols)})
    if numbers.isna().any():
        unknown = points.loc[numbers.isna(), "kind"].iloc[0]
        raise GeoError(
            "There is no symbol for points of the kind {unknown!r}: give one of {kinds}.",
            unknown=unknown,
            kinds=list(symbols),
        )
    return {"kinds": numbers.astype("int64").tolist()}
