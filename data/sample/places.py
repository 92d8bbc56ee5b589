"""Invented place names, composed of Javanese words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data.sample.text import split_words

if TYPE_CHECKING:
    import numpy as np

REGENCY = "Karsawana"
REGENCY_CODE = "3599"  # East Java has no regency 99

_FIRST = split_words(
    "Sumber Kedung Wono Banyu Tegal Sendang Tlogo Watu Kali Randu Asem Sambi Ringin Pule Waru Bulu "
    "Gading Kebon Lembah Tirta Purwa Sela Rawa Giri"
)
_SECOND = split_words(
    "lintang kidang jenar lirang wengi lumut tunjung kawis menjur sembada rawit kemuning larasan "
    "pasren cempaka widuri sarangan lumbung wiguna mendira kencana laksa branti gumilar"
)
MAIN_HAMLET = "Krajan"  # name of the hamlet with the village office
_HAMLETS = split_words(
    "Lirang Jenar Kidang Lumut Tunjung Kawis Wengi Rawit Widuri Pasren Cempaka Kemuning Larasan Branti "
    "Gumilar Menjur Sembada Sarangan Kencana Laksana Wiguna Mendira Lintang Gupakan Sawahan"
)


def name_places(n: int, rng: np.random.Generator) -> list[str]:
    """Invent names of villages and districts.

    Parameters
    ----------
    n
    Number of names, at most 576.
    rng
        Random number generator.

    Returns
    -------
    list of str
    Distinct names.

    Examples
    --------
    >>> import numpy as np
    >>> len(set(name_places(236, np.random.default_rng(1))))
    236
    """
    every = [first + second for first in _FIRST for second in _SECOND]
    return [every[i] for i in rng.permutation(len(every))[:n]]


def name_hamlets(counts: np.ndarray, rng: np.random.Generator) -> list[str]:
    """Invent the names of each village's hamlets; the first is the one with the village office.

    Parameters
    ----------
    counts
    Number of hamlets in each village, shape (n,), each at most 26.
    rng
        Random number generator.

    Returns
    -------
    list of str
        Names village by village, unique within a village.

    Examples
    --------
    >>> import numpy as np
    >>> name_hamlets(np.array([1, 1]), np.random.default_rng(1))
    ['Krajan', 'Krajan']
    """
    names: list[str] = []
    for count in counts:
        names.append(MAIN_HAMLET)
        names.extend(_HAMLETS[i] for i in rng.permutation(len(_HAMLETS))[: count - 1])
    return names
