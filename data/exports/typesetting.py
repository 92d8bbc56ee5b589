"""Compilation of Typst templates to PDF."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import typst

if TYPE_CHECKING:
    from collections.abc import Mapping

_FONTS = Path(mpl.get_data_path()) / "fonts" / "ttf"  # matplotlib is used only for its copy of DejaVu Sans


def compile_pdf(template: Path, content: Mapping[str, Any]) -> bytes:
    """Compile a Typst template.

    Parameters
    ----------
    template
        Reads its content as JSON from ``sys.inputs.content``, so that data is never markup.
    content
        Plain values by name.

    Returns
    -------
    bytes
        A PDF with embedded fonts: DejaVu Sans, and an installed font for scripts that it lacks.
    """
    written = json.dumps(content, ensure_ascii=False)
    return bytes(typst.compile(str(template), font_paths=[str(_FONTS)], sys_inputs={"content": written}))
