from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz import fuzz

from geo.evidence import flag_copied_remarks
from geo.evidence.remark_flags import N_NEIGHBOURS
from tests.geo.logs import make_log

TWENTY, NINETEEN = "situasi aman kondusi", "situasi aman kondus"
FIVE_DAYS = [f"2026-10-0{day} 09:00" for day in range(1, 6)]


def copied(remarks: list[str | None], times: list[str] | None = None, **options: float) -> list[bool]:
    times = times or [
        f"2026-10-{1 + number % 28:02d} {8 + number // 28:02d}:00" for number in range(len(remarks))
    ]
    return flag_copied_remarks(make_log(times, remarks=remarks), **options).tolist()


def test_five_equal_remarks_are_copies_and_four_are_not() -> None:
    assert copied([TWENTY] * 5) == [True] * 5
    assert copied([TWENTY] * 4) == [False] * 4


def test_remarks_count_from_20_characters() -> None:
    assert len(TWENTY) == 20
    assert copied([NINETEEN] * 5) == [False] * 5
    assert copied([NINETEEN + "  "] * 5) == [False] * 5  # spaces at the end are no characters


def test_case_and_runs_of_spaces_make_no_difference() -> None:
    assert (
        copied([TWENTY, TWENTY.upper(), f"  {TWENTY}", TWENTY.replace(" ", "  "), f"{TWENTY}\n"])
        == [True] * 5
    )


def test_likeness_counts_from_95() -> None:
    # With one letter of 20 replaced, one is taken out and one put in: 100 · (1 - 2 ÷ 40) = 95.
    same, less = "x" * 20, "x" * 19
    assert fuzz.ratio(same, f"{less}y") == pytest.approx(95)
    assert copied([same] * 4 + [f"{less}y"]) == [True] * 5
    assert copied([same] * 4 + [f"{less[1:]}yz"]) == [False] * 5  # two replaced: 90


def test_thirty_days_hold_their_end() -> None:
    first = ["2026-10-01 09:00"] * 4
    assert copied([TWENTY] * 5, [*first, "2026-10-31 09:00:00"]) == [True] * 5
    assert copied([TWENTY] * 5, [*first, "2026-10-31 09:00:01"]) == [False] * 5


def test_remarks_are_compared_within_an_officer() -> None:
    visits = make_log(FIVE_DAYS, remarks=TWENTY).assign(officer_id=["o1"] * 4 + ["o2"])
    assert not flag_copied_remarks(visits).any()


def test_no_remarks_are_no_copies() -> None:
    assert copied([None] * 6) == [False] * 6
    assert copied([""] * 6) == [False] * 6
    assert not flag_copied_remarks(make_log(FIVE_DAYS)).any()


def test_a_changing_name_or_number_anywhere_does_not_hide_a_copy() -> None:
    names = ["Sutrisno", "Wagiman", "Parto", "Kasiyem", "Ngatini", "Slamet", "Tukijan"]
    long = "melaksanakan sambang ke rumah warga binaan dan menyampaikan imbauan kamtibmas agar selalu waspada"
    others = [
        text
        for name in names
        for number in range(4)  # more than a remark is compared with, before it and behind it in the order
        for text in (f"{name} lain {'abcd'[number] * 30}", f"{'abcd'[number] * 30} lain {name}")
    ]
    for template in ("{} " + long + long, long + " {} " + long, long + long + " {}"):
        copies = [template.format(name) for name in names]
        assert copied(copies + others)[: len(names)] == [True] * len(names)
        assert not any(copied(others))


@settings(max_examples=30, deadline=None)
@given(
    drawn=st.lists(st.integers(0, 4), max_size=25),
    seed=st.integers(0, 99),
)
def test_few_remarks_are_flagged_as_by_comparing_all_pairs(drawn: list[int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    words = rng.choice(list("ab"), (5, 20))
    words[1:3] = words[0]
    words[1, 3], words[2, 15] = "c", "c"  # near the first, and farther from each other
    texts = ["".join(word) for word in words]
    families = list(range(5))
    for one in set(drawn):  # a chain of likeness runs through remarks that were made
        for other in set(drawn):
            if fuzz.ratio(texts[one], texts[other]) >= 95:
                old, new = families[one], families[other]
                families = [new if family == old else family for family in families]
    times = [f"2026-10-01 {8 + number // 6:02d}:{number % 6}0" for number in range(len(drawn))]
    count = [sum(families[other] == families[number] for other in drawn) for number in drawn]
    assert copied([texts[number] for number in drawn], times) == [n >= 5 for n in count]


@pytest.mark.parametrize(("between", "found"), [(2, True), (3, False)])
def test_a_copy_is_found_behind_two_others_in_both_orders(between: int, found: bool) -> None:  # noqa: FBT001
    copies, others = [f"{end}{'a' * 40}{end}" for end in "12345"], iter("bcdefghijklmnopqrstuvwxyz")
    noise = [f"{end}{next(others) * 40}{end}" for end in "12345" for _ in range(between)]
    assert copied(copies + noise)[:5] == [found] * 5


# Copies with another letter before and behind, so that others come between them in both orders.
ENDS = st.sampled_from("abcdeéꦱ😀")
REMARKS = st.tuples(ENDS, st.sampled_from([letter * 40 for letter in "xyzé"]), ENDS).map("".join)


@settings(max_examples=200, deadline=None)
@given(drawn=st.lists(st.tuples(st.integers(1, 2), REMARKS), max_size=50))
def test_remarks_are_flagged_as_the_definition_says(drawn: list[tuple[int, str]]) -> None:
    visits = make_log(
        [f"2026-10-01 08:{n:02d}" for n in range(len(drawn))], remarks=[text for _, text in drawn]
    )
    visits["officer_id"] = [f"o{officer}" for officer, _ in drawn]
    plain = [(officer, " ".join(text.split())) for officer, text in drawn]
    expected = []
    for officer, text in plain:
        families = find_families({other for owner, other in plain if owner == officer and len(other) >= 20})
        family = next((family for family in families if text in family), set())
        expected.append(sum(owner == officer and other in family for owner, other in plain) >= 5)
    assert flag_copied_remarks(visits).tolist() == expected


def find_families(texts: set[str]) -> list[set[str]]:
    """Join, one pair after the other, each text and the next ones in either order if they are alike."""
    families = [{text} for text in texts]
    for order in (sorted(texts), sorted(texts, key=lambda text: text[::-1])):
        for place, one in enumerate(order):
            for other in order[place + 1 : place + 1 + N_NEIGHBOURS]:
                if fuzz.ratio(one, other) >= 95:
                    joined = [family for family in families if {one, other} & family]
                    families = [family for family in families if family not in joined]
                    families.append(set().union(*joined))
    return families
