"""Rules for assessing visits: every number in one place, with its unit and its source."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import time

from geo.errors import GeoError


@dataclass(frozen=True)
class EvidenceRules:
    """The numbers behind the classes and flags of a visit.

    They are conventions for a supervisor to question, not laws of nature; each can be changed.

    Raises
    ------
    GeoError
        If a number is negative, or too small to mean anything.

    Examples
    --------
    >>> EvidenceRules().support_m, EvidenceRules(stacked_households=8).stacked_households
    (30.0, 8)
    """

    support_m: float = 30.0
    """Metres from the household within which a fix supports its visit, however accurate the fix claims to
    be."""
    support_cap_m: float = 100.0
    """Metres up to which the accuracy of a fix extends that distance."""
    outside_m: float = 100.0
    """outside_village: metres beyond the border of the household's village; more is flagged. Boundary files
    are no more accurate."""
    stacked_households: int = 5
    """stacked: different households at one spot; this many or more are flagged."""
    stacked_m: float = 10.0
    """stacked: metres around a fix that count as one spot; the scatter of a good phone."""
    stacked_spares_supported: bool = False
    """stacked: whether fixes that support their household are left out, which is fair to flats and dense
    rows."""
    fastest_km_per_h: float = 60.0
    """too_fast: speed in a straight line between consecutive visits; more is flagged. Village roads are
    slower."""
    clock_s: float = 1.0
    """too_fast: resolution of times, in seconds; a shorter gap counts as this. 60 for records without
    seconds."""
    burst_visits: int = 5
    """burst: visits in a row; this many or more are flagged. Five talks at a door do not fit into ten
    minutes."""
    burst_minutes: float = 10.0
    """burst: minutes from the first to the last of them; this or less is flagged."""
    day_begins: time = time(6)
    """odd_hours: local time before which a visit is flagged."""
    day_ends: time = time(21)
    """odd_hours: local time after which a visit is flagged."""
    midnight_is_unknown: bool = True
    """odd_hours, burst, too_fast: whether exactly 00:00:00 local means a date without a time, as in records
    of other systems; such a visit is not assessed by its hour."""
    copied_ratio: float = 95.0
    """copied_remarks: similarity of two remarks (rapidfuzz ratio, 0 to 100) from which one is a copy."""
    copied_characters: int = 20
    """copied_remarks: characters from which a remark is compared; shorter ones ("situasi aman") are alike
    anyway."""
    copied_visits: int = 5
    """copied_remarks: visits with similar remarks; this many or more are flagged."""
    copied_days: float = 30.0
    """copied_remarks: days (of 24 hours) from the first to the last of them; this or less is flagged."""
    mock_days: int = 3
    """mock_fix: local days with the same coordinates to six decimals; this many or more are flagged. Six
    decimals are 11 cm, which no receiver repeats."""

    def __post_init__(self) -> None:
        """Check that the numbers are valid."""
        for field in fields(self):
            value = getattr(self, field.name)
            if not isinstance(value, time) and not value >= 0:
                raise GeoError(
                    "The rule {rule} must be 0 or more, not {value}.", rule=field.name, value=value
                )
        for name in ("stacked_households", "burst_visits", "copied_visits", "mock_days"):
            if getattr(self, name) < _FEWEST:
                raise GeoError(
                    "The rule {name} must be {fewest} or more, not {value}.",
                    name=name,
                    value=getattr(self, name),
                    fewest=_FEWEST,
                )


_FEWEST = 2  # one visit alone cannot be too many

DEFAULT_RULES = EvidenceRules()
"""The default rules."""
