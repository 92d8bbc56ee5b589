"""What a benchmark is: a function that takes sizes and answers with a row of the table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"


@dataclass(frozen=True)
class Sizes:
    """How large the benchmarks are, and how often each pair of peers is run."""

    points: int = 1_000_000
    households: int = 100_000
    registered: int = 280_000
    crimes: int = 100_000
    areas: int = 5_000
    events: int = 20_000
    side_m: float = 28_000.0
    rounds: int = 5
    rated: bool = True  # whether the thresholds of speed hold at these sizes


FULL = Sizes()
QUICK = Sizes(
    points=100_000,
    households=10_000,
    registered=28_000,
    crimes=10_000,
    areas=1_000,
    events=2_000,
    side_m=10_000.0,
    rated=False,
)


@dataclass(frozen=True)
class Row:
    """One row of the table; ``passed`` is None where it could not be measured, and ``note`` says why."""

    name: str
    measured: str
    wanted: str
    passed: bool | None
    note: str = ""


Benchmark = Callable[[Sizes], Row]


@dataclass(frozen=True)
class Comparison:
    """How many times as fast as its peer a thing is, and what the two answered last."""

    ratio: float
    own_s: float
    peer_s: float
    rated: bool
    own_answer: Any
    peer_answer: Any

    def row(self, name: str, *, at_least: float, agrees: bool, note: str) -> Row:
        """Pass when the ratio is reached and the answers agree."""
        return Row(
            name=name,
            measured=f"{self.ratio:.1f}x",
            wanted=f">= {at_least:g}x" if self.rated else "-",
            passed=agrees and (self.ratio >= at_least or not self.rated),
            note=f"{self.own_s:.3f} s, peer {self.peer_s:.3f} s; {note}",
        )


def compare(own: Callable[[], Any], peer: Callable[[], Any], sizes: Sizes) -> Comparison:
    """Run own, peer, own, peer …, after one own run to warm up; the ratio is the median of the rounds'."""
    own()
    own_s, peer_s = [], []
    for _ in range(sizes.rounds):
        seconds, own_answer = _time(own)
        own_s.append(seconds)
        seconds, peer_answer = _time(peer)
        peer_s.append(seconds)
    ratio = median(theirs / ours for ours, theirs in zip(own_s, peer_s, strict=True))
    return Comparison(ratio, median(own_s), median(peer_s), sizes.rated, own_answer, peer_answer)


def _time(run: Callable[[], Any]) -> tuple[float, Any]:
    start = perf_counter()
    answer = run()
    return perf_counter() - start, answer
