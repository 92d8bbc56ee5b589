"""No sentence contradicts what is known of a made unit, each is said of one, and chance is no finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import streamlit as st

from data.settings import get_settings
from pages.text.language import use_language
from tests.databases import make_database
from tests.pages.conftest import open_page
from tests.sentences import command_claims, comparison_claims, crime_claims, visit_claims
from tests.sentences.claims import CLAIMS, cut_claims
from tests.sentences.collect import collect_reports, collect_sentences
from tests.sentences.truth import Truth
from tests.sentences.units import KINDS, PERIOD, MadeUnit, import_unit, make_unit
from tests.volume import IS_TRIAL, volume

if TYPE_CHECKING:
    from pathlib import Path

TABLES = (visit_claims, crime_claims, comparison_claims, command_claims)  # importing them fills CLAIMS
LEVEL = 0.07
"""Share of the units without a thing in which chance may have it found."""
UNITS = [(kind, seed) for kind, n in KINDS.items() for seed in range(volume(1, n))]
ELSEWHERE = {
    (
        "{area} of the land contains {crime} of the crimes with a location; the same number of crimes placed "
        "at random would put {chance} there."
    )
}
"""Sentences that need more crimes than a made unit has: ``tests/pages/test_hotspots.py`` has them said."""
THROUGH_PAGES = [("late", 1), ("thin", 3), ("coarse", 1), ("tied", 0), ("absent", 0), ("years", 0)]
THROUGH_PAGES = THROUGH_PAGES[: volume(1, len(THROUGH_PAGES))]


@pytest.mark.trial
@pytest.mark.timeout(3000)
def test_no_sentence_contradicts_what_is_known_and_chance_is_no_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong, unknown, spoken = [], [], set()
    by_chance: dict[str, set[str]] = {}
    for kind, seed in UNITS:
        unit = make_unit(kind, seed)
        pages, reports = hear(unit, tmp_path / unit.name, monkeypatch)
        for sentence in (*pages, *reports):
            rest, found = cut_claims(sentence)
            unknown += [f"{unit.name}: {rest}"] if rest and sentence not in reports else []
            for claim, values in found:
                spoken.add(claim.name)
                if claim.finding_of and not claim.finding_of & unit.planted:
                    by_chance.setdefault(claim.name, set()).add(unit.name)
                if not claim.check(Truth(unit), values):
                    wrong.append(f"{unit.name}: {claim.name} {values}")
    assert wrong == []
    assert unknown == []  # each sentence of a page has its truth written in one of the tables
    if IS_TRIAL:  # which needs all sixty
        assert {claim.name for claim in CLAIMS} - spoken <= ELSEWHERE
        assert {name: units for name, units in by_chance.items() if len(units) > LEVEL * len(UNITS)} == {}


def hear(unit: MadeUnit, folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], list[str]]:
    """Import a unit and return what is said of it below the pages, and the first lines of the reports."""
    bring_in(unit, folder, monkeypatch)
    with use_language("en"):
        return collect_sentences(), collect_reports()


def bring_in(unit: MadeUnit, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Import a unit into a database of its own, which pages then open."""
    folder.mkdir(exist_ok=True)
    database = make_database(folder / "sambang.sqlite")
    monkeypatch.setenv("SAMBANG_DATABASE_URL", str(database.url))
    monkeypatch.setenv("SAMBANG_TIME_ZONE", "WIB")
    monkeypatch.setenv("SAMBANG_NOW", "2026-11-01T09:00+07:00")
    get_settings.cache_clear()
    st.cache_data.clear()
    st.cache_resource.clear()
    import_unit(database, unit)


@pytest.mark.trial
@pytest.mark.parametrize(("kind", "seed"), THROUGH_PAGES)
def test_no_sentence_of_a_page_contradicts_what_is_known(
    kind: str, seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit = make_unit(kind, seed)
    bring_in(unit, tmp_path, monkeypatch)
    since, until = PERIOD
    wrong, heard = [], 0
    for page in ("overview", "coverage", "hotspots", "compare"):
        app = open_page(page, lang="en", since=since, until=until)
        assert not app.exception
        for text in (*app.markdown, *app.caption, *app.info):
            found = cut_claims(text.value)[1]
            heard += len(found)
            wrong += [
                f"{item.name} {values}" for item, values in found if not item.check(Truth(unit), values)
            ]
    assert wrong == []
    assert heard > 0
