"""The words that mean a value: outcomes of visits, sources and categories of crimes, folded as names are."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def _by_word(groups: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Turn the words of each value round: each word to its value."""
    return {name: value for value, names in groups.items() for name in names}


OUTCOMES = _by_word(
    {
        "met": ("met", "bertemu", "ditemui", "berhasil", "terlaksana", "selesai", "success", "done", "ya"),
        "absent": ("absent", "tidakada", "tidakbertemu", "tidakdirumah", "kosong", "rumahkosong", "nothome"),
        "refused": ("refused", "menolak", "ditolak", "tidakbersedia"),
    }
)
"""What became of a visit, by the word for it."""
SOURCES = _by_word(
    {
        "reported": ("reported", "dilaporkan", "laporan", "laporanmasyarakat", "lpb", "modelb", "b"),
        "discovered": ("discovered", "ditemukan", "temuan", "tertangkaptangan", "lpa", "modela", "a"),
    }
)
"""Whether people reported a crime or a patrol discovered it, by the word for it."""

CATEGORIES: dict[str, tuple[str, ...]] = {
    "curat": ("curat", "pencuriandenganpemberatan", "pencurianberat", "363", "pasal363", "pasal363kuhp"),
    "curas": ("curas", "pencuriandengankekerasan", "365", "pasal365", "pasal365kuhp"),
    "curanmor": ("curanmor", "pencuriankendaraanbermotor", "curanmorr2", "curanmorr4", "pencurianmotor"),
}
"""Canonical crime categories, and the folded texts that mean them; any other text is its own category."""
