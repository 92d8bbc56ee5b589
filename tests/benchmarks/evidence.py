"""Evidence of a regency's visits, and tiles of its households: seconds, memory, and how both grow.

There is no peer: the limits are those that a supervisor's office PC sets.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from data.sample import Sample, make_sample
from data.sample.remarks import WRITTEN_REMARKS
from geo.evidence import assess_visits
from geo.status import find_household_status
from geo.tiles import TileIndex, index_households, render_tile
from geo.tiles.morton import KEY_LEVEL, decode_cells
from tests.benchmarks.memory import forget_peak, peak_bytes
from tests.benchmarks.rows import Benchmark, Row, Sizes

if TYPE_CHECKING:
    from collections.abc import Iterator

ZONE = "Asia/Jakarta"
UNTIL = date(2026, 11, 24)
MOST_SECONDS, MOST_GB = 10.0, 2.0  # for a million visits
STEEPEST = 1.5  # time for each of a million visits, over that for each of a tenth of them
WARM_MS, COLD_MS, LARGER = (
    100.0,
    300.0,
    1.5,
)  # limits of a tile, and by how much ten times the points may widen them
WORDS = 28  # of a long remark: some 200 letters
REGENCIES = 11  # copies of the regency, side by side, that make three million households
ZOOMS, SOME = range(20), 5


def evidence_of_visits(sizes: Sizes) -> Row:
    return _evidence(_sample(rated=sizes.rated), "", sizes)


def evidence_of_long_remarks(sizes: Sizes) -> Row:
    """The worst log for copied remarks: each has a long one of its own, so none is told by being equal."""
    sample = _sample(rated=sizes.rated)
    words = np.array(sorted({word for text in WRITTEN_REMARKS for word in text.split()}), dtype=object)
    rng, remarks = np.random.default_rng(3), np.full(len(sample.visits), "", dtype=object)
    for _ in range(WORDS):
        remarks = remarks + " " + words[rng.integers(0, len(words), len(remarks))]
    visits = sample.visits.assign(remarks=pd.Series(remarks, sample.visits.index, dtype="str"))
    del remarks
    return _evidence(replace(sample, visits=visits), ", all-different remarks", sizes)


def evidence_of_numbered_remarks(sizes: Sizes) -> Row:
    """A log of copies, each with a number of its own: equal to none, and like those of its text alone."""
    sample = _sample(rated=sizes.rated)
    texts = np.array(WRITTEN_REMARKS, dtype=object)
    rng, n = np.random.default_rng(5), len(sample.visits)
    remarks = texts[rng.integers(0, len(texts), n)] + np.char.mod(" %d", np.arange(n)).astype(object)
    visits = sample.visits.assign(remarks=pd.Series(remarks, sample.visits.index, dtype="str"))
    del remarks
    return _evidence(replace(sample, visits=visits), f", {len(texts)} remarks with a number each", sizes)


def _evidence(sample: Sample, of_what: str, sizes: Sizes) -> Row:
    """Judge the first tenth, three tenths and all of the visits; the memory is that of the whole process."""
    _judge(sample, len(sample.visits) // 10)  # warm up
    forget_peak()
    shares = {share: _judge(sample, round(share * len(sample.visits))) for share in (0.1, 0.3, 1.0)}
    peak_gb, seconds = peak_bytes() / 1e9, shares[1.0]
    steepness = seconds / (10 * shares[0.1])
    times = ", ".join(
        f"{round(share * len(sample.visits)):,}: {took:.2f} s" for share, took in shares.items()
    )
    passed = seconds <= MOST_SECONDS and steepness <= STEEPEST and peak_gb <= MOST_GB
    return Row(
        name=f"Evidence of {len(sample.visits):,} visits{of_what}",
        measured=f"{seconds:.1f} s",
        wanted=f"<= {MOST_SECONDS:g} s" if sizes.rated else "-",
        passed=passed or not sizes.rated,
        note=f"{times}; a visit {steepness:.2f}x (of {STEEPEST:g}x); peak {peak_gb:.2f} GB of {MOST_GB:g}",
    )


def tiles_of_regency(sizes: Sizes) -> Row:
    return _tiles(sizes, copies=1, widened=1.0)


def tiles_of_province(sizes: Sizes) -> Row:
    return _tiles(sizes, copies=REGENCIES, widened=LARGER)


@cache
def _sample(*, rated: bool) -> Sample:
    return make_sample("regency" if rated else "district", until=UNTIL)


def _judge(sample: Sample, n: int) -> float:
    visits = sample.visits.head(n)  # the first ones: as many a day as in all
    start = perf_counter()
    assess_visits(visits, sample.households, sample.villages, time_zone=ZONE)
    return perf_counter() - start


def _tiles(sizes: Sizes, *, copies: int, widened: float) -> Row:
    """Draw, at every zoom and both scales, the tile with the most households and some others, twice."""
    sample = _sample(rated=sizes.rated)
    as_of = pd.Timestamp(UNTIL, tz=ZONE)
    status = find_household_status(sample.households, sample.visits, as_of=as_of)["status"]
    width = np.ptp(sample.households["lon"].dropna())
    shifted = [sample.households["lon"] + width * copy for copy in range(copies)]
    points = pd.DataFrame({"lon": pd.concat(shifted), "lat": pd.concat([sample.households["lat"]] * copies)})
    start = perf_counter()
    index = index_households(points.reset_index(), pd.concat([status] * copies, ignore_index=True))
    built_s = perf_counter() - start
    tiles = list(_choose_tiles(index))
    cold, warm = (_slowest(index, tiles) for _ in range(2))
    limits = WARM_MS * widened, COLD_MS * widened
    return Row(
        name=f"{len(tiles)} tiles of {len(points):,} households, the slowest",
        measured=f"{warm:.0f} ms",
        wanted=f"<= {limits[0]:.0f} ms" if sizes.rated else "-",
        passed=(warm <= limits[0] and cold <= limits[1]) or not sizes.rated,
        note=f"first drawn {cold:.0f} ms, of {limits[1]:.0f} ms; index made in {built_s:.2f} s",
    )


def _choose_tiles(index: TileIndex) -> Iterator[tuple[int, int, int, int]]:
    rng = np.random.default_rng(6)
    for zoom in ZOOMS:
        codes, n = np.unique(index.keys >> (2 * (KEY_LEVEL - zoom)), return_counts=True)
        chosen = np.unique(np.append(rng.choice(codes, SOME), codes[n.argmax()]))
        for col, row in zip(*decode_cells(chosen), strict=True):
            for scale in (1, 2):
                yield zoom, int(col), int(row), scale


def _slowest(index: TileIndex, tiles: list[tuple[int, int, int, int]]) -> float:
    """Milliseconds of the slowest tile."""
    took = []
    for zoom, col, row, scale in tiles:
        start = perf_counter()
        render_tile(index, zoom, col, row, scale=scale)
        took.append(perf_counter() - start)
    return 1e3 * max(took)


BENCHMARKS: list[Benchmark] = [
    evidence_of_visits,
    evidence_of_long_remarks,
    evidence_of_numbered_remarks,
    tiles_of_regency,
    tiles_of_province,
]
