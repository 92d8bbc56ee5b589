"""State that the steps of an import pass to each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from data.database import Database
    from data.importing.health import BoundaryHealth
    from data.importing.options import CodeScheme, ImportOptions
    from data.importing.register import Register
    from data.mapping import ColumnMapping
    from data.principal import Principal
    from data.readers import InputFile, RawTable
    from data.schema import Dataset

    Progress = Callable[[str, float], object]


class OpenedFile(NamedTuple):
    """A file that was read already."""

    source: InputFile
    raw: RawTable


@dataclass(frozen=True)
class ImportJob:
    """One import in progress.

    Parameters
    ----------
    database, principal, dataset, options
        Target database, user, dataset, and the user's choices.
    raw, mapping
        The file, and the column of each field.
    register
        The villages in force, including the new spellings of their names.
    new_spellings
        Village codes by ``district|village``, as stated by the user and not known before.
    scheme
        Scheme of the file's village codes, if stated.
    versions
        Dataset → version, for the datasets that the import depends on.
    """

    database: Database
    principal: Principal
    dataset: Dataset
    options: ImportOptions
    raw: RawTable
    mapping: ColumnMapping
    register: Register
    new_spellings: pd.Series
    scheme: CodeScheme | None
    versions: dict[str, int]


@dataclass(frozen=True)
class BuildResult:
    """The accepted rows as records, on the raw table's index, and what was found while building them.

    Parameters
    ----------
    records
        The rows without faults so far.
    keys
        Keys of all n rows, on the raw table's index.
    notices
        Warnings about rows: code → n booleans.
    repairs
        Villages whose polygon was repaired: ``village`` and ``change_km2``, indexed by code.
    health
        Health of the file's boundaries.
    """

    records: pd.DataFrame
    keys: pd.Series
    notices: dict[str, NDArray[np.bool_]] = field(default_factory=dict)
    repairs: pd.DataFrame | None = None
    health: BoundaryHealth | None = None


def ignore_progress(step: str, share: float) -> None:
    """Ignore the progress of an import."""
