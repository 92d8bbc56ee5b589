"""HTML templates with translated texts."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pages.text.language import _, ngettext

if TYPE_CHECKING:
    from pathlib import Path


@cache
def load_templates(folder: Path) -> Environment:
    """Load the templates of a folder; values are escaped unless marked safe.

    Parameters
    ----------
    folder
        Where the templates are.

    Returns
    -------
    jinja2.Environment
        Environment of the folder. ``_`` and ``ngettext`` translate into the user's language; an undefined
        value raises an error.
    """
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_callables(_, ngettext)  # type: ignore[attr-defined]  # comes with the extension
    return environment
