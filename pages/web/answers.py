"""How our own routes say no: in one line, without a page."""

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
"""For answers that only this user may keep, and must ask about again."""


class RefusedError(DataError):
    """What a request asks for is not there, or not written as it has to be.

    Parameters
    ----------
    template, **values
        The sentence.
    status
        HTTP status.
    """

    def __init__(self, template: str, /, *, status: int = 400, **values: Any) -> None:
        super().__init__(template, **values)
        self.status = status


def attach_file(content: bytes, media_type: str, name: str) -> Response:
    """Answer with a file to save under a name, kept by no cache."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return Response(content, media_type=media_type, headers=headers)


def answer_plainly(answer: Callable[[Request], Response]) -> Callable[[Request], Awaitable[Response]]:
    """Make a route of a function that runs in a thread, speaks the request's language, and says no in a line.

    Parameters
    ----------
    answer
        Answers a request; may raise errors of ``data`` and ``geo``.

    Returns
    -------
    Callable
        The endpoint: 400 for what cannot be, 403 for what is out of reach, 404 for what is not there.
    """

    @wraps(answer)
    async def in_thread(request: Request) -> Response:
        return await run_in_threadpool(answer, request)

    return answer_plainly_async(in_thread)


def answer_plainly_async(
    answer: Callable[[Request], Awaitable[Response]],
) -> Callable[[Request], Awaitable[Response]]:
    """Do as ``answer_plainly``, for a function that waits by itself."""

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
