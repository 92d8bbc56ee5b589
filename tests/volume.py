"""How often a test tries: a short form in ``make test``, a long one in ``make trials``."""

from __future__ import annotations

import os

import hypothesis
import pytest

IS_TRIAL = os.environ.get("TRIAL") == "1"
TIMES = 10


def volume(short: int, trial: int) -> int:
    """Return how often to try: ``short`` in ``make test``, ``trial`` in ``make trials``."""
    return trial if IS_TRIAL else short


def lengthen_properties(items: list[pytest.Item]) -> None:
    """Have each property tried on ten times as many examples as its test says."""
    tests = {getattr(item.obj, "__func__", item.obj) for item in items if isinstance(item, pytest.Function)}
    for test in filter(hypothesis.is_hypothesis_test, tests):
        said = test._hypothesis_internal_use_settings  # as Hypothesis' own plugin changes them
        test._hypothesis_internal_use_settings = hypothesis.settings(
            said, max_examples=TIMES * said.max_examples
        )
