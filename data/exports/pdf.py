"""The one way from a template to a PDF."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import typst

if TYPE_CHECKING:
    from collections.abc import Mapping

_FONTS = Path(mpl.get_data_path()) / "fonts" / "ttf"  # matplotlib is here for these alone: DejaVu Sans


def compile_pdf(template: Path, content: Mapping[str, Any]) -> bytes:
    """Compile a Typst template.

    Parameters
    ----------
    template
        Reads its content as JSON from ``sys.inputs.content``: nothing of the data is markup.
    content
        Plain values by name.

    Returns
    -------
    bytes
        A PDF, whose fonts are in it: DejaVu Sans, and for scripts that it lacks a font of the machine.
    """
    written = json.dumps(content, ensure_ascii=False)
    return bytes(typst.compile(str(template), font_paths=[str(_FONTS)], sys_inputs={"content": written}))
