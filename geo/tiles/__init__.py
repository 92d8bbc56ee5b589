"""Many households → one map tile, at any zoom and in about the same time.

`index_households` sorts them once; `render_tile` draws any tile from that.
"""

from __future__ import annotations

from geo.tiles.index import TileIndex, index_households
from geo.tiles.render import FARTHEST_ZOOM, SCALES, TILE_PIXELS, render_tile
from geo.tiles.stamps import SHAPES

__all__ = [
    "FARTHEST_ZOOM",
    "SCALES",
    "SHAPES",
    "TILE_PIXELS",
    "TileIndex",
    "index_households",
    "render_tile",
]
