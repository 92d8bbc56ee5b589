"""``FUZZ_SECONDS=3600 python -m tests.fuzz``: break files until the time is over.

Children read broken files in their own memory, for speed, and some of them by the worker too, which must say
the same. Where a child dies of a file, or hangs on it, the worker is asked: it must answer with a sentence.
"""

from __future__ import annotations

import collections
import os
import signal
import sys
import tempfile
import time
from pathlib import Path

from data.readers.drivers import ENVIRONMENT

os.environ.update(ENVIRONMENT | {"RUST_BACKTRACE": "0"})

from hypothesis import HealthCheck, given, seed, settings

from data.readers.limits import Limits, apply_limits
from tests.fuzz.mutants import SEEDS, Mutant, mutants
from tests.fuzz.outcome import CRASHED, MAX_SECONDS, find_outcome

_BATCH, _WORKER_EVERY = 300, 100


def main() -> int:
    """Break files until the time is over; 0 if all of them were a table or a sentence."""
    deadline = time.monotonic() + float(os.environ.get("FUZZ_SECONDS", "3600"))
    outcomes: collections.Counter[str] = collections.Counter()
    for content in SEEDS.values():
        find_outcome(content)
    first = int.from_bytes(os.urandom(4))
    with tempfile.TemporaryDirectory() as folder:
        current, log = Path(folder) / "current", Path(folder) / "log"
        while time.monotonic() < deadline:
            first += 1
            log.write_text("")
            current.write_bytes(b"")  # the child's time for a file begins
            child = os.fork()
            if not child:
                _fuzz(first, current, log, deadline)
            code = _wait(child, current)
            outcomes.update(log.read_text().split("\n")[:-1])
            if code > 0:
                print(f"FAILED with seed {first}", flush=True)
                return 1
            if code < 0:
                outcomes[f"held by the worker (signal {-code})"] += 1
                find_outcome(current.read_bytes(), in_worker=True)
    total = sum(outcomes.values())
    print(f"{total:,} files, no crash, none above {MAX_SECONDS:.0f} s: {dict(outcomes.most_common())}")
    return 0


def _fuzz(number: int, current: Path, log: Path, deadline: float) -> None:
    """Break a batch of files; the child ends here."""
    count = 0
    apply_limits(Limits(seconds=86_400, memory_mb=1_000))

    @settings(max_examples=_BATCH, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @seed(number)
    @given(mutants())
    def check(mutant: Mutant) -> None:
        nonlocal count
        if time.monotonic() > deadline:
            return
        current.write_bytes(mutant.content)
        said = find_outcome(mutant.content)
        count += 1
        if count % _WORKER_EVERY == 0:
            told = find_outcome(mutant.content, in_worker=True)
            assert CRASHED not in told
            assert bool(told) == bool(said) or "memory" in told, (said, told)
        with log.open("a") as file:
            file.write(f"{mutant.kind.partition(' ')[0]} {'refused' if said else 'a table'}\n")

    try:
        check()
    except BaseException:  # noqa: BLE001 - whatever it is, it is the finding
        sys.excepthook(*sys.exc_info())
        sys.stderr.flush()
        os._exit(1)
    os._exit(0)


def _wait(child: int, current: Path) -> int:
    """Wait for a child; end it when it works on one file for too long."""
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        if current.exists() and time.time() - current.stat().st_mtime > 3 * MAX_SECONDS:
            os.kill(child, signal.SIGKILL)
        time.sleep(0.05)


if __name__ == "__main__":
    sys.exit(main())
