"""What is written to an address is read back; what is not ours never breaks anything."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from data.importing.keys import make_village_codes
from pages.widgets.urls import LONGEST_DAYS, FilterChoice, parse_choice, write_choice

days = st.dates(date(2000, 1, 1), date(2090, 1, 1))
periods = st.builds(
    lambda since, length: {"since": since, "until": since + timedelta(days=length)},
    days,
    st.integers(1, LONGEST_DAYS),
)
lengths = st.one_of(st.just({}), st.builds(lambda n: {"days": n}, st.integers(1, LONGEST_DAYS)), periods)
areas = st.one_of(st.just(""), st.from_regex(r"\A(?:[0-9]{4}|[0-9]{6}|[0-9]{10}|X[0-9a-f]{13})\Z"))
choices = st.builds(
    lambda area, length, categories: FilterChoice(area=area, categories=tuple(categories), **length),
    areas,
    lengths,
    st.lists(st.text(min_size=1), max_size=3),
)


@given(choices)
def test_what_is_written_is_read_back(choice: FilterChoice) -> None:
    assert parse_choice(write_choice(choice)) == (choice, True)


@given(st.dictionaries(st.sampled_from(["area", "days", "since", "until", "category"]), st.lists(st.text())))
def test_any_address_can_be_read(query: dict[str, list[str]]) -> None:
    choice, _ = parse_choice(query)
    assert parse_choice(write_choice(choice)) == (choice, True)


def test_period_of_ones_own_wins_over_a_length() -> None:
    query = {"days": ["30"], "since": ["2026-10-01"], "until": ["2026-10-08"]}
    assert parse_choice(query) == (FilterChoice(since=date(2026, 10, 1), until=date(2026, 10, 8)), True)


def test_area_with_a_made_key_can_be_linked_to() -> None:
    made = make_village_codes(pd.Series(["The Meadows"]), pd.Series([""]))
    for code in made.iloc[0][["village_code", "district_code", "regency_code"]]:
        assert parse_choice({"area": [code]}) == (FilterChoice(area=code), True)
