"""Suggestion of the dataset that a file belongs to, from its columns; the user confirms it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from data.mapping.columns import suggest_mapping
from data.mapping.content import NOTHING_KNOWN, KnownNames
from data.schema import RECORDS

if TYPE_CHECKING:
    from data.mapping.columns import ColumnMapping
    from data.readers import RawTable
    from data.schema import Dataset

_POLYGONS = (3, 6)  # shapely's type numbers: polygon, multipolygon
_LOOKED_AT = 100


def suggest_dataset(raw: RawTable, *, known: KnownNames = NOTHING_KNOWN) -> str | None:
    r"""Suggest the dataset that a file fits best.

    Parameters
    ----------
    raw
        The file.
    known
        As in ``suggest_mapping``.

    Returns
    -------
    str or None
        Among the datasets that the file has enough columns for, the one that uses most of them; None if it
        fits none, or fits two equally well.

    Examples
    --------
    >>> from data.readers import InputFile, read_table
    >>> suggest_dataset(read_table(InputFile("a.csv", b"NRP,Tanggal,Desa\nB1,31/10/2026,Sawo\n")))
    'visits'
    """
    if raw.kind == "gpx":  # its points may be anything, and it does not name officers
        return None
    uses = {}
    for name, dataset in RECORDS.items():
        mapping = suggest_mapping(raw, dataset, known=known)
        if _fits(raw, dataset, mapping):
            uses[name] = len(mapping.columns)
    if "boundaries" in uses:  # whatever its other columns hold: only villages are areas
        return "boundaries"
    best = sorted(uses, key=lambda name: -uses[name])[:2]
    if not best or (len(best) > 1 and uses[best[0]] == uses[best[1]]):
        return None
    return best[0]


def _fits(raw: RawTable, dataset: Dataset, mapping: ColumnMapping) -> bool:
    if any(item.required and item.name not in mapping for item in dataset.fields):
        return False
    if dataset.name == "boundaries":
        return "shape" in mapping or _has_areas(raw)
    points = raw.geometry is not None and dataset.has_places
    groups = dataset.alternatives
    return not groups or points or any(all(name in mapping for name in group) for group in groups)


def _has_areas(raw: RawTable) -> bool:
    """Check whether a file's first shapes are areas."""
    if raw.geometry is None:
        return False
    shapes = shapely.from_wkb(raw.geometry[:_LOOKED_AT], on_invalid="ignore")
    kinds = shapely.get_type_id(shapes[~shapely.is_missing(shapes)])
    return len(kinds) > 0 and bool(np.isin(kinds, _POLYGONS).all())
