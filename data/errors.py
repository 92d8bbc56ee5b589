"""The errors of ``data``; each message is one sentence that says what is wrong, where, and what to do.

Messages are templates with values, as in ``geo.errors``, so that pages can show them in any language.
"""

from __future__ import annotations

from typing import Any

from geo.errors import UserError


class DataError(UserError):
    """Base class of the errors of ``data``: a user's mistake or a limit, stated in one sentence."""


class FileRefusedError(DataError):
    """A file cannot be read as a table: wrong kind, damaged, or unsafe."""


class MappingError(DataError):
    """A required field has no column, or a stated column is not in the file."""


class UndecidedError(MappingError):
    """A file leaves open a choice that only the user can make.

    Parameters
    ----------
    template, **values
        The message; ``option`` as in ``UserError``.
    choice
        The choice of ``ImportOptions`` that answers it: ``dates`` or ``code_scheme``.
    """

    def __init__(self, template: str, /, *, choice: str, **values: Any) -> None:
        super().__init__(template, **values)
        self.choice = choice


class LayerError(MappingError):
    """A file has several layers and none was chosen, or the chosen one does not exist.

    Parameters
    ----------
    template, **values
        The message; ``option`` as in ``UserError``.
    layers
        The layers to choose from.
    """

    def __init__(self, template: str, /, *, layers: tuple[str, ...] = (), **values: Any) -> None:
        super().__init__(template, **values)
        self.layers = layers


class ImportRefusedError(DataError):
    """An import cannot be stored as a whole."""


class BatchError(DataError):
    """A batch does not exist, or cannot be undone."""


class ScopeError(DataError):
    """An area was requested that the principal may not see."""


class DecisionError(DataError):
    """A decision about a visit cannot be recorded."""


class DatabaseError(DataError):
    """The database cannot be opened, or has another version."""
