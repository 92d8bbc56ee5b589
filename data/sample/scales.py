"""Size of the sample place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """Counts of a sample place.

    Examples
    --------
    >>> SCALES["regency"].n_villages
    217
    >>> SCALES["district"].area_km2
    61.2
    """

    n_districts: int
    n_villages: int
    n_households: int
    n_visits: int
    n_crimes: int
    n_hotspots: int
    village_km2: float
    """Mean area of a village."""

    @property
    def area_km2(self) -> float:
        """Return the approximate area of the whole place."""
        return round(self.n_villages * self.village_km2, 1)


SCALES: dict[str, Scale] = {
    "district": Scale(
        n_districts=1,
        n_villages=17,
        n_households=14_000,
        n_visits=20_000,
        n_crimes=600,
        n_hotspots=4,
        village_km2=3.6,
    ),
    "regency": Scale(
        n_districts=19,
        n_villages=217,
        n_households=280_000,
        n_visits=1_000_000,
        n_crimes=30_000,
        n_hotspots=57,
        village_km2=6.0,
    ),
}
"""Scales offered on the command line, by name."""
