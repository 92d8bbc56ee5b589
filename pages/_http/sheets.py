"""The HTML of the field sheet."""

from __future__ import annotations

import base64
import gzip
import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import Response

from geo.tiles import SHAPES
from pages import _texts, _words
from pages._rounds import name_mark
from pages._texts import MISSING, _, day, ngettext, number

if TYPE_CHECKING:
    from starlette.requests import Request

    from pages._rounds import Officer, Sheet

FIELD_URL = "/field"

_TEMPLATES = Path(__file__).with_name("templates")
_ROUND_M = 10


class Home(NamedTuple):
    """One household of the sheet, in words."""

    id: str
    name: str
    place: str
    status: str
    mark: str
    said: str
    outcome: str
    told: str
    geo: str
    visit_id: str


class Choice(NamedTuple):
    """An officer's sheets, in the list of all."""

    name: str
    sheets: list[tuple[str, str]]


def sheet_url(base: str, officer_id: str, village: str, *, language: str | None = None) -> str:
    """Write the address of a sheet: codes only, no name.

    Examples
    --------
    >>> sheet_url("", "P1", "3521072013", language="id")
    '/field?officer=P1&village=3521072013&lang=id'
    """
    query = {"officer": officer_id, "village": village, "lang": language or _texts.current_language()}
    return f"{base}{FIELD_URL}?{urlencode(query)}"


def write_start(officers: list[Officer], base: str) -> str:
    """Write the list of all sheets in reach."""
    choices = [
        Choice(
            officer.name,
            [(sheet_url(base, officer.officer_id, code), name) for code, name in officer.villages.items()],
        )
        for officer in officers
    ]
    return _render("field_start.html", officers=choices, page=None, script_url=None)


def write_sheet(sheet: Sheet, base: str) -> str:
    """Write a sheet; the same one as long as nothing on it changes."""
    officer, field = sheet.officer, base + FIELD_URL
    left = len(sheet.homes) - sheet.n_done
    language = _texts.current_language()
    page = {
        "officer": officer.officer_id, "day": sheet.day.isoformat(),
        "marks": f"{field}/marks?lang={language}", "worker": f"{field}/sw.js", "scope": field,
        "met": _("Met"), "absent": _("Not at home"), "undo": _("Undo"),
        "left": _("{n} more today"), "none": _("All done for today."),
        "waiting": _("Kept in the phone, to be sent: {n}."), "refused": _("A mark was refused: {reason}"),
        "trouble": _("The marks could not be handed over; they stay in the phone. Open the sheet anew."),
    }  # fmt: skip
    return _render(
        "field.html",
        page=page,
        script_url=f"{field}/field.js",
        officer=officer,
        village=sheet.village,
        place=_("Village {name}").format(name=officer.villages[sheet.village]),
        marks_url=page["marks"],
        homes=_write_homes(sheet, sheet.homes),
        more=_write_homes(sheet, sheet.more),
        more_said=ngettext("{n} more household nearby", "{n} more households nearby", len(sheet.more)).format(
            n=number(len(sheet.more))
        ),
        n_done=sheet.n_done,
        left=page["left"].format(n=number(left)) if left else page["none"],
        said_day=_("List of {day}; distances from the middle of the village.").format(day=day(sheet.day)),
        sheet_urls={code: sheet_url(base, officer.officer_id, code) for code in officer.villages},
        languages=[
            (sheet_url(base, officer.officer_id, sheet.village, language=code), name)
            for code, name in _texts.LANGUAGES.items()
            if code != language
        ],
    )


def _write_homes(sheet: Sheet, homes: pd.DataFrame) -> list[Home]:
    """Put households into words; there are at most some sixty."""
    told = {"met": _("Met"), "absent": _("Not at home")}
    columns = ["head_name", "rt", "rw", "distance_m", "status", "last_visit_at", "outcome", "lon", "lat"]
    every = zip(homes.index, *(homes[name] for name in columns), strict=True)
    return [
        Home(
            id=str(key),
            name=_or_dash(name),
            place=f"RT {_or_dash(rt)} / RW {_or_dash(rw)}" + _say_distance(distance),
            status=status,
            mark=SHAPES[status],
            said=_words.status(status) + ("" if pd.isna(last) else f", {day(last)}"),
            outcome=outcome,
            told=f"✓ {told.get(outcome, outcome)}" if outcome else "",
            geo="" if pd.isna(lon) else f"geo:{lat:.6f},{lon:.6f}?q={lat:.6f},{lon:.6f}",
            visit_id=name_mark(sheet, str(key), outcome),
        )
        for key, name, rt, rw, distance, status, last, outcome, lon, lat in every
    ]


def _say_distance(metres: float) -> str:
    return "" if pd.isna(metres) else f" · {number(round(metres / _ROUND_M) * _ROUND_M)} m"


def _or_dash(value: object) -> str:
    return MISSING if pd.isna(value) else str(value)  # type: ignore[call-overload]  # pandas names no object


def answer(request: Request, html: str) -> Response:
    """Answer with a page, packed where the browser unpacks, or say that it is the one that the browser has.

    Parameters
    ----------
    request
        What was asked.
    html
        The page.

    Returns
    -------
    starlette.responses.Response
        With a policy of its own: no script, style or connection but the sheet's.
    """
    body = html.encode()
    tag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    headers = {
        "Cache-Control": "private, no-cache",
        "ETag": tag,
        "Vary": "Accept-Encoding, Cookie",
        "Content-Security-Policy": _policy(),
    }
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        body = gzip.compress(body, 6, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return Response(body, media_type="text/html; charset=utf-8", headers=headers)


@cache
def _policy() -> str:
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode("ascii")
    return (
        f"default-src 'none'; script-src 'self'; style-src 'sha256-{digest}'; connect-src 'self'; "
        "worker-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


@cache
def _style() -> str:
    return (_TEMPLATES / "field.css").read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_callables(_, ngettext)  # type: ignore[attr-defined]  # comes with the extension
    return made


def _render(name: str, **values: Any) -> str:
    template = _environment().get_template(name)
    return template.render(language=_texts.current_language(), style=_style(), **values)
