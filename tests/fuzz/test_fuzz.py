"""Half a minute of broken files; ``make fuzz`` is the hour."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

SECONDS = int(os.environ.get("FUZZ_SECONDS", "30"))


@pytest.mark.skipif(sys.platform == "win32", reason="the fuzzer forks")
def test_broken_files_are_tables_or_sentences() -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "tests.fuzz"],
        env=os.environ | {"FUZZ_SECONDS": str(SECONDS)},
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS + 180,
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr[-10_000:]
    assert "no crash" in answer.stdout
