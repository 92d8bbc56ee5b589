from __future__ import annotations

import pandas as pd
import pytest

from geo.caution import find_cautions, find_cut_months, require_days, require_places
from geo.errors import TooFewError
from tests.geo.builders import make_points

ZONE = "Asia/Jakarta"


def at(*moments: str) -> pd.DataFrame:
    return pd.DataFrame({"occurred_at": pd.to_datetime(list(moments), utc=True)})


@pytest.mark.parametrize("n", [0, 1, 2, 9])
def test_fewer_crimes_than_a_map_needs_are_refused(n: int) -> None:
    with pytest.raises(
        TooFewError, match=rf"Too few crimes with a location for a result \({n}\): at least 10"
    ):
        require_places(make_points(*[(i, 0) for i in range(n)]))


def test_one_place_is_refused_and_two_are_not() -> None:
    with pytest.raises(TooFewError, match="All 10 crimes with a location are at one point"):
        require_places(make_points(*[(5, 5)] * 10))
    require_places(make_points(*[(5, 5)] * 9, (5, 50)))
    require_places(make_points(), minimum=0)


def test_a_day_is_one_of_the_place() -> None:
    # 9 October 18.00 UTC and 10 October 16.00 UTC are one day in Jakarta, 17.00 UTC is the next.
    with pytest.raises(TooFewError, match="All 2 crimes are from 2026-10-10"):
        require_days(at("2026-10-09T18:00Z", "2026-10-10T16:00Z"), zone=ZONE)
    require_days(at("2026-10-09T18:00Z", "2026-10-10T17:00Z"), zone=ZONE)
    require_days(at(), zone=ZONE)


def test_cautions_name_the_place_and_the_day() -> None:
    noon = "2026-10-10T05:00Z"
    both = find_cautions(at(noon, noon, noon), make_points(*[(5, 5)] * 3), zone=ZONE)
    assert [str(one).split(".")[0] for one in both] == [
        "All 3 crimes with a location are at one point",
        "All 3 crimes are from one day, 2026-10-10: figures for the period describe that day only",
    ]
    apart = make_points((5, 5), (5, 5), (50, 5))
    assert len(find_cautions(at(noon, noon, noon), apart, zone=ZONE)) == 1
    assert find_cautions(at(noon, noon, "2026-10-11T05:00Z"), apart, zone=ZONE) == []
    assert find_cautions(at(noon, noon), make_points(*[(5, 5)] * 2), zone=ZONE) == []
    assert find_cautions(at(), make_points(), zone=ZONE) == []


def test_months_are_not_of_one_day() -> None:
    month = at(*["2024-01-01T00:00Z"] * 40).assign(time_precision="month")
    require_days(month, zone=ZONE)
    apart = make_points((5, 5), (5, 5), (50, 5))
    assert find_cautions(month, apart, zone=ZONE) == []
    assert len(find_cautions(month.assign(time_precision="day"), apart, zone=ZONE)) == 1


@pytest.mark.parametrize(
    ("since", "until", "n"),
    [
        ("2024-01-01", "2024-02-01", 0),
        ("2023-12-01", "2024-03-01", 0),
        ("2024-01-01", "2024-01-31", 2),
        ("2024-01-05", "2024-01-10", 2),
        ("2023-12-05", "2024-01-02", 2),
        ("2024-02-01", "2024-03-01", 0),
    ],
)
def test_a_period_that_cuts_a_month_is_told(since: str, until: str, n: int) -> None:
    first = pd.Timestamp("2024-01-01", tz=ZONE)
    crimes = pd.DataFrame({"occurred_at": [first] * 3, "time_precision": ["month", "month", "day"]})
    told = find_cut_months(
        crimes, since=pd.Timestamp(since, tz=ZONE), until=pd.Timestamp(until, tz=ZONE), zone=ZONE
    )
    assert [str(one).split(":")[0] for one in told] == [
        f"{n} crimes are known by their month only, and the period begins or ends within that month"
    ][:n]
