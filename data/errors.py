"""The errors of ``data``: one family, each message one sentence that says what, where and what to do.

Sentences are templates with their values, as in ``geo.errors``, so that pages can say them in any language.
"""

from __future__ import annotations

from typing import Any

from geo.errors import UserError


class DataError(UserError):
    """What every error of ``data`` is: a user's mistake or a limit, told in one sentence."""


class FileRefusedError(DataError):
    """A file cannot be read as a table: wrong kind, damaged, or unsafe."""


class MappingError(DataError):
    """A required field has no column, or a column was named that the file does not have."""


class UndecidedError(MappingError):
    """A file leaves open what only a person can say.

    Parameters
    ----------
    template, **values
        The sentence; ``option`` as in ``UserError``.
    choice
        The choice of ``ImportOptions`` that answers it: ``dates`` or ``code_scheme``.
    """

    def __init__(self, template: str, /, *, choice: str, **values: Any) -> None:
        super().__init__(template, **values)
        self.choice = choice


class LayerError(MappingError):
    """A file has several layers and none was chosen, or one was named that it does not have.

    Parameters
    ----------
    template, **values
        The sentence; ``option`` as in ``UserError``.
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
    """An area was asked for that the principal may not see."""


class DecisionError(DataError):
    """A decision about a visit cannot be recorded."""


class DatabaseError(DataError):
    """The database cannot be opened, or is of another version."""
