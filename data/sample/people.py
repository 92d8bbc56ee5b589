"""Invented people: heads of households and officers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from data.sample.places import name_hamlets
from data.sample.text import cross_words, format_numbers, pick_words, split_words

if TYPE_CHECKING:
    from pandas.api.extensions import ExtensionArray

    from data.sample.land import Land
    from data.sample.settlements import Hamlets, Homes

WITHOUT_POINT = 0.01  # of the households were registered without coordinates
WOMEN = 0.16  # of the heads of households
TAGS = {"lansia": 0.05, "disabilitas": 0.01, "korban kejahatan": 0.015}  # share of the households, by tag
PERSONS_PER_HOUSEHOLD = 3.1
RANKS = {"Briptu": 0.1, "Brigpol": 0.2, "Bripka": 0.35, "Aipda": 0.25, "Aiptu": 0.1}  # share of the officers

_MEN = split_words(
    "Agus Slamet Sutrisno Bambang Joko Hadi Suyono Wahyu Eko Dwi Tri Budi Suparman Mulyono Imam Ahmad "
    "Purwanto Sugeng Hariyanto Teguh Yuli Bagus Sigit Andri Rudi Arif Danang Heru Gunawan Suroso Karno "
    "Paimin Wagiman Tukiran Sarwono Kasdi Jumadi Sunaryo Ponidi Marjuki"
)
_WOMEN = split_words(
    "Siti Sri Endang Sulastri Wahyuni Partini Suminah Rukini Yatmi Painem Dewi Retno Lestari Ningsih Kartini "
    "Mariyem Watini Surati"
)
_SECOND = split_words(
    "Santoso Wibowo Prasetyo Nugroho Saputra Setiawan Kurniawan Hidayat Susilo Utomo Widodo Handoko Raharjo "
    "Subagyo Pranoto Wijayanto Suwarno Kusnadi Rohmat Suprapto Harjono Sasongko Purnomo Yulianto Basuki "
    "Cahyono Darmawan Firmansyah Ismail Laksono"
)
_SECOND_WOMEN = split_words(
    "Rahayu Handayani Astuti Utami Purwanti Aminah Wulandari Lestari Sulistyowati Hartini Suryani Indah "
    "Puspitasari Maryati Kusuma"
)


def name_heads(n: int, rng: np.random.Generator) -> ExtensionArray:
    """Invent the names of heads of households.

    Parameters
    ----------
    n
    Number of names.
    rng
        Random number generator.

    Returns
    -------
    pandas.api.extensions.ExtensionArray
    Text; names may repeat, as real ones do.
    """
    names = cross_words(_MEN, _SECOND) + cross_words(_WOMEN, _SECOND_WOMEN)
    n_men = len(_MEN) * len(_SECOND)
    women = rng.random(n) < WOMEN
    return pick_words(names, np.where(women, rng.integers(n_men, len(names), n), rng.integers(0, n_men, n)))


def describe_households(land: Land, hamlets: Hamlets, homes: Homes, rng: np.random.Generator) -> pd.DataFrame:
    """Make the data frame of households.

    Parameters
    ----------
    land, hamlets, homes
    The villages, hamlets and homes.
    rng
        Random number generator.

    Returns
    -------
    pandas.DataFrame
        The canonical columns of households, indexed by ``household_id``.
    """
    n = len(homes.village)
    codes, villages, districts = (land.frame.index.array, *_names(land))
    unknown = rng.random(n) < WITHOUT_POINT
    given = np.where(unknown, homes.village, -1)  # matched to the village by name alone
    rw = hamlets.number[homes.hamlet]
    frame = pd.DataFrame(
        {
            "head_name": name_heads(n, rng),
            "address": _addresses(hamlets, homes, rng),
            "rt": format_numbers(homes.rt, 3),
            "rw": format_numbers(rw, 3),
            "lon": np.where(unknown, np.nan, homes.lonlat[:, 0]),
            "lat": np.where(unknown, np.nan, homes.lonlat[:, 1]),
            "tags": pick_words(list(TAGS), _pick_tags(n, rng)),
            "village_code": pick_words(codes, homes.village),
            "placement": pick_words(["inside", "unlocated"], unknown.astype(int)),
            "village_given": pick_words(villages, given),
            "district_given": pick_words(districts, given),
            "village_code_given": pick_words(codes, np.full(n, -1)),
        }
    )
    frame.index = _household_ids(land, homes.village)
    return frame


def _names(land: Land) -> tuple[ExtensionArray, ExtensionArray]:
    return land.frame["village"].array, land.frame["district"].array


def _household_ids(land: Land, village: np.ndarray) -> pd.Index:
    """Make ids such as KK-359901-2001-00042, numbered within each village."""
    first = np.searchsorted(village, np.arange(len(land.frame)))
    prefixes = [f"KK-{code[:6]}-{code[6:]}-" for code in land.frame.index]
    ids = pd.Series(pick_words(prefixes, village)) + pd.Series(
        format_numbers(np.arange(len(village)) - first[village] + 1, 5)
    )
    return pd.Index(ids, name="household_id")


def _addresses(hamlets: Hamlets, homes: Homes, rng: np.random.Generator) -> ExtensionArray:
    """Make addresses such as Dusun Krajan RT 003 RW 001."""
    names = name_hamlets(np.bincount(hamlets.village), rng)
    most = int(homes.rt.max())
    written = [
        f"Dusun {name} RT {rt:03d} RW {rw:03d}"
        for name, rw in zip(names, hamlets.number, strict=True)
        for rt in range(1, most + 1)
    ]
    return pick_words(written, homes.hamlet * most + homes.rt - 1)


def _pick_tags(n: int, rng: np.random.Generator) -> np.ndarray:
    """Choose the position of each household's tag, -1 for none."""
    at = np.searchsorted(np.cumsum(list(TAGS.values())), rng.random(n), side="right")
    return np.where(at == len(TAGS), -1, at)


def describe_officers(land: Land, rng: np.random.Generator) -> pd.DataFrame:
    """Make the data frame of officers, one per village, in the order of the villages.

    Parameters
    ----------
    land
        The villages.
    rng
        Random number generator.

    Returns
    -------
    pandas.DataFrame
        The canonical columns of officers, indexed by ``officer_id``.
    """
    n = len(land.frame)
    names = cross_words(_MEN, _SECOND)
    ids = pd.array([f"BKTM-{code[:6]}-{code[6:]}" for code in land.frame.index], dtype="str")
    return pd.DataFrame(
        {
            "name": pick_words(names, rng.permutation(len(names))[:n]),
            "rank": pick_words(list(RANKS), rng.choice(len(RANKS), n, p=list(RANKS.values()))),
            "unit": ("Polsek " + land.frame["district"]).array,
            "villages": land.frame.index.array,
        },
        index=pd.Index(ids, name="officer_id"),
    )
