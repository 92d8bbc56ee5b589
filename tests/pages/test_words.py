"""What codes and names of our own making are called in the user's language."""

from __future__ import annotations

import pytest

from pages.text.language import use_language
from pages.text.vocabulary import name_import_file


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("field sheet 2026-11-24 P 1", "lembar lapangan P 1, 2026-11-24"),
        ("sample district 1 2026-11-24", "kecamatan contoh 2026-11-24"),
        ("sample regency 7 2026-11-24", "kabupaten contoh 2026-11-24"),
        ("sample district.csv", "sample district.csv"),
        ("Field sheet 2026-11-24 P1", "Field sheet 2026-11-24 P1"),
    ],
)
def test_files_of_our_own_making_are_named_in_the_users_language(name: str, said: str) -> None:
    with use_language("id"):
        assert name_import_file(name) == said
