from __future__ import annotations

from io import BytesIO
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from geo.classify import STATUS_COLOURS
from geo.errors import ColumnError, GeoError
from geo.status import STATUSES
from geo.tiles import FARTHEST_ZOOM, STATUS_SHAPES, TileIndex, index_households, render_tile
from geo.tiles.index import COARSEST_LEVEL, FINEST_COUNTED_LEVEL
from geo.tiles.morton import KEY_LEVEL, NORTHERNMOST, decode_cells, encode_cells, encode_points
from geo.tiles.stamps import make_stamps, measure_stamp_radius

LON, LAT = 111.45, -7.4


def index_of(*places: tuple[float, float, str]) -> TileIndex:
    """Index households at (lon, lat) with a status."""
    frame = pd.DataFrame(list(places), columns=["lon", "lat", "status"])
    return index_households(frame[["lon", "lat"]], frame["status"])


def tile_of(lon: float, lat: float, zoom: int) -> tuple[int, int, float, float]:
    """Column and row of the tile, and the place in it (0 to 1), by the formula of the OpenStreetMap wiki."""
    x = (lon + 180) / 360 * 2**zoom
    y = (1 - np.log(np.tan(np.radians(lat)) + 1 / np.cos(np.radians(lat))) / np.pi) / 2 * 2**zoom
    return int(x), int(y), x % 1, y % 1


def picture(png: bytes) -> np.ndarray:
    """Red, green, blue and opacity of each pixel."""
    return np.asarray(Image.open(BytesIO(png)).convert("RGBA")).astype(int)


def draw(index: TileIndex, zoom: int, *, dx: int = 0, dy: int = 0, **options: object) -> np.ndarray:
    """Picture of the tile that holds the usual place, or of one beside it."""
    x, y, _, _ = tile_of(LON, LAT, zoom)
    return picture(render_tile(index, zoom, x + dx, y + dy, **options))


def colour(status: str) -> list[int]:
    return [int(STATUS_COLOURS[status][start : start + 2], 16) for start in (1, 3, 5)]


@pytest.mark.parametrize("zoom", [0, 5, 10, 12, 13, 15, 18, 22])
@pytest.mark.parametrize("scale", [1, 2])
def test_a_household_is_drawn_where_the_map_has_it(zoom: int, scale: int) -> None:
    shown = draw(index_of((LON, LAT, "never")), zoom, scale=scale)
    assert shown.shape == (256 * scale, 256 * scale, 4)
    _, _, right, down = tile_of(LON, LAT, zoom)
    pixel = shown[int(down * 256 * scale), int(right * 256 * scale)]
    assert pixel[:3].tolist() == colour("never")
    assert pixel[3] == 255
    reach = measure_stamp_radius(make_stamps(zoom, scale))
    assert 0 < (shown[..., 3] > 0).sum() <= (2 * reach + 1) ** 2


def test_the_more_urgent_lies_on_top_in_any_order() -> None:
    for one, other in combinations(STATUSES, 2):
        for zoom in (10, 13, 17):
            places = [(LON, LAT, one), (LON, LAT, other)]
            _, _, right, down = tile_of(LON, LAT, zoom)
            first, second = (draw(index_of(*order), zoom) for order in (places, places[::-1]))
            assert np.array_equal(first, second)
            assert first[int(down * 256), int(right * 256), :3].tolist() == colour(one)


def test_far_away_a_pixel_is_the_stronger_the_more_of_it_is_urgent() -> None:
    def opacity(n_never: int, n_visited: int) -> int:
        places = [(LON, LAT, "never")] * n_never + [(LON, LAT, "visited")] * n_visited
        return draw(index_of(*places), 8)[..., 3].max()

    assert opacity(1, 9) < opacity(4, 6) < opacity(7, 3) < opacity(10, 0) == 255


def test_from_near_statuses_differ_by_shape_alone() -> None:
    masks = {}
    for status in STATUSES:
        shown = draw(index_of((LON, LAT, status)), 17)
        masks[status] = (shown[..., :3] == colour(status)).all(axis=2)
    for one, other in combinations(STATUSES, 2):
        assert (masks[one] != masks[other]).sum() > 20, (one, other)
    assert list(STATUS_SHAPES) == list(STATUSES)


def test_only_the_statuses_asked_for_are_shown() -> None:
    index = index_of((LON, LAT, "never"), (LON, LAT, "visited"))
    for zoom in (8, 16):
        shown = draw(index, zoom, statuses=["due", "visited"])
        visible = shown[shown[..., 3] > 0][:, :3].tolist()
        assert colour("visited") in visible
        assert colour("never") not in visible
        assert not draw(index, zoom, statuses=["due"]).any()
        assert not draw(index, zoom, statuses=[]).any()


def test_empty_tiles_are_one_transparent_picture() -> None:
    index = index_of((LON, LAT, "never"))
    one, other = render_tile(index, 9, 0, 0), render_tile(index, 18, 5, 5)
    assert one is other
    assert not picture(one)[..., 3].any()
    assert len(one) < 400
    assert render_tile(index_of(), 0, 0, 0) is one
    assert len(index_of()) == 0


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 9999),
    zoom=st.sampled_from([6, 11, 12, 13, 15, 17, 20]),
    scale=st.sampled_from([1, 2]),
)
def test_stamps_across_borders_and_corners_are_whole(seed: int, zoom: int, scale: int) -> None:
    # The same households moved by half a tile, east and south, stand in the middle of one tile.
    x, y, _, _ = tile_of(LON, LAT, zoom)
    rng = np.random.default_rng(seed)
    cols, rows = (
        (rng.integers(-40, 40, 40) + 0.5) / 512 + x + 1,
        (rng.integers(-40, 40, 40) + 0.5) / 512 + y + 1,
    )
    status = rng.choice(STATUSES, 40)

    def index_at(moved: float) -> TileIndex:
        lon = (cols + moved) * 360 / 2**zoom - 180
        lat = np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * (rows + moved) / 2**zoom))))
        return index_of(*zip(lon, lat, status, strict=True))

    here, half = index_at(0), 128 * scale
    four = [
        [picture(render_tile(here, zoom, x + right, y + down, scale=scale)) for right in (0, 1)]
        for down in (0, 1)
    ]
    joined = np.vstack([np.hstack(pair) for pair in four])[half:-half, half:-half]
    assert joined.any()
    middle = picture(render_tile(index_at(0.5), zoom, x + 1, y + 1, scale=scale))
    assert np.array_equal(joined, middle)


def test_stamps_reach_no_farther_than_tiles_look() -> None:
    for zoom in range(FARTHEST_ZOOM + 1):
        for scale in (1, 2):
            assert measure_stamp_radius(make_stamps(zoom, scale)) <= 16


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 9999), n=st.integers(0, 300))
def test_counts_on_pixels_conserve_households(seed: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"lon": rng.uniform(95, 141, n), "lat": rng.uniform(-11, 6, n)})
    frame.loc[: n // 3, "lon"] = 111.0  # a crowd
    frame.loc[: n // 9, "lat"] = np.nan
    status = pd.Series(rng.choice(STATUSES, n), dtype="str")
    before = frame.copy()
    index = index_households(frame, status)
    pd.testing.assert_frame_equal(frame, before)
    located = status[frame["lat"].notna()]
    assert index.n_unlocated == n - len(located)
    assert sorted(index.layers) == list(range(COARSEST_LEVEL, FINEST_COUNTED_LEVEL + 1))
    for layer in index.layers.values():
        assert layer.counts.sum(axis=0).tolist() == [(located == name).sum() for name in STATUSES]
        assert (np.diff(layer.cells) > 0).all()
        assert (layer.counts.sum(axis=1) > 0).all()
    order = rng.permutation(n)
    again = index_households(frame.iloc[order], status.iloc[order])
    assert all(
        np.array_equal(again.layers[level].counts, layer.counts) for level, layer in index.layers.items()
    )


@settings(max_examples=50, deadline=None)
@given(col=st.integers(0, 2**31 - 1), row=st.integers(0, 2**31 - 1))
def test_codes_keep_cells_and_their_parents(col: int, row: int) -> None:
    code = encode_cells([col], [row])
    assert [part.item() for part in decode_cells(code)] == [col, row]
    assert (code >> 2).item() == encode_cells([col // 2], [row // 2]).item()
    bits = sum(((col >> bit & 1) << 2 * bit) + ((row >> bit & 1) << 2 * bit + 1) for bit in range(31))
    assert code.item() == bits


def test_the_corners_of_the_world_are_on_the_map() -> None:
    lon, lat = np.array([-180.0, 180.0]), np.array([NORTHERNMOST, -NORTHERNMOST])
    col, row = decode_cells(encode_points(lon, lat))
    assert col.tolist() == row.tolist() == [0, 2**KEY_LEVEL - 1]
    index = index_of(
        (-180, NORTHERNMOST, "never"), (180, -NORTHERNMOST, "due"), (0, 89, "due"), (200, 0, "due")
    )
    assert index.n_unlocated == 2
    for zoom in (0, 3, FARTHEST_ZOOM):
        last = 2**zoom - 1
        assert picture(render_tile(index, zoom, 0, 0))[0, 0, 3] == 255
        assert picture(render_tile(index, zoom, last, last))[255, 255, 3] == 255


@pytest.mark.parametrize(
    "tile", [(-1, 0, 0), (23, 0, 0), (0, 1, 0), (3, 0, 8), (3, -1, 0), (2.5, 0, 0), ("1", 0, 0), (1, None, 0)]
)
def test_tiles_that_are_none_are_refused(tile: tuple[int, int, int]) -> None:
    with pytest.raises(GeoError, match="no tile"):
        render_tile(index_of(), *tile)


def test_other_bad_input_is_refused() -> None:
    with pytest.raises(GeoError, match="must be 1 or 2, not 3"):
        render_tile(index_of(), 0, 0, 0, scale=3)
    with pytest.raises(GeoError, match="'seldom'"):
        render_tile(index_of(), 0, 0, 0, statuses=["seldom"])
    with pytest.raises(ColumnError, match="missing or unknown"):
        index_of((LON, LAT, "seldom"))
    frame = pd.DataFrame({"lon": [LON], "lat": [LAT]})
    with pytest.raises(ColumnError, match="same index"):
        index_households(frame, pd.Series(["never"], index=[7]))
    with pytest.raises(ColumnError, match="'lat'"):
        index_households(frame[["lon"]], pd.Series(["never"]))
