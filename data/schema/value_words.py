"""Words that stand for values: outcomes of visits, sources and categories of crimes, folded like names."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def _by_word(groups: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Invert a mapping from value to words: each word → its value."""
    return {name: value for value, names in groups.items() for name in names}


OUTCOMES = _by_word(
    {
        "met": ("met", "bertemu", "ditemui", "berhasil", "terlaksana", "selesai", "success", "done", "ya"),
        "absent": (
            "absent", "nothome", "nobodyhome", "nobodyathome", "kosong", "rumahkosong", "rumahterkunci",
            "tidakada", "tidakadaorang", "tidakditempat", "tidakadaditempat", "tidakberadaditempat",
            "tidakdirumah", "tidakadadirumah", "tidakberadadirumah", "tidakbertemu", "tidakditemui",
            "belumbertemu", "bepergian", "sedangbepergian", "sedangpergi",
        ),
        "refused": (
            "refused", "menolak", "menolakdikunjungi", "ditolak", "tidakbersedia", "tidakmau",
        ),
        "moved": (
            "moved", "movedaway", "movedout", "pindah", "sudahpindah", "telahpindah", "pindahrumah",
            "pindahalamat", "pindahdomisili",
        ),
    }
)  # fmt: skip
"""Folded word → outcome of a visit."""
KNOWN_OUTCOMES = tuple(dict.fromkeys(OUTCOMES.values()))
"""Outcomes with a meaning of their own; any other word is kept as it was written."""
SOURCES = _by_word(
    {
        "reported": ("reported", "dilaporkan", "laporan", "laporanmasyarakat", "lpb", "modelb", "b"),
        "discovered": ("discovered", "ditemukan", "temuan", "tertangkaptangan", "lpa", "modela", "a"),
    }
)
"""Folded word → whether the public reported a crime or police discovered it."""

CATEGORIES: dict[str, tuple[str, ...]] = {
    "curat": ("curat", "pencuriandenganpemberatan", "pencurianberat", "363", "pasal363", "pasal363kuhp"),
    "curas": ("curas", "pencuriandengankekerasan", "365", "pasal365", "pasal365kuhp"),
    "curanmor": ("curanmor", "pencuriankendaraanbermotor", "curanmorr2", "curanmorr4", "pencurianmotor"),
}
"""Canonical crime category → folded texts for it; any other text is a category of its own."""
