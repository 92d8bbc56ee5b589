"""Areas of unequal size whose crime per km² is like, or unlike, their neighbours'."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from geo.checks import require_counts, take_exposure
from geo.errors import Phrase
from geo.hotspots.moran import REFINED_PERMUTATIONS, measure_local_moran
from geo.significance import MIN_CRIMES, adjust_p_values, require_enough

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

LEVEL = 0.05
"""False discoveries among the areas that are called alike or unlike: 95 % confidence."""

_MAPS_PER_AREA = 40  # random maps with which one area of n can be significant: 2/(40n + 1) is below 0.05/n
_MOST_MAPS = 40_000  # enough for a thousand areas; of more, several together can still be significant
_AT_ONCE = 500_000  # crimes of areas held at once: 4 MB
_ENOUGH = 10  # maps as extreme as observed, after which an area is settled (Besag & Clifford 1991)


def find_alike_areas(
    counts: pd.Series,
    exposure: pd.Series,
    neighbours: sparse.csr_array,
    *,
    seed: int = 0,
    minimum: int = MIN_CRIMES,
) -> pd.DataFrame:
    """Find areas whose rates are significantly like, or unlike, those of their neighbours (local Moran's I).

    The rates of small areas vary most, and small areas lie together in towns, so that a permutation of the
    rates, which takes them to be exchangeable, finds towns and their edges in random crimes. So an area is
    significant only if it is so in both: among permutations (:func:`geo.hotspots.moran.measure_local_moran`)
    and among maps of as many crimes that fall at random on the exposure (Besag & Newell 1991 on the need of
    such a null where populations differ).

    Parameters
    ----------
    counts
        Crimes by area.
    exposure
        Room for crime in each area, in any unit, such as its km² of land, on the index of ``counts``.
    neighbours
        n by n binary weights in the order of ``counts``, without the areas themselves.
    seed
        Random seed: the same seed and order of areas give the same result.
    minimum
        Minimum number of crimes.

    Returns
    -------
    pandas.DataFrame
        As from :func:`geo.hotspots.moran.measure_local_moran` of counts ÷ exposure, with ``p`` the larger one
        of permutations and random maps, and ``p_adjusted`` of it; random maps are drawn only where the
        permutations find something.

    Raises
    ------
    ColumnError
        If counts, exposure and weights differ in length, a count is missing or not whole, or an exposure is
        not above 0.
    TooFewError
        If there are fewer than ``geo.hotspots.getis.MIN_AREAS`` areas or ``minimum`` crimes.

    Examples
    --------
    >>> import pandas as pd
    >>> from geo.weights import find_cell_neighbours
    >>> ids = pd.Index([f"square_100_{c}_{r}" for r in range(9) for c in range(9)])
    >>> counts = pd.Series(1, index=ids)
    >>> counts[[f"square_100_{c}_{r}" for r in (1, 2) for c in (1, 2, 3)]] = 12
    >>> found = find_alike_areas(counts, pd.Series(1.0, index=ids), find_cell_neighbours(ids))
    >>> found.index[(found["p_adjusted"] <= LEVEL) & (found["quadrant"] == "HH")].str[-3:].tolist()
    ['2_1', '2_2']
    """
    x, room = counts.to_numpy(dtype=np.float64, na_value=np.nan), take_exposure(exposure, counts.index)
    require_counts(x)
    require_enough(float(x.sum()), minimum, Phrase("crimes"))
    n_maps = max(REFINED_PERMUTATIONS, min(_MAPS_PER_AREA * len(x), _MOST_MAPS))
    found = measure_local_moran(counts / exposure, neighbours, n_refined=n_maps, seed=seed, minimum=0)
    p = found["p"].to_numpy(copy=True)
    unusual = np.flatnonzero(p <= LEVEL)
    if unusual.size:
        among_maps = _compare_with_random(x, room, neighbours[unusual], unusual, n_maps=n_maps, seed=seed)
        agree = found["moran"].to_numpy()[unusual] * among_maps[0] > 0
        p[unusual] = np.where(agree, np.maximum(p[unusual], among_maps[1]), 1.0)
    return found.assign(p=p, p_adjusted=adjust_p_values(p))


def _compare_with_random(
    counts: NDArray[np.float64],
    exposure: NDArray[np.float64],
    around: sparse.csr_array,
    areas: NDArray[np.intp],
    *,
    n_maps: int,
    seed: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Compare areas, of which ``around`` has the rows, with maps of random crimes.

    Returned are the products of each area's deviation from the rate of all and its neighbours' mean one, and
    their two-sided p-values. The sign says which tail: like its neighbours, or unlike them.
    """
    needed = np.unique(np.concatenate([areas, around.indices]))
    own = np.searchsorted(needed, areas)
    weights = sparse.csr_array(sparse.diags_array(1 / np.diff(around.indptr)) @ around[:, needed])
    mean = counts.sum() / exposure.sum()

    def multiply(crimes: NDArray[np.float64]) -> NDArray[np.float64]:
        z = crimes / exposure[needed] - mean
        return np.asarray(z[:, own] * (weights @ z.T).T)

    seen = multiply(counts[np.newaxis, needed])[0]
    rounding = 1e-12 * np.abs(seen).max()  # tolerance, so that equal products compare as equal
    share = exposure[needed] / exposure.sum()
    share = np.append(share, max(1 - share.sum(), 0.0))  # the last is all the ground that isn't needed
    rng, beyond, drawn = np.random.default_rng(seed), np.zeros(len(areas)), 0
    while drawn < n_maps and beyond.min() < _ENOUGH:
        size = min(max(_AT_ONCE // len(share), 1), n_maps - drawn)
        products = multiply(rng.multinomial(int(counts.sum()), share, size=size)[:, :-1].astype(np.float64))
        beyond += ((products - seen) * np.sign(seen) >= -rounding).sum(axis=0)
        drawn += size
    return seen, np.minimum(1.0, 2 * (beyond + 1) / (drawn + 1))
