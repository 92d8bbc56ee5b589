"""Which of several villages a repeated name means: by the households, heads, officers and RTs of the rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.values import normalise_names, read_units

_UNITS = ("rt", "rw")


@dataclass(frozen=True)
class KnownPeople:
    """Who is registered where.

    Parameters
    ----------
    households
        Indexed by ``household_id``: ``village_code``, ``head_name``, ``rt`` and ``rw``.
    officers
        Indexed by ``officer_id``: ``villages`` (codes separated by spaces).
    """

    households: pd.DataFrame
    officers: pd.DataFrame


def vote_for_villages(rows: pd.DataFrame, candidates: pd.Series, people: KnownPeople) -> pd.Series:
    """Find the villages that each row speaks for, by what else it says.

    A row speaks for the village where its household number is registered. Otherwise its head (with RT and RW,
    where both state them), its officer's villages, and its RT and RW each speak for a candidate if they are
    known in that one only; where they differ, the row speaks for several. Heads and RTs are silent unless
    households of every candidate are registered: the row's may be one of those that are not.

    Parameters
    ----------
    rows
        n rows: ``key`` of their spelling, and where known ``household_given``, ``head_name``, ``rt``, ``rw``
        and ``officer_id``.
    candidates
        Lists of village codes, by spelling.
    people
        The registered households and officers.

    Returns
    -------
    pandas.Series
        Number of rows that speak for a village, by spelling and village code; those that nobody speaks for
        are absent.

    Examples
    --------
    >>> home = {"village_code": "A", "head_name": "Sri", "rt": "1", "rw": "1"}
    >>> people = KnownPeople(pd.DataFrame(home, index=["K1"]), pd.DataFrame({"villages": "B"}, index=["P1"]))
    >>> rows = pd.DataFrame({"key": "|sawo", "household_given": ["K1", None], "officer_id": ["P1", "P1"]})
    >>> vote_for_villages(rows, pd.Series({"|sawo": ["A", "B"]}), people).to_dict()
    {('|sawo', 'A'): 1, ('|sawo', 'B'): 1}
    """
    pairs = _pair(rows, candidates)
    is_covered = _are_covered(pairs, people.households)
    own = _find_only(pairs, _fit_households(pairs, people.households))
    others = pd.concat(
        [
            _find_only(pairs, _fit_heads(pairs, people.households) & is_covered),
            _find_only(pairs, _fit_officers(pairs, people.officers)),
            _find_only(pairs, _fit_units(pairs, people.households) & is_covered),
        ]
    )
    votes = pd.concat([own, others[~others["row"].isin(own["row"])]]).drop_duplicates()
    return votes.groupby(["key", "code"]).size()


def _find_only(pairs: pd.DataFrame, fits: pd.Series) -> pd.DataFrame:
    """Return the rows that fit exactly one candidate, with it: ``key``, ``row`` and ``code``."""
    chosen = pairs.loc[fits, ["key", "row", "code"]]
    return chosen[~chosen["row"].duplicated(keep=False)]


def _pair(rows: pd.DataFrame, candidates: pd.Series) -> pd.DataFrame:
    """Pair each row with each candidate of its spelling: one line a pair, with the row's position."""
    wanted = ["household_given", "head_name", *_UNITS, "officer_id"]
    known = rows.reindex(columns=["key", *wanted]).assign(row=np.arange(len(rows)))
    listed = candidates.explode().dropna().rename("code").rename_axis("key").reset_index()
    pairs = known.merge(listed, on="key").astype({"code": "str"})
    units = {unit: read_units(pairs[unit].astype("str")) for unit in _UNITS}
    return pairs.assign(head=normalise_names(pairs["head_name"].astype("str")), **units)


def _prepare_homes(households: pd.DataFrame) -> pd.DataFrame:
    units = {unit: read_units(households[unit].astype("str")).array for unit in _UNITS}
    heads = normalise_names(households["head_name"].astype("str")).array
    codes = households["village_code"].astype("str").array
    return pd.DataFrame({"code": codes, "head": heads, **units}).dropna(subset=["code"])


def _are_covered(pairs: pd.DataFrame, households: pd.DataFrame) -> pd.Series:
    """Return which pairs are of rows all of whose candidates have registered households."""
    has_homes = pairs["code"].isin(households["village_code"].astype("str"))
    return has_homes.groupby(pairs["row"]).transform("all").astype(bool)


def _fit_households(pairs: pd.DataFrame, households: pd.DataFrame) -> pd.Series:
    own = pairs["household_given"].astype("str").map(households["village_code"].astype("str"))
    return (own == pairs["code"]).fillna(False).astype(bool)


def _fit_heads(pairs: pd.DataFrame, households: pd.DataFrame) -> pd.Series:
    """Return which candidates have a household of the row's head whose RT and RW do not differ."""
    asked = pairs.dropna(subset=["head"]).reset_index(names="pair")
    both = asked.merge(_prepare_homes(households), on=["code", "head"], suffixes=("", "_home"))
    for unit in _UNITS:
        same = both[unit] == both[f"{unit}_home"]
        both = both[(same | both[unit].isna() | both[f"{unit}_home"].isna()).to_numpy(dtype=bool)]
    return pd.Series(pairs.index.isin(both["pair"]), index=pairs.index)


def _fit_officers(pairs: pd.DataFrame, officers: pd.DataFrame) -> pd.Series:
    villages = officers["villages"].astype("str").str.split().explode().dropna()
    assigned = pd.MultiIndex.from_arrays([villages.index.astype("str"), villages.array])
    asked = pd.MultiIndex.from_arrays([pairs["officer_id"].astype("str"), pairs["code"]])
    return pd.Series(asked.isin(assigned), index=pairs.index)


def _fit_units(pairs: pd.DataFrame, households: pd.DataFrame) -> pd.Series:
    """Return which candidates have households in the row's RT and RW."""
    homes = _prepare_homes(households).dropna(subset=list(_UNITS))
    known = pd.MultiIndex.from_frame(homes[["code", *_UNITS]].drop_duplicates())
    asked = pd.MultiIndex.from_frame(pairs[["code", *_UNITS]])
    stated = pairs[list(_UNITS)].notna().all(axis=1)
    return pd.Series(asked.isin(known), index=pairs.index) & stated
