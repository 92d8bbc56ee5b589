"""Counts for the shared screen: small ones, and those that would tell them, are withheld."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from geo.suppression import DEFAULT_THRESHOLD, TOTAL, suppress_small_counts
from pages.queries.crimes import count_crimes
from pages.text.language import _, format_number

if TYPE_CHECKING:
    from data.periods import Period
    from pages.queries.filters import Filters
    from pages.queries.records import Connection
    from pages.queries.visits import Coverage


@dataclass(frozen=True)
class ShownCounts:
    """What may be shown of the crimes of a period: small counts, and those that would tell them, withheld."""

    shown: pd.DataFrame

    @classmethod
    def of(cls, connection: Connection, filters: Filters, period: Period | None = None) -> ShownCounts:
        """Count by village, district and in all."""
        villages = count_crimes(connection, filters, period).villages
        levels = pd.DataFrame({"district": villages.index.str.slice(0, 6)}, index=villages.index)
        return cls(suppress_small_counts(villages["n_crimes"], levels))

    def get(self, level: str, code: str) -> int | None:
        """Give a count; None where it is withheld."""
        count = self.shown["count"].get((level, code), pd.NA)
        return None if pd.isna(count) else int(count)

    @property
    def total(self) -> int | None:
        """All crimes of the villages."""
        return self.get(TOTAL, TOTAL)


def withhold_count(count: int) -> int | None:
    """Give a count by itself; None where it is small."""
    return None if 0 < count < DEFAULT_THRESHOLD else count


def withhold_share(covered: Coverage, n_met: int) -> float | None:
    """Give the share of households met; None where a small count could be told from it."""
    n = covered.n_households
    if withhold_count(n_met) is None or withhold_count(n - n_met) is None:
        return None
    return n_met / n if n else float("nan")


def format_count(count: int | None) -> str:
    """Write a count; one that is withheld as few."""
    return _("few") if count is None else format_number(count)


def withhold_by_village(counts: pd.Series, whole: pd.Series | None = None) -> dict[str, int | None]:
    """Give the counts by village that may be shown, where no total of them stands beside."""
    levels = pd.DataFrame({"district": counts.index.str.slice(0, 6)}, index=counts.index)
    shown = suppress_small_counts(counts.astype("int64"), levels, whole=whole)["count"]
    cells = shown[shown.index.get_level_values("level") == (counts.index.name or "cell")]
    return {
        str(code): None if pd.isna(count) else int(count)
        for code, count in zip(cells.index.get_level_values("code"), cells, strict=True)
    }
