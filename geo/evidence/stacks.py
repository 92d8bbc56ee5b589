"""Spots where the fixes of many households pile up, found without comparing every pair of fixes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import cKDTree

from geo.evidence.columns import combine_codes, mark_runs

if TYPE_CHECKING:
    from numpy.typing import NDArray

_APART = 1e3  # distance between days in the third dimension, in multiples of the reach


def find_stacked(
    days: NDArray[np.int64],
    households: NDArray[np.int64],
    places: NDArray[np.float64],
    *,
    at_least: int,
    within_m: float,
) -> NDArray[np.bool_]:
    """Find the fixes that lie in a spot of many households.

    A spot is a fix with all those of its day at most ``within_m`` away. The few fixes in crowded stretches of
    their day are put into cells so small that all fixes in a cell are in each other's spot: a cell with
    enough households needs no pairs, and elsewhere a fix has few neighbours. The work thus grows with the
    fixes and not with their pairs.

    Parameters
    ----------
    days
        n numbers of the officer's day, from 0.
    households
        n codes of the household.
    places
        n by 2, metres; only those of the same day are compared.
    at_least
        Different households that make a spot a stack (≥).
    within_m
        Reach of a spot (≤), metres.

    Returns
    -------
    numpy.ndarray
        n booleans.

    Examples
    --------
    >>> places = np.column_stack([[0.0, 10.0, 20.0, 40.0], np.zeros(4)])
    >>> find_stacked(np.zeros(4, int), np.arange(4), places, at_least=3, within_m=10.0).tolist()
    [True, True, True, False]
    """
    stacked = np.zeros(len(days), dtype=bool)
    rows = np.flatnonzero(_count_distinct(days, households, days.max(initial=-1) + 1)[days] >= at_least)
    for part in places.T:  # what is in no crowded stretch along x, and then along y, is in no stack
        crowded = mark_runs(days[rows], part[rows], at_least=at_least, within=2 * within_m * (1 + 1e-9))
        rows = rows[crowded]
    if len(rows):
        which, of_row = _distinct(days[rows], households[rows], places[rows])
        rows_of_sites = rows[which]
        sites = days[rows_of_sites], households[rows_of_sites], places[rows_of_sites]
        stacked[rows] = _stacked_sites(*sites, at_least, within_m)[of_row]
    return stacked


def _distinct(
    days: NDArray[np.int64], households: NDArray[np.int64], places: NDArray[np.float64]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Keep one row per day, household and place, and return which of them each row belongs to."""
    order = np.lexsort((places[:, 1], places[:, 0], households, days))
    key = np.column_stack([days, households, places])[order]
    new = np.ones(len(order), dtype=bool)
    new[1:] = (key[1:] != key[:-1]).any(axis=1)
    of_row = np.empty(len(order), dtype=np.intp)
    of_row[order] = new.cumsum() - 1
    return order[new], of_row


def _stacked_sites(
    days: NDArray[np.int64],
    households: NDArray[np.int64],
    places: NDArray[np.float64],
    at_least: int,
    within_m: float,
) -> NDArray[np.bool_]:
    cells = np.floor(places / (within_m / np.sqrt(2) * (1 - 1e-9))).astype(np.int64)
    cell = np.unique(combine_codes(days, *cells.T), return_inverse=True)[1]
    middle = _count_distinct(cell, households, cell.max() + 1)[cell] >= at_least
    sparse = np.flatnonzero(~middle)
    deep = np.column_stack([places, days * (_APART * max(within_m, 1.0))])
    pairs = _pairs(deep, sparse, within_m)
    near = _count_distinct(pairs["i"], households[pairs["j"]], len(sparse))
    middle[sparse] = near >= at_least
    stacked = middle.copy()
    stacked[sparse[pairs["i"][middle[pairs["j"]]]]] = True
    return stacked


def _pairs(deep: NDArray[np.float64], some: NDArray[np.intp], reach: float) -> NDArray[np.void]:
    """List the pairs of some places (``i``) and all places (``j``), themselves included, within reach."""
    return cKDTree(deep[some]).sparse_distance_matrix(cKDTree(deep), reach, output_type="ndarray")


def _count_distinct(groups: NDArray[np.intp], members: NDArray[np.int64], n_groups: int) -> NDArray[np.intp]:
    """Count the different members of each group."""
    span = int(members.max(initial=0)) + 1
    pairs = np.sort(groups * span + members)
    new = np.diff(pairs, prepend=-1) != 0
    return np.bincount(pairs[new] // span, minlength=n_groups)
