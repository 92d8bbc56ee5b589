"""Texts about attempts at a household: how often it was tried since its last visit, and with what outcome."""

from __future__ import annotations

import pandas as pd

from pages.text.language import N_, _, format_number

_OUTCOMES = {
    "absent": N_("nobody at home"),
    "refused": N_("refused"),
    "moved": N_("moved away"),
}
_TWICE = 2


def describe_tries(n: int, outcome: object) -> str:
    """Describe the attempts at a household since its last visit; empty without any.

    Parameters
    ----------
    n
        Number of days with an attempt.
    outcome
        The outcome that all of them share, such as ``absent``; anything else is left unsaid.
    """
    if n < 1:
        return ""
    if n > _TWICE:
        said = _("tried {n} times").format(n=format_number(n))
    else:
        said = _("tried twice") if n == _TWICE else _("tried once")
    why = _OUTCOMES.get(str(outcome))
    return f"{said}, {_(why)}" if why else said


def describe_tries_of_each(homes: pd.DataFrame) -> pd.Series:
    """Describe the attempts at each of many households, from their ``n_attempts`` and ``attempt``."""
    pairs = list(zip(homes["n_attempts"], homes["attempt"].astype("object"), strict=True))
    said = {pair: describe_tries(*pair) for pair in set(pairs)}
    return pd.Series([said[pair] for pair in pairs], homes.index, dtype="str")
