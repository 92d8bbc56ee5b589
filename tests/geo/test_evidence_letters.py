from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Indel

from geo.evidence import flag_copied_remarks, remark_flags, text_similarity
from geo.evidence.text_similarity import bound_edit_distance, count_letters, pack_texts
from tests.geo.logs import make_log

# Letters of one, two, three and four bytes, and beginnings and ends that texts share over several blocks.
WORDS = st.lists(st.sampled_from(["a", "b", "é", "ꦱ", "😀", "situasi aman", " "]), max_size=9).map("".join)


@given(st.lists(WORDS, min_size=2, max_size=9))
def test_the_bound_is_never_above_the_true_number_of_changes(texts: list[str]) -> None:
    run = pack_texts(pd.Series(texts))
    one, other = (index.ravel() for index in np.indices((len(texts), len(texts))))
    bound = bound_edit_distance(one, other, count_letters(run))
    true = [Indel.distance(texts[i], texts[j]) for i, j in zip(one, other, strict=True)]
    assert (bound <= true).all()


def test_letters_are_counted_over_the_borders_of_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = pd.Series(["aab", "abbb", "cé", "", "aaaaaaaaaaaaaaaaaaaa"])
    whole = count_letters(pack_texts(texts))
    monkeypatch.setattr(text_similarity, "_CHUNK", 4)
    parted = count_letters(pack_texts(texts))
    assert parted.sum(axis=1).tolist() == [3, 4, 2, 0, 20]
    assert whole.sum(axis=1).tolist() == [3, 4, 2, 0, 20]


def test_long_texts_are_counted_whole() -> None:
    texts = pd.Series(["a" * size + "b" * 3 for size in (252, 253, 507, 70_000)])  # pieces of 255 bytes
    counts = count_letters(pack_texts(texts))
    assert counts.sum(axis=1).tolist() == [255, 256, 510, 70_003]
    assert bound_edit_distance(np.array([0, 3]), np.array([1, 2]), counts).tolist() == [1, 69_493]


@pytest.mark.parametrize("part", [1, 7, 50_000])
def test_officers_are_looked_at_in_parts_as_all_at_once(monkeypatch: pytest.MonkeyPatch, part: int) -> None:
    monkeypatch.setattr(remark_flags, "CHUNK_ROWS", part)
    times = [f"2026-10-{1 + number // 3:02d} 09:00" for number in range(30)]
    visits = make_log(times, remarks=[f"situasi aman terkendali di desa binaan, hari {n}" for n in range(30)])
    visits["officer_id"] = [f"o{number % 6 if number < 24 else 9}" for number in range(30)]  # 4 each, and 6
    assert flag_copied_remarks(visits).tolist() == [number >= 24 for number in range(30)]
