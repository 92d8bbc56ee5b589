"""Print one table of ratios; exit 1 when a threshold is missed.

A module adds rows by its list ``BENCHMARKS`` of functions that take :class:`tests.benchmarks.rows.Sizes` and
answer with a :class:`tests.benchmarks.rows.Row`.
"""

from __future__ import annotations

import argparse
import sys

from tests.benchmarks import coverage, crime_pages, density, evidence, hotspots, joins, pages, roads, routes
from tests.benchmarks.rows import FULL, QUICK, Benchmark, Row

BENCHMARKS: list[Benchmark] = [
    *joins.BENCHMARKS,
    *coverage.BENCHMARKS,
    *density.BENCHMARKS,
    *evidence.BENCHMARKS,
    *hotspots.BENCHMARKS,
    *pages.BENCHMARKS,
    *crime_pages.BENCHMARKS,
    *routes.BENCHMARKS,
    *roads.BENCHMARKS,
]

_VERDICTS = {True: "pass", False: "FAIL", None: "skipped"}


def main() -> int:
    """Run all benchmarks and print each row as it comes."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes, for which only answers must agree")
    sizes = QUICK if parser.parse_args().quick else FULL
    print(f"{'benchmark':<86} {'measured':>9} {'wanted':>9}  {'':<7}  note")
    rows = []
    for benchmark in BENCHMARKS:
        rows.append(benchmark(sizes))
        print(_write(rows[-1]), flush=True)
    return 1 if any(row.passed is False for row in rows) else 0


def _write(row: Row) -> str:
    return f"{row.name:<86} {row.measured:>9} {row.wanted:>9}  {_VERDICTS[row.passed]:<7}  {row.note}"


if __name__ == "__main__":
    sys.exit(main())
