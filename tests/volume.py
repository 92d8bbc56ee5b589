"""How often a test tries: a short form in ``make test``, a long one in ``make trials``."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import hypothesis

if TYPE_CHECKING:
    import pytest

IS_TRIAL = os.environ.get("TRIAL") == "1"
TIMES = 10


def volume(short: int, trial: int) -> int:
    """Return how often to try: ``short`` in ``make test``, ``trial`` in ``make trials``."""
    return trial if IS_TRIAL else short


def lengthen_properties(items: list[pytest.Item]) -> None:
    """Have each property tried on ten times as many examples as its test says."""
    found = [item.obj for item in items if hasattr(item, "obj")]
    tests = {getattr(test, "__func__", test) for test in found if hypothesis.is_hypothesis_test(test)}
    for test in tests:  # each once, however many cases it has
        said = test._hypothesis_internal_use_settings  # as Hypothesis' own plugin changes them
        test._hypothesis_internal_use_settings = hypothesis.settings(
            said, max_examples=TIMES * said.max_examples
        )
