"""Villages from a boundary file: repaired polygons, codes of a stated scheme, and names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.errors import FileRefusedError, MappingError, UndecidedError
from data.importing.keys import make_village_codes
from data.importing.register import DISTRICT_DIGITS
from data.values import read_codes
from data.values.coordinates import read_shape_texts
from geo.crs import WGS84, to_metric, to_wgs84
from geo.health import repair_areas

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from data.importing.options import CodeScheme
    from data.readers import RawTable
    from data.validation import Faults

_POLYGONS = (3, 6)  # shapely's type numbers: polygon, multipolygon
_M2_PER_KM2 = 1e6
_REGENCY_DIGITS = 4

_NO_VILLAGE_NAMES = (
    r"(?i)^(?:kawasan\s+)?(?:hutan|waduk|danau|bendungan|perhutani|telaga|laut|taman\s+nasional"
    r"|cagar\s+alam)\b"
)
_NO_VILLAGE_CODES = r"(?:888|999)$"


@dataclass(frozen=True)
class BoundaryShapes:
    """Polygons of a file's rows, n each, in WGS84.

    Parameters
    ----------
    geometry
        None where a row has no polygon.
    repaired
        n booleans: which polygons crossed themselves and were made valid.
    change_km2
        Increase in area from the repair, in km²; 0 for polygons that were valid.
    """

    geometry: NDArray[np.object_]
    repaired: NDArray[np.bool_]
    change_km2: NDArray[np.float64]


def decide_scheme(raw: RawTable, texts: pd.Series, stated: CodeScheme | None) -> CodeScheme:
    """Decide the code scheme of a boundary file, from dots in its codes or as stated; it is never guessed.

    Parameters
    ----------
    raw
        The file, for error messages.
    texts
        n texts of its code column, trimmed; all missing if it has none.
    stated
        The scheme that the user stated.

    Returns
    -------
    str
        The stated scheme, else ``kemendagri`` for codes with dots, ``bps`` for P-codes, or ``none`` if there
        are no codes.

    Raises
    ------
    UndecidedError
        If there are codes without dots and no scheme is stated.
    MappingError
        If a scheme is stated and there are no codes, or P-codes would be taken for codes of Kemendagri.
    """
    if stated == "none" or (texts.isna().all() and stated is None):
        return "none"
    read = read_codes(texts)
    if read.codes.isna().all():
        raise MappingError(
            "{file} has no village codes of 10 digits: choose the column of the codes, or use names only.",
            option="--map village_code=COLUMN or --code-scheme none",
            file=raw.name,
        )
    if read.prefixed.any() and (stated == "kemendagri" or (stated is None and read.dotted.any())):
        raise MappingError(
            "{file} has P-codes such as ID{code}, which are BPS codes, and not only codes of Kemendagri: "
            "choose BPS codes, or import each kind as a file of its own.",
            option="--code-scheme bps",
            file=raw.name,
            code=read.codes[read.prefixed].iloc[0],
        )
    if stated is not None:
        return stated
    if read.dotted.any() or read.prefixed.any():
        return "kemendagri" if read.dotted.any() else "bps"
    raise UndecidedError(
        "{file} has village codes without dots, and Kemendagri and BPS codes look the same without "
        "them: choose which they are.",
        choice="code_scheme",
        option="--code-scheme kemendagri or --code-scheme bps",
        file=raw.name,
    )


def read_boundary_shapes(
    raw: RawTable, texts: pd.Series, *, crs: str | None, faults: Faults
) -> BoundaryShapes:
    """Read and repair the polygons of a file.

    Parameters
    ----------
    raw
        A file, with geometry or with a column of shapes.
    texts
        n texts of that column (well-known text or GeoJSON); all missing if there is none.
    crs
        CRS of the shapes, if the user states one; it overrides the file's.
    faults
        Gets ``no_geometry``, ``bad_geometry``, ``not_a_polygon`` and ``bad_coordinates``.

    Returns
    -------
    BoundaryShapes
        Polygons and multipolygons only, all valid.

    Raises
    ------
    FileRefusedError
        If the file has no polygons at all.
    MappingError
        If the coordinates are metric and neither file nor user states their CRS.
    """
    if texts.notna().any():
        shapes = read_shape_texts(texts)
        faults.add("bad_geometry", texts.notna().to_numpy() & shapely.is_missing(shapes))
    elif raw.geometry is not None:
        shapes = shapely.from_wkb(raw.geometry)
    else:
        raise FileRefusedError(
            "{file} has no polygons: import boundaries as GeoJSON, a shapefile or a GeoPackage.",
            file=raw.name,
        )
    source_crs = WGS84 if texts.notna().any() else raw.crs
    if not (crs or source_crs):
        raise MappingError(
            "{file} does not state the coordinate reference system of its coordinates: choose one, "
            "such as EPSG:32749.",
            option="--crs EPSG:n",
            file=raw.name,
        )
    missing = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    faults.add("no_geometry", missing & ~faults.find_rows("bad_geometry"))
    flat = ~missing & ~np.isin(shapely.get_type_id(shapes), _POLYGONS)
    shapes[missing | flat] = None
    mended, invalid = repair_areas(shapes)
    collapsed = invalid & shapely.is_missing(mended)
    faults.add("not_a_polygon", flat | collapsed)
    before, after = (_measure(each[invalid], crs or source_crs) for each in (shapes, mended))
    mended = to_wgs84(gpd.GeoDataFrame(geometry=mended, crs=crs or source_crs)).geometry.to_numpy()
    west, south, east, north = shapely.bounds(mended).T
    beyond = ~((west >= -180) & (south >= -90) & (east <= 180) & (north <= 90))  # noqa: PLR2004 - the world
    faults.add("bad_coordinates", beyond & ~shapely.is_missing(mended))
    change = np.zeros(len(mended))
    change[invalid] = np.nan_to_num(after - before)
    return BoundaryShapes(mended, invalid & ~collapsed, change)


def _measure(shapes: NDArray[np.object_], crs: str | None) -> NDArray[np.float64]:
    """Measure shapes, valid or not, in km²; NaN where there is none, or its coordinates are impossible."""
    layer = to_wgs84(gpd.GeoDataFrame(geometry=shapes, crs=crs))
    west, south, east, north = layer.total_bounds
    if not (west >= -180 and south >= -90 and east <= 180 and north <= 90):  # noqa: PLR2004 - the world
        return np.full(len(shapes), np.nan)
    return to_metric(layer).area.to_numpy() / _M2_PER_KM2


def assemble_villages(
    frame: pd.DataFrame, shapes: BoundaryShapes, scheme: CodeScheme, faults: Faults
) -> gpd.GeoDataFrame:
    """Assemble villages from names, codes and polygons.

    Parameters
    ----------
    frame
        Typed columns of the boundaries dataset, n rows.
    shapes
        n polygons.
    scheme
        Scheme of the codes.
    faults
        Gets ``missing_code``.

    Returns
    -------
    geopandas.GeoDataFrame
        n rows, EPSG:4326, on the index of ``frame``; ``village_code`` is still a column. A village without a
        name is named by its code.
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
                "district_code": frame["village_code"].str.slice(0, DISTRICT_DIGITS[scheme]),
                "regency_code": frame["village_code"].str.slice(0, _REGENCY_DIGITS),
            }
        )
    others = frame.drop(columns=["village_code", "village"])
    columns = pd.concat([codes, names.rename("village"), others], axis=1)
    return gpd.GeoDataFrame(columns, geometry=shapes.geometry, crs=WGS84)


def find_non_villages(villages: pd.DataFrame) -> NDArray[np.bool_]:
    """Find areas that look like forest or water rather than villages, by name or by BPS code.

    Parameters
    ----------
    villages
        ``village_code`` and ``village``, n rows.

    Returns
    -------
    numpy.ndarray
        n booleans, for the user to confirm: no area is left out automatically.

    Examples
    --------
    >>> found = find_non_villages(pd.DataFrame({
    ...     "village_code": ["3521080001", "3521080888", "3521080002", "3521080003"],
    ...     "village": ["Hutanabolon", "Sawo", "Hutan Lindung", "Waduk Pondok"]}, dtype="str"))
    >>> found.tolist()
    [False, True, True, True]
    """
    by_name = villages["village"].str.contains(_NO_VILLAGE_NAMES, regex=True, na=False)
    codes = villages["village_code"].astype("str")
    by_code = codes.str.contains(_NO_VILLAGE_CODES, regex=True, na=False) & ~codes.str.startswith(
        "X", na=False
    )
    return (by_name | by_code).to_numpy(dtype=bool)
