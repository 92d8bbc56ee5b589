"""How late events come, learned from imports whose truth is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geo.errors import ColumnError
from geo.record_delay import FOLLOW_UP_DAYS, MIN_TO_LEARN, learn_delay


def make_arrivals(days: np.ndarray, batches: np.ndarray, district: str | None = "352107") -> pd.DataFrame:
    """Count events by day and import."""
    frame = pd.DataFrame({"day": days, "batch": batches, "district_code": district})
    return frame.groupby(["day", "batch", "district_code"], dropna=False).size().rename("n").reset_index()


def deliver(rng: np.random.Generator, *, mean_days: float, last: int, every: int) -> pd.DataFrame:
    """Give 20 events a day with an exponential delay, imported from day 60 on, ``every`` so many days."""
    day = np.repeat(np.arange(last), 20)
    arrives = day + rng.exponential(mean_days, len(day))
    imports = np.arange(60, last + 1, every)
    batch = np.searchsorted(imports, arrives)
    here = batch < len(imports)
    return make_arrivals(day[here], batch[here])


def test_the_delay_of_an_exponential_is_that_of_its_95th_percentile() -> None:
    # 95 % have arrived after 3.00 means: 14·ln 20 = 41.9 days; with two events on each day and weekly
    # imports, the share by age is uncertain by some days.
    delay = learn_delay(deliver(np.random.default_rng(1), mean_days=14, last=540, every=7))
    assert delay == pytest.approx(14 * np.log(20), abs=6)


def test_events_that_come_at_once_have_no_delay() -> None:
    day = np.repeat(np.arange(300), 2)
    assert learn_delay(make_arrivals(day, day // 10)) == 0


def test_events_that_come_within_an_import_of_years_before_teach_nothing() -> None:
    # The second file holds the next year: it says nothing of how late the first was.
    day = np.repeat(np.arange(730), 2)
    assert learn_delay(make_arrivals(day, (day >= 365).astype(int))) == 0


def test_the_file_of_another_district_is_not_late() -> None:
    day = np.repeat(np.arange(300), 2)
    first, second = (
        make_arrivals(day, np.full(600, 1), "352107"),
        make_arrivals(day, np.full(600, 2), "352108"),
    )
    later = make_arrivals(np.arange(300, 410), np.full(110, 3), "352107")
    assert learn_delay(pd.concat([first, second, later], ignore_index=True)) == 0


def test_what_never_arrives_in_time_has_the_longest_delay() -> None:
    day = np.arange(400)
    late = np.where(day % 2, 1 + (day >= 200), 2)  # half of all come with the second import
    assert learn_delay(
        make_arrivals(np.append(np.repeat(day, 4), 199), np.append(np.repeat(late, 4), 1))
    ) == (FOLLOW_UP_DAYS)


def test_one_import_and_few_events_teach_nothing() -> None:
    day = np.arange(300)
    assert learn_delay(make_arrivals(day, np.ones(300, dtype=int))) is None
    rare = np.arange(0, 300, 4)
    assert learn_delay(make_arrivals(rare, (rare > 150).astype(int))) is None
    assert MIN_TO_LEARN > FOLLOW_UP_DAYS / 4  # so these were too few, and not too young


def test_a_missing_column_is_named() -> None:
    with pytest.raises(ColumnError, match="'n'"):
        learn_delay(pd.DataFrame({"day": [1], "batch": [1], "district_code": ["a"]}))
