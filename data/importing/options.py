"""Choices that a user makes about a file before it is imported."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo, available_timezones

import pyproj

from data.errors import DataError
from data.settings import ZONES, get_settings

if TYPE_CHECKING:
    from data.values import DateOrder

CodeScheme = Literal["kemendagri", "bps", "none"]
StatedPrecision = Literal["minute", "hour", "day", "month"]
"""What can be stated of the times of a file; two times in a row are an interval whatever is stated."""
_EPSG = re.compile(r"EPSG:\d{4,6}", re.IGNORECASE)


@dataclass(frozen=True)
class ImportOptions:
    """Choices for one import; others are inferred from the file or asked for.

    Parameters
    ----------
    columns
        Field → column, overriding suggestions; ``""`` for none, ``=text`` for the same text in all rows.
    dates
        Order of day and month in numeric dates.
    timezone
        Time zone of times that name none: WIB, WITA, WIT or an IANA name; by default the unit's.
    crs
        CRS of the coordinates, as ``EPSG:n``; by default the file's own, else WGS84.
    code_scheme
        Scheme of the file's village codes; ``none`` for boundaries with names only.
    layer
        Worksheet of a workbook, or layer of a geographic file.
    swap
        Whether longitude and latitude are exchanged in the file.
    set_apart
        Whether areas of a boundary file that are not villages (forest, water) are quarantined.
    precision
        How exactly the times of crimes are known; by default found in the file.
    districts
        Names of districts that a boundary file lacks, by code or village, as from ``read_district_names``.
    villages
        What spellings of villages mean, as stated: code by ``district|village``, or by ``village``.
    """

    columns: dict[str, str] = field(default_factory=dict)
    dates: DateOrder | None = None
    timezone: str | None = None
    crs: str | None = None
    code_scheme: CodeScheme | None = None
    layer: str | None = None
    swap: bool = False
    set_apart: bool = False
    precision: StatedPrecision | None = None
    districts: dict[str, str] = field(default_factory=dict)
    villages: dict[str, str] = field(default_factory=dict)

    @property
    def zone(self) -> ZoneInfo:
        """Time zone of times that name none.

        Raises
        ------
        DataError
            If there is no zone of that name.
        """
        name = self.timezone or get_settings().time_zone
        name = ZONES.get(name.strip().upper(), name.strip())
        if name not in available_timezones():
            raise DataError(
                "'{name}' is not a time zone: use WIB, WITA, WIT or a name such as Asia/Jakarta.", name=name
            )
        return ZoneInfo(name)

    @property
    def known_crs(self) -> str | None:
        """The CRS as ``EPSG:n``.

        Raises
        ------
        DataError
            If it is unknown. Only EPSG codes are accepted, because a CRS can name files.

        Examples
        --------
        >>> ImportOptions(crs="epsg:32749").known_crs
        'EPSG:32749'
        """
        if not self.crs:
            return None
        if _EPSG.fullmatch(self.crs):
            try:
                return f"EPSG:{pyproj.CRS.from_user_input(self.crs.upper()).to_epsg()}"
            except pyproj.exceptions.CRSError:
                pass
        raise DataError(
            "'{crs}' is not a known coordinate reference system: use EPSG:n, such as EPSG:32749.",
            crs=self.crs,
        )

    def describe(self) -> str:
        """Write the choices as text; the same choices always give the same text."""
        return json.dumps({**vars(self), "timezone": str(self.zone)}, sort_keys=True)


NO_CHOICES = ImportOptions()
"""Nothing chosen: the file tells, or is asked for."""
