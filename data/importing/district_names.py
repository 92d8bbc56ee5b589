"""Names of districts from a small table or a second file, for boundaries that have none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd

from data.errors import MappingError
from data.importing.register import DISTRICT_DIGITS
from data.readers import InputFile, read_table
from data.schema import RECORDS, fold_name
from data.values import normalise_names, read_area_codes
from data.values.texts import clean_texts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from data.importing.options import CodeScheme
    from data.importing.register import Register
    from data.readers import RawTable

_VILLAGE_DIGITS = 10
_DIGITS = (*DISTRICT_DIGITS.values(), _VILLAGE_DIGITS)
_MIN_SHARE = 0.9  # of a column's texts that must be codes
_BY_NAME = "|"  # before a village's normalised name, where a table has no codes
_LINE = re.compile(r"^\s*\"?((?:[Ii][Dd])?\d[\d.]*\d)\"?[\s;,:|\u2013-]+\"?([^\"\d;,][^\";]*)")
_NAMES = ("nama", "name", "namakec", "nmkec", "adm3en", "adm3name")


def parse_district_lines(text: str) -> dict[str, str]:
    r"""Read pasted lines of a code and a name, as a person writes them; else a pasted table with a header.

    Raises
    ------
    MappingError
        If there is neither.

    Examples
    --------
    >>> parse_district_lines("35.21.01 Sine\n352102; Ngrambe\nID3521030,Jogorogo\n")
    {'352101': 'Sine', '352102': 'Ngrambe', '3521030': 'Jogorogo'}
    """
    found = [match for line in text.splitlines() if (match := _LINE.match(line))]
    names = _index_names(
        pd.Series([match[1] for match in found], dtype="str"),
        pd.Series([match[2].strip() for match in found], dtype="str"),
    )
    return names or read_district_names(read_table(InputFile("districts.csv", text.encode())))


def read_district_names(raw: RawTable) -> dict[str, str]:
    """Read the names of districts from a table, or from the attributes of a map file.

    Parameters
    ----------
    raw
        A file with a column of district names, and one of district or village codes; where it has no codes,
        one of village names.

    Returns
    -------
    dict
        Name of the district by code (6 digits for Kemendagri's, 7 for BPS's, 10 for a village's), or by
        normalised village name after ``|``.

    Raises
    ------
    MappingError
        If there are no such columns.
    """
    texts = {column: clean_texts(raw.frame[column]) for column in raw.columns}
    wanted = (*RECORDS["boundaries"].field("district").names, *_NAMES)
    folded = {fold_name(column): column for column in raw.columns}
    codes = next((column for column in raw.columns if _measure_codes(texts[column]) >= _MIN_SHARE), None)
    names = [folded[name] for name in wanted if name in folded and folded[name] != codes]
    villages = [folded[name] for name in RECORDS["boundaries"].field("village").names if name in folded]
    found: dict[str, str] = {}
    if codes and names:
        found = _index_names(texts[codes], texts[names[0]])
    elif names and villages and villages[0] != names[0]:
        found = _index_names_by_village(texts[villages[0]], texts[names[0]])
    if not found:
        raise MappingError(
            "{file} has no columns of codes and names of districts, such as kode and kecamatan: its columns "
            "are {columns}.",
            file=raw.name,
            columns=raw.columns[:30],
        )
    return found


def _measure_codes(texts: pd.Series) -> float:
    codes = read_area_codes(texts.dropna())[0]
    return float(codes.str.len().isin(_DIGITS).mean()) if len(codes) else 0.0


def _index_names(codes: pd.Series, names: pd.Series) -> dict[str, str]:
    """Index names by code; a code with several names has none."""
    digits, _ = read_area_codes(codes)
    table = pd.DataFrame({"code": digits.array, "name": names.array})
    return _index_once(table[table["code"].str.len().isin(_DIGITS)])


def _index_names_by_village(villages: pd.Series, names: pd.Series) -> dict[str, str]:
    return _index_once(pd.DataFrame({"code": _BY_NAME + normalise_names(villages), "name": names}))


def _index_once(table: pd.DataFrame) -> dict[str, str]:
    known = table.dropna().drop_duplicates()
    once = known[~known["code"].duplicated(keep=False)]
    return dict(zip(once["code"].astype("str"), once["name"].astype("str"), strict=True))


def fill_district_names(
    frame: pd.DataFrame, names: Mapping[str, str], register: Register, scheme: CodeScheme | None
) -> pd.Series:
    """Fill in the names of districts that a boundary file lacks.

    Parameters
    ----------
    frame
        ``village_code`` as the file states it, ``village`` and ``district``, n rows.
    names
        Name of the district by code, or by village, as from ``read_district_names``.
    register
        Its crosswalk leads from codes of one scheme to the other's.
    scheme
        Scheme of the file's codes.

    Returns
    -------
    pandas.Series
        n names; those of the file are kept. A village's name leads to its district only if no other village
        of the file has it.
    """
    given = frame["village_code"].astype("str")
    other = given.map(register.crosswalk if scheme == "bps" else register.turn_crosswalk()).astype("str")
    kemendagri, bps = (other, given) if scheme == "bps" else (given, other)
    called = normalise_names(frame["village"].astype("str"))
    alone = (_BY_NAME + called).where(~called.duplicated(keep=False))
    keys = [given, kemendagri.str.slice(0, DISTRICT_DIGITS["kemendagri"])]
    keys += [bps.str.slice(0, DISTRICT_DIGITS["bps"]), alone]
    filled = frame["district"].astype("str")
    for key in keys if scheme != "none" else [alone]:
        filled = filled.where(filled.notna(), key.map(names).astype("str"))
    return filled
