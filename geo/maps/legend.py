"""Map legends, drawn without folium's own, which loads a script from the internet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from geo.errors import GeoError
from geo.maps.base import OfflineMap, Script
from geo.maps.text import escape_text, escape_texts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geo.maps.points import Symbol


@dataclass(frozen=True)
class Heading:
    """The heading of a legend."""

    title: str
    unit: str = ""
    period: str = ""
    """The period of the figures."""

    @property
    def notes(self) -> list[str]:
        """Lines under the title, escaped."""
        return [escape_text(line) for line in (self.unit, self.period) if line]


def add_legend(
    map_: OfflineMap,
    heading: Heading,
    colours: Sequence[str],
    labels: Sequence[str],
    *,
    no_data: str | None = None,
) -> OfflineMap:
    """Add a legend for the classes of a choropleth or a surface, at the map's lower left.

    Parameters
    ----------
    map_
        The map to draw on.
    heading
        Title, unit and period.
    colours
        One per class, as ``#rrggbb``.
    labels
        Range of each class as text, as returned by ``Classes.labels``.
    no_data
        Meaning of the hatching; left out by default.

    Returns
    -------
    OfflineMap
        The same map.

    Raises
    ------
    GeoError
        If the numbers of labels and colours differ.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from geo.maps import make_map
    >>> map_ = make_map(gpd.GeoDataFrame(geometry=[], crs="EPSG:4326"))
    >>> _ = add_legend(map_, Heading("Coverage", "% of households"), ["#edf8fb"], ["0-100"], no_data="none")
    >>> '["#edf8fb","0-100","area"]' in map_.get_root().render()
    True
    """
    if len(colours) != len(labels):
        raise GeoError(
            "A legend needs one label for each colour, but there are {n_colours} colours and "
            "{n_labels} labels.",
            n_colours=len(colours),
            n_labels=len(labels),
        )
    entries = [[colour, escape_text(label), "area"] for colour, label in zip(colours, labels, strict=True)]
    if no_data is not None:
        entries.append(["", escape_text(no_data), "area"])
    return _add(map_, heading, entries=entries)


def add_ramp_legend(
    map_: OfflineMap, heading: Heading, colours: Sequence[str], ends: tuple[str, str]
) -> OfflineMap:
    """Add a legend for a heat layer: a colour ramp with a label at each end.

    Parameters
    ----------
    map_
        The map to draw on.
    heading
        Title, unit and period.
    colours
        From weak to strong, as ``#rrggbb``.
    ends
        Meaning of the weakest and the strongest colour.

    Returns
    -------
    OfflineMap
        The same map.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from geo.maps import make_map
    >>> map_ = make_map(gpd.GeoDataFrame(geometry=[], crs="EPSG:4326"))
    >>> _ = add_ramp_legend(map_, Heading("Visits"), ["#edf8fb", "#006d2c"], ("few", "many"))
    >>> '"ends":["few","many"]' in map_.get_root().render()
    True
    """
    return _add(map_, heading, ramp=list(colours), ends=escape_texts(ends))


def add_symbol_legend(
    map_: OfflineMap, heading: Heading, symbols: Mapping[str, Symbol], labels: Mapping[str, str]
) -> OfflineMap:
    """Add a legend for the marks of points.

    Parameters
    ----------
    map_
        The map to draw on.
    heading
        Title, unit and period.
    symbols
        How each kind is drawn.
    labels
        Label of each kind; by default its key.

    Returns
    -------
    OfflineMap
        The same map.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from geo.maps import Symbol, make_map
    >>> map_ = make_map(gpd.GeoDataFrame(geometry=[], crs="EPSG:4326"))
    >>> _ = add_symbol_legend(map_, Heading("Households"), {"due": Symbol("#e6ab02")}, {"due": "Due soon"})
    >>> "Due soon" in map_.get_root().render()
    True
    """
    entries = [
        [symbol.colour, escape_text(labels.get(kind, kind)), symbol.shape] for kind, symbol in symbols.items()
    ]
    return _add(map_, heading, entries=entries)


@dataclass(frozen=True)
class Matrix:
    """Colours and labels of a bivariate legend."""

    colours: Sequence[Sequence[str]]
    """Rows from low to high of the vertical measure, each from low to high of the horizontal one."""
    across: str
    up: str


def add_matrix_legend(
    map_: OfflineMap, heading: Heading, matrix: Matrix, *, no_data: str | None = None
) -> OfflineMap:
    """Add a bivariate legend: a square of colours with a label along two sides.

    Parameters
    ----------
    map_
        The map to draw on.
    heading
        Title, unit and period.
    matrix
        Colours and labels.
    no_data
        Meaning of the hatching; left out by default.

    Returns
    -------
    OfflineMap
        The same map.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from geo.maps import make_map
    >>> map_ = make_map(gpd.GeoDataFrame(geometry=[], crs="EPSG:4326"))
    >>> matrix = Matrix((("#e8e8e8",),), "more crime", "less coverage")
    >>> "more crime" in add_matrix_legend(map_, Heading("Both"), matrix).get_root().render()
    True
    """
    entries = [["", escape_text(no_data), "area"]] if no_data is not None else []
    rows = [list(row) for row in reversed(matrix.colours)]
    return _add(map_, heading, entries=entries, matrix=rows, sides=escape_texts((matrix.across, matrix.up)))


def _add(map_: OfflineMap, heading: Heading, **content: list) -> OfflineMap:
    body = {"title": escape_text(heading.title), "notes": heading.notes, "entries": []} | content
    Script("legend", body).add_to(map_)
    return map_
