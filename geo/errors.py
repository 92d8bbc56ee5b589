"""The errors of ``geo``: one family, each message one sentence that says what is wrong and what to do."""


class GeoError(ValueError):
    """What every error of ``geo`` is."""


class CRSError(GeoError):
    """A layer has no CRS, is not in metres, or two layers differ."""


class ColumnError(GeoError):
    """A frame lacks a column that the measure needs."""


class GeometryError(GeoError):
    """A layer's geometries are not of the kind that the measure needs."""


class GridError(GeoError):
    """A grid cannot be made with these cells over this area."""


class WindowError(GeoError):
    """A window has no time zone, or ends before it starts."""


class ClassError(GeoError):
    """Values cannot be put into classes in the way asked for."""


class TooFewError(GeoError):
    """There is too little data for the number asked for to mean anything."""
