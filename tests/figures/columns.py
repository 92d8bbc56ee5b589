"""Figures in a form that two trees can be compared by: plain values, and long columns in short."""

from __future__ import annotations

import hashlib
import json
from datetime import date, time, timedelta
from typing import Any

import numpy as np
import pandas as pd

LONG = 1_000
"""A column of more values than this is kept as its number, sum or counts, first values and digest."""
_FIRST, _FEW = 20, 50
_DIGITS = 10  # of a decimal number: what the order of a sum may change is beyond them


def simplify(value: Any) -> Any:
    """Turn a value into what JSON knows: numbers rounded, rows by column, long columns in short."""
    if isinstance(value, dict):
        return {str(name): simplify(part) for name, part in value.items()}
    if isinstance(value, list | tuple | set | np.ndarray):
        parts = list(value)
        if parts and all(isinstance(part, dict) for part in parts):
            names = dict.fromkeys(name for part in parts for name in part)
            return {str(name): shorten([simplify(part.get(name)) for part in parts]) for name in names}
        return shorten([simplify(part) for part in parts])
    return _simplify_scalar(value)


def read_frame(frame: pd.DataFrame) -> dict[str, Any]:
    """Read the columns of a frame in their order, its index first where that holds something."""
    if not isinstance(frame.index, pd.RangeIndex):
        frame = frame.reset_index()
    return {str(name): simplify(frame[name].tolist()) for name in frame.columns}


def shorten(values: list[Any]) -> Any:
    """Keep a list whole, or in short where it is long."""
    if len(values) <= LONG:
        return values
    short: dict[str, Any] = {"n": len(values)}
    numbers = [value for value in values if isinstance(value, int | float)]
    if len(numbers) + values.count(None) == len(values):
        return short | {
            "sum": _simplify_scalar(float(sum(numbers))), "first": values[:_FIRST], "digest": digest(values)
        }  # fmt: skip
    texts = [json.dumps(value, ensure_ascii=False) for value in values]
    counts = pd.Series(texts).value_counts(sort=False)
    if len(counts) > _FEW:
        return short | {"first": values[:_FIRST], "digest": digest(values)}
    # Counts beside the order of their values, so that another word for a value changes that value only.
    places = {text: place for place, text in enumerate(dict.fromkeys(texts))}
    counted = [{"value": json.loads(text), "n": int(counts[text])} for text in places]
    return short | {"counts": counted, "digest": digest([places[text] for text in texts])}


def digest(values: Any) -> str:
    """Make a short text that changes with any of the values."""
    return hashlib.sha256(json.dumps(values, ensure_ascii=False).encode()).hexdigest()[:16]


def _simplify_scalar(value: Any) -> Any:
    if value is None or isinstance(value, bool | str | int):
        return value
    if isinstance(value, float | np.floating):
        number = float(f"{value:.{_DIGITS}g}")
        return None if np.isnan(number) else number
    if isinstance(value, np.generic):
        return _simplify_scalar(value.item())
    if isinstance(value, pd.Timestamp | date | time | timedelta):
        return None if pd.isna(value) else str(value)
    return None if value is pd.NA else str(value)
