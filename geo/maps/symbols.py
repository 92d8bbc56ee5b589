"""What stands on a still map beside its lines, as SVG elements: markers, labels, a legend, a scale bar."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FONT = 'font-family="DejaVu Sans, system-ui, sans-serif"'
"""The family that PDFs have with them, and what a screen has."""

_LETTER = 0.62  # width of a letter of DejaVu Sans against its height, on average
_HALF_DIGIT = 0.36  # from the middle of a digit down to the baseline, against its height
_BOLD = 'font-weight="700"'
_HALO = f'{_BOLD} stroke="#ffffff" stroke-width="1.2" stroke-linejoin="round" paint-order="stroke"'
_RAISED = 2.3  # a label, so that it hides no marker that is right of its own
_EDGE = 7.0
_LEGEND_SIZE, _LEGEND_ROW = 7.0, 11.0
_SCALE_SIZE, _SCALE_THICK = 7.5, 3.0
_SCALES_M = (20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000)
_KM = 1_000
_LONGEST_SCALE = 0.27  # of the map's width


@dataclass(frozen=True)
class Marker:
    """How a kind of points is drawn; lengths in points of 1/72 inch.

    Attributes
    ----------
    shape
        A ``disc`` holds its label and moves aside where others are, with a line to a dot at the place; the
        label of any other shape stands beside it.
    fill, stroke
        Colours.
    radius
        From the middle to the edge.
    label_size
        Height of the label's letters.
    """

    shape: Literal["circle", "triangle", "diamond", "square", "disc"]
    fill: str = "#ffffff"
    stroke: str = "#000000"
    radius: float = 2.3
    label_size: float = 6.0


def draw_marker(marker: Marker, x: float, y: float) -> str:
    """Draw a marker at a place."""
    radius = marker.radius
    style = f'fill="{html.escape(marker.fill)}" stroke="{html.escape(marker.stroke)}" stroke-width="0.8"'
    if marker.shape in ("circle", "disc"):
        return f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{radius:g}" {style}/>'
    corners = {
        "triangle": ((0, -1.25), (1.1, 0.75), (-1.1, 0.75)),
        "diamond": ((0, -1.25), (1.25, 0), (0, 1.25), (-1.25, 0)),
        "square": ((-1, -1), (1, -1), (1, 1), (-1, 1)),
    }[marker.shape]
    points = " ".join(f"{x + radius * right:.2f},{y + radius * down:.2f}" for right, down in corners)
    return f'<polygon points="{points}" {style}/>'


def draw_label_beside(marker: Marker, x: float, y: float, label: str, width: float) -> str:
    """Write a label to the right of a marker, or to its left where the map ends."""
    reach = marker.radius + 2
    fits = x + reach + measure_text(label, marker.label_size) <= width
    return write_text(
        x + reach if fits else x - reach,
        y + marker.label_size * _HALF_DIGIT - _RAISED,
        label,
        size=marker.label_size,
        anchor="start" if fits else "end",
        extra=_HALO,
    )


def draw_disc(marker: Marker, x: float, y: float, label: str) -> str:
    """Draw a disc with its label in it."""
    size = min(marker.label_size, 1.7 * marker.radius / max(measure_text(label, 1), 1e-9))
    low = y + size * _HALF_DIGIT
    return draw_marker(marker, x, y) + write_text(x, low, label, size=size, anchor="middle", extra=_BOLD)


def draw_legend(markers: Sequence[tuple[Marker, str]], width: float) -> str:
    """Draw what each marker means in the upper right corner."""
    if not markers:
        return ""
    across = max(measure_text(text, _LEGEND_SIZE) for _, text in markers) + 22
    left, top = width - across - _EDGE, _EDGE
    high = _LEGEND_ROW * len(markers) + 5
    look = 'rx="2" fill="#ffffff" fill-opacity="0.9" stroke="#c4c9cf" stroke-width="0.6"'
    parts = [f'<rect x="{left:.2f}" y="{top:.2f}" width="{across:.2f}" height="{high:.2f}" {look}/>']
    for place, (marker, text) in enumerate(markers):
        middle = top + 2.5 + _LEGEND_ROW * (place + 0.5)
        parts.append(draw_marker(marker, left + 9, middle))
        parts.append(write_text(left + 17, middle + _LEGEND_SIZE * _HALF_DIGIT, text, size=_LEGEND_SIZE))
    return "".join(parts)


def draw_scale_bar(per_m: float, size: tuple[float, float], units: tuple[str, str]) -> str:
    """Draw a bar of round length in the lower left corner.

    Parameters
    ----------
    per_m
        Points of paper for a metre of ground.
    size
        Width and height of the map.
    units
        What a metre and a kilometre are called.
    """
    width, height = size
    fitting = [metres for metres in _SCALES_M if metres * per_m <= _LONGEST_SCALE * width]
    metres = fitting[-1] if fitting else _SCALES_M[0]
    said = f"{metres} {units[0]}" if metres < _KM else f"{metres // _KM} {units[1]}"
    left, low, long = _EDGE, height - _EDGE, metres * per_m
    back = max(long, measure_text(said, _SCALE_SIZE)) + 4
    return (
        f'<rect x="{left - 2:.2f}" y="{low - 14:.2f}" width="{back:.2f}" height="16" fill="#ffffff"/>'
        f'<rect x="{left:.2f}" y="{low - _SCALE_THICK:.2f}" width="{long:.2f}" height="{_SCALE_THICK:g}" '
        'fill="#000000" class="scale"/>' + write_text(left, low - 5, said, size=_SCALE_SIZE)
    )


def write_text(x: float, y: float, text: str, *, size: float, anchor: str = "start", extra: str = "") -> str:
    """Write a text whose baseline is at ``y``."""
    return (
        f'<text x="{x:.2f}" y="{y:.2f}" font-size="{size:g}" text-anchor="{anchor}" {FONT} fill="#000000" '
        f"{extra}>{html.escape(text)}</text>"
    )


def measure_text(text: str, size: float) -> float:
    """Estimate how wide a text is."""
    return len(text) * size * _LETTER


def list_legend(markers: Mapping[str, Marker], names: Mapping[str, str]) -> list[tuple[Marker, str]]:
    """List the markers that have a name, in order."""
    return [(marker, names[kind]) for kind, marker in markers.items() if kind in names]
