"""Coverage of every village of a regency, against pandas' own merge and group-by."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo.coverage import measure_coverage
from tests.benchmarks.rows import Benchmark, Row, Sizes, compare

N_VILLAGES = 217
SINCE, UNTIL = pd.Timestamp("2026-01-01", tz="UTC"), pd.Timestamp("2027-01-01", tz="UTC")


def coverage_of_villages(sizes: Sizes) -> Row:
    rng = np.random.default_rng(5)
    ids = pd.Index([f"h{number:06d}" for number in range(sizes.registered)], name="household_id", dtype="str")
    codes = np.array([f"35210{number:05d}" for number in range(N_VILLAGES)])
    village = pd.Series(rng.choice(codes, len(ids)), index=ids, dtype="str")
    households = pd.DataFrame({"village_code": village})
    seconds = rng.integers(0, 365 * 86_400, sizes.points)
    visits = pd.DataFrame(
        {
            "visited_at": (SINCE + pd.to_timedelta(seconds, unit="s")).as_unit("us"),
            "household_id": pd.Categorical.from_codes(
                rng.integers(0, len(ids), sizes.points), categories=ids
            ),
        }
    )
    compared = compare(
        lambda: measure_coverage(households, visits, since=SINCE, until=UNTIL),
        lambda: _group(households, visits),
        sizes,
    )
    agrees = compared.own_answer["n_reported"].tolist() == compared.peer_answer.tolist()
    return compared.row(
        f"Coverage by {sizes.points:,} visits to {sizes.registered:,} households, against pandas' groupby",
        at_least=2,
        agrees=agrees,
        note="same counts" if agrees else "the counts differ",
    )


def _group(households: pd.DataFrame, visits: pd.DataFrame) -> pd.Series:
    within = visits[(visits["visited_at"] >= SINCE) & (visits["visited_at"] < UNTIL)]
    village = within["household_id"].map(households["village_code"])
    return within.groupby(village.to_numpy())["household_id"].nunique()


BENCHMARKS: list[Benchmark] = [coverage_of_villages]
