"""Counts for the shared screen: small ones, and those that would tell them, are withheld."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from geo.suppression import DEFAULT_BELOW, TOTAL, suppress_small
from pages import _queries
from pages._texts import _, number

if TYPE_CHECKING:
    from data.windows import Window
    from pages._evidence import Evidence
    from pages._filters import Filters
    from pages._records import Source


@dataclass(frozen=True)
class Counts:
    """What may be shown of the crimes of a period: small counts, and those that would tell them, withheld."""

    shown: pd.DataFrame

    @classmethod
    def of(cls, source: Source, filters: Filters, window: Window | None = None) -> Counts:
        """Count by village, district and in all."""
        villages = _queries.count_crimes(source, filters, window).villages
        levels = pd.DataFrame({"district": villages.index.str.slice(0, 6)}, index=villages.index)
        return cls(suppress_small(villages["n_crimes"], levels))

    def get(self, level: str, code: str) -> int | None:
        """Give a count; None where it is withheld."""
        count = self.shown["count"].get((level, code), pd.NA)
        return None if pd.isna(count) else int(count)

    @property
    def total(self) -> int | None:
        """All crimes of the villages."""
        return self.get(TOTAL, TOTAL)


def withhold_one(count: int) -> int | None:
    """Give a count by itself; None where it is small."""
    return None if 0 < count < DEFAULT_BELOW else count


def share(covered: Evidence, n_met: int) -> float | None:
    """Give the share of households met; None where a small count could be told from it."""
    n = covered.n_households
    if withhold_one(n_met) is None or withhold_one(n - n_met) is None:
        return None
    return n_met / n if n else float("nan")


def say_count(count: int | None) -> str:
    """Write a count; one that is withheld as few."""
    return _("few") if count is None else number(count)


def by_village(counts: pd.Series, whole: pd.Series | None = None) -> dict[str, int | None]:
    """Give the counts by village that may be shown, where no total of them stands beside."""
    levels = pd.DataFrame({"district": counts.index.str.slice(0, 6)}, index=counts.index)
    shown = suppress_small(counts.astype("int64"), levels, whole=whole)["count"]
    cells = shown[shown.index.get_level_values("level") == (counts.index.name or "cell")]
    return {
        str(code): None if pd.isna(count) else int(count)
        for code, count in zip(cells.index.get_level_values("code"), cells, strict=True)
    }
