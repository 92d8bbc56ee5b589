"""Choice among the layers of a file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from data.errors import LayerError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from data.readers.table import InputFile, RawTable

_SHOWN = 20


def format_names(names: Sequence[str]) -> str:
    """Join names from a file into one line, for a message."""
    return ", ".join(" ".join(name.split())[:60] for name in names[:_SHOWN])


def choose_layer(source: InputFile, layers: Sequence[str], wanted: str | None) -> str:
    """Return the layer asked for, or the only one there is.

    Parameters
    ----------
    source
        The file, for error messages.
    layers
        Its layers, at least one.
    wanted
        The layer that the user named.

    Raises
    ------
    LayerError
        If there are several and none is chosen, or there is no layer of that name.
    """
    if wanted is None and len(layers) == 1:
        return layers[0]
    if wanted in layers:
        return str(wanted)
    shown = format_names(layers)
    if wanted is None:
        raise LayerError(
            "{name} has several layers ({shown}): choose one with --layer NAME.",
            option="--layer NAME",
            layers=tuple(layers),
            name=source.name,
            shown=shown,
        )
    raise LayerError(
        "{name} has no layer '{wanted}': its layers are {shown}.",
        layers=tuple(layers),
        name=source.name,
        wanted=wanted,
        shown=shown,
    )


def offer_layers(raw: RawTable, layers: Sequence[str], chosen: str) -> RawTable:
    """Record on a table which layers its file has and which was read, if there are several."""
    return replace(raw, layers=tuple(layers), layer=chosen) if len(layers) > 1 else raw
