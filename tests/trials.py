"""``python -m tests.trials``: what finds faults by volume, and takes too long for ``make test``.

Each trial is a program of its own with a time limit of its own. What it prints is kept, and shown where it
fails; otherwise one closing line says how it ended. ``make test`` has a short form of each.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUNS = os.environ.get("RUNS", "200")
FUZZ_SECONDS = os.environ.get("FUZZ_SECONDS", "3600")
MINUTE = 60
PYTEST = ("pytest", "-q", "-n", "2", "--timeout=3600", "-m")


@dataclass(frozen=True)
class Trial:
    """A program that tries one thing many times.

    Attributes
    ----------
    name
        One word for its closing line.
    command
        What Python runs, after ``-m``.
    limit_s
        Seconds after which it is ended and has failed.
    settings
        Environment variables that make it long.
    """

    name: str
    command: tuple[str, ...]
    limit_s: float
    settings: dict[str, str] = field(default_factory=dict)


TRIALS = (
    Trial("torture", ("tests.torture", RUNS), limit_s=10 * MINUTE + 30 * float(RUNS)),
    Trial(
        "fuzz",
        ("tests.fuzz",),
        limit_s=10 * MINUTE + float(FUZZ_SECONDS),
        settings={"FUZZ_SECONDS": FUZZ_SECONDS},
    ),
    Trial(
        "properties", (*PYTEST, "hypothesis and not browser"), limit_s=90 * MINUTE, settings={"TRIAL": "1"}
    ),
    Trial("worlds", (*PYTEST, "trial and not hypothesis"), limit_s=60 * MINUTE, settings={"TRIAL": "1"}),
)


def run_trial(trial: Trial) -> bool:
    """Run a trial to its end or its limit, print its closing line and return whether it passed."""
    started = time.monotonic()
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
        try:
            code: int | None = subprocess.run(
                [sys.executable, "-m", *trial.command],
                cwd=ROOT,
                env=os.environ | trial.settings,
                stdout=output,
                stderr=subprocess.STDOUT,
                timeout=trial.limit_s,
                check=False,
            ).returncode
        except subprocess.TimeoutExpired:
            code = None
        output.seek(0)
        said = output.read().rstrip()
    verdict = {0: "passed", None: f"FAILED, ended after its limit of {trial.limit_s:,g} s"}.get(
        code, "FAILED"
    )
    if code != 0 and said:
        print(said)
    last = said.rpartition("\n")[2].strip("= ") or "said nothing"
    print(f"{trial.name}: {verdict} in {time.monotonic() - started:,.0f} s: {last}", flush=True)
    return code == 0


def main(names: list[str]) -> int:
    """Run the named trials, or all; 0 if every one passed."""
    known = {trial.name: trial for trial in TRIALS}
    unknown = sorted(set(names) - known.keys())
    if unknown:
        print(f"There is no trial {', '.join(unknown)}: choose among {', '.join(known)}.", file=sys.stderr)
        return 2
    passed = [run_trial(known[name]) for name in names or known]
    return int(not all(passed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
