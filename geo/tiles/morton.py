"""Morton codes of Web Mercator cells: sorted, all cells within a larger cell are consecutive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

KEY_LEVEL: Final = 31
"""Level of the finest cells, 2 cm wide: their codes have 62 bits."""

EASTERNMOST: Final = 180.0
NORTHERNMOST: Final = float(np.degrees(np.arctan(np.sinh(np.pi))))
"""Latitude at which Web Mercator is a square, 85.05°."""

_SPREAD = (
    (16, 0x0000_FFFF_0000_FFFF),
    (8, 0x00FF_00FF_00FF_00FF),
    (4, 0x0F0F_0F0F_0F0F_0F0F),
    (2, 0x3333_3333_3333_3333),
    (1, 0x5555_5555_5555_5555),
)
"""Steps that insert a zero between any two bits of a 32-bit number."""


def encode_cells(col: ArrayLike, row: ArrayLike) -> NDArray[np.int64]:
    """Interleave the bits of columns (from the west) and rows (from the north) of cells of one level.

    Parameters
    ----------
    col, row
        Whole numbers below 2^31.

    Returns
    -------
    numpy.ndarray
        Codes; without its last two bits, a code is that of the enclosing cell one level up.

    Examples
    --------
    >>> encode_cells([0, 1, 0, 1], [0, 0, 1, 1]).tolist()
    [0, 1, 2, 3]
    """
    return (_spread(col) | (_spread(row) << np.uint64(1))).astype(np.int64)


def decode_cells(code: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Separate the interleaved bits of columns and rows.

    Parameters
    ----------
    code
        Codes of cells.

    Returns
    -------
    tuple[numpy.ndarray, numpy.ndarray]
        Columns and rows.

    Examples
    --------
    >>> col, row = decode_cells(encode_cells([5, 1_000_000], [3, 2_000_000]))
    >>> col.tolist(), row.tolist()
    ([5, 1000000], [3, 2000000])
    """
    bits = code.astype(np.uint64)
    return _gather(bits), _gather(bits >> np.uint64(1))


def encode_points(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.int64]:
    """Find the finest cell of each place.

    Parameters
    ----------
    lon, lat
        WGS84 degrees, finite, within ±180 and ±`NORTHERNMOST`.

    Returns
    -------
    numpy.ndarray
        Codes of level `KEY_LEVEL`.

    Examples
    --------
    >>> (encode_points(np.array([-90.0, 90.0]), np.array([45.0, -45.0])) >> (2 * KEY_LEVEL - 2)).tolist()
    [0, 3]
    """
    n = 1 << KEY_LEVEL
    x = (lon + 180) / 360
    y = 0.5 - np.arcsinh(np.tan(np.radians(lat))) / (2 * np.pi)
    col, row = (np.clip((part * n).astype(np.int64), 0, n - 1) for part in (x, y))
    return encode_cells(col, row)


def _spread(number: ArrayLike) -> NDArray[np.uint64]:
    bits = np.asarray(number, dtype=np.uint64)
    for shift, mask in _SPREAD:
        bits = (bits | (bits << np.uint64(shift))) & np.uint64(mask)
    return bits


def _gather(bits: NDArray[np.uint64]) -> NDArray[np.int64]:
    bits = bits & np.uint64(_SPREAD[-1][1])
    masks = [mask for _, mask in _SPREAD[-2::-1]] + [0x0000_0000_FFFF_FFFF]
    for (shift, _), mask in zip(_SPREAD[::-1], masks, strict=True):
        bits = (bits | (bits >> np.uint64(shift))) & np.uint64(mask)
    return bits.astype(np.int64)
