"""Map layers of crime: surfaces, significant cells, villages, clusters and raised-risk areas."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.classify import CHANGE_COLOURS, CRIME_COLOURS, Classes, classify_values
from geo.hotspots.alike import LEVEL
from geo.hotspots.moran import QUADRANTS
from geo.hotspots.risk import RiskSurface
from geo.maps import (
    AreaStyle,
    Heading,
    MapTexts,
    OfflineMap,
    Symbol,
    add_boundaries,
    add_choropleth,
    add_legend,
    add_points,
    add_surface,
    add_symbol_legend,
    add_zones,
    merge_cells,
)
from pages.queries.areas import select_surroundings, select_villages
from pages.queries.crime_methods import make_cells
from pages.queries.crimes import count_crimes_around, list_crimes
from pages.text.language import (
    N_,
    _,
    format_day,
    format_moment,
    format_number,
    format_period,
    format_short_number,
)
from pages.text.vocabulary import name_category
from pages.widgets.maps import start_map

if TYPE_CHECKING:
    import geopandas as gpd

    from geo.classify import Classes as ClassesOfValues
    from geo.hotspots import DensitySurface
    from pages.queries.filters import Filters
    from pages.queries.records import Connection

CRIME_COLOUR, RAISED_RISK_COLOUR = "#b30000", "#5698b9"
CONFIDENCES = (
    N_("fewer (99% confidence)"),
    N_("fewer (95% confidence)"),
    N_("fewer (90% confidence)"),
    N_("not significant"),
    N_("more (90% confidence)"),
    N_("more (95% confidence)"),
    N_("more (99% confidence)"),
)
SIMILARITIES = {
    "HH": (N_("high crime, neighbours high"), "#b2182b"),
    "HL": (N_("high crime, neighbours low"), "#ef8a62"),
    "LH": (N_("low crime, neighbours high"), "#67a9cf"),
    "LL": (N_("low crime, neighbours low"), "#2166ac"),
}
RATIOS = (1, 2, 4, 8, 16)
"""Ratios to the average at which a new colour begins."""
_NEITHER = len(CONFIDENCES) // 2


def start_crime_map(
    connection: Connection, area: str, *, focus: gpd.GeoDataFrame | None = None
) -> OfflineMap:
    """Return an empty map of an area, zoomed to ``focus`` if given."""
    texts = MapTexts(zoom_in=_("Zoom in"), zoom_out=_("Zoom out"))
    return start_map(select_villages(connection, area), texts=texts, focus=focus)


def list_crime_figures(connection: Connection, filters: Filters) -> pd.DataFrame:
    """List the figures for the villages' tooltips."""
    rows = count_crimes_around(connection, filters).villages
    density = rows["crimes_per_km2"].map(lambda value: format_number(value, digits=1))
    return pd.DataFrame(
        {_("Recorded crimes"): rows["n_crimes"].map(format_number), _("Crimes per km²"): density}
    )


def draw_outlines(map_: OfflineMap, connection: Connection, filters: Filters) -> OfflineMap:
    """Draw the villages without a fill."""
    areas = select_surroundings(connection, filters.area)
    style = AreaStyle(chosen=filters.area, figures=list_crime_figures(connection, filters))
    return add_boundaries(map_, areas, style=style)


def draw_surface(
    map_: OfflineMap,
    connection: Connection,
    filters: Filters,
    surface: DensitySurface,
    heading: Heading,
    classes: ClassesOfValues | None = None,
) -> OfflineMap:
    """Draw a density or risk surface where it is above 0, and in a single village also each crime."""
    draw_outlines(map_, connection, filters)
    shades = classes or classify_surfaces(surface)
    add_surface(map_, surface, shades)
    if len(select_villages(connection, filters.area)) == 1:
        add_crimes(map_, connection, filters)
    write = (
        format_ratio if isinstance(surface, RiskSurface) and surface.kind == "log" else format_short_number
    )
    return add_legend(map_, heading, shades.colours, shades.labels(write))


def format_ratio(logarithm: float) -> str:
    """Format the logarithm of a ratio as the ratio."""
    return format_short_number(float(np.exp(logarithm)))


def classify_surfaces(*surfaces: DensitySurface) -> Classes:
    """Classify the values of several surfaces together; the classes of a log ratio are fixed."""
    first = surfaces[0]
    if isinstance(first, RiskSurface) and first.kind == "log":
        most = max(2.0 * RATIOS[-1], np.ceil(np.exp(np.nanmax(first.values, initial=0.0))))
        breaks = np.log([*RATIOS, most]).tolist()
        return classify_values([], scheme="fixed", breaks=breaks, palette=CRIME_COLOURS)
    values = pd.concat([pd.Series(surface.values.ravel()) for surface in surfaces], ignore_index=True)  # noqa: PD011 - the surface's own array, not a frame
    return classify_values(values[values > 0], scheme="natural", palette=CRIME_COLOURS)


def draw_significant_cells(
    map_: OfflineMap, connection: Connection, filters: Filters, found: pd.DataFrame
) -> OfflineMap:
    """Draw the cells with significantly much or little crime."""
    draw_outlines(map_, connection, filters)
    grid = make_cells(connection, filters.area)
    zones = merge_cells(grid, found["confidence"].to_numpy())
    by_class = found.groupby("confidence")["n_crimes"].sum()
    figures = pd.DataFrame(
        {
            _("Cells"): zones["n_cells"].map(format_number),
            _("Crimes inside"): by_class.reindex(zones.index).map(format_number),
        },
        index=zones.index,
    )
    colours = [CHANGE_COLOURS[_NEITHER + int(level)] for level in zones.index]
    titles = [_(CONFIDENCES[_NEITHER + int(level)]) for level in zones.index]
    add_zones(map_, zones, colours, titles=titles, figures=figures)
    shown = [i for i in range(len(CHANGE_COLOURS)) if i != _NEITHER]
    size = format_number(float(grid.index[0].split("_")[1]))
    unit = _("cells of {n} m and their neighbours").format(n=size)
    heading = Heading(_("More or less crime than by chance"), unit, format_period(filters.period))
    return add_legend(map_, heading, [CHANGE_COLOURS[i] for i in shown], [_(CONFIDENCES[i]) for i in shown])


def draw_similar_villages(
    map_: OfflineMap, connection: Connection, filters: Filters, found: pd.DataFrame
) -> OfflineMap:
    """Draw the villages that are significantly similar or dissimilar to their neighbours."""
    areas = select_surroundings(connection, filters.area)
    significant = found["quadrant"].where(found["p_adjusted"] <= LEVEL)
    number_of = {name: place for place, name in enumerate(QUADRANTS)}
    values = significant.map(number_of).astype("float64").fillna(len(QUADRANTS)).where(found["p"].notna())
    colours = [*(SIMILARITIES[name][1] for name in QUADRANTS), CHANGE_COLOURS[_NEITHER]]
    labels = [*(_(SIMILARITIES[name][0]) for name in QUADRANTS), _("not significant")]
    classes = Classes(tuple(float(edge) for edge in range(len(colours) + 1)), tuple(colours))
    style = AreaStyle(chosen=filters.area, figures=list_crime_figures(connection, filters))
    add_choropleth(map_, areas, values, classes, style=style)
    add_boundaries(map_, areas, outlines=False)
    heading = Heading(_("Villages and their neighbours"), _("crimes per km²"), format_period(filters.period))
    return add_legend(map_, heading, colours, labels)


def add_clusters(map_: OfflineMap, clusters: gpd.GeoDataFrame) -> OfflineMap:
    """Outline the clusters of crimes."""
    density = clusters["crimes_per_km2"].map(format_number)
    figures = pd.DataFrame(
        {_("Recorded crimes"): clusters["n_crimes"].map(format_number), _("Crimes per km²"): density}
    )
    titles = [_("Cluster {n}").format(n=rank) for rank in clusters.index]
    return add_zones(
        map_, clusters, ["#ffffff"] * len(clusters), titles=titles, figures=figures, filled=False
    )


def add_raised_risk(map_: OfflineMap, areas: gpd.GeoDataFrame) -> OfflineMap:
    """Outline the areas with a raised risk of a near repeat."""
    figures = pd.DataFrame(
        {
            _("Recorded crimes"): areas["n_crimes"].map(format_number),
            _("Latest crime"): areas["last_at"].map(format_day),
            _("Raised until"): areas["until_at"].map(format_day),
        }
    )
    colours = [RAISED_RISK_COLOUR] * len(areas)
    titles = [_("Raised risk")] * len(areas)
    return add_zones(map_, areas, colours, titles=titles, figures=figures, filled=False)


def add_crimes(map_: OfflineMap, connection: Connection, filters: Filters) -> None:
    """Draw each crime as a point."""
    points = list_crimes(connection, filters)
    labels = [
        f"{name_category(name)}, {format_moment(at, 'month' if exact == 'month' else 'day')}"
        for name, at, exact in zip(
            points["category"], points["occurred_at"], points["time_precision"], strict=True
        )
    ]
    symbols = {"crime": Symbol(CRIME_COLOUR, "diamond")}
    add_points(map_, points[["lon", "lat"]].assign(kind="crime", label=labels), symbols)
    add_symbol_legend(map_, Heading(_("One crime")), symbols, {"crime": _("recorded location")})
