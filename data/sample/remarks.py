"""Officers' remarks on a visit: invented Indonesian sentences."""

from __future__ import annotations

_SUBJECTS = (
    "Menyampaikan imbauan mengunci pintu dan jendela pada malam hari",
    "Membahas kunci ganda untuk sepeda motor yang diparkir di teras",
    "Menanyakan keadaan keamanan lingkungan dan jadwal ronda",
    "Mengingatkan warga tentang penipuan lewat telepon",
    "Mendengarkan keluhan mengenai lampu jalan yang padam",
    "Mendata anggota keluarga yang bekerja di luar kota",
    "Mengajak warga mengaktifkan kembali pos kamling",
    "Menjelaskan cara melapor lewat call center 110",
    "Membicarakan kenakalan remaja di perempatan",
    "Memberi saran menyimpan surat berharga di tempat aman",
    "Menanyakan tamu atau penghuni baru di sekitar rumah",
    "Membahas pengaturan parkir saat hajatan",
)
_ANSWERS = (
    "warga menerima dengan baik dan bertanya balik",
    "kepala keluarga meminta kunjungan ulang bulan depan",
    "keluarga bersedia ikut ronda malam",
    "warga mengeluhkan kehilangan ayam minggu lalu",
    "istri kepala keluarga mencatat nomor telepon petugas",
    "warga menyarankan portal di ujung gang",
    "tidak ada kejadian menonjol sejak kunjungan terakhir",
    "warga meminta patroli ditambah saat panen",
    "keluarga baru pindah dan belum lapor RT",
    "warga khawatir karena rumah sering kosong siang hari",
)
_ENDINGS = (
    "nomor petugas ditempel di pintu.",
    "akan dikoordinasikan dengan ketua RT.",
    "situasi aman.",
    "diteruskan ke perangkat desa.",
    "akan dipantau minggu ini.",
    "brosur diserahkan.",
    "foto kegiatan terlampir.",
    "kunjungan berlangsung lima belas menit.",
)

WRITTEN_REMARKS: list[str] = [f"{a}; {b}; {c}" for a in _SUBJECTS for b in _ANSWERS for c in _ENDINGS]
"""Remarks written after a conversation."""

COPIED_REMARKS: list[str] = [
    "Melaksanakan sambang DDS dan menyampaikan pesan kamtibmas, situasi aman terkendali.",
    "Giat sambang warga binaan, menyampaikan imbauan kamtibmas. Situasi aman dan kondusif.",
    "Sambang door to door system kepada warga, menyampaikan pesan kamtibmas, nihil kejadian menonjol.",
    "DDS warga desa binaan guna menjalin silaturahmi dan menyampaikan pesan kamtibmas.",
    "Kunjungan ke rumah warga dalam rangka harkamtibmas, warga menyambut baik, situasi kondusif.",
    "Melaksanakan kunjungan warga, mengimbau agar menjaga keamanan lingkungan masing-masing.",
]
"""Pasted remarks; each officer has one."""

ALL_REMARKS: list[str] = WRITTEN_REMARKS + COPIED_REMARKS
