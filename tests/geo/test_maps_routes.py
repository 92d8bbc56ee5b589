"""Rounds on a map: places and numbers arrive whole, days are told apart by every eye, texts stay text."""

from __future__ import annotations

import json
import re
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from geo.errors import ColumnError, GeoError
from geo.maps import DAY_COLOURS, MAX_STOPS, DayStyle, OfflineMap, add_routes, make_map
from geo.maps.routes import choose_ink, measure_contrast
from tests.browser.apps.place import HOSTILE, make_areas

if TYPE_CHECKING:
    from typing import Any

MONDAY, TUESDAY = pd.Timestamp("2026-11-23"), pd.Timestamp("2026-11-24")
DAYS = {MONDAY: DayStyle(DAY_COLOURS[0], "Monday"), TUESDAY: DayStyle(DAY_COLOURS[1], "Tuesday")}
# Machado, Oliveira and Fernandes (2009), severity 1: what the three kinds of colour blindness see.
SEEN = {
    "everybody": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}


def make_stops() -> pd.DataFrame:
    """Two routes of P1 on Monday, one of P2 on Tuesday; rows out of order."""
    return pd.DataFrame(
        {
            "officer_id": ["P2", "P1", "P1", "P1"],
            "day": [TUESDAY, MONDAY, MONDAY, MONDAY],
            "shift": ["morning", "afternoon", "morning", "morning"],
            "order": [1, 3, 2, 1],
            "lon": [111.45, 111.43, 111.42, 111.41],
            "lat": [-7.45, -7.43, -7.42, -7.41],
            "label": ["d", "c", "b", "a"],
            "id": ["K4", "K3", "K2", "K1"],
        }
    )


def make_posts() -> pd.DataFrame:
    return pd.DataFrame(
        {"lon": [111.4, np.nan], "lat": [-7.4, np.nan], "label": ["Ani", "Budi"]}, index=["P1", "P2"]
    )


def data_of(map_: OfflineMap) -> tuple[dict[str, Any], dict[str, Any]]:
    found = re.search(r"Sambang\.routes\((.*?)\);", map_.get_root().render())
    assert found
    data, options = json.loads(f"[{found.group(1)}]")
    return data, options


def places(steps: list[int]) -> list[list[float]]:
    return (np.cumsum(np.array(steps).reshape(-1, 2), axis=0) / 1e5).tolist()


def lab(colour: str, seen: np.ndarray) -> np.ndarray:
    """CIELAB (D65) of a colour as somebody sees it."""
    shares = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)
    to_xyz = np.array([[0.4125, 0.3576, 0.1804], [0.2127, 0.7152, 0.0722], [0.0193, 0.1192, 0.9503]])
    xyz = to_xyz @ np.clip(seen @ linear, 0, 1) / [0.9505, 1.0, 1.089]
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def test_routes_arrive_in_order_to_a_metre() -> None:
    data, options = data_of(add_routes(make_map(make_areas()), make_stops(), make_posts(), DAYS))
    assert [route[:3] for route in data["routes"]] == [[0, 0, 1], [0, 0, 3], [1, 1, 1]]
    assert places(data["routes"][0][3]) == [[111.41, -7.41], [111.42, -7.42]]
    assert places(data["routes"][1][3]) == [[111.43, -7.43]]
    assert (data["labels"], data["ids"]) == (["a", "b", "c", "d"], ["K1", "K2", "K3", "K4"])
    assert data["posts"] == [[111.4, -7.4], []]
    assert data["officers"] == ["Ani", "Budi"]
    assert options["days"] == [["#0072b2", "#ffffff", "Monday"], ["#c85000", "#ffffff", "Tuesday"]]


def test_no_stops_draw_nothing_and_input_is_not_changed() -> None:
    stops, posts = make_stops(), make_posts()
    add_routes(make_map(make_areas()), stops, posts, DAYS)
    pd.testing.assert_frame_equal(stops, make_stops())
    pd.testing.assert_frame_equal(posts, make_posts())
    html = add_routes(make_map(make_areas()), stops.iloc[:0], posts, DAYS).get_root().render()
    assert "Sambang.routes" not in html


def test_what_cannot_be_drawn_is_refused() -> None:
    map_, stops, posts = make_map(make_areas()), make_stops(), make_posts()
    with pytest.raises(ColumnError, match="order"):
        add_routes(map_, stops.drop(columns="order"), posts, DAYS)
    with pytest.raises(GeoError, match="no coordinates"):
        add_routes(map_, stops.assign(lon=np.nan), posts, DAYS)
    with pytest.raises(GeoError, match="day without a style"):
        add_routes(map_, stops, posts, {MONDAY: DAYS[MONDAY]})
    many = stops.iloc[[0] * (MAX_STOPS + 1)]
    with pytest.raises(GeoError, match="at most 10,000 stops"):
        add_routes(map_, many, posts, DAYS)


@pytest.mark.parametrize("bad", HOSTILE)
def test_hostile_texts_stay_texts(bad: str) -> None:
    days = {day: DayStyle(style.colour, bad) for day, style in DAYS.items()}
    posts = make_posts().assign(label=bad)
    map_ = add_routes(make_map(make_areas()), make_stops().assign(label=bad, id=bad), posts, days)
    assert bad not in map_.get_root().render()


def test_a_regency_fits_into_half_a_megabyte() -> None:
    rng = np.random.default_rng(1)
    n = 217 * 40
    officer, rest = np.divmod(np.arange(n), 40)
    day, order = np.divmod(rest, 8)
    week = pd.date_range(MONDAY, periods=5)
    stops = pd.DataFrame(
        {
            "officer_id": [f"BKTM-3599012{name:03d}" for name in officer],
            "day": week[day],
            "shift": np.where(order < 5, "morning", "afternoon"),
            "order": order + 1,
            "lon": 111.4 + 0.3 * rng.random(n),
            "lat": -7.4 - 0.3 * rng.random(n),
            "label": "08:35",
            "id": [f"KK-3599012001-{i:05d}" for i in range(n)],
        }
    )
    posts = pd.DataFrame(
        {"lon": 111.4, "lat": -7.4, "label": "Bripka Sri Wahyuni"}, index=stops["officer_id"].unique()
    )
    days = {moment: DayStyle(colour, "Monday") for moment, colour in zip(week, DAY_COLOURS, strict=False)}
    empty = len(make_map(make_areas()).get_root().render())
    drawn = len(add_routes(make_map(make_areas()), stops, posts, days).get_root().render())
    assert 200_000 < drawn - empty < 500_000


@pytest.mark.parametrize("who", SEEN)
def test_every_eye_tells_the_days_apart(who: str) -> None:
    seen = [lab(colour, SEEN[who]) for colour in DAY_COLOURS]
    nearest = min(float(np.linalg.norm(one - other)) for one, other in combinations(seen, 2))
    assert nearest >= 14  # of CIELAB; 2 is just noticeable side by side


def test_numbers_can_be_read_on_every_day() -> None:
    assert min(measure_contrast(colour, choose_ink(colour)) for colour in DAY_COLOURS) >= 4.5  # WCAG 2.2 AA
