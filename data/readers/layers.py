"""Which of a file's layers is meant."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from data.errors import LayerError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from data.readers.table import InputFile, RawTable

_SHOWN = 20


def format_names(names: Sequence[str]) -> str:
    """List names that a file gives, in one line, for a sentence."""
    return ", ".join(" ".join(name.split())[:60] for name in names[:_SHOWN])


def choose_layer(source: InputFile, layers: Sequence[str], wanted: str | None) -> str:
    """Give the layer that is wanted, or the only one there is.

    Parameters
    ----------
    source
        The file, for sentences about it.
    layers
        Its layers, at least one.
    wanted
        What the person says.

    Raises
    ------
    LayerError
        If there are several and none is chosen, or there is no such layer.
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
    """Note on a table which layers its file has and which was read, where there are several."""
    return replace(raw, layers=tuple(layers), layer=chosen) if len(layers) > 1 else raw
