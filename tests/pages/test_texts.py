"""Every sentence is translated, and numbers and dates are written as the language writes them."""

from __future__ import annotations

import ast
import re
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po
from jinja2 import Environment

from data.schema import CANONICAL, DATASETS
from pages.text.language import (
    LANGUAGES,
    LOCALE,
    find_local_day,
    format_day,
    format_number,
    format_percent,
    use_language,
)
from pages.text.vocabulary import DATASET_NAMES, FIELD_NAMES
from tests.pages.told import COUNTS, GETTEXT, ROOMS, TELLS, said_in

if TYPE_CHECKING:
    from pathlib import Path

PAGES = LOCALE.parent
TRANSLATED = sorted(path.name for path in LOCALE.iterdir() if path.is_dir())
"""Languages with a catalogue: all but English, whose texts stand in the sources."""
MODULES = sorted(path for path in PAGES.rglob("*.py") if path.name != "__init__.py")
TEMPLATES = sorted(PAGES.rglob("templates/*.html"))
SENDS_CODE = {
    "_http",
    "web",
    "widgets/maps.py",
    "routes.py",
    "field_routes.py",
    "field_sheet.py",
    "tiles.py",
    "parameters.py",
}
"""Folders and modules that hold headers, scripts and addresses beside texts."""
SHOWN = [
    path
    for path in MODULES
    if not SENDS_CODE & {path.parent.name, path.name, f"{path.parent.name}/{path.name}"}
]
NOT_FOR_READING = {"Bahasa / Language", "Indonesia", "English", "Sambang"}
NOT_FOR_READING |= {"Excel (XLSX)", "GeoJSON", "Sambang · "}  # names
NOT_FOR_READING |= {
    "d MMM y",
    "d MMM y HH.mm",
    "d MMM y HH:mm",
    "MMM y",
    "EEE d MMM",
    "EEEE, d MMMM y",
    "DD/MM/YYYY",
    "EPSG:4326",
}
MARKUP = re.compile(r'</?\w+|(?:class|role|style)="[^"]*"|aria-label=')  # what a label says is text
READS_LIKE_TEXT = re.compile(r"[A-Za-z]{2,} [A-Za-z({]|^[A-Z][a-z]{2,}")


def messages(language: str) -> dict[tuple[str, ...], tuple[str, ...]]:
    with (LOCALE / language / "LC_MESSAGES" / "sambang.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    return {as_tuple(message.id): as_tuple(message.string) for message in catalogue if message.id}


def as_tuple(text: str | tuple[str, ...]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def said_in_template(path: Path) -> set[tuple[str, ...]]:
    """Collect the texts that a template hands to gettext."""
    found = Environment(extensions=["jinja2.ext.i18n"]).extract_translations(path.read_text())  # noqa: S701 - only read
    return {(text,) for _, _, text in found if isinstance(text, str)}


def all_said() -> set[tuple[str, ...]]:
    return set().union(*map(said_in, [*MODULES, *ROOMS]), *map(said_in_template, TEMPLATES))


def test_every_language_but_english_is_translated() -> None:
    assert {*TRANSLATED, "en"} == set(LANGUAGES)


@pytest.mark.parametrize("language", TRANSLATED)
def test_catalogue_has_every_text_of_the_sources(language: str) -> None:
    catalogue = messages(language)
    said = all_said()
    assert len(said) > 100
    assert not said - set(catalogue)
    assert not [text for text in said if not all(catalogue[text])]


@pytest.mark.parametrize("language", TRANSLATED)
def test_catalogue_has_no_text_that_no_source_says(language: str) -> None:
    said = all_said()
    assert set(messages(language)) == said


def test_make_texts_finds_every_text() -> None:
    keywords = dict.fromkeys({"_", "N_"} | TELLS) | dict.fromkeys(COUNTS, (1, 2))
    for path in [*MODULES, *ROOMS]:
        found = extract_from_file("python", path, keywords=keywords)
        assert said_in(path) <= {as_tuple(message) for _, message, *_ in found}, path


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_keep_the_placeholders(language: str) -> None:
    for text, translated in messages(language).items():
        wanted = {frozenset(re.findall(r"\{[^{}]+\}", part)) for part in text}
        assert {frozenset(re.findall(r"\{[^{}]+\}", part)) for part in translated} <= wanted, text


@pytest.mark.parametrize("path", SHOWN, ids=lambda path: str(path.relative_to(PAGES)))
def test_page_says_nothing_outside_gettext(path: Path) -> None:
    tree = ast.parse(path.read_text())
    inside: set[int] = set()
    for node in ast.walk(tree):
        is_gettext = isinstance(node, ast.Call) and getattr(node.func, "id", "") in GETTEXT
        is_docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        is_raised = isinstance(node, ast.Raise)
        is_cast = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "cast"
        if is_gettext or is_docstring or is_raised or is_cast:
            inside |= {id(part) for part in ast.walk(node)}
    literals = [
        node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    loose = [
        node.value
        for node in literals
        if id(node) not in inside and READS_LIKE_TEXT.search(MARKUP.sub("", node.value))
    ]
    assert not set(loose) - NOT_FOR_READING


def test_every_code_of_the_data_has_a_name() -> None:
    assert set(DATASET_NAMES) == set(DATASETS)
    fields = {field.name for dataset in DATASETS.values() for field in dataset.fields}
    columns = {column for schema in CANONICAL.values() for column in schema.columns}
    assert fields | columns <= set(FIELD_NAMES)


@pytest.mark.parametrize(
    ("language", "count", "share", "decimal", "written_day"),
    [("id", "1.312", "71%", "1,5", "3 Agu 2026"), ("en", "1,312", "71%", "1.5", "3 Aug 2026")],
)
def test_numbers_and_dates_follow_the_language(
    language: str, count: str, share: str, decimal: str, written_day: str
) -> None:
    with use_language(language):
        assert format_number(1312) == count
        assert format_percent(0.712) == share
        assert format_number(1.5, digits=1) == decimal
        assert format_day(date(2026, 8, 3)) == written_day


def test_moment_is_shown_on_the_units_day() -> None:
    late = pd.Timestamp("2026-10-31T18:00:00Z")  # 1 November, 01.00 WIB
    assert find_local_day(late) == date(2026, 11, 1)


def test_missing_figure_is_a_dash() -> None:
    assert format_number(None) == format_percent(float("nan")) == format_day(pd.NaT) == "—"


def test_only_none_is_zero_and_only_all_is_hundred_percent() -> None:
    shares = [0, 0.001, 0.006, 0.994, 0.999, 1]
    with use_language("en"):
        written = [format_percent(share) for share in shares]
    assert written == ["0%", "<1%", "1%", "99%", ">99%", "100%"]
