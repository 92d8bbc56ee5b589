"""Many texts as one run of bytes: their order and a bound on their likeness, without a look at each pair."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

KINDS = 8
"""Kinds into which letters are counted: what is more by one is less by none of the others."""

_END = b"\n"  # behind each text; no text may hold it
_CONTINUING = slice(0x80, 0xC0)  # bytes that UTF-8 has inside a letter, never at its beginning
_BLOCK = 8  # bytes that are compared at once, as one number
_CHUNK = 1 << 22  # bytes that are counted at once, so that memory does not grow with the texts
_LANES = 4  # counts of 16 bits in one number of 64
_MOST = np.iinfo(np.uint16).max  # letters of the longest text that can be counted so
_PAIRS = 1 << 18  # pairs that are bounded at once


class Letters(NamedTuple):
    """Texts in UTF-8.

    Attributes
    ----------
    run
        All texts, one behind the other, with a line's end behind each and room before and after.
    first, end
        Where each text begins, and where its line's end is.
    """

    run: NDArray[np.uint8]
    first: NDArray[np.int64]
    end: NDArray[np.int64]


def read_letters(texts: pd.Series) -> Letters:
    r"""Lay texts one behind the other.

    Parameters
    ----------
    texts
        None missing, and none with a line's end (``\n``) in it.

    Returns
    -------
    Letters
        See there.

    Examples
    --------
    >>> import pandas as pd
    >>> letters = read_letters(pd.Series(["ab", "c"]))
    >>> letters.first.tolist(), letters.end.tolist()
    ([16, 19], [18, 20])
    """
    words = texts.to_list()
    room = " " * (2 * _BLOCK)
    joined = room + _END.decode().join(words) + _END.decode() * bool(words) + room
    run = np.frombuffer(joined.encode("utf-8", "surrogatepass"), dtype=np.uint8)
    end = np.flatnonzero(run == _END[0])
    first = np.append(2 * _BLOCK, end + 1)[: len(end)]
    return Letters(run, first, end)


def sort_by_letters(
    groups: NDArray[np.int64], text: NDArray[np.int64], letters: Letters, *, backward: bool
) -> NDArray[np.intp]:
    """Sort entries by group, and within a group by the letters of their texts.

    Blocks of bytes are compared as numbers, and only among entries that all blocks before left equal: so
    the work grows with the letters that two texts share, and not with those of all.

    Parameters
    ----------
    groups, text
        n each: the entry's group, and which of the texts it has.
    letters
        The texts.
    backward
        Whether the letters are read from the last to the first.

    Returns
    -------
    numpy.ndarray
        The n positions in their order; equal entries keep theirs.

    Examples
    --------
    >>> import pandas as pd
    >>> letters = read_letters(pd.Series(["ab", "ca", "b"]))
    >>> sort_by_letters(np.zeros(3, dtype=int), np.arange(3), letters, backward=True).tolist()
    [1, 2, 0]
    """
    order = np.argsort(groups, kind="stable")
    size = (letters.end - letters.first)[text]
    places = np.arange(len(order))  # in the order, whose entries are not yet told apart from all others
    rank = groups[order]  # the same for entries with the same letters so far
    depth = 0
    while len(places):
        block = _blocks(letters, text[order[places]], depth, backward=backward)
        within = _sort_where_mixed(rank, block)
        order[places], block = order[places][within], block[within]
        begins = _changes(rank) | _changes(block)
        rank = places[_last(begins)]
        # An entry at its end took part once more, as the least of its like.
        settled = begins & np.append(begins[1:], True) | (size[order[places]] <= depth)
        places, rank = places[~settled], rank[~settled]
        depth += _BLOCK
    return order


def count_letters(letters: Letters) -> NDArray[np.uint16]:
    """Count the letters of each text by kind, so that the counts of two texts bound their likeness.

    Parameters
    ----------
    letters
        The texts.

    Returns
    -------
    numpy.ndarray
        (n, ``KINDS``). The frequent letters are spread over the kinds. All zero for a text too long to be
        counted in 16 bits.

    Examples
    --------
    >>> import pandas as pd
    >>> count_letters(read_letters(pd.Series(["aab", "b"]))).sum(axis=1).tolist()
    [3, 1]
    """
    kinds = _kinds_of_bytes(letters.run)
    size = letters.end - letters.first
    counts = np.zeros((len(size), KINDS), dtype=np.uint16)
    chunk_of = np.cumsum(size + 1) // _CHUNK
    for rows in np.split(np.arange(len(size)), np.flatnonzero(np.diff(chunk_of)) + 1):
        if not len(rows):
            continue
        start, stop = letters.first[rows[0]], letters.end[rows[-1]] + 1
        for half in range(KINDS // _LANES):
            packed = np.add.reduceat(kinds[half][letters.run[start:stop]], letters.first[rows] - start)
            lanes = slice(half * _LANES, (half + 1) * _LANES)
            counts[rows[0] : rows[-1] + 1, lanes] = packed.view(np.uint16).reshape(-1, _LANES)
    counts[size > _MOST] = 0
    return counts


def fewest_changes(
    one: NDArray[np.int64], other: NDArray[np.int64], letters: Letters, counts: NDArray[np.uint16]
) -> NDArray[np.int64]:
    """Bound from below how many letters must be taken out or put in to make one text of another.

    Each letter that is taken out or put in changes one count by one.

    Parameters
    ----------
    one, other
        Pairs of texts.
    letters, counts
        All texts, and :func:`count_letters` of them.

    Returns
    -------
    numpy.ndarray
        For each pair; 0 where one of them was too long to be counted.

    Examples
    --------
    >>> import pandas as pd
    >>> letters = read_letters(pd.Series(["aab", "abbb"]))
    >>> fewest_changes(np.array([0]), np.array([1]), letters, count_letters(letters)).tolist()
    [3]
    """
    counted = letters.end - letters.first <= _MOST
    answer = np.zeros(len(one), dtype=np.int64)
    for start in range(0, len(one), _PAIRS):
        pairs = slice(start, start + _PAIRS)
        ours, theirs = counts[one[pairs]].astype(np.int32), counts[other[pairs]]
        answer[pairs] = np.abs(ours - theirs).sum(axis=1)
    answer[~(counted[one] & counted[other])] = 0
    return answer


def _changes(values: NDArray[np.generic]) -> NDArray[np.bool_]:
    """Tell which values differ from the one before; the first does."""
    return np.append(True, values[1:] != values[:-1])[: len(values)]


def _last(begins: NDArray[np.bool_]) -> NDArray[np.intp]:
    """For each position, the last one before or at it that begins something."""
    return np.maximum.accumulate(np.where(begins, np.arange(len(begins)), 0))


def _sort_where_mixed(rank: NDArray[np.int64], block: NDArray[np.uint64]) -> NDArray[np.intp]:
    """Order by rank, in which they are, and block; ranks of one block all through cost no sorting."""
    within = np.arange(len(rank))
    first = _last(_changes(rank))
    mixed = np.zeros(len(rank), dtype=bool)
    mixed[first[block != block[first]]] = True
    some = np.flatnonzero(mixed[first])
    within[some] = some[np.lexsort((block[some], rank[some]))]
    return within


def _blocks(letters: Letters, text: NDArray[np.int64], depth: int, *, backward: bool) -> NDArray[np.uint64]:
    """Take the next bytes of texts as numbers that sort as they do; nothing behind a text's end."""
    left = letters.end[text] - letters.first[text] - depth  # at least 1 where a text is not at its end
    at = letters.end[text] - depth - _BLOCK if backward else letters.first[text] + depth
    shape = (len(letters.run) - _BLOCK + 1,)
    every = np.ndarray(shape, "<u8" if backward else ">u8", letters.run, strides=(1,))
    missing = np.clip(_BLOCK - left, 0, _BLOCK - 1).astype(np.uint64) * np.uint64(_BLOCK)
    block = every[at].astype(np.uint64) >> missing << missing
    return np.where(left > 0, block, np.uint64(0))


def _kinds_of_bytes(run: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """For each byte that begins a letter, one in the lane of its kind; none for others and for ends."""
    some = run[:: len(run) // _CHUNK + 1]  # enough to tell the frequent ones
    frequent = np.argsort(-np.bincount(some, minlength=256), kind="stable")
    kind = np.empty(256, dtype=np.int64)
    kind[frequent] = np.arange(256) % KINDS
    one = np.zeros((KINDS // _LANES, 256), dtype=np.uint64)
    one[kind // _LANES, np.arange(256)] = np.uint64(1) << (kind % _LANES * 16).astype(np.uint64)
    one[:, _CONTINUING] = 0
    one[:, _END[0]] = 0
    return one
