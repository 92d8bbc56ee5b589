"""Small cells that make up villages: their centres, neighbours and irregular borders.

The cells are Voronoi (1908) cells around scattered sites. A border between two cells is bent by midpoint
displacement (Fournier, Fussell and Carpenter 1982), kept inside the two triangles between the border and the
sites: these do not overlap, so no two borders can cross, and neighbours share every vertex.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import Voronoi

from data.sample.noise import Waves

CELLS_PER_VILLAGE = 18  # enough for irregular shapes
JITTER = 0.46  # of the spacing: how far a site is from a regular lattice
WIDE = 1.35  # width of the place over its height
RAGGED = 0.11  # how far the outline departs from an ellipse
NOTCHED = 0.45  # of the spacing: how irregularly cells at the outline are included
BEND = 0.24  # of a border's length: how far its midpoint is displaced
ROUGHNESS = 0.55  # share of the displacement that each halving keeps
ROOM = 0.7  # share of the triangle beside a border that it may bend into
STRAIGHT_M = 30.0  # shorter borders are not bent
HALVINGS = 3


@dataclass(frozen=True)
class Cells:
    """Cells in metres; ``inside`` marks those that belong to the place, not to the margin around it."""

    sites: np.ndarray
    """Shape (n, 2)."""
    inside: np.ndarray
    """Shape (n,), bool."""
    pairs: np.ndarray
    """The cells on both sides of each border, shape (m, 2)."""
    corners: np.ndarray
    """Where each border begins and ends, shape (m, 2, 2); NaN at infinity, far outside the place."""


def scatter_cells(n_inside: int, cell_km2: float, rng: np.random.Generator) -> Cells:
    """Scatter sites and draw their cells.

    Parameters
    ----------
    n_inside
        Approximate number of cells in the place.
    cell_km2
        Mean area of a cell.
    rng
        Random number generator.

    Returns
    -------
    Cells
        The cells of the place and a margin around them.

    Examples
    --------
    >>> cells = scatter_cells(50, 0.2, np.random.default_rng(1))
    >>> bool(45 <= cells.inside.sum() <= 55)
    True
    """
    spacing = np.sqrt(cell_km2 * 1e6)
    height = np.sqrt(n_inside * cell_km2 * 1e6 / (np.pi * WIDE))  # half axis of the ellipse
    half = np.array([height * WIDE, height])
    sites = _jittered_lattice(half * (1 + 4 * RAGGED) + 4 * spacing, spacing, rng)
    ragged = Waves.random(rng, shortest=0.5 * height, longest=2 * height)
    notched = rng.normal(0, NOTCHED * spacing / height, len(sites))
    order = np.argsort(np.hypot(*(sites / half).T) + RAGGED * ragged(sites) + notched, kind="stable")
    inside = np.zeros(len(sites), dtype=bool)
    inside[order[:n_inside]] = True
    voronoi = Voronoi(sites)
    ridges = np.array(voronoi.ridge_vertices)
    corners = np.where((ridges >= 0)[..., None], voronoi.vertices[ridges], np.nan)
    whole = join_fragments(inside.astype(int), voronoi.ridge_points) == 1
    return Cells(sites, whole, voronoi.ridge_points, corners)


def _jittered_lattice(half: np.ndarray, spacing: float, rng: np.random.Generator) -> np.ndarray:
    """Scatter roughly one point per ``spacing``² over the rectangle from -half to +half."""
    columns, rows = np.ceil(2 * half / spacing).astype(int)
    x, y = np.meshgrid(np.arange(columns, dtype=float), np.arange(rows, dtype=float))
    x += 0.5 * (y % 2)
    points = np.column_stack([x.ravel(), y.ravel()]) * spacing - half
    return points + rng.uniform(-JITTER, JITTER, points.shape) * spacing


def join_fragments(labels: np.ndarray, pairs: np.ndarray) -> np.ndarray:
    """Reassign cells that are cut off from the main part of their label to a neighbouring label.

    Parameters
    ----------
    labels
        Label of each cell, shape (n,), integers ≥ -1.
    pairs
        Neighbouring cells, shape (m, 2).

    Returns
    -------
    numpy.ndarray
        New labels; each label is one connected part, provided that all cells are connected.

    Examples
    --------
    >>> neighbours = np.array([[0, 1], [1, 2], [2, 3], [3, 4], [4, 5]])
    >>> join_fragments(np.array([0, 0, 1, 0, 1, 1]), neighbours).tolist()
    [0, 0, 0, 1, 1, 1]
    """
    labels = labels.copy()
    both_ways = np.vstack([pairs, pairs[:, ::-1]])
    while True:
        stray = _strays(labels, pairs)
        cell, neighbour = both_ways[stray[both_ways[:, 0]] & ~stray[both_ways[:, 1]]].T
        if not len(cell):
            return labels
        labels[cell] = labels.min()
        np.maximum.at(labels, cell, labels[neighbour])


def _strays(labels: np.ndarray, pairs: np.ndarray) -> np.ndarray:
    """Find the cells outside the largest connected part of their label."""
    joined = pairs[labels[pairs[:, 0]] == labels[pairs[:, 1]]]
    graph = coo_array((np.ones(len(joined)), joined.T), shape=(len(labels), len(labels)))
    n_bodies, body = connected_components(graph, directed=False)
    size = np.bincount(body)
    label = np.empty(n_bodies, dtype=labels.dtype)
    label[body] = labels
    order = np.lexsort((-size, label))
    first = np.ones(n_bodies, dtype=bool)
    first[order[1:]] = label[order[1:]] != label[order[:-1]]  # `order` now begins each label with its largest
    return ~first[body]


def bend_borders(cells: Cells, chosen: np.ndarray, rng: np.random.Generator) -> list[np.ndarray]:
    """Draw some borders as irregular lines.

    Parameters
    ----------
    cells
        The cells.
    chosen
        Which of the borders, shape (m,), bool.
    rng
        Random number generator.

    Returns
    -------
    list of numpy.ndarray
        A line of shape (k, 2) in metres for each chosen border.
    """
    start, end = cells.corners[chosen, 0], cells.corners[chosen, 1]
    along = end - start
    length = np.hypot(*along.T)
    steps = np.linspace(0, 1, 2**HALVINGS + 1)
    offset = _displace(length, rng)
    room = [_room(start, end, cells.sites[cells.pairs[chosen, side]], steps) for side in (0, 1)]
    across = np.column_stack([-along[:, 1], along[:, 0]]) / np.maximum(length, 1e-9)[:, None]
    towards_first = ((cells.sites[cells.pairs[chosen, 0]] - start) * across).sum(axis=1) > 0
    above = np.where(towards_first[:, None], room[0], room[1])
    below = np.where(towards_first[:, None], room[1], room[0])
    offset = np.clip(offset, -ROOM * below, ROOM * above)
    lines = start[:, None] + steps[:, None] * along[:, None] + offset[..., None] * across[:, None]
    lines[:, -1] = end  # to the last bit: neighbours meet here
    ends = [0, -1]
    return [line if long else line[ends] for line, long in zip(lines, length > STRAIGHT_M, strict=True)]


def _displace(length: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return offsets across lines of given lengths by midpoint displacement, shape (m, 2^HALVINGS + 1)."""
    n = 2**HALVINGS
    offset = np.zeros((len(length), n + 1))
    size, step = BEND * length, n
    while step > 1:
        half = step // 2
        middle = np.arange(half, n, step)
        chance = rng.uniform(-1, 1, (len(length), len(middle)))
        offset[:, middle] = (offset[:, middle - half] + offset[:, middle + half]) / 2 + size[:, None] * chance
        size, step = size * ROUGHNESS, half
    return offset


def _room(start: np.ndarray, end: np.ndarray, apex: np.ndarray, steps: np.ndarray) -> np.ndarray:
    """Return the height of the triangle (start, end, apex) at each step along its base, metres."""
    along = end - start
    length = np.maximum(np.hypot(*along.T), 1e-9)
    to_apex = apex - start
    foot = (to_apex * along).sum(axis=1) / length
    height = np.abs(along[:, 0] * to_apex[:, 1] - along[:, 1] * to_apex[:, 0]) / length
    with np.errstate(divide="ignore"):
        rise = np.where(foot > 0, height / np.maximum(foot, 1e-9), np.inf)
        fall = np.where(foot < length, height / np.maximum(length - foot, 1e-9), np.inf)
    reach = steps * length[:, None]
    with np.errstate(invalid="ignore"):
        left, right = rise[:, None] * reach, fall[:, None] * (length[:, None] - reach)
    return np.fmin(left, right)
