"""Codes of areas: an area's code begins with the code of every wider area that it lies in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray


def is_in_area(code: str, area: str | tuple[str, ...]) -> bool:
    """Return whether a village, district or regency lies in an area.

    Parameters
    ----------
    code
        Code of a village, district or regency.
    area
        Code of an area, or of several, of which any will do; the empty code is everywhere, no code nowhere.

    Examples
    --------
    >>> is_in_area("3521072013", "352107"), is_in_area("352107", "3521072013")
    (True, False)
    >>> is_in_area("3521072013", ("352108", "352107")), is_in_area("3521072013", ())
    (True, False)
    """
    return code.startswith(area)


def are_in_area(codes: pd.Series | pd.Index, area: str | tuple[str, ...]) -> NDArray[np.bool_]:
    """Return which of many codes lie in an area, as `is_in_area` does for one.

    Parameters
    ----------
    codes
        n codes, text or categorical (each category is looked at once).
    area
        Code of an area, or of several, of which any will do; the empty code is everywhere, no code nowhere.

    Returns
    -------
    numpy.ndarray
        n truth values. A missing code lies everywhere (in the empty code), but in no other area.

    Examples
    --------
    >>> codes = pd.Series(["3521072013", "3521080001", None], dtype="str")
    >>> are_in_area(codes, "352107").tolist(), are_in_area(codes, "").tolist()
    ([True, False, False], [True, True, True])
    >>> are_in_area(codes, ("352107", "352108")).tolist(), are_in_area(codes, ()).tolist()
    ([True, True, False], [False, False, False])
    """
    areas = (area,) if isinstance(area, str) else area
    if "" in areas:
        return np.ones(len(codes), dtype=bool)
    each = pd.Categorical(codes)
    inside = [is_in_area(code, areas) for code in each.categories]
    return np.array([*inside, False])[each.codes]  # the last for a missing code
