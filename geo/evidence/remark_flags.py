"""Flag raised by remarks that an officer repeats at many visits."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geo.evidence.columns import (
    DAY_MICROSECONDS,
    MISSING_CODE,
    UNKNOWN_TIME,
    combine_codes,
    encode_column,
    make_flag,
    mark_runs,
    require_log,
    take_visit_times,
)
from geo.evidence.rules import DEFAULT_RULES
from geo.evidence.text_similarity import bound_edit_distance, count_letters, pack_texts

if TYPE_CHECKING:
    from numpy.typing import NDArray

N_NEIGHBOURS = 3
"""Number of remarks that each is compared with: those after it in alphabetical order, and in that of the
reversed texts. Copies with a changed word, name, date or number are adjacent in at least one of the two."""

CHUNK_ROWS = 50_000
"""Visits after which a new batch of officers begins."""

_PERCENT = 100


def flag_copied_remarks(
    visits: pd.DataFrame,
    *,
    ratio: float = DEFAULT_RULES.copied_ratio,
    characters: int = DEFAULT_RULES.copied_characters,
    at_least: int = DEFAULT_RULES.copied_visits,
    within_days: float = DEFAULT_RULES.copied_days,
) -> pd.Series:
    """Flag visits whose remarks the officer repeated, almost word for word, at many others.

    Case and runs of spaces are ignored. Each distinct remark of an officer is compared with the `NEIGHBOURS`
    next ones in alphabetical order, forward and backward (with up to `NEIGHBOURS` + 1 remarks, all pairs), so
    that the work grows with the remarks and not with their pairs. Remarks that are alike through others
    belong together.

    Parameters
    ----------
    visits
        With ``visited_at`` (tz-aware), ``officer_id`` and, where there are any, ``remarks``.
    ratio
        Similarity from which (≥) two remarks are alike, 0 to 100: 100 · (1 - d ÷ n), where d letters must be
        deleted or inserted to turn one into the other and n is the number of letters of both (Indel ratio).
    characters
        Length from which (≥) a remark counts, with runs of spaces as one.
    at_least
        Visits with such remarks (≥).
    within_days
        Days of 24 hours from the first to the last of them (≤).

    Returns
    -------
    pandas.Series
        Booleans on the index of ``visits``.

    Raises
    ------
    ColumnError
        If a column is missing or ``visited_at`` has no time zone.

    Examples
    --------
    >>> at = pd.date_range("2026-10-05 09:00", periods=5, freq="D", tz="Asia/Jakarta")
    >>> remarks = [f"Sambang warga, situasi aman dan kondusif, kunjungan {number}" for number in range(5)]
    >>> visits = pd.DataFrame({"visited_at": at, "officer_id": "o1", "remarks": remarks})
    >>> flag_copied_remarks(visits).tolist()
    [True, True, True, True, True]
    >>> flag_copied_remarks(visits.head(4)).tolist()
    [False, False, False, False]
    """
    require_log(visits)
    officer, moment = encode_column(visits, "officer_id"), take_visit_times(visits)
    remarks = visits["remarks"] if "remarks" in visits.columns else pd.Series(None, visits.index, dtype="str")
    rows = np.flatnonzero((officer != MISSING_CODE) & (moment != UNKNOWN_TIME) & remarks.notna().to_numpy())
    rows = rows[np.argsort(officer[rows], kind="stable")]

    def look(part: NDArray[np.intp]) -> NDArray[np.intp]:
        family = _find_families(officer[part], remarks.iloc[part], ratio=ratio, characters=characters)
        long = np.flatnonzero(family != MISSING_CODE)
        within = within_days * DAY_MICROSECONDS
        copied = mark_runs(family[long], moment[part][long], at_least=at_least, within=within)
        return part[long[copied]]

    found = map(look, _part_by_officer(officer[rows], rows))
    return make_flag(visits, np.concatenate([np.empty(0, dtype=np.intp), *found]), "copied_remarks")


def _part_by_officer(officer: NDArray[np.int64], rows: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    """Split rows, sorted by officer, into batches of whole officers, to save memory."""
    first = np.flatnonzero(np.diff(officer, prepend=MISSING_CODE))
    part = first // CHUNK_ROWS
    return np.split(rows, first[1:][np.diff(part) > 0]) if len(rows) else []


def _find_families(
    officer: NDArray[np.int64], remarks: pd.Series, *, ratio: float, characters: int
) -> NDArray[np.int64]:
    """Assign numbers to the families of similar remarks of each officer, MISSING to remarks too short."""
    raw, written = pd.factorize(remarks)
    plain = _plain(pd.Series(written, dtype="str"))
    number, texts = pd.factorize(plain.where(plain.str.len() >= characters))
    text = number[raw]
    family = np.full(len(text), MISSING_CODE, dtype=np.int64)
    rows = np.flatnonzero(text != MISSING_CODE)
    pairs = combine_codes(officer[rows], text[rows])
    own, of_row = np.unique(pairs, return_index=True, return_inverse=True)[1:]
    family[rows] = _join_alike(
        officer[rows][own], text[rows][own], _read(pd.Series(texts, dtype="str")), ratio
    )[of_row]
    return family


def _plain(texts: pd.Series) -> pd.Series:
    """Lower the case and collapse spaces, by literal replacement: many times as fast as a pattern."""
    plain = texts.str.lower()
    for space in ("\n", "\r", "\t", "\u00a0"):
        plain = plain.str.replace(space, " ", regex=False)
    length = None
    while length is None or (plain.str.len() < length).any():
        length = plain.str.len()
        plain = plain.str.replace("  ", " ", regex=False)
    return plain.str.strip()


class _Remarks(NamedTuple):
    """Texts, their ranks in two orders, and the letter counts that bound their similarity."""

    words: NDArray[np.object_]
    size: NDArray[np.int64]
    ranks: tuple[NDArray[np.intp], NDArray[np.intp]]
    counts: NDArray[np.int32]


def _read(texts: pd.Series) -> _Remarks:
    size = np.asarray(texts.str.len(), dtype=np.int64)
    ranks = _rank(texts), _rank(texts.str[::-1])
    return _Remarks(texts.to_numpy(dtype=object), size, ranks, count_letters(pack_texts(texts)))


def _rank(texts: pd.Series) -> NDArray[np.intp]:
    """Return the rank of each text in alphabetical order."""
    ranks = np.empty(len(texts), dtype=np.intp)
    ranks[texts.argsort()] = np.arange(len(texts))
    return ranks


def _join_alike(
    officer: NDArray[np.int64], text: NDArray[np.int64], remarks: _Remarks, ratio: float
) -> NDArray[np.int64]:
    """Assign numbers to the families of similar remarks; one entry per officer and text.

    The nearest neighbours come first: a pair that is already in one family needs no comparison.
    """
    orders = [np.lexsort((ranks[text], officer)) for ranks in remarks.ranks]
    family = np.arange(len(text), dtype=np.int64)
    for lag in range(1, N_NEIGHBOURS + 1):
        one, other = np.concatenate([np.stack([order[:-lag], order[lag:]]) for order in orders], axis=1)
        open_ = (officer[one] == officer[other]) & (family[one] != family[other])
        one, other = one[open_], other[open_]
        alike = _alike(text[one], text[other], remarks, ratio)
        family = _merge(family, family[one[alike]], family[other[alike]])
    return family


def _merge(family: NDArray[np.int64], one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.int64]:
    """Merge families that are paired."""
    n = int(family.max(initial=-1)) + 1
    links = coo_array((np.ones(len(one), dtype=np.int8), (one, other)), shape=(n, n))
    return connected_components(links, directed=False)[1].astype(np.int64)[family]


def _alike(
    one: NDArray[np.int64], other: NDArray[np.int64], remarks: _Remarks, ratio: float
) -> NDArray[np.bool_]:
    """Return which pairs of texts are alike; a pair that several officers have is compared once."""
    pair = combine_codes(np.minimum(one, other), np.maximum(one, other))
    first, of_pair = np.unique(pair, return_index=True, return_inverse=True)[1:]
    one, other = one[first], other[first]
    alike = _may_be_alike(one, other, remarks, ratio)
    rest = np.flatnonzero(alike)
    if len(rest):
        words = remarks.words[one[rest]], remarks.words[other[rest]]
        alike[rest] = process.cpdist(*words, scorer=fuzz.ratio, score_cutoff=ratio) >= ratio
    return alike[of_pair]


def _may_be_alike(
    one: NDArray[np.int64], other: NDArray[np.int64], remarks: _Remarks, ratio: float
) -> NDArray[np.bool_]:
    """Return which pairs may be alike, by a fast check of their numbers of letters alone."""
    size = remarks.size
    most = (_PERCENT - ratio) * (size[one] + size[other])
    possible = np.abs(size[one] - size[other]) * _PERCENT <= most
    rest = np.flatnonzero(possible)
    fewest = bound_edit_distance(one[rest], other[rest], remarks.counts)
    possible[rest] = fewest * _PERCENT <= most[rest]
    return possible
