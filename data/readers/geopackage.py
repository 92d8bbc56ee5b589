"""Reader of GeoPackages: the layer with geometry, or the one asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data.errors import FileRefusedError
from data.readers.gdal import list_layers, read_layer
from data.readers.layers import choose_layer, offer_layers

if TYPE_CHECKING:
    from data.readers.table import InputFile, RawTable

_STYLES = "layer_styles"  # where QGIS stores layer styles


def read_file(source: InputFile, *, layer: str | None = None) -> RawTable:
    """Read one layer of a GeoPackage.

    Parameters
    ----------
    source
        The GeoPackage.
    layer
        The layer's name; by default the only layer with geometry, or the only layer.

    Returns
    -------
    RawTable
        With geometry, unless the layer is a plain table.

    Raises
    ------
    FileRefusedError
        If it is damaged, or not a GeoPackage.
    LayerError
        If it has several layers and none is chosen, or has no layer of that name.
    """
    layers = [found for found in list_layers(source, source.content) if found[0] != _STYLES]
    if not layers:
        raise FileRefusedError("{name} has no layers: check the export.", name=source.name)
    names = tuple(name for name, _ in layers)
    shaped = [name for name, has_geometry in layers if has_geometry]
    chosen = choose_layer(source, names if layer is not None else shaped or names, layer)
    raw = read_layer(source, "geopackage", source.content, chosen)
    return offer_layers(raw, names, chosen)
