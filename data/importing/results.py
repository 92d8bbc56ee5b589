"""Results of imports: what an import would do, and what it did."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from data.frames import unfold_refused_rows
from data.repository import RoadFacts
from data.schema import ROADS

if TYPE_CHECKING:
    from datetime import date

    import geopandas as gpd
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from data.importing.coordinates import CoordinateHint
    from data.importing.effects import Effects
    from data.importing.health import BoundaryHealth
    from data.importing.options import CodeScheme
    from data.mapping import ColumnMapping
    from data.values import DateOrder

PREVIEW_ROWS = 20
ROWS_NAMED = 100
"""Most row numbers that the result of an import names for one warning."""


@dataclass(frozen=True)
class PreparedImport:
    """A prepared import, ready to be stored or discarded.

    Parameters
    ----------
    dataset, file_name, fingerprint, imported_by
        The dataset, the file, and the user; the fingerprint covers content and choices.
    mapping, date_order, code_scheme, layers, layout
        How the file was read; ``code_scheme`` is the scheme in which boundaries are stored, ``layout`` the
        hash of its columns.
    rows_read
        Number of rows in the file.
    records
        Accepted rows in canonical columns, indexed by key.
    row_numbers
        Each accepted row's number in the file, on the index of ``records``.
    quarantine
        Refused rows: ``row_number``, ``reasons``, ``raw`` (JSON text).
    reasons
        Reason → number of rows; a row may have several.
    notices
        Warnings about accepted rows: code → row numbers.
    unknown_officers
        Officers of accepted rows who are in no register, and their numbers of rows, largest first.
    hint
        A reading that would put most coordinates in the expected area; None if they are plausible.
    times
        How exactly the times of the accepted crimes are known, as from ``count_precisions``; None for other
        datasets.
    spellings
        Unknown spellings of villages, as from ``list_spellings``; None for datasets without places.
    new_spellings
        Spellings that the user explained, remembered with this import: code by ``district|village``.
    repairs
        Villages whose polygon was repaired: ``village`` and ``change_km2``, indexed by code.
    health
        Health of the file's boundaries.
    effects
        Stored records whose village or household changes with this import.
    versions
        Dataset → version that these results were computed from.
    earlier
        The earlier import of the same file, read the same way; None for a new file.
    complete_to
        Last day to which its dataset is complete, as stated, by district; the empty code is every other one.
    """

    dataset: str
    file_name: str
    fingerprint: str
    imported_by: str
    mapping: ColumnMapping
    date_order: DateOrder
    code_scheme: CodeScheme | None
    layers: tuple[str, ...]
    layout: str
    rows_read: int
    records: pd.DataFrame
    row_numbers: pd.Series
    quarantine: pd.DataFrame
    reasons: dict[str, int]
    new_spellings: pd.Series
    effects: Effects
    versions: dict[str, int]
    notices: dict[str, NDArray[np.int64]] = field(default_factory=dict)
    unknown_officers: dict[str, int] = field(default_factory=dict)
    hint: CoordinateHint | None = None
    times: pd.DataFrame | None = None
    spellings: pd.DataFrame | None = None
    repairs: pd.DataFrame | None = None
    health: BoundaryHealth | None = None
    earlier: int | None = None
    complete_to: dict[str, date] = field(default_factory=dict)

    @property
    def n_without_district(self) -> int:
        """Number of accepted villages whose district has no name; 0 for other datasets."""
        return int(self.records["district"].isna().sum()) if self.dataset == "boundaries" else 0

    @property
    def repaired(self) -> int:
        """Number of polygons that crossed themselves and were made valid."""
        return 0 if self.repairs is None else len(self.repairs)

    @property
    def rematched(self) -> int:
        """Number of stored visits that change or lose their household."""
        return 0 if self.effects.matches is None else len(self.effects.matches)

    @property
    def rows_accepted(self) -> int:
        """Number of rows that become records."""
        return len(self.records)

    @property
    def rows_quarantined(self) -> int:
        """Number of rows that are refused."""
        return len(self.quarantine)

    @property
    def rows_outside(self) -> int:
        """Number of records whose point lies in no village."""
        return self._count("outside")

    @property
    def rows_unlocated(self) -> int:
        """Number of records without a point."""
        return self._count("unlocated")

    @property
    def points(self) -> pd.DataFrame:
        """Records with a point, for a map: ``lon``, ``lat`` (WGS84) and ``placement``."""
        if "lon" not in self.records:
            return self.records.iloc[:0].assign(lon=0.0, lat=0.0, placement="")[["lon", "lat", "placement"]]
        return self.records.loc[self.records["lon"].notna(), ["lon", "lat", "placement"]]

    @property
    def refused(self) -> pd.DataFrame:
        """Refused rows unchanged, indexed by ``row_number``: ``reasons``, then the file's columns."""
        return unfold_refused_rows(self.quarantine.set_index("row_number"))

    def preview(self, n: int = PREVIEW_ROWS) -> pd.DataFrame:
        """Return the first records as they will be stored, preceded by their ``row_number`` and key."""
        first = self.records.head(n).drop(columns="geometry", errors="ignore").reset_index()
        shown = first.assign(row_number=self.row_numbers.head(n).to_numpy())
        return shown[["row_number", *first.columns]]

    def _count(self, placement: str) -> int:
        if "placement" not in self.records:
            return 0
        return int((self.records["placement"] == placement).sum())


@dataclass(frozen=True)
class ImportResult:
    """What an import did; ``batch`` is None after a dry run, ``complete_to`` holds stated days (ISO).

    ``notices`` are numbers of accepted rows by warning, ``notice_rows`` the first ``ROWS_NAMED`` of their row
    numbers in the file.
    """

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
    notices: dict[str, int]
    notice_rows: dict[str, list[int]]
    unknown_officers: dict[str, int]
    outside: int
    unlocated: int
    repaired: int
    moved: dict[str, int]
    rematched: int
    unchanged: bool
    complete_to: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class PreparedRoads:
    """Roads before they are stored.

    Attributes
    ----------
    imported_by
        Who brings them.
    roads
        Lines in EPSG:4326 with ``road_class``, empty where it is not known.
    quarantine
        Features that are no lines, or no roads yet or any more: ``row_number``, ``reasons`` and ``raw``.
    facts
        Of their network, and which file and choices made it.
    n_homes, n_far, n_apart
        Households with a point; of them those too far from any road, and those whose nearest road hangs
        together with the longest part of the network in no way.
    earlier
        The import that they are in force by already; None where they are not.
    """

    imported_by: str
    roads: gpd.GeoDataFrame = field(repr=False)
    quarantine: pd.DataFrame = field(repr=False)
    facts: RoadFacts
    n_homes: int
    n_far: int
    n_apart: int
    earlier: int | None = None

    @property
    def dataset(self) -> str:
        """What they are imported as."""
        return ROADS.name


@dataclass(frozen=True)
class RoadImportResult(RoadFacts):
    """What an import of roads did, with the facts of the network; ``batch`` is None where it was only tried.

    Attributes
    ----------
    batch, dataset
        The import, and what it is called among the datasets.
    rows_read, rows_accepted, rows_quarantined
        Features of the file, those that are roads, and those that are left out.
    households, households_far, households_apart
        As ``n_homes``, ``n_far`` and ``n_apart`` of ``PreparedRoads``.
    unchanged
        Whether these roads were in force already, so that nothing was done.
    """

    batch: int | None = None
    dataset: str = ROADS.name
    rows_read: int = 0
    rows_accepted: int = 0
    rows_quarantined: int = 0
    households: int = 0
    households_far: int = 0
    households_apart: int = 0
    unchanged: bool = False
