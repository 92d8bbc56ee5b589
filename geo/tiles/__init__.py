"""Map tiles of many households, drawn in about the same time at any zoom.

`index_households` sorts the households once; `render_tile` draws any tile from that index.
"""

from __future__ import annotations

from geo.tiles.index import TileIndex, index_households
from geo.tiles.render import FARTHEST_ZOOM, TILE_PIXELS, TILE_SCALES, render_tile
from geo.tiles.stamps import STATUS_SHAPES

__all__ = [
    "FARTHEST_ZOOM",
    "STATUS_SHAPES",
    "TILE_PIXELS",
    "TILE_SCALES",
    "TileIndex",
    "index_households",
    "render_tile",
]
