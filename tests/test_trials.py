"""``make trials`` says in one line how each trial ended."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.trials import TRIALS, Trial, main, run_trial
from tests.volume import TIMES, lengthen_properties

if TYPE_CHECKING:
    from pathlib import Path

PASSED, FAILED, SLOW = "print('some'); print('last')", "print('why'); exit(3)", "import time; time.sleep(60)"


@pytest.mark.parametrize(
    ("program", "said"),
    [
        (PASSED, "sample: passed in … s: last\n"),
        (FAILED, "why\nsample: FAILED in … s: why\n"),
        (SLOW, "sample: FAILED, ended after its limit of 0.5 s in … s: said nothing\n"),
    ],
)
def test_trial_ends_with_one_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    program: str,
    said: str,
) -> None:
    (tmp_path / "program.py").write_text(program)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    passed = run_trial(Trial("sample", ("program",), limit_s=0.5 if program == SLOW else 60))
    assert passed == (program == PASSED)
    assert re.sub(r"in \d+ s", "in … s", capsys.readouterr().out) == said


def test_unknown_trial_is_named_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["swim"]) == 2
    said = capsys.readouterr().err
    assert all(name in said for name in ("swim", *(trial.name for trial in TRIALS)))


def test_property_of_many_cases_is_lengthened_once() -> None:
    @settings(max_examples=7)
    @given(st.integers())
    def check(number: int) -> None:
        assert isinstance(number, int)

    items = [SimpleNamespace(obj=check), SimpleNamespace(obj=check), SimpleNamespace()]
    lengthen_properties(cast("list[pytest.Item]", items))
    assert check._hypothesis_internal_use_settings.max_examples == 7 * TIMES
