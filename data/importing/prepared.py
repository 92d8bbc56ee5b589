"""What an import would do, before it is done; and what it did."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from data.importing.options import CodeScheme
    from data.mapping import ColumnMapping
    from data.values import DateOrder

PREVIEW_ROWS = 20


@dataclass(frozen=True)
class Prepared:
    """An import, ready to be stored or left.

    Parameters
    ----------
    dataset, file_name, fingerprint, imported_by
        What, from which file, by whom; the fingerprint is of content and choices.
    mapping, date_order, code_scheme, layers
        How the file was understood.
    rows_read
        All rows of the file.
    records
        Accepted rows in canonical columns, indexed by key.
    row_numbers
        Each accepted row's number in the file, on the index of ``records``.
    quarantine
        Refused rows: ``row_number``, ``reasons``, ``raw`` (JSON text).
    reasons
        Reason to number of rows; a row may have several.
    repaired
        How many polygons crossed themselves and were made valid.
    moves
        Dataset to stored records whose village changes with these boundaries.
    earlier
        The import that this very file with these choices became before; None for a new one.
    """

    dataset: str
    file_name: str
    fingerprint: str
    imported_by: str
    mapping: ColumnMapping
    date_order: DateOrder
    code_scheme: CodeScheme | None
    layers: tuple[str, ...]
    rows_read: int
    records: pd.DataFrame
    row_numbers: pd.Series
    quarantine: pd.DataFrame
    reasons: dict[str, int]
    repaired: int = 0
    moves: dict[str, pd.DataFrame] = field(default_factory=dict)
    earlier: int | None = None

    @property
    def rows_accepted(self) -> int:
        """How many rows become records."""
        return len(self.records)

    @property
    def rows_quarantined(self) -> int:
        """How many rows are refused."""
        return len(self.quarantine)

    @property
    def rows_outside(self) -> int:
        """How many records have a point that lies in no village."""
        return self._count("outside")

    @property
    def rows_unlocated(self) -> int:
        """How many records have no point."""
        return self._count("unlocated")

    @property
    def points(self) -> pd.DataFrame:
        """The records that have a point, for a map: ``lon``, ``lat`` (WGS84) and ``placement``."""
        if "lon" not in self.records:
            return self.records.iloc[:0].assign(lon=0.0, lat=0.0, placement="")[["lon", "lat", "placement"]]
        return self.records.loc[self.records["lon"].notna(), ["lon", "lat", "placement"]]

    def preview(self, n: int = PREVIEW_ROWS) -> pd.DataFrame:
        """Give the first records as they will be stored, with their ``row_number`` in front."""
        first = self.records.head(n).drop(columns="geometry", errors="ignore")
        shown = first.assign(row_number=self.row_numbers.head(n).to_numpy())
        return shown[["row_number", *first.columns]]

    def _count(self, placement: str) -> int:
        if "placement" not in self.records:
            return 0
        return int((self.records["placement"] == placement).sum())


@dataclass(frozen=True)
class ImportResult:
    """What an import did; ``batch`` is None where it was only tried."""

    batch: int | None
    dataset: str
    file: str
    rows_read: int
    rows_accepted: int
    rows_quarantined: int
    rows_new: int
    rows_changed: int
    rows_same: int
    reasons: dict[str, int]
    outside: int
    unlocated: int
    repaired: int
    moved: dict[str, int]
    unchanged: bool
