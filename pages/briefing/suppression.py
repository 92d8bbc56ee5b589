"""Counts for the shared screen: small ones, and those that would reveal them, are withheld."""

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
    """Counts of crimes that may be shown, by village, by district and in total."""

    shown: pd.DataFrame

    def get(self, level: str, code: str) -> int | None:
        """Return a count, or None if it is withheld."""
        count = self.shown["count"].get((level, code), pd.NA)
        return None if pd.isna(count) else int(count)

    @property
    def total(self) -> int | None:
        """All crimes of the villages."""
        return self.get(TOTAL, TOTAL)


def count_shown_crimes(connection: Connection, filters: Filters, period: Period | None = None) -> ShownCounts:
    """Count the crimes of a period (by default the filters'), as far as they may be shown."""
    villages = count_crimes(connection, filters, period).villages
    levels = pd.DataFrame({"district": villages.index.str.slice(0, 6)}, index=villages.index)
    return ShownCounts(suppress_small_counts(villages["n_crimes"], levels))


def withhold_count(count: int) -> int | None:
    """Return a single count, or None if it is small."""
    return None if 0 < count < DEFAULT_THRESHOLD else count


def withhold_share(covered: Coverage, n_met: int) -> float | None:
    """Return the share of households met, or None if a small count could be worked out from it."""
    n = covered.n_households
    if withhold_count(n_met) is None or withhold_count(n - n_met) is None:
        return None
    return n_met / n if n else float("nan")


def format_count(count: int | None) -> str:
    """Write a count, or *few* if it is withheld."""
    return _("few") if count is None else format_number(count)


def withhold_by_village(counts: pd.Series, whole: pd.Series | None = None) -> dict[str, int | None]:
    """Return the counts by village that may be shown where no total of them stands beside them."""
    levels = pd.DataFrame({"district": counts.index.str.slice(0, 6)}, index=counts.index)
    shown = suppress_small_counts(counts.astype("int64"), levels, whole=whole)["count"]
    cells = shown[shown.index.get_level_values("level") == (counts.index.name or "cell")]
    return {
        str(code): None if pd.isna(count) else int(count)
        for code, count in zip(cells.index.get_level_values("code"), cells, strict=True)
    }
