"""The values of the filters: area, period and categories."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from data.periods import Period


@dataclass(frozen=True)
class Filters:
    """The area, period and categories that a page shows."""

    area: str
    """Code of a village, district or regency; empty for all in scope."""
    period: Period
    categories: tuple[str, ...]
    """Categories of crime; empty for all."""


AREA_CODE = re.compile(r"[0-9]{2,10}|X[0-9a-f]{3,13}")
