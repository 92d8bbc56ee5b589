"""How slides are written: HTML in which every text from the data is only text."""

from __future__ import annotations

import base64
import html
from typing import TYPE_CHECKING, NamedTuple

from geo.classify import BIVARIATE_COLOURS
from pages.text.language import MISSING, _

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Figure(NamedTuple):
    """One large figure against the last period and a year ago."""

    label: str
    value: str
    against: tuple[str | int | None, str | int | None] = (None, None)


class Slide(NamedTuple):
    """One slide: what it asks, where and when, and what it shows."""

    title: str
    where: str
    body: str
    doubt: str = ""


def render_slide(slide: Slide, language: str) -> str:
    """Write a slide; its body is HTML already."""
    head = f"<h1>{html.escape(slide.title)}</h1><div class='where'>{html.escape(slide.where)}</div>"
    doubt = render_paragraph(slide.doubt, "doubt") if slide.doubt else ""
    return f"<section class='slide' lang='{language}'><header>{head}</header>{doubt}{slide.body}</section>"


def render_figures(shown: Sequence[Figure], said: str, note: str) -> str:
    """Write large figures, three in the first row, with a sentence and a note."""
    written = []
    for place, figure in enumerate(shown):
        last, year = (MISSING if change is None else str(change) for change in figure.against)
        against = _("period before: {last} · year ago: {year}").format(last=last, year=year)
        half = "" if place < len(shown) // 2 + 1 else " is-half"
        written.append(
            f"<div class='figure{half}'><small>{html.escape(figure.label)}</small>"
            f"<b>{html.escape(figure.value)}</b><small class='against'>{html.escape(against)}</small></div>"
        )
    sentence = render_paragraph(said) if said else ""
    return f"<div class='figures'>{''.join(written)}</div>{sentence}{render_paragraph(note, 'note')}"


def render_picture(svg: str, title: str) -> str:
    """Embed a drawing as a picture: what is inside it cannot reach the page."""
    data = base64.b64encode(svg.encode()).decode("ascii")
    return f"<img src='data:image/svg+xml;base64,{data}' alt='{html.escape(title)}'>"


def render_beside(picture: str, side: str) -> str:
    """Set a picture, two thirds wide, beside its text; both are HTML already."""
    return f"<div class='body'><div class='picture'>{picture}</div><div class='side'>{side}</div></div>"


def render_paragraph(text: str, kind: str = "said") -> str:
    """Write a sentence."""
    return f"<p class='{kind}'>{html.escape(text)}</p>"


def render_list(rows: Iterable[tuple[str, str, str]]) -> str:
    """Write rows of a mark, a name and a sentence."""
    items = [
        f"<li><span class='mark'>{html.escape(mark)}</span>"
        f"<span><strong>{html.escape(name)}</strong>{html.escape(text)}</span></li>"
        for mark, name, text in rows
    ]
    return f"<ol>{''.join(items)}</ol>"


def render_key(entries: Iterable[tuple[str, str]]) -> str:
    """Explain colours; without one the entry is hatched."""
    hatch = "repeating-linear-gradient(135deg, #8a939e 0 2px, #f1f3f5 2px 8px)"
    items = [
        f"<span><i style='background: {html.escape(colour or hatch)}'></i>{html.escape(label)}</span>"
        for colour, label in entries
    ]
    return f"<div class='key'>{''.join(items)}</div>"


def render_square(across: str, up: str) -> str:
    """Explain the colours of two measures."""
    cells = "".join(
        f"<i style='background: {colour}'></i>" for row in reversed(BIVARIATE_COLOURS) for colour in row
    )
    return (
        f"<div class='square'><div class='up'>{html.escape(up)}</div><div class='cells'>{cells}</div>"
        f"<div class='across'>{html.escape(across)}</div></div>"
    )
