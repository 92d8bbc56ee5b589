"""Where labels of a still map go."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MOST_PUSHES = 80
_SPARE = 0.5  # so that discs that are just apart count as apart
_TURN = 2.4  # radians from one disc to the next: those on one spot part in different directions
_NUDGE = 1e-3


def push_apart(
    points: NDArray[np.float64], clear: float, *, within: tuple[float, float] | None = None
) -> NDArray[np.float64]:
    """Move overlapping discs apart by equal amounts until none overlap, or for a limited number of steps.

    Parameters
    ----------
    points
        Middles of the discs, shape (n, 2).
    clear
        Least distance between two middles, in the same units.
    within
        Width and height of a frame from (0, 0) that discs of diameter ``clear`` must not leave.

    Returns
    -------
    numpy.ndarray
        Where the middles go, shape (n, 2).

    Examples
    --------
    >>> near, far = push_apart(np.array([[5.0, 5.0], [6.0, 5.0]]), 4.0)
    >>> float(np.hypot(*(far - near))) >= 4.0
    True
    """
    turns = np.arange(len(points)) * _TURN
    moved = points + _NUDGE * np.column_stack([np.cos(turns), np.sin(turns)])
    edge = clear / 2 + _SPARE
    for _ in range(_MOST_PUSHES):
        if within is not None:
            moved = np.clip(moved, edge, np.asarray(within) - edge)
        between = moved[:, np.newaxis] - moved
        apart = np.hypot(*np.moveaxis(between, -1, 0))
        np.fill_diagonal(apart, np.inf)
        if apart.min(initial=np.inf) >= clear:
            break
        lack = np.clip(clear + _SPARE - apart, 0, None) / 2
        moved += (between * (lack / apart)[..., np.newaxis]).sum(axis=1)
    return moved if within is None else np.clip(moved, edge, np.asarray(within) - edge)
