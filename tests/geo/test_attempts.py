"""Attempts change no status; they are counted by day since the last visit."""

from __future__ import annotations

import pandas as pd

from geo.status import find_household_status

JAKARTA = "Asia/Jakarta"
AS_OF = pd.Timestamp("2026-11-01", tz=JAKARTA)
HOUSEHOLDS = pd.DataFrame(index=pd.Index(["h1", "h2", "h3"]))


def make_log(*visits: tuple[str, str, str | None]) -> pd.DataFrame:
    """Make visits of (local time, household, outcome of an attempt)."""
    times, ids, attempts = zip(*visits, strict=True)
    at = pd.DatetimeIndex(pd.to_datetime(list(times), format="ISO8601")).tz_localize(JAKARTA)
    return pd.DataFrame(
        {
            "visited_at": at.tz_convert("UTC"),
            "household_id": pd.Series(ids, dtype="str"),
            "attempt": pd.Series(attempts, dtype="str"),
        }
    )


def stand(*visits: tuple[str, str, str | None]) -> pd.DataFrame:
    return find_household_status(HOUSEHOLDS, make_log(*visits), as_of=AS_OF)


def test_household_that_was_only_tried_was_never_visited() -> None:
    told = stand(("2026-10-05 09:00", "h1", "absent"), ("2026-10-06 09:00", "h2", None))
    assert told["status"].tolist() == ["never", "visited", "never"]
    assert told["n_attempts"].tolist() == [1, 0, 0]
    assert pd.isna(told.loc["h1", "last_visit_at"])
    assert told["last_attempt_at"].tolist() == [pd.Timestamp("2026-10-05 02:00", tz="UTC"), pd.NaT, pd.NaT]


def test_attempt_does_not_make_an_overdue_household_visited() -> None:
    told = stand(("2026-07-01 09:00", "h1", None), ("2026-10-30 09:00", "h1", "absent")).loc["h1"]
    assert (told["status"], told["days_since"], told["n_attempts"]) == ("overdue", 123, 1)  # 30+31+31+30+1


def test_attempts_of_one_local_day_count_once() -> None:
    # 23:30 and the next 00:30 in WIB are two days, though both are the same day in UTC
    told = stand(
        ("2026-10-05 09:00", "h1", "absent"),
        ("2026-10-05 23:30", "h1", "absent"),
        ("2026-10-06 00:30", "h1", "absent"),
    )
    assert told.loc["h1", "n_attempts"] == 2


def test_only_attempts_on_days_after_the_last_visit_count() -> None:
    told = stand(
        ("2026-10-01 09:00", "h1", "absent"),
        ("2026-10-05 09:00", "h1", None),
        ("2026-10-05 16:00", "h1", "absent"),
        ("2026-10-09 09:00", "h1", "refused"),
        ("2026-11-01 00:00", "h1", "absent"),
    ).loc["h1"]
    assert (told["n_attempts"], told["attempt"]) == (1, "refused")


def test_outcome_is_told_only_if_all_attempts_share_it() -> None:
    told = stand(
        ("2026-10-01 09:00", "h1", "absent"),
        ("2026-10-02 09:00", "h1", "absent"),
        ("2026-10-01 09:00", "h2", "absent"),
        ("2026-10-02 09:00", "h2", "refused"),
    )
    assert told["n_attempts"].tolist() == [2, 2, 0]
    assert told["attempt"].astype("object").fillna("").tolist() == ["absent", "", ""]


def test_attempt_that_does_not_qualify_is_not_counted_where_only_evidence_is() -> None:
    log = make_log(("2026-10-01 09:00", "h1", "absent"), ("2026-10-02 09:00", "h1", "absent"))
    told = find_household_status(HOUSEHOLDS, log.assign(qualifies=[True, False]), as_of=AS_OF)
    assert told["n_attempts"].tolist() == [1, 0, 0]


def test_visits_without_outcomes_have_no_attempts() -> None:
    log = make_log(("2026-10-01 09:00", "h1", None)).drop(columns="attempt")
    told = find_household_status(HOUSEHOLDS, log, as_of=AS_OF)
    assert told["n_attempts"].tolist() == [0, 0, 0]
    assert told["attempt"].isna().all()
