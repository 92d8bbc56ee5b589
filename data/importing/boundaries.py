"""Villages from a boundary file: polygons made sound, codes of a stated scheme, names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.errors import FileRefusedError, MappingError
from data.importing.keys import make_village_codes
from data.values import read_codes
from geo.crs import WGS84, to_wgs84

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from data.importing.options import CodeScheme
    from data.readers import RawTable
    from data.validation import Faults

_POLYGONS = (3, 6)  # shapely's type numbers: polygon, multipolygon
_REGENCY_DIGITS = 4
_DISTRICT_DIGITS = {"kemendagri": 6, "bps": 7}


@dataclass(frozen=True)
class Shapes:
    """Polygons of a file's rows, n each, in WGS84.

    Parameters
    ----------
    geometry
        None where a row has no polygon.
    repaired
        Which polygons crossed themselves and were made valid.
    """

    geometry: NDArray[np.object_]
    repaired: NDArray[np.bool_]


def decide_scheme(raw: RawTable, texts: pd.Series, stated: CodeScheme | None) -> CodeScheme:
    """Tell whose codes a boundary file has. It is never guessed: dots tell it, or a person does.

    Parameters
    ----------
    raw
        The file, for sentences about it.
    texts
        n texts of its code column, trimmed; all missing where it has none.
    stated
        What the person says.

    Returns
    -------
    str
        ``kemendagri`` for codes with dots; ``none`` where there are no codes.

    Raises
    ------
    MappingError
        If there are codes without dots and nobody says whose, or a scheme is stated and there are no codes.
    """
    if stated == "none" or (texts.isna().all() and stated is None):
        return "none"
    read = read_codes(texts)
    if read.codes.isna().all():
        raise MappingError(
            f"{raw.name} has no village codes of 10 digits: name their column with "
            "--map village_code=COLUMN, or say --code-scheme none to go by names."
        )
    if stated is not None:
        return stated
    if read.dotted.any():
        return "kemendagri"
    raise MappingError(
        f"{raw.name} has village codes without dots, which Kemendagri and BPS write alike: "
        "say --code-scheme kemendagri or --code-scheme bps."
    )


def read_shapes(raw: RawTable, *, crs: str | None, faults: Faults) -> Shapes:
    """Read and mend the polygons of a file.

    Parameters
    ----------
    raw
        A file with geometry.
    crs
        What it is in, where the person knows better than the file.
    faults
        Where ``no_geometry``, ``not_a_polygon`` and ``bad_coordinates`` are held against rows.

    Returns
    -------
    Shapes
        Polygons and multipolygons only, all valid.

    Raises
    ------
    FileRefusedError
        If the file is of a kind without geometry.
    """
    if raw.geometry is None:
        raise FileRefusedError(f"{raw.name} has no polygons: import boundaries as GeoJSON.")
    shapes = shapely.from_wkb(raw.geometry)
    missing = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    faults.add("no_geometry", missing & ~faults.at("bad_geometry"))
    flat = ~missing & ~np.isin(shapely.get_type_id(shapes), _POLYGONS)
    shapes[missing | flat] = None
    invalid = ~shapely.is_valid(shapes) & ~shapely.is_missing(shapes)
    shapes[invalid] = shapely.make_valid(shapes[invalid], method="structure", keep_collapsed=False)
    collapsed = invalid & (~np.isin(shapely.get_type_id(shapes), _POLYGONS) | shapely.is_empty(shapes))
    faults.add("not_a_polygon", flat | collapsed)
    shapes[collapsed] = None
    shapes = to_wgs84(gpd.GeoDataFrame(geometry=shapes, crs=crs or raw.crs)).geometry.to_numpy()
    west, south, east, north = shapely.bounds(shapes).T
    beyond = ~((west >= -180) & (south >= -90) & (east <= 180) & (north <= 90))  # noqa: PLR2004 - the world
    faults.add("bad_coordinates", beyond & ~shapely.is_missing(shapes))
    return Shapes(shapes, invalid & ~collapsed)


def build_villages(
    frame: pd.DataFrame, shapes: Shapes, scheme: CodeScheme, faults: Faults
) -> gpd.GeoDataFrame:
    """Put names, codes and polygons together.

    Parameters
    ----------
    frame
        Typed columns of the boundaries dataset, n rows.
    shapes
        n polygons.
    scheme
        Whose codes they are.
    faults
        Where ``missing_code`` is held against rows.

    Returns
    -------
    geopandas.GeoDataFrame
        n rows, EPSG:4326, on the index of ``frame``; ``village_code`` is a column still. A village without a
        name is called by its code.
    """
    if scheme == "none":
        names = frame["village"].where(frame["village"].notna(), frame["village_code"])
        codes = make_village_codes(names, frame["district"])
    else:
        names = frame["village"].where(frame["village"].notna(), frame["village_code"])
        faults.add("missing_code", frame["village_code"].isna() & ~faults.rows)
        codes = pd.DataFrame(
            {
                "village_code": frame["village_code"],
                "district_code": frame["village_code"].str.slice(0, _DISTRICT_DIGITS[scheme]),
                "regency_code": frame["village_code"].str.slice(0, _REGENCY_DIGITS),
            }
        )
    others = frame.drop(columns=["village_code", "village"])
    columns = pd.concat([codes, names.rename("village"), others], axis=1)
    return gpd.GeoDataFrame(columns, geometry=shapes.geometry, crs=WGS84)
