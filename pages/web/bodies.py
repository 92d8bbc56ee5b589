"""Request bodies: limited in size, and accepted only from the app's own pages."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from pages.web.answers import RefusedError

if TYPE_CHECKING:
    from starlette.requests import Request

MOST_BYTES = 300_000
OWN_HEADER = "X-Sambang"
"""A header that a page of another site cannot send without a preflight request."""
JSON = "application/json"
_FORM = "application/x-www-form-urlencoded"


async def read_body(request: Request) -> bytes:
    """Read the body of a request.

    Raises
    ------
    RefusedError
        If it is larger than ``MOST_BYTES``.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise RefusedError("The request is larger than a field sheet ever sends.", status=413)
    return bytes(body)


def require_own_page(request: Request) -> None:
    """Refuse requests forged by a page of another site (cross-site request forgery).

    Parameters
    ----------
    request
        A request that changes data. Browsers state its origin in Sec-Fetch-Site or Origin.

    Raises
    ------
    RefusedError
        If it does not come from this site, or, for JSON, lacks ``OWN_HEADER``.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    same = (
        site == "same-origin" if site else origin and urlsplit(origin).netloc == request.headers.get("host")
    )
    if not same or (is_json(request) and OWN_HEADER not in request.headers):
        raise RefusedError("Marks are accepted only from the field sheet: open it and try again.", status=403)


def is_json(request: Request) -> bool:
    """Return whether the body is JSON."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower() == JSON


def read_json(body: bytes) -> dict[str, Any]:
    """Read a JSON object.

    Raises
    ------
    RefusedError
        If it is none.

    Examples
    --------
    >>> read_json(b'{"officer": "P1"}')
    {'officer': 'P1'}
    """
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):
        sent = None
    if not isinstance(sent, dict):
        raise RefusedError("The request body is not a JSON object.")
    return sent


def read_form(body: bytes, request: Request) -> dict[str, str]:
    """Read the fields of a form.

    Raises
    ------
    RefusedError
        If it is none.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        raise RefusedError("Send a form or JSON.", status=415)
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=20))
    except ValueError:
        raise RefusedError("The form cannot be read.") from None
