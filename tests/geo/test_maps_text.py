from __future__ import annotations

import html
import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.maps import escape_text
from geo.maps.text import to_script
from tests.browser.apps.place import HOSTILE

UNSAFE = set("<>&\"'\\`${}_")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_becomes_entities(text: str) -> None:
    assert not UNSAFE & set(escape_text(text).replace("&#", "").replace("&", ""))
    assert html.unescape(escape_text(text)) == text


@given(st.text())
@settings(max_examples=200)
def test_escaped_text_reads_as_it_was_written(text: str) -> None:
    safe = escape_text(text)
    bare = safe.replace("&#", "")
    assert not UNSAFE & set(bare)
    assert html.unescape(safe).split() == _plain(text).split()


def _plain(text: str) -> str:
    return "".join(" " if ord(sign) < 32 or ord(sign) in {127, 0x2028, 0x2029} else sign for sign in text)


@pytest.mark.parametrize("missing", [None, np.nan, pd.NA, pd.NaT, float("nan")])
def test_missing_text_is_empty(missing: object) -> None:
    assert escape_text(missing) == ""


def test_numbers_are_written_as_text() -> None:
    assert escape_text(12) == "12"


@given(
    st.recursive(
        st.text() | st.integers() | st.booleans(),
        lambda kids: st.lists(kids) | st.dictionaries(st.text(), kids),
    )
)
@settings(max_examples=100)
def test_script_json_reads_back_and_cannot_end_a_script(value: object) -> None:
    written = to_script(value)
    assert json.loads(written) == value
    assert not set("<>&'") & set(written)
    assert written.isascii()
