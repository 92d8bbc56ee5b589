"""What is wrong is said in the page's language, whatever the values in the sentence are."""

from __future__ import annotations

import ast
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from data.errors import DataError, FileRefusedError, LayerError
from data.readers import InputFile, read_table
from data.readers.transfer import receive_answer, send_error
from geo.errors import Phrase, UserError
from pages.text.language import LANGUAGES, translate, use_language
from tests.data.files import make_geopackage
from tests.pages.conftest import open_page
from tests.pages.test_imports import upload
from tests.pages.told import ROOMS, TELLS, calls_in, family, is_template, said_in

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = "{0.__class__} {name!r:>99999} `x` **y** :red[z] %s {{}}.csv"


def say(told: UserError | Phrase, language: str = "id") -> str:
    with use_language(language):
        return translate(told)


def refuse(name: str, content: bytes) -> DataError:
    with pytest.raises(DataError) as refused:
        read_table(InputFile(name, content))
    return refused.value


@pytest.mark.parametrize("path", ROOMS, ids=lambda path: "/".join(path.parts[-3:]))
def test_every_error_can_be_said_in_another_language(path: Path) -> None:
    untold = [ast.unparse(call) for call in calls_in(path, TELLS) if not is_template(call)]
    assert not untold


def test_all_errors_have_a_template_and_values() -> None:
    assert len(family()) > 15
    assert sum(len(calls_in(path, TELLS)) for path in ROOMS) > 250


def test_sentence_is_english_until_a_page_says_it() -> None:
    error = refuse("foto.csv", b"\x89PNG\r\n")
    assert str(error) == (
        "foto.csv is an image, which cannot be read: save it as CSV, XLSX or GeoJSON and import that."
    )
    assert say(error, "en") == str(error)
    assert say(error) == (
        "foto.csv adalah gambar yang tidak bisa dibaca: "
        "simpan sebagai CSV, XLSX, atau GeoJSON lalu impor berkas itu."
    )


@pytest.mark.parametrize(
    ("values", "indonesian", "english"),
    [
        ({"n": 12_500, "most": 1_000}, "12.500 dari 1.000", "12,500 dari 1,000"),
        ({"n": 2.5, "most": 10}, "2,5 dari 10", "2.5 dari 10"),
        ({"n": date(2026, 8, 3), "most": "1,5"}, "3 Agu 2026 dari 1,5", "2026-08-03 dari 1,5"),
    ],
)
def test_values_are_written_as_the_language_writes_them(
    values: dict[str, Any], indonesian: str, english: str
) -> None:
    spec = ":," if isinstance(values["n"], int) else ""
    phrase = Phrase(f"{{n{spec}}} dari {{most{spec}}}", values)
    assert say(phrase) == indonesian
    assert str(phrase) == english


def test_several_values_are_joined_as_the_language_joins_them() -> None:
    parts = {"names": ("a", "b", "c")}
    assert [say(Phrase(text, parts)) for text in ("{names}", "{names:and}", "{names:or}")] == [
        "a, b, c",
        "a, b, dan c",
        "a, b, atau c",
    ]
    assert str(Phrase("{names:and}", parts)) == "a and b and c"


def test_moment_is_said_in_the_units_time() -> None:
    assert say(Phrase("{at}", {"at": pd.Timestamp("2026-10-31T18:00:00Z")})) == "1 Nov 2026 01.00"


@pytest.mark.parametrize("language", LANGUAGES)
def test_hostile_name_is_shown_as_it_is(language: str) -> None:
    error = refuse(HOSTILE, b"")
    assert HOSTILE in str(error)
    assert HOSTILE in say(error, language)
    assert say(UserError(HOSTILE), language) == HOSTILE


@pytest.mark.parametrize("template", ["{name.__class__}", "{name[0]}", "{0}", "{}", "{other}"])
def test_template_takes_values_by_their_names_alone(template: str) -> None:
    with pytest.raises(KeyError):
        str(Phrase(template, {"name": "x"}))


def test_template_and_values_come_out_of_the_worker() -> None:
    error = refuse("dua.gpkg", make_geopackage("satu", "dua"))
    assert isinstance(error, LayerError)
    assert error.layers == ("satu", "dua")
    assert error.phrase == Phrase(error.phrase.template, {"name": "dua.gpkg", "shown": "satu, dua"})
    assert say(error) == "dua.gpkg punya beberapa lapisan (satu, dua): pilih salah satu."


@pytest.mark.parametrize("language", LANGUAGES)
def test_option_is_no_part_of_the_sentence(language: str) -> None:
    error = UserError("There is no import {batch_id}.:", option="--batch N", batch_id=7)
    assert error.option == "--batch N"
    assert error.phrase == Phrase("There is no import {batch_id}.:", {"batch_id": 7})
    assert "--batch" not in str(error) + say(error, language)
    assert not UserError("There is no import.").option


def test_option_comes_out_of_the_worker() -> None:
    assert refuse("dua.gpkg", make_geopackage("satu", "dua")).option == "one"
    assert not refuse("kosong.csv", b"").option


def test_no_sentence_has_a_value_of_that_name() -> None:
    assert not [text for path in ROOMS for texts in said_in(path) for text in texts if "{option" in text]


def test_phrases_and_lists_come_out_of_the_worker() -> None:
    stream = BytesIO()
    values = {
        "name": HOSTILE,
        "what": Phrase("an unsupported kind of XML ({root})", {"root": "{x}"}),
        "n": (1, "b"),
    }
    send_error(FileRefusedError("{name} is {what}: {n:or}.", **values), stream)
    with pytest.raises(FileRefusedError) as refused:
        receive_answer(stream.getvalue())
    assert refused.value.phrase == Phrase("{name} is {what}: {n:or}.", values)
    assert say(refused.value) == f"{HOSTILE} is XML jenis lain ({{x}}): 1 atau b."


@pytest.mark.usefixtures("place")
def test_indonesian_user_is_told_in_indonesian_what_is_wrong_with_a_file() -> None:
    app = upload(open_page("imports", lang="id"), "households", "`{kk}`.csv", b"%PDF-1.7 **x**")
    assert not app.exception
    (error,) = app.error
    assert error.value == (
        r"\`\{kk\}\`\.csv adalah dokumen PDF yang tidak bisa dibaca\: simpan sebagai CSV, XLSX, atau "
        r"GeoJSON lalu impor berkas itu\."
    )


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("id", "batas.geojson tidak memuat kode desa 10 angka: pilih kolom kodenya, atau pakai nama saja."),
        (
            "en",
            "batas.geojson has no village codes of 10 digits: choose the column of the codes, or use names only.",
        ),
    ],
)
def test_page_advises_what_can_be_done_on_it_not_on_the_command_line(language: str, said: str) -> None:
    feature = (
        b'{"type": "Feature", "properties": {"desa": "Sawo", "kode_desa": "abc"}, "geometry": '
        b'{"type": "Polygon", "coordinates": [[[111, -7], [111.1, -7], [111.1, -7.1], [111, -7]]]}}'
    )
    app = upload(open_page("imports", lang=language), "boundaries", "batas.geojson", feature)
    assert not app.exception
    (error,) = app.error
    assert error.value.replace("\\", "") == said
