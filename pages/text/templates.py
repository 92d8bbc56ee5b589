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
    """Load a folder of templates; values are escaped unless marked safe.

    Parameters
    ----------
    folder
        Folder of the templates.

    Returns
    -------
    jinja2.Environment
        Its templates. ``_`` and ``ngettext`` translate into the reader's language; a value that is missing
        raises an error.
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
