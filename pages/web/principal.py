"""The principal of a request to our own routes, by the same rules as for pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data.principal import Principal

if TYPE_CHECKING:
    from starlette.requests import Request


def find_principal(_request: Request) -> Principal:
    """Return the principal of a request.

    Parameters
    ----------
    _request
        Any request to a route of our own.

    Returns
    -------
    Principal
        A supervisor of everything until accounts exist; then the user of the request's session.
    """
    return Principal.demo()
