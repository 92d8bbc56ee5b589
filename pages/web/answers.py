"""Error responses of the app's own routes: one line of plain text."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse, Response

from data.errors import DataError, ScopeError
from geo.errors import GeoError, UserError
from pages.text.language import translate, use_language

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request

PRIVATE = "private, no-cache"
"""Cache header of answers that only this user's browser may keep, and must revalidate."""


class RefusedError(DataError):
    """The request is invalid, or asks for something that does not exist.

    Parameters
    ----------
    template, **values
        The message and its values.
    status
        HTTP status.
    """

    def __init__(self, template: str, /, *, status: int = 400, **values: Any) -> None:
        super().__init__(template, **values)
        self.status = status


def attach_file(content: bytes, media_type: str, name: str) -> Response:
    """Return a response that downloads a file under a name and is never cached."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return Response(content, media_type=media_type, headers=headers)


def answer_plainly(answer: Callable[[Request], Response]) -> Callable[[Request], Awaitable[Response]]:
    """Make an endpoint that runs a function in a thread, in the request's language, with one-line errors.

    Parameters
    ----------
    answer
        Handler of a request; may raise errors of ``data`` and ``geo``.

    Returns
    -------
    Callable
        The endpoint: 400 if the request is invalid, 403 if out of scope, 404 if there is no such thing.
    """

    @wraps(answer)
    async def in_thread(request: Request) -> Response:
        return await run_in_threadpool(answer, request)

    return answer_plainly_async(in_thread)


def answer_plainly_async(
    answer: Callable[[Request], Awaitable[Response]],
) -> Callable[[Request], Awaitable[Response]]:
    """Make an endpoint as ``answer_plainly`` does, from an asynchronous function."""

    @wraps(answer)
    async def endpoint(request: Request) -> Response:
        with use_language(request.query_params.get("lang")):
            try:
                return await answer(request)
            except RefusedError as error:
                return _refuse(error, error.status)
            except ScopeError as error:
                return _refuse(error, 403)
            except (DataError, GeoError) as error:
                return _refuse(error, 400)

    return endpoint


def _refuse(error: UserError, status: int) -> Response:
    return PlainTextResponse(
        " ".join(translate(error).split()), status_code=status, headers={"Cache-Control": "no-store"}
    )
