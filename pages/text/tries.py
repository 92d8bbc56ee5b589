"""Texts about attempts at a household: how often it was tried since its last visit, and with what outcome."""

from __future__ import annotations

import pandas as pd

from geo.attempts import describe_attempts
from pages.text.language import translate


def describe_tries(n: int, outcome: object) -> str:
    """Describe the attempts at a household since its last visit, as ``geo.attempts``; empty without any."""
    said = describe_attempts(n, outcome)
    return translate(said) if said else ""


def describe_tries_of_each(homes: pd.DataFrame) -> pd.Series:
    """Describe the attempts at each of many households, from their ``n_attempts`` and ``attempt``."""
    pairs = list(zip(homes["n_attempts"], homes["attempt"].astype("object"), strict=True))
    said = {pair: describe_tries(*pair) for pair in set(pairs)}
    return pd.Series([said[pair] for pair in pairs], homes.index, dtype="str")
