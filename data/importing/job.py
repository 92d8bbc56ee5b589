"""What the steps of an import hand to each other."""

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
    """One import on its way.

    Parameters
    ----------
    database, principal, dataset, options
        Where to, who, what, and what the person says.
    raw, mapping
        The file, and which column is which field.
    register
        The villages in force, the new spellings among what they are known by.
    new_spellings
        Village codes by ``district|village``: what the person says and was not known before.
    scheme
        Whose village codes the file has, as far as anyone said.
    versions
        Dataset to the version of what the import depends on.
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
    """The accepted rows as records, on the raw table's index, and what came up on the way.

    Parameters
    ----------
    records
        The rows against which there is no reason so far.
    keys
        All n rows' keys, on the raw table's index.
    notices
        What is told of rows: code to n booleans.
    repairs
        Villages whose polygon was mended: ``village`` and ``change_km2``, indexed by code.
    health
        How sound the boundaries of the file are.
    """

    records: pd.DataFrame
    keys: pd.Series
    notices: dict[str, NDArray[np.bool_]] = field(default_factory=dict)
    repairs: pd.DataFrame | None = None
    health: BoundaryHealth | None = None


def say_nothing(step: str, share: float) -> None:
    """Tell nobody how far an import is."""
