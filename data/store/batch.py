"""An import as it is stored, and the receipt of storing it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd


@dataclass(frozen=True)
class Batch:
    """Facts about an import, known before it is stored."""

    dataset: str
    file_name: str
    fingerprint: str
    imported_by: str
    rows_read: int
    rows_quarantined: int
    rows_outside: int
    reasons: dict[str, int] = field(default_factory=dict)
    notices: dict[str, int] = field(default_factory=dict)
    code_scheme: str | None = None
    layout: str | None = None
    """Fingerprint of the file's columns, under which ``columns`` is remembered."""
    columns: dict[str, str] = field(default_factory=dict)
    spellings: pd.DataFrame | None = field(default=None, repr=False)
    """``district``, ``village`` (normalised as for comparison) and the ``village_code`` assigned to them."""
    complete_to: dict[str, date] = field(default_factory=dict)
    """Last day to which the dataset is complete by district, as stated; the empty code is every other one."""


@dataclass(frozen=True)
class Receipt:
    """The result of storing a batch."""

    batch_id: int
    rows_new: int
    rows_changed: int
    rows_same: int
