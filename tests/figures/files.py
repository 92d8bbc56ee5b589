"""Small files with good and bad rows, which are looked at but never stored."""

from __future__ import annotations

from typing import NamedTuple


class File(NamedTuple):
    """A file of one dataset."""

    place: int
    """Of the dataset in the choice on the Data page."""
    name: str
    content: bytes


_HOUSEHOLDS = """no_kk,nama_kk,lat,lon,warna
K7,Sari,-7.405,111.93,biru
K8,Jauh,-7.0,112.0,hijau
K9,Rusak,utara,111.93,merah
"""
_VISITS = """waktu,petugas,no_kk,lat,lon,hasil
2026-11-20 09:00,BKTM-359901-2007,KK-359901-2007-00003,-7.42,111.93,ketemu
2026-11-20 09:20,BKTM-359901-2007,KK-359901-2007-00005,,,kosong
2026-11-20,BKTM-359901-2007,TIDAK-ADA,-7.42,111.93,
kemarin,BKTM-359901-2007,KK-359901-2007-00007,-7.42,111.93,ketemu
2027-11-20 09:00,BKTM-359901-2007,KK-359901-2007-00014,-7.42,111.93,ketemu
"""

FILES = {
    "households": File(1, "kk.csv", _HOUSEHOLDS.encode()),
    "visits": File(3, "kunjungan.csv", _VISITS.encode()),
}
