"""Vectorised construction of text columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from pandas.api.extensions import ExtensionArray


def split_words(text: str) -> list[str]:
    """Split text at spaces.

    Examples
    --------
    >>> split_words("met absent refused")
    ['met', 'absent', 'refused']
    """
    return text.split()


def pick_words(choices: Sequence[str] | ExtensionArray, index: np.ndarray) -> ExtensionArray:
    """Select words by position; -1 is missing.

    Examples
    --------
    >>> import numpy as np
    >>> pick_words(["met", "absent"], np.array([1, -1, 0])).tolist()
    ['absent', nan, 'met']
    """
    return pd.Series(choices, dtype="str").array.take(index, allow_fill=True)


def cross_words(first: Sequence[str], second: Sequence[str]) -> list[str]:
    """Join every first word with every second word; the pair (i, j) is at i · len(second) + j.

    Examples
    --------
    >>> cross_words(["Siti"], ["Aminah", "Rahayu"])
    ['Siti Aminah', 'Siti Rahayu']
    """
    return [f"{one} {two}" for one in first for two in second]


def format_numbers(values: np.ndarray, width: int) -> ExtensionArray:
    """Format whole numbers with leading zeros.

    Examples
    --------
    >>> import numpy as np
    >>> format_numbers(np.array([7, 12]), 3).tolist()
    ['007', '012']
    """
    return pick_words([f"{value:0{width}d}" for value in range(int(values.max(initial=0)) + 1)], values)
