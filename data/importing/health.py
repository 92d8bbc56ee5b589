"""Health of boundaries: what ``geo.health`` finds in them, with the villages' names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd

from data.importing.boundaries import find_non_villages
from data.importing.register import DISTRICT_DIGITS
from data.values import normalise_names
from geo.crs import to_metric, to_wgs84
from geo.districts import name_districts
from geo.health import find_gaps, find_missing_numbers, find_overlaps, find_repeated_names

if TYPE_CHECKING:
    from data.importing.options import CodeScheme

_M2_PER_HA = 1e4


@dataclass(frozen=True)
class BoundaryHealth:
    """Problems found in boundaries; none of them prevents their use.

    Parameters
    ----------
    n_villages, n_invalid
        Number of villages, and of those whose polygon crosses itself.
    names
        Names of the villages, by code.
    overlaps, gaps
        From ``geo.health``, in WGS84, largest first.
    repeated
        Villages with the same name in the same district.
    numbering
        By district: the number of villages, and the number expected from the numbering of their codes; and
        ``district``, its name, missing where no village has it.
    non_villages
        Areas that look like forest or water: ``village``, indexed by code.
    """

    n_villages: int
    n_invalid: int
    names: pd.Series
    overlaps: gpd.GeoDataFrame
    gaps: gpd.GeoDataFrame
    repeated: pd.DataFrame
    numbering: pd.DataFrame
    non_villages: pd.DataFrame

    @property
    def n_missing(self) -> int:
        """Number of villages that appear to be missing from the numbering."""
        return int((self.numbering["n_expected"] - self.numbering["n_areas"]).clip(lower=0).sum())

    def summarise(self) -> dict[str, Any]:
        """Return the counts, with areas in hectares."""
        return {
            "invalid": self.n_invalid,
            "overlapping_pairs": len(self.overlaps),
            "overlaps_ha": _hectares(self.overlaps),
            "overlap_slivers": int(self.overlaps["is_sliver"].sum()),
            "gaps": len(self.gaps),
            "gaps_ha": _hectares(self.gaps),
            "gap_slivers": int(self.gaps["is_sliver"].sum()),
            "repeated_names": len(self.repeated),
            "missing_numbers": self.n_missing,
            "non_villages": len(self.non_villages),
        }

    def list_overlaps(self, n: int) -> pd.DataFrame:
        """List the ``n`` pairs of villages with the largest overlaps.

        Returns
        -------
        pandas.DataFrame
            Indexed by the code ``left``: ``left_name``, ``right``, ``right_name``, ``area_ha`` and the mean
            ``width_m`` in metres.
        """
        worst = self.overlaps.head(n)
        listed = pd.DataFrame(
            {
                "left_name": worst["left"].map(self.names),
                "right": worst["right"],
                "right_name": worst["right"].map(self.names),
                "area_ha": (worst["area_m2"] / _M2_PER_HA).astype("float64").round(3),
                "width_m": worst["width_m"].astype("float64").round(1),
            }
        )
        return listed.set_axis(pd.Index(worst["left"], name="left"))


def check_boundaries(villages: gpd.GeoDataFrame, *, scheme: CodeScheme | None = None) -> BoundaryHealth:
    """Check boundaries as a whole.

    Parameters
    ----------
    villages
        EPSG:4326, indexed by ``village_code``, with ``village`` and ``district_code``.
    scheme
        Scheme of their codes; Kemendagri's by default.

    Returns
    -------
    BoundaryHealth
        The problems found.
    """
    valid = villages[villages.is_valid]
    overlaps, gaps = _nothing(), _nothing()
    if len(valid):
        metric = to_metric(valid)
        overlaps, gaps = to_wgs84(find_overlaps(metric)), to_wgs84(find_gaps(metric))
    names = normalise_names(villages["village"].astype("str"))
    districts = name_districts(villages.assign(district=villages.get("district")))
    named = pd.DataFrame({"village_code": villages.index, "village": villages["village"].array})
    odd = named[find_non_villages(named)].set_index("village_code")
    return BoundaryHealth(
        n_villages=len(villages),
        n_invalid=len(villages) - len(valid),
        names=pd.Series(villages["village"]),
        overlaps=overlaps,
        gaps=gaps,
        repeated=find_repeated_names(villages, names),
        numbering=find_missing_numbers(
            pd.Index(villages.index.drop(odd.index), dtype="str"),
            district_digits=DISTRICT_DIGITS["bps" if scheme == "bps" else "kemendagri"],
        ).join(districts.groupby(villages["district_code"]).first()),
        non_villages=odd,
    )


def _nothing() -> gpd.GeoDataFrame:
    columns: dict[str, list] = {"left": [], "right": [], "area_m2": [], "width_m": [], "is_sliver": []}
    return gpd.GeoDataFrame(columns, geometry=[], crs="EPSG:4326")


def _hectares(pieces: gpd.GeoDataFrame) -> float:
    return round(float(pieces["area_m2"].sum()) / _M2_PER_HA, 2)
