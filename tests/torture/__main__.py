"""``python -m tests.torture [RUNS]``: kills, first starts and full disks, and what became of them."""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

from tests.torture.kills import Refusal, fill_disk, fill_volume, kill_first_starts, kill_imports

_RUNS, _ROWS, _STARTS = 200, 50_000, 50
_MB = 1024**2


def _fill() -> list[Refusal]:
    """Import where there is no room."""
    refusals = []
    for size_mb in (1, 2, 3, 4):
        with tempfile.TemporaryDirectory() as name:
            refusals.append(fill_disk(Path(name), limit_bytes=size_mb * _MB, n_rows=_ROWS))
        print(f"files of {size_mb} MB at most: exit {refusals[-1].code}, {refusals[-1].said.strip()}")
    for size_mb in (3, 6):
        with tempfile.TemporaryDirectory() as name:
            refusal = fill_volume(Path(name), size_mb=size_mb, n_rows=_ROWS)
        if refusal is None:
            print("no small volume: only root can make one")
            break
        refusals.append(refusal)
        print(f"a volume of {size_mb} MB: exit {refusal.code}, {refusal.said.strip()}")
    return refusals


def main() -> int:
    """Run everything; 0 if nothing was lost."""
    n_runs = int(sys.argv[1]) if len(sys.argv) > 1 else _RUNS
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        outcome = kill_imports(folder, n_runs=n_runs, n_rows=_ROWS)
        print(f"kill -9 during imports of {_ROWS:,} rows: {asdict(outcome)}", flush=True)
        n_starts = min(n_runs, _STARTS)
        complaints = kill_first_starts(folder, n_runs=n_starts)
        print(f"kill -9 while tables are made: {len(complaints)} of {n_starts} starts fail after it")
        bad = outcome.lost + outcome.partial + outcome.damaged + len(complaints)
    bad += sum(not refusal.is_clean for refusal in _fill())
    print(f"{'nothing was lost' if not bad else f'{bad} FAILURES'}, {time.perf_counter() - started:,.0f} s")
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
