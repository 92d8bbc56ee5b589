"""Texts as one array of bytes, and a fast bound on the similarity of two texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

N_LETTER_KINDS = 8
"""Number of kinds into which letters are sorted to be counted; each letter is of one kind."""

_END = b"\n"  # after each text; no text may contain it
_CONTINUING = slice(0x80, 0xC0)  # continuation bytes of UTF-8: inside a letter, never at its beginning
_CHUNK = 1 << 22  # bytes counted at once, so that memory does not grow with the texts
_LANE = 8  # bits per count: one 64-bit number holds the counts of all kinds
_PIECE = (1 << _LANE) - 1  # bytes of a text that can be counted so without overflow
_PAIRS = 1 << 18  # pairs compared at once


class PackedTexts(NamedTuple):
    """Texts in UTF-8.

    Attributes
    ----------
    run
        All texts, one after the other, each followed by a newline.
    first, end
        Positions of the beginning of each text and of its newline.
    """

    run: NDArray[np.uint8]
    first: NDArray[np.int64]
    end: NDArray[np.int64]


def pack_texts(texts: pd.Series) -> PackedTexts:
    r"""Join texts into one array of bytes.

    Parameters
    ----------
    texts
        None missing, and none with a newline (``\n``) in it.

    Returns
    -------
    Letters
        The texts as bytes.

    Examples
    --------
    >>> import pandas as pd
    >>> letters = pack_texts(pd.Series(["ab", "c"]))
    >>> letters.first.tolist(), letters.end.tolist()
    ([0, 3], [2, 4])
    """
    joined = texts.str.cat(sep=_END.decode()) + _END.decode() * bool(len(texts))
    run = np.frombuffer(joined.encode("utf-8", "surrogatepass"), dtype=np.uint8)
    end = np.flatnonzero(run == _END[0])
    first = np.append(0, end + 1)[: len(end)]
    return PackedTexts(run, first, end)


def count_letters(letters: PackedTexts) -> NDArray[np.int32]:
    """Count the letters of each text by kind, so that the counts of two texts bound their similarity.

    Parameters
    ----------
    letters
        The texts.

    Returns
    -------
    numpy.ndarray
        Counts, n by ``N_LETTER_KINDS``. The frequent letters are spread over the kinds.

    Examples
    --------
    >>> import pandas as pd
    >>> count_letters(pack_texts(pd.Series(["aab", "b"]))).sum(axis=1).tolist()
    [3, 1]
    """
    one = _kinds_of_bytes(letters.run)
    size = letters.end - letters.first
    counts = np.zeros((len(size), N_LETTER_KINDS), dtype=np.int32)
    chunk_of = np.cumsum(size + 1) // _CHUNK
    for rows in np.split(np.arange(len(size)), np.flatnonzero(np.diff(chunk_of)) + 1):
        if not len(rows):
            continue
        start, stop = letters.first[rows[0]], letters.end[rows[-1]] + 1
        n_pieces = size[rows] // _PIECE + 1
        piece = np.cumsum(n_pieces) - n_pieces  # the first one of each text
        within = np.arange(n_pieces.sum()) - np.repeat(piece, n_pieces)
        begins = np.repeat(letters.first[rows] - start, n_pieces) + within * _PIECE
        packed = np.add.reduceat(one[letters.run[start:stop]], begins)
        by_kind = packed.view(np.uint8).reshape(-1, N_LETTER_KINDS)
        counts[rows[0] : rows[-1] + 1] = np.add.reduceat(by_kind, piece, axis=0, dtype=np.int32)
    return counts


def bound_edit_distance(
    one: NDArray[np.int64], other: NDArray[np.int64], counts: NDArray[np.int32]
) -> NDArray[np.int64]:
    """Compute a lower bound on the letters to delete or insert to turn one text into another.

    Each letter that is deleted or inserted changes one count by one.

    Parameters
    ----------
    one, other
        Positions of the two texts of each pair.
    counts
        :func:`count_letters` of all texts.

    Returns
    -------
    numpy.ndarray
        The bound for each pair.

    Examples
    --------
    >>> import pandas as pd
    >>> counts = count_letters(pack_texts(pd.Series(["aab", "abbb"])))
    >>> bound_edit_distance(np.array([0]), np.array([1]), counts).tolist()
    [3]
    """
    answer = np.zeros(len(one), dtype=np.int64)
    for start in range(0, len(one), _PAIRS):
        pairs = slice(start, start + _PAIRS)
        answer[pairs] = np.abs(counts[one[pairs]] - counts[other[pairs]]).sum(axis=1)
    return answer


def _kinds_of_bytes(run: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """Return for each byte value a 1 in the lane of its kind, or 0 if it begins no letter."""
    some = run[:: len(run) // _CHUNK + 1]  # enough to find the frequent ones
    frequent = np.argsort(-np.bincount(some, minlength=256), kind="stable")
    lane = np.empty(256, dtype=np.uint64)
    lane[frequent] = np.arange(256) % N_LETTER_KINDS * _LANE
    one = np.uint64(1) << lane
    one[_CONTINUING] = 0
    one[_END[0]] = 0
    return one
