"""Chains of road pieces between junctions, so that a search visits junctions only."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Chains(NamedTuple):
    """How m pieces of road form chains between junctions.

    Attributes
    ----------
    chain
        Number of the chain of each piece, m.
    ends
        Corners at both ends of the chain of each piece, m by 2.
    metres, seconds
        Distance and time from the start of each piece along its chain to both ends, m by 2.
    away
        1 where travel along the piece leads away from that end, -1 where it leads towards it, m by 2.
    """

    chain: NDArray[np.int64]
    ends: NDArray[np.int64]
    metres: NDArray[np.float64]
    seconds: NDArray[np.float64]
    away: NDArray[np.int64]


def link_pieces(
    segments: NDArray[np.int64], metres: NDArray[np.float64], seconds: NDArray[np.float64]
) -> Chains:
    """Link pieces of road into chains at corners where exactly two meet.

    Parameters
    ----------
    segments
        Corners at the start and the end of each piece, m by 2, different from each other.
    metres, seconds
        Length and travel time of each piece, m.

    Returns
    -------
    Chains
        Chains of the pieces; a ring without a junction starts and ends at its lowest-numbered corner.

    Examples
    --------
    >>> chains = link_pieces(np.array([[0, 1], [2, 1]]), np.array([10.0, 5.0]), np.array([2.0, 1.0]))
    >>> np.sort(chains.ends, axis=1).tolist()
    [[0, 2], [0, 2]]
    >>> np.sort(chains.metres, axis=1).tolist()
    [[0.0, 15.0], [0.0, 15.0]]
    """
    m = len(segments)
    head = np.concatenate([segments[:, 1], segments[:, 0]])  # of each piece forwards, then backwards
    follow = _follow(segments, head)
    last = np.arange(2 * m + 1)
    along_m, along_s = (np.append(np.tile(values, 2), 0.0) for values in (metres, seconds))
    while (follow < 2 * m).any():
        along_m, along_s = along_m + along_m[follow], along_s + along_s[follow]
        last = np.where(follow < 2 * m, last[follow], last)
        follow = follow[follow]
    forth, back = last[:m], last[m : 2 * m]
    first_is_forth = forth < back
    ways = np.column_stack([np.where(first_is_forth, forth, back), np.where(first_is_forth, back, forth)])
    nearer = np.column_stack([first_is_forth, ~first_is_forth])
    to_end = [
        np.where(nearer, values[:m, None], (values[m : 2 * m] - own)[:, None])
        for values, own in ((along_m, metres), (along_s, seconds))
    ]
    return Chains(ways[:, 0], head[ways], to_end[0], to_end[1], np.where(nearer, -1, 1))


def _follow(segments: NDArray[np.int64], head: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the next piece and direction after each; 2 m where it ends at a junction."""
    m = len(segments)
    tail = np.concatenate([segments[:, 0], segments[:, 1]])
    passed = _passed(segments)
    leaving = np.argsort(tail, kind="stable")
    first = np.searchsorted(tail[leaving], head)
    candidates = leaving[np.minimum(first[:, None] + [0, 1], 2 * m - 1)]
    itself = (np.arange(2 * m) + m) % (2 * m)  # the same piece in the other direction
    onward = np.where(candidates[:, 0] == itself, candidates[:, 1], candidates[:, 0])
    return np.append(np.where(passed[head], onward, 2 * m), 2 * m)


def _passed(segments: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return a mask of corners where just two pieces meet; each part keeps at least one junction."""
    n = int(segments.max()) + 1
    passed = np.bincount(segments.ravel(), minlength=n) == 2  # noqa: PLR2004 - in and out
    graph = coo_array((np.ones(len(segments)), (segments[:, 0], segments[:, 1])), shape=(n, n))
    part = connected_components(graph, directed=False)[1]
    has_junction = np.bincount(part, weights=~passed) > 0
    lowest = np.unique(part, return_index=True)[1]
    passed[lowest[~has_junction]] = False
    return passed
