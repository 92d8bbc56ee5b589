"""Unknown spellings of village names, each listed once with the villages that may be meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process

from data.errors import DataError
from data.importing.register import BPS, make_spelling_key
from data.importing.spelling_hints import vote_for_villages
from data.values import normalise_names, read_codes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from data.importing.register import Register
    from data.importing.spelling_hints import KnownPeople

MAX_SPELLINGS = 200
"""Most spellings to compare with the register, those with the most rows first."""
N_CANDIDATES = 3
MAX_EQUAL = 12
"""Most candidates of one spelling, where that many villages share its name."""
MIN_LIKELY_RATIO = 85.0
"""Least similarity (0 to 100) at which a candidate is offered as the likely one."""
_ALIKE, _NAME_ALIKE = 70.0, 60.0
_NAME_SHARE = 0.75  # weight of the village's name in the similarity; the rest is the district's


def list_spellings(
    frame: pd.DataFrame,
    row_numbers: NDArray[np.int64],
    register: Register,
    read_people: Callable[[], KnownPeople],
) -> pd.DataFrame:
    """List the unknown spellings of villages.

    Parameters
    ----------
    frame
        Placed rows: ``village_code`` (missing where none was found), ``village_given``, ``district_given``
        and ``placement``, n rows; and what tells which village a row means, as for ``vote_for_villages``.
    row_numbers
        Their n row numbers in the file.
    register
        The villages in force.
    read_people
        Reads who is registered where; called only if there are such spellings.

    Returns
    -------
    pandas.DataFrame
        One row for each spelling, those with the most rows first, indexed by normalised
        ``district|village``: ``village_given``, ``district_given``, ``n_rows``, ``first_row``;
        ``candidates``: codes of villages with similar names and their similarity (0 to 100), those that the
        rows speak for first, then by similarity and name; ``likely``, the code of the one that is meant
        (missing where nothing tells), and ``likely_by``: ``name`` or ``rows``.
    """
    lost = frame[
        (frame["placement"] == "unlocated") & frame["village_code"].isna() & frame["village_given"].notna()
    ]
    village = normalise_names(lost["village_given"].astype("str"))
    district = normalise_names(lost["district_given"].astype("str")).fillna("")
    rows = lost.assign(key=district + "|" + village, row=row_numbers[frame.index.get_indexer(lost.index)])
    rows = rows[village.notna()]
    each = rows.groupby("key", sort=False)
    listed = each[["village_given", "district_given"]].first().astype("str")
    listed = listed.assign(n_rows=each.size(), first_row=each["row"].min())
    listed = listed.sort_values(["n_rows", "first_row"], ascending=[False, True], kind="stable")
    scored = pd.Series(_candidates(listed, register), index=listed.index, dtype=object)
    return listed.join(_rank(scored, rows, register, read_people))


def _candidates(listed: pd.DataFrame, register: Register) -> list[list[tuple[str, float]]]:
    """Find villages with similar names for the first ``MAX_SPELLINGS``; none for the others."""
    asked = listed.index[:MAX_SPELLINGS]
    known, parents = register.village_names.dropna(), register.district_names.fillna("")
    if not len(asked) or known.empty:
        return [[] for _ in range(len(listed))]
    districts, villages = (list(part) for part in zip(*(key.split("|", 1) for key in asked), strict=True))
    alike = process.cdist(villages, known.tolist(), scorer=fuzz.ratio)
    parent = process.cdist(districts, parents[known.index].tolist(), scorer=fuzz.ratio)
    nameless = np.array([not name for name in districts])[:, None] | (parents[known.index] == "").to_numpy()
    score = np.where(nameless, alike, _NAME_SHARE * alike + (1 - _NAME_SHARE) * parent)
    score[(score < _ALIKE) | (alike < _NAME_ALIKE)] = 0
    found = []
    for row in score.round(1):
        n_best = min(int((row == row.max()).sum()), MAX_EQUAL)
        best = np.argsort(-row, kind="stable")[: max(N_CANDIDATES, n_best)]
        found.append([(str(known.index[at]), round(float(row[at]), 1)) for at in best if row[at] > 0])
    return found + [[] for _ in range(len(listed) - len(asked))]


def _rank(
    scored: pd.Series, rows: pd.DataFrame, register: Register, read_people: Callable[[], KnownPeople]
) -> pd.DataFrame:
    """Order the candidates of each spelling by what its rows know, and find the one that is meant."""
    codes = scored.map(_pick_asked)
    asked = rows[rows["key"].isin(codes.index[codes.str.len() > 0])]
    if asked.empty:
        return pd.DataFrame({"candidates": scored, "likely": None, "likely_by": None}, index=scored.index)
    votes = vote_for_villages(asked, codes, read_people())
    names = register.district_names.fillna("") + "|" + register.village_names.fillna("")
    by_spelling: dict[str, dict[str, int]] = {str(key): {} for key in scored.index}
    parts = (votes.index.get_level_values(level).tolist() for level in ("key", "code"))
    for key, code, n in zip(*parts, votes.tolist(), strict=True):  # one a spelling and candidate, not a row
        by_spelling[key][code] = n
    ranked = [
        _rank_one(found, by_spelling[str(key)], names)
        for key, found in zip(scored.index, scored, strict=True)
    ]
    return pd.DataFrame(ranked, index=scored.index, columns=["candidates", "likely", "likely_by"])


def _pick_best(found: list[tuple[str, float]]) -> list[str]:
    most = max((score for _, score in found), default=0.0)
    return [code for code, score in found if score == most]


def _pick_asked(found: list[tuple[str, float]]) -> list[str]:
    """Pick the candidates that rows are asked about: those of the same name, else all with similar names."""
    best = _pick_best(found)
    return best if len(best) > 1 else [code for code, _ in found]


def _rank_one(
    found: list[tuple[str, float]], votes: Mapping[str, int], names: pd.Series
) -> tuple[list[tuple[str, float]], str | None, str | None]:
    """Order the candidates of one spelling; codes never decide.

    A village is the likely one if its name alone is the most similar, at least ``MIN_LIKELY_RATIO``, and most
    rows that speak for a village do not contradict; or if it shares the most similar name, and all of them
    speak for it.
    """
    ordered = sorted(found, key=lambda one: (-votes.get(one[0], 0), -one[1], names[one[0]]))
    best = _pick_best(found)
    if not best or max(score for _, score in found) < MIN_LIKELY_RATIO:
        return ordered, None, None
    if len(best) == 1:
        agrees = 2 * votes.get(best[0], 0) >= sum(votes.values())
        return ordered, *((best[0], "name") if agrees else (None, None))
    only = next(iter(votes)) if len(votes) == 1 else None
    return ordered, *((only, "rows") if only in best else (None, None))


def check_spellings(stated: Mapping[str, str], register: Register) -> pd.Series:
    """Check the spellings that a user explained, and return those not known already.

    Parameters
    ----------
    stated
        Village codes, with dots, without or as P-codes, by ``district|village`` in any spelling of the names.
    register
        The villages in force.

    Returns
    -------
    pandas.Series
        Village codes by normalised ``district|village``.

    Raises
    ------
    DataError
        If there is no village with that code.
    """
    read = read_codes(pd.Series(list(stated.values()), dtype="str"))
    codes = register.translate(read.codes.where(~read.prefixed, BPS + read.codes))
    if codes.isna().any():
        raise DataError(
            "There is no village {village}: see the list of villages.",
            option="the 'status' command",
            village=list(stated.values())[int(codes.isna().argmax())],
        )
    keys = [make_spelling_key(key.rpartition("|")[2], key.rpartition("|")[0] or None) for key in stated]
    said = pd.Series(codes.to_numpy(), index=pd.Index(keys, dtype="str"), dtype="str")
    return said[said.ne(register.spellings.reindex(said.index)).to_numpy()]
