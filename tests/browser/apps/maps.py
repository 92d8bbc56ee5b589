"""A page of maps for the browser tests: sample areas with hostile names, heat, a surface, points, charts."""

from __future__ import annotations

from pathlib import Path

import altair as alt
import geopandas as gpd
import numpy as np
import pandas as pd
import streamlit as st

from geo.classify import (
    CHANGE_COLOURS,
    COVERAGE_COLOURS,
    CRIME_COLOURS,
    STATUS_COLOURS,
    Classes,
    classify_values,
)
from geo.crs import to_metric
from geo.heat import bin_points
from geo.hotspots import estimate_density
from geo.maps import (
    AreaStyle,
    Heading,
    Symbol,
    add_boundaries,
    add_choropleth,
    add_heat,
    add_legend,
    add_points,
    add_ramp_legend,
    add_surface,
    add_symbol_legend,
)
from pages.widgets.maps import show_map, start_map
from tests.browser.apps.place import HOSTILE, make_areas, make_points

REAL = Path(__file__).parents[4] / "shared" / "data" / "ngawi_villages.geojson"


def real_areas() -> gpd.GeoDataFrame:
    """The villages of Ngawi; districts get their numbers as names."""
    layer = gpd.read_file(REAL)
    codes = layer["kode"].str.replace(".", "")
    frame = layer[["geometry"]].assign(village=layer["nama"], district_code=codes.str[:6])
    return frame.assign(district="Kec. " + codes.str[4:6]).set_index(codes.rename("village_code"))


def draw_coverage(areas: gpd.GeoDataFrame, period: str) -> str | None:
    rng = np.random.default_rng(1)
    share = pd.Series(rng.beta(2, 1.6, len(areas)), index=areas.index)
    share.iloc[::9] = np.nan
    classes = classify_values(share, palette=COVERAGE_COLOURS)
    figures = pd.DataFrame(
        {"Covered": (100 * share).round().map("{:.0f} %".format), "<b>Note": period}, index=areas.index
    )
    map_ = start_map(areas)
    add_choropleth(map_, areas, share, classes, style=AreaStyle(figures=figures))
    add_boundaries(map_, areas, outlines=False)
    add_points(
        map_,
        make_points(areas, 40).assign(label=HOSTILE[0]),
        {"": Symbol(CHANGE_COLOURS[-1])},
    )
    heading = Heading("Households visited", "share of registered households", period)
    add_legend(
        map_, heading, classes.colours, classes.labels("{:.0%}".format), no_data="no registered households"
    )
    return show_map(map_, key="coverage").area_code


def draw_density(areas: gpd.GeoDataFrame) -> None:
    points = make_points(areas, 1000)
    metric = to_metric(areas)
    there = to_metric(
        gpd.GeoDataFrame(geometry=gpd.points_from_xy(points["lon"], points["lat"], crs="EPSG:4326")),
        like=metric,
    )
    surface = estimate_density(there, metric)
    classes = classify_values(
        surface.to_frame()["crimes_per_km2"].loc[lambda density: density > 1], palette=CRIME_COLOURS
    )
    map_ = start_map(areas)
    add_surface(map_, surface, classes)
    add_boundaries(map_, areas, outlines=True)
    add_legend(map_, Heading("Crimes", "per km²", "1 Jan - 31 Mar 2026"), classes.colours, classes.labels())
    show_map(map_, key="surface")
    map_ = start_map(areas)
    add_boundaries(map_, areas)
    add_heat(map_, bin_points(points), CRIME_COLOURS)
    add_ramp_legend(map_, Heading("Visits", "", "90 days"), CRIME_COLOURS, ("few", "many"))
    show_map(map_, key="heat")


def draw_points(areas: gpd.GeoDataFrame) -> str | None:
    shapes = dict(zip(STATUS_COLOURS, ("diamond", "triangle", "circle", "ring"), strict=True))
    symbols = {kind: Symbol(colour, shapes[kind]) for kind, colour in STATUS_COLOURS.items()}
    points = make_points(areas, 600)
    kinds = np.array(list(STATUS_COLOURS))[np.arange(600) % len(STATUS_COLOURS)]
    points = points.assign(kind=kinds, label=HOSTILE[2], id=[f"house_{i}" for i in range(600)])
    map_ = start_map(areas)
    add_boundaries(map_, areas)
    add_points(map_, points, symbols, cluster="cluster" in st.query_params)
    add_symbol_legend(map_, Heading("Households"), symbols, {})
    return show_map(map_, key="points").point_id


def draw_charts() -> None:
    frame = pd.DataFrame({"week": range(12), "visits": np.arange(12) ** 2})
    st.altair_chart(alt.Chart(frame).mark_bar().encode(x="week:O", y="visits:Q", tooltip=["week", "visits"]))
    st.line_chart(frame, x="week", y="visits")
    st.dataframe(frame)
    st.file_uploader("File")
    st.download_button("Save", frame.to_csv(), "visits.csv")


st.set_page_config(layout="wide")
which = st.query_params.get("map", "areas")
if which == "areas":
    st.write("clicked:", draw_coverage(make_areas(), HOSTILE[3]) or "nothing")
elif which == "real":
    st.write("clicked:", draw_coverage(real_areas(), "90 days to 31 Oct 2026") or "nothing")
elif which == "density":
    draw_density(make_areas(names=None))
elif which == "points":
    st.write("clicked:", draw_points(make_areas(names=None)) or "nothing")
else:
    draw_charts()
st.write("done", Classes.__name__ and "drawing")
