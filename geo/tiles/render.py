"""Rendering of one map tile: households by status, in colour and shape."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from operator import index as whole
from typing import TYPE_CHECKING, Final

import numpy as np
from PIL import Image

from geo.classify import STATUS_COLOURS
from geo.errors import GeoError
from geo.status import STATUSES
from geo.tiles.index import FINEST_COUNTED_LEVEL, TileIndex, find_in_tile
from geo.tiles.morton import KEY_LEVEL, decode_cells
from geo.tiles.stamps import make_stamps, measure_stamp_radius

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

TILE_PIXELS: Final = 256
FARTHEST_ZOOM: Final = 22
TILE_SCALES: Final = (1, 2)

_PIXEL_LEVELS = 8  # 2^8 pixels to a tile
_STRENGTHS = (0.45, 0.65, 0.85, 1.0)  # opacity of a pixel by the share of its households in its status
_OUTLINE, _OUTLINE_OPACITY = "#ffffff", 0.9


def render_tile(
    index: TileIndex, z: int, x: int, y: int, *, scale: int = 1, statuses: Collection[str] = STATUSES
) -> bytes:
    r"""Draw one tile of the map of households.

    From zoom 15 each household has the shape of its status, from zoom 13 a dot. At lower zooms a pixel has
    the colour of its most urgent status, the stronger the larger that status's share of the pixel's
    households. More urgent statuses lie on top: never, overdue, due, visited. A stamp across the border is
    drawn in both tiles.

    Parameters
    ----------
    index
        What :func:`geo.tiles.index_households` returned.
    z, x, y
        Zoom, column from the west and row from the north of the tile (XYZ scheme, Web Mercator).
    scale
        1 for 256 by 256 pixels, 2 for 512 by 512 on screens of high density.
    statuses
        Statuses of the households to show.

    Returns
    -------
    bytes
        A PNG with a palette, transparent where there is nothing.

    Raises
    ------
    GeoError
        If there is no such tile, scale or status.

    Examples
    --------
    >>> import pandas as pd
    >>> from geo.tiles import index_households
    >>> households = pd.DataFrame({"lon": [111.0], "lat": [-7.4]}, index=["h1"])
    >>> index = index_households(households, pd.Series(["never"], index=["h1"]))
    >>> render_tile(index, 0, 0, 0)[:4]
    b'\x89PNG'
    """
    tile = _require_tile(z, x, y)
    if scale not in TILE_SCALES:
        raise GeoError("The scale must be 1 or 2, not {scale!r}.", scale=scale)
    if not set(statuses) <= set(STATUSES):
        raise GeoError(
            "Unknown statuses {unknown!r}: use {statuses}.",
            unknown=sorted(set(statuses) - set(STATUSES)),
            statuses=STATUSES,
        )
    shown = np.isin(STATUSES, list(statuses))
    level = tile[0] + _PIXEL_LEVELS + scale - 1
    cells, colours = _look_up(index, tile, level, shown)
    if not len(cells):
        return _empty_tile(TILE_PIXELS * scale)
    col, row = decode_cells(cells)
    side = TILE_PIXELS * scale
    picture = _stamp(np.column_stack([row - tile[2] * side, col - tile[1] * side]), colours, tile[0], scale)
    return _encode(picture) if picture.any() else _empty_tile(side)


def _require_tile(z: int, x: int, y: int) -> tuple[int, int, int]:
    try:
        zoom, col, row = whole(z), whole(x), whole(y)
    except TypeError as error:
        raise GeoError("There is no tile {z}/{x}/{y}: use whole numbers.", z=z, x=x, y=y) from error
    if not (0 <= zoom <= FARTHEST_ZOOM and 0 <= col < 1 << zoom and 0 <= row < 1 << zoom):
        raise GeoError(
            "There is no tile {z}/{x}/{y}: zoom levels are 0 to {farthest_zoom}, columns and rows "
            "below 2^zoom.",
            z=z,
            x=x,
            y=y,
            farthest_zoom=FARTHEST_ZOOM,
        )
    return zoom, col, row


def _look_up(
    index: TileIndex, tile: tuple[int, int, int], level: int, shown: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """List the pixels with households in and around a tile, each with its index in the palette."""
    if level > FINEST_COUNTED_LEVEL:
        found = find_in_tile(index.keys, KEY_LEVEL, tile=tile, level=level)
        status = index.statuses[found]
        kept = shown[status]
        cells = index.keys[found] >> (2 * (KEY_LEVEL - level))
        return cells[kept], _colour(status[kept], len(_STRENGTHS) - 1)
    layer = index.layers[level]
    found = find_in_tile(layer.cells, level, tile=tile, level=level)
    counts = layer.counts[found] * shown
    some = np.flatnonzero(counts.any(axis=1))
    counts = counts[some]
    status = (counts > 0).argmax(axis=1)  # the first is the most urgent
    share = counts[np.arange(len(counts)), status] / counts.sum(axis=1)
    strength = np.ceil(share * len(_STRENGTHS)).astype(np.intp) - 1
    return layer.cells[found[some]], _colour(status, strength)


def _colour(status: NDArray[np.integer], strength: NDArray[np.intp] | int) -> NDArray[np.uint8]:
    """Return indices in the palette: the higher, the nearer to the top; 0 is transparent."""
    return (1 + (len(STATUSES) - 1 - status.astype(np.intp)) * len(_STRENGTHS) + strength).astype(np.uint8)


def _stamp(places: NDArray[np.int64], colours: NDArray[np.uint8], zoom: int, scale: int) -> NDArray[np.uint8]:
    """Draw all stamps, the less urgent ones first; among equals the outlines first."""
    stamps = make_stamps(zoom, scale)
    reach = measure_stamp_radius(stamps)
    side = TILE_PIXELS * scale
    inside = ((places >= -reach) & (places < side + reach)).all(axis=1)
    places, colours = places[inside] + 2 * reach, colours[inside]
    width = side + 4 * reach
    canvas = np.zeros(width * width, dtype=np.uint8)
    own = places[:, 0] * width + places[:, 1]
    outline = 1 + len(STATUSES) * len(_STRENGTHS)
    for colour in np.unique(colours):
        stamp = stamps[len(STATUSES) - 1 - (int(colour) - 1) // len(_STRENGTHS)]
        centres = np.unique(own[colours == colour])  # many households at one pixel are one stamp
        for part, value in ((stamp.outline, outline), (stamp.fill, colour)):
            for down, right in part:
                canvas[centres + (down * width + right)] = value
    picture = canvas.reshape(width, width)
    return picture[2 * reach : 2 * reach + side, 2 * reach : 2 * reach + side]


@cache
def _palette() -> tuple[bytes, bytes]:
    """Return the colours (RGB) and opacities of the palette."""
    colours, opacities = ["#000000"], [0.0]
    for name in STATUSES[::-1]:
        colours += [STATUS_COLOURS[name]] * len(_STRENGTHS)
        opacities += _STRENGTHS
    colours, opacities = [*colours, _OUTLINE], [*opacities, _OUTLINE_OPACITY]
    return (
        b"".join(bytes.fromhex(colour.removeprefix("#")) for colour in colours),
        bytes(round(255 * opacity) for opacity in opacities),
    )


@cache
def _empty_tile(side: int) -> bytes:
    return _encode(np.zeros((side, side), dtype=np.uint8))


def _encode(picture: NDArray[np.uint8]) -> bytes:
    colours, opacities = _palette()
    image = Image.fromarray(picture)  # grey, one byte per pixel, until it gets its palette
    image.putpalette(colours)
    file = BytesIO()
    image.save(file, "PNG", transparency=opacities, compress_level=6)
    return file.getvalue()
