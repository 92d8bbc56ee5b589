"""Unknown spellings of village names, each listed once with the villages that may be meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process

from data.errors import DataError
from data.importing.register import BPS, make_spelling_key
from data.values import normalise_names, read_codes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from data.importing.register import Register

MAX_SPELLINGS = 200
"""Most spellings to compare with the register, those with the most rows first."""
N_CANDIDATES = 3
MIN_LIKELY_RATIO = 85.0
"""Least similarity (0 to 100) at which a candidate is offered as the likely one."""
_ALIKE, _NAME_ALIKE = 70.0, 60.0
_NAME_SHARE = 0.75  # weight of the village's name in the similarity; the rest is the district's


def list_spellings(frame: pd.DataFrame, row_numbers: NDArray[np.int64], register: Register) -> pd.DataFrame:
    """List the unknown spellings of villages.

    Parameters
    ----------
    frame
        Placed rows: ``village_code`` (missing where none was found), ``village_given``, ``district_given``
        and ``placement``, n rows.
    row_numbers
        Their n row numbers in the file.
    register
        The villages in force.

    Returns
    -------
    pandas.DataFrame
        One row for each spelling, those with the most rows first, indexed by normalised
        ``district|village``: ``village_given``, ``district_given``, ``n_rows``, ``first_row``, and
        ``candidates``: codes of villages with similar names and their similarity (0 to 100), best first.
    """
    lost = frame[
        (frame["placement"] == "unlocated") & frame["village_code"].isna() & frame["village_given"].notna()
    ]
    village = normalise_names(lost["village_given"].astype("str"))
    district = normalise_names(lost["district_given"].astype("str")).fillna("")
    rows = lost[["village_given", "district_given"]].assign(
        key=district + "|" + village, row=row_numbers[frame.index.get_indexer(lost.index)]
    )
    each = rows[village.notna()].groupby("key", sort=False)
    listed = each[["village_given", "district_given"]].first().astype("str")
    listed = listed.assign(n_rows=each.size(), first_row=each["row"].min())
    listed = listed.sort_values(["n_rows", "first_row"], ascending=[False, True], kind="stable")
    candidates = pd.Series(_candidates(listed, register), index=listed.index, dtype=object)
    return listed.assign(candidates=candidates)


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
    for row in score:
        best = np.argsort(-row, kind="stable")[:N_CANDIDATES]
        found.append([(str(known.index[at]), round(float(row[at]), 1)) for at in best if row[at] > 0])
    return found + [[] for _ in range(len(listed) - len(asked))]


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
