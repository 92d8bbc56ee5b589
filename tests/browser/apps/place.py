"""A sample place of 20 villages in four districts, and points in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

if TYPE_CHECKING:
    from collections.abc import Sequence

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "${alert(1)}",
    "`+alert(1)+`",
    "</script><script>alert(1)</script>",
    "{{7*7}}",
    "\\x3cimg src=x onerror=alert(1)\\x3e",
    "map_div2",
    "'-alert(1)-'",
    "{% raw %}drawnItems",
)
WEST, SOUTH, SIDE = 111.40, -7.45, 0.02  # degrees


def make_areas(names: Sequence[str] | None = HOSTILE) -> gpd.GeoDataFrame:
    """Villages that tile without gaps: Voronoi cells of jittered middles, cut to a rectangle."""
    rng = np.random.default_rng(7)
    column, row = np.meshgrid(np.arange(5), np.arange(4))
    middles = np.column_stack([column.ravel(), row.ravel()]) + 0.5 + rng.uniform(-0.3, 0.3, (20, 2))
    whole = shapely.box(WEST, SOUTH, WEST + 5 * SIDE, SOUTH + 4 * SIDE)
    spots = shapely.multipoints(middles * SIDE + [WEST, SOUTH])
    cells = shapely.get_parts(shapely.voronoi_polygons(spots, extend_to=whole, ordered=True))
    numbers = np.arange(20)
    district = numbers // 10 * 2 + numbers % 5 // 3
    village = (
        [names[i % len(names)] for i in range(20)]
        if names
        else [f"Desa {chr(65 + i)}wungu" for i in range(20)]
    )
    return gpd.GeoDataFrame(
        {
            "village": village,
            "district_code": [f"99010{d}" for d in district],
            "district": [names[d % len(names)] if names else f"Kecamatan {'KLMN'[d]}" for d in district],
        },
        geometry=shapely.intersection(cells, whole),
        crs="EPSG:4326",
        index=pd.Index([f"99010{d}{2001 + i}" for i, d in enumerate(district)], name="village_code"),
    )


def make_points(areas: gpd.GeoDataFrame, n: int) -> pd.DataFrame:
    """Points around three spots."""
    rng = np.random.default_rng(3)
    west, south, east, north = areas.total_bounds
    spots = np.array([[0.3, 0.35], [0.62, 0.7], [0.8, 0.25]])[rng.integers(0, 3, n)]
    at = np.clip(spots + rng.normal(0, 0.08, (n, 2)), 0.01, 0.99)
    return pd.DataFrame({"lon": west + at[:, 0] * (east - west), "lat": south + at[:, 1] * (north - south)})
