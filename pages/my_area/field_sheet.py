"""The HTML of the field sheet."""

from __future__ import annotations

import base64
import gzip
import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

from starlette.responses import Response

from pages.my_area.day import name_mark
from pages.my_area.wording import (
    describe_day_list,
    describe_home,
    describe_more_homes,
    write_map_address,
)
from pages.text.language import LANGUAGES, _, format_day, format_number, get_language
from pages.text.templates import load_templates

if TYPE_CHECKING:
    import pandas as pd
    from starlette.requests import Request

    from pages.my_area.day import DayList
    from pages.queries.officers import Officer

FIELD_URL = "/field"

_TEMPLATES = Path(__file__).with_name("templates")


class SheetHome(NamedTuple):
    """Texts about one household of the field sheet."""

    id: str
    number: int
    name: str
    where: str
    status: str
    why: str
    outcome: str
    told: str
    geo: str
    visit_id: str


class SheetChoice(NamedTuple):
    """An officer's field sheets, in the list of all."""

    name: str
    sheets: list[tuple[str, str]]


def write_sheet_url(base: str, officer_id: str, village: str, *, language: str | None = None) -> str:
    """Write the address of a field sheet: codes only, no names.

    Examples
    --------
    >>> write_sheet_url("", "P1", "3521072013", language="id")
    '/field?officer=P1&village=3521072013&lang=id'
    """
    query = {"officer": officer_id, "village": village, "lang": language or get_language()}
    return f"{base}{FIELD_URL}?{urlencode(query)}"


def write_start(officers: list[Officer], base: str) -> str:
    """Write the list of all field sheets in scope."""
    choices = [
        SheetChoice(
            officer.name,
            [
                (write_sheet_url(base, officer.officer_id, code), name)
                for code, name in officer.villages.items()
            ],
        )
        for officer in officers
    ]
    return _render("field_start.html", officers=choices, page=None, script_url=None)


def write_sheet(day_list: DayList, base: str) -> str:
    """Write a field sheet; the HTML is the same as long as nothing on it changes."""
    officer, field = day_list.officer, base + FIELD_URL
    left = len(day_list.homes) - day_list.n_done
    language = get_language()
    page = {
        "officer": officer.officer_id, "day": day_list.day.isoformat(),
        "marks": f"{field}/marks?lang={language}", "worker": f"{field}/sw.js", "scope": field,
        "met": _("Met"), "absent": _("Not at home"), "undo": _("Undo"),
        "left": _("{n} more today"), "none": _("All done for today."),
        "waiting": _("Saved on this phone, not yet sent: {n}."), "refused": _("A mark was refused: {reason}"),
        "trouble": _("The marks could not be sent and are still on this phone. Reopen the field "
                      "sheet."),
    }  # fmt: skip
    if day_list.homes.empty:
        page["none"] = _("Nothing for today.")
    return _render(
        "field.html",
        page=page,
        script_url=f"{field}/field.js",
        officer=officer,
        village=day_list.village,
        place=_("Village {name}").format(name=officer.villages[day_list.village]),
        marks_url=page["marks"],
        homes=_write_homes(day_list, day_list.homes),
        more=_write_homes(day_list, day_list.more),
        more_said=describe_more_homes(day_list),
        n_done=day_list.n_done,
        left=page["left"].format(n=format_number(left)) if left else page["none"],
        is_planned=day_list.week.is_published,
        said_list=describe_day_list(day_list),
        said_day=_("List for {day}.").format(day=format_day(day_list.day)),
        sheet_urls={code: write_sheet_url(base, officer.officer_id, code) for code in officer.villages},
        languages=[
            (write_sheet_url(base, officer.officer_id, day_list.village, language=code), name)
            for code, name in LANGUAGES.items()
            if code != language
        ],
    )


def _write_homes(day_list: DayList, homes: pd.DataFrame) -> list[SheetHome]:
    """Describe households; there are at most about 60."""
    return [
        _write_home(day_list, str(key), home)
        for key, home in zip(homes.index, homes.to_dict("records"), strict=True)
    ]


def _write_home(day_list: DayList, key: str, home: dict[Any, Any]) -> SheetHome:
    told = describe_home(day_list, key, home)
    return SheetHome(
        id=key,
        number=home["number"],
        name=told.name,
        where=told.where,
        status=home["status"],
        why=told.why,
        outcome=home["outcome"],
        told=told.done,
        geo=write_map_address(home),
        visit_id=name_mark(day_list, key, home["outcome"]),
    )


def answer_page(request: Request, html: str) -> Response:
    """Answer with a page, compressed if the browser supports it, or with 304 Not Modified.

    Parameters
    ----------
    request
        The request.
    html
        The page.

    Returns
    -------
    starlette.responses.Response
        With its own content security policy: only the field sheet's script, style and connections.
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


def _render(name: str, **values: Any) -> str:
    template = load_templates(_TEMPLATES).get_template(name)
    return template.render(language=get_language(), style=_style(), **values)
