"""Register of villages: boundaries and codes, the crosswalk, and spellings that users explained."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, get_args

import numpy as np
import pandas as pd

from data import repository
from data.errors import DataError, ImportRefusedError
from data.importing.options import CodeScheme
from data.mapping import KnownNames
from data.values import normalise_names, read_area_codes
from geo.errors import Phrase

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from data.database import Database
    from data.principal import Principal


DISTRICT_DIGITS = {"kemendagri": 6, "bps": 7}
"""Number of digits of a village's code that identify its district."""
P_CODE = "ID"
"""What P-codes have before a BPS code."""
BPS, KEMENDAGRI = "bps:", "kemendagri:"
"""Prefixes of given codes whose scheme differs from that of the boundaries in force."""


_CODES = {
    "kemendagri": Phrase("Kemendagri codes"),
    "bps": Phrase("BPS codes"),
    "none": Phrase("no official codes"),
}


def _no_codes() -> pd.Series:
    return pd.Series(index=pd.Index([], dtype="str"), dtype="str")


@dataclass(frozen=True)
class Register:
    """The villages in force, with all codes and names that lead to them.

    Parameters
    ----------
    villages
        EPSG:4326, indexed by ``village_code``; ``village`` and ``district``.
    scheme
        Scheme of their codes; None if no import stated it.
    crosswalk
        Kemendagri codes by BPS code.
    spellings
        Village codes by normalised ``district|village``, as users stated them.
    """

    villages: gpd.GeoDataFrame
    scheme: CodeScheme | None = None
    crosswalk: pd.Series = field(default_factory=_no_codes)
    spellings: pd.Series = field(default_factory=_no_codes)

    @property
    def village_names(self) -> pd.Series:
        """Normalised names of the villages, by code."""
        return normalise_names(self.villages["village"].astype("str"))

    @property
    def district_names(self) -> pd.Series:
        """Normalised names of their districts, by code."""
        return normalise_names(self.villages["district"].astype("str"))

    @property
    def known_names(self) -> KnownNames:
        """All names, for recognising columns of names."""
        return KnownNames(frozenset(self.village_names.dropna()), frozenset(self.district_names.dropna()))

    def turn_crosswalk(self) -> pd.Series:
        """Return BPS codes by Kemendagri code, without those that several share."""
        return _turn(self.crosswalk)

    def with_spellings(self, said: pd.Series) -> Register:
        """Return the register with more spellings; the latest statement takes precedence."""
        if said.empty:
            return self
        spellings = pd.concat([self.spellings, said])
        return replace(self, spellings=spellings[~spellings.index.duplicated(keep="last")])

    def can_translate(self, scheme: CodeScheme | None) -> bool:
        """Check whether the crosswalk translates the codes of a boundary file to Kemendagri's."""
        return scheme == "bps" and self.scheme != "bps" and len(self.crosswalk) > 0

    def choose_scheme(self, scheme: CodeScheme | None) -> CodeScheme | None:
        """Return the scheme in which the codes of a boundary file are stored."""
        return "kemendagri" if self.can_translate(scheme) else scheme

    def refuse_other_scheme(self, scheme: CodeScheme | None) -> None:
        """Refuse boundaries whose code scheme differs from that of the boundaries in force.

        Raises
        ------
        ImportRefusedError
            If the villages would be stored twice, under two codes each.
        """
        final = self.choose_scheme(scheme)
        if self.villages.empty or self.scheme is None or final == self.scheme:
            return
        raise ImportRefusedError(
            "The boundaries in force use {stored}, and these use {new}: undo the former first, or "
            "import a crosswalk so that BPS codes can be translated.",
            stored=_CODES[self.scheme],
            new=_CODES[final or "none"],
        )

    def translate(self, codes: pd.Series) -> pd.Series:
        """Translate given codes to codes of the register; missing where it has none for them.

        Parameters
        ----------
        codes
            n codes: 10 digits for the register's own; ``bps:`` and ``kemendagri:`` mark another scheme.

        Returns
        -------
        pandas.Series
            n codes on the same index.
        """
        own = self.villages.index
        found = codes.where(codes.isin(own))
        foreign = codes.str.contains(":", regex=False).fillna(False).to_numpy(dtype=bool)
        if not foreign.any():
            return found
        by_code = {BPS: self.crosswalk, KEMENDAGRI: _turn(self.crosswalk)}
        same = {BPS: self.scheme == "bps", KEMENDAGRI: self.scheme != "bps"}
        for prefix, others in by_code.items():
            bare = codes.str.removeprefix(prefix).where(codes.str.startswith(prefix, na=False))
            reached = bare if same[prefix] else bare.map(others).astype("str")
            found = found.where(found.notna(), reached.where(reached.isin(own)))
        return found

    def translate_lists(self, lists: pd.Series) -> tuple[pd.Series, NDArray[np.bool_]]:
        """Translate the P-codes (BPS codes after ID) in lists of village codes to codes of the register.

        Parameters
        ----------
        lists
            n texts of codes separated by spaces.

        Returns
        -------
        tuple
            n lists, and n booleans that mark those with a P-code that the crosswalk does not have.
        """
        codes = lists.str.split().explode().astype("str")
        foreign = codes.str.startswith(P_CODE).fillna(False).astype(bool)
        if not foreign.any():
            return lists, np.zeros(len(lists), dtype=bool)
        bare = codes.str.removeprefix(P_CODE)
        if self.scheme != "bps" and not self.villages.empty:
            bare = bare.where(~foreign, bare.map(self.crosswalk))
        unknown = (foreign & bare.isna()).groupby(level=0).any()
        joined = bare.dropna().groupby(level=0).agg(" ".join)
        return joined.reindex(lists.index).astype("str"), unknown.reindex(lists.index).to_numpy(dtype=bool)

    def translate_area(self, area: str) -> str:
        """Translate the code of an area, with dots, without or as a P-code, to one of the register.

        Raises
        ------
        DataError
            If it is a P-code, and the crosswalk leads to no area of the register, or to several.
        """
        codes, prefixed = read_area_codes(pd.Series([area], dtype="str"))
        code = codes.iloc[0]
        if pd.isna(code):
            return area
        if not prefixed[0] or self.scheme == "bps":
            return str(code)
        digits = {DISTRICT_DIGITS["bps"]: DISTRICT_DIGITS["kemendagri"]}.get(len(code), len(code))
        reached = self.crosswalk[self.crosswalk.index.str.startswith(code)].str.slice(0, digits).unique()
        if len(reached) == 1:
            return str(reached[0])
        raise DataError(
            "{area} is a BPS code, and the boundaries in force have other codes: use theirs, or import a "
            "crosswalk that leads to one of them.",
            area=area,
        )


def _turn(codes: pd.Series) -> pd.Series:
    """Swap values and index, without codes that occur several times."""
    once = codes[~codes.duplicated(keep=False)]
    return pd.Series(once.index.astype("str"), index=once.array, dtype="str")


def read_register(database: Database, principal: Principal) -> Register:
    """Read the register of villages.

    Parameters
    ----------
    database, principal
        The database, and the user who imports; villages outside the user's own area are included.
    """
    scheme = repository.read_code_scheme(database)
    return Register(
        villages=repository.read_villages(database, widen_scope(principal)),
        scheme=next((known for known in get_args(CodeScheme) if known == scheme), None),
        crosswalk=repository.read_crosswalk(database),
        spellings=repository.read_spellings(database),
    )


def make_spelling_key(village: str, district: str | None = None) -> str:
    """Make the key under which a spelling is stored: normalised ``district|village``.

    Examples
    --------
    >>> make_spelling_key("Desa Campur Asri", "Kec. Karangjati")
    'karangjati|campurasri'
    """
    names = normalise_names(pd.Series([district, village], dtype="str")).fillna("")
    return f"{names.iloc[0]}|{names.iloc[1]}"


def widen_scope(principal: Principal) -> Principal:
    """Widen a user's scope to all areas for placement: a point may lie outside the user's own area."""
    return replace(principal, areas=("",))
