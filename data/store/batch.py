"""TODO data.store.batch."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Batch:
    """What is known of an import before it is stored."""

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
    """The mark of the file's columns, under which ``columns`` are remembered."""
    columns: dict[str, str] = field(default_factory=dict)
    spellings: pd.DataFrame | None = field(default=None, repr=False)
    """``district``, ``village`` (as they are compared) and the ``village_code`` that a person gave them."""


@dataclass(frozen=True)
class Receipt:
    """What storing a batch did."""

    batch_id: int
    rows_new: int
    rows_changed: int
    rows_same: int
