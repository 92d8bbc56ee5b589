"""How far an import reaches."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from data.principal import Principal


def everything(principal: Principal) -> Principal:
    """Give the importer the reach that placing needs: a point's village may lie beyond one's own area."""
    return replace(principal, areas=("",))
