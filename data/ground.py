"""The ground of analysis: villages as maps and methods use them, the same for pages and commands.

Their borders are simplified as one coverage of all villages in scope, and projected together, so that the
cells of a grid, and what lies in them, don't depend on who asks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from data import repository
from geo.areas import are_in_area
from geo.crs import to_metric
from geo.districts import name_districts
from geo.maps import simplify_areas

if TYPE_CHECKING:
    import geopandas as gpd

    from data.database import Database
    from data.principal import Principal

_M2_PER_KM2 = 1e6


def read_named_villages(
    database: Database, principal: Principal, area: str | None = None
) -> gpd.GeoDataFrame:
    """Read the villages of an area; a district without a name has the one that records give it, if any.

    Raises
    ------
    ScopeError
        If the area is outside the principal's scope.
    """
    villages = repository.read_villages(database, principal, area=area)
    nameless = villages["district"].isna()
    if not nameless.any():
        return villages
    codes = villages.loc[nameless, "district_code"].unique()
    said = repository.count_district_names(database, principal, codes)
    district_of = villages["district_code"].reindex(said["village_code"]).to_numpy()
    return villages.assign(district=name_districts(villages, said.assign(district_code=district_of)))


def simplify_villages(villages: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Simplify the borders of all villages in scope.

    Returns
    -------
    geopandas.GeoDataFrame
        Copy of ``villages`` in EPSG:4326 with ``area_km2``, that of the true borders.
    """
    if villages.empty:
        return villages.assign(area_km2=0.0)
    return simplify_areas(villages.assign(area_km2=to_metric(villages).area / _M2_PER_KM2))


def read_ground(database: Database, principal: Principal, area: str | None = None) -> gpd.GeoDataFrame:
    """Read the villages of an area with simplified borders, in the metric CRS of all villages in scope.

    Raises
    ------
    ScopeError
        If the area is outside the principal's scope.
    """
    principal.narrow_areas(area)
    everywhere = simplify_villages(read_named_villages(database, principal))
    chosen = everywhere if everywhere.empty else to_metric(everywhere)
    return chosen[are_in_area(chosen.index, area or "")]
