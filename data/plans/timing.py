"""How long building a plan takes on this machine: measured, and kept beside its database."""

from __future__ import annotations

import json
import logging
from functools import cache
from math import log
from pathlib import Path
from statistics import median
from time import thread_time
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd

from data.plans.build import MOST_STEPS, N_WORKERS
from data.settings import LOCAL
from geo.routes import Problem, SearchEffort, list_working_days, plan_week

if TYPE_CHECKING:
    from data.database import Database

START_S: Final = 4.0
"""Seconds that any build takes: reading the records, starting the processes."""
FEWEST_OFFICERS: Final = 8
"""Officers from which a build tells how long others take: a smaller one is mostly its start."""
_KEPT, _COMPARED, _ALIKE = 40, 5, 4.0
_WEEK: Final = "2026-W48"
_HOUSEHOLDS, _VILLAGE_DEG, _SECONDS = 240, 0.03, 20.0  # one officer's candidates, in villages 3 km wide
_LOG = logging.getLogger(__name__)


class BuildTime(NamedTuple):
    """A build that was measured: its number of officers, and its seconds from request to draft."""

    n_officers: int
    seconds: float


def record_build_time(database: Database, n_officers: int, seconds: float) -> None:
    """Keep how long a build took; only the last builds of this machine are kept, and no small ones.

    Parameters
    ----------
    database
        The database: the file lies beside it, or in the local folder where it is on a server.
    n_officers
        Officers of the plan, 1 or more.
    seconds
        From the request to the draft, without waiting for other builds.
    """
    if n_officers < FEWEST_OFFICERS:
        return
    kept = [*read_build_times(database), BuildTime(n_officers, round(seconds, 2))][-_KEPT:]
    path = _find_file(database)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(kept), encoding="utf-8")
    except OSError as error:  # an estimate is not worth an error
        _LOG.warning("The time of a build could not be kept: %s", type(error).__name__)


def read_build_times(database: Database) -> list[BuildTime]:
    """Read the builds measured on this machine, the last one last; none if the file can't be read."""
    try:
        rows = json.loads(_find_file(database).read_text(encoding="utf-8"))
        return [BuildTime(int(n), float(seconds)) for n, seconds in rows if n > 0 and seconds >= 0]
    except (OSError, ValueError, TypeError):
        return []


def estimate_build_time(database: Database, n_officers: int) -> float:
    """Estimate how long building a plan takes on this machine.

    Parameters
    ----------
    database
        As for `record_build_time`.
    n_officers
        Officers of the plan.

    Returns
    -------
    float
        Seconds: the median of the builds nearest in size, up to four times as large or small, each scaled to
        the number of officers; without any, by the time of a search on made households.
    """
    size = {one: abs(log(one.n_officers / max(n_officers, 1))) for one in read_build_times(database)}
    alike = sorted((one for one in reversed(size) if size[one] <= log(_ALIKE)), key=size.__getitem__)
    if not alike:
        return START_S + n_officers * measure_officer_time()
    return median(_scale(one, n_officers) for one in alike[:_COMPARED])


def _scale(one: BuildTime, n_officers: int) -> float:
    """Scale what a build took beyond its start, or beyond half of it on a fast machine."""
    start = min(START_S, one.seconds / 2)
    return start + (one.seconds - start) * n_officers / one.n_officers


@cache
def measure_officer_time() -> float:
    """Measure what one more officer adds to a build, in seconds: a search on made households, once.

    Measured is the processor's time, which other programs don't lengthen.
    """
    rng = np.random.default_rng(0)
    lon, lat = rng.uniform(0, _VILLAGE_DEG, (2, _HOUSEHOLDS))
    households = pd.DataFrame(
        {
            "lon": 111.0 + lon,
            "lat": -7.4 + lat,
            "village_code": np.where(lon < _VILLAGE_DEG / 2, "a", "b"),
            "prize": rng.gamma(2, 2.5, _HOUSEHOLDS),
        },
        index=[f"h{n:03d}" for n in range(_HOUSEHOLDS)],
    )
    middle = _VILLAGE_DEG / 2
    officers = pd.DataFrame({"villages": "a b", "lon": 111.0 + middle, "lat": -7.4 + middle}, index=["o"])
    week = Problem(households, officers, list_working_days(_WEEK))
    start = thread_time()
    plan_week(week, effort=SearchEffort(MOST_STEPS, _SECONDS, workers=1))
    return (thread_time() - start) / N_WORKERS


def _find_file(database: Database) -> Path:
    name = database.url.database
    if database.url.get_backend_name() == "sqlite" and name and name != ":memory:":
        return Path(f"{name}.plan-times.json")
    return LOCAL / "plan-times.json"
