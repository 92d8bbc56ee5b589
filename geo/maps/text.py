"""Escaping of text for maps: for HTML, JavaScript and the map component."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterable

# HTML's five; characters that end or interpolate in a JavaScript template literal; and the underscore, as the
# component that shows the map rewrites names such as map_div2 wherever they occur.
_ENTITIES = {ord(sign): f"&#{ord(sign)};" for sign in "&<>\"'\\`${}_"}
_CONTROLS = dict.fromkeys((*range(32), 127, 0x2028, 0x2029), " ")
_TABLE = _ENTITIES | _CONTROLS
_IN_SCRIPT = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&'"}


def escape_text(text: object) -> str:
    r"""Escape text for HTML and for JavaScript template literals.

    ``html.escape`` is not enough in a folium map: folium writes text into template literals, where a backtick
    or ``${`` is code.

    Parameters
    ----------
    text
        Any value; a missing value becomes the empty string.

    Returns
    -------
    str
        HTML: the text with unsafe characters as entities and control characters as spaces.

    Examples
    --------
    >>> escape_text("Kali <b>Asin</b>")
    'Kali &#60;b&#62;Asin&#60;/b&#62;'
    >>> escape_text("${alert(1)}")
    '&#36;&#123;alert(1)&#125;'
    >>> escape_text(None)
    ''
    """
    if text is None or text is pd.NA or text is pd.NaT or (isinstance(text, float) and np.isnan(text)):
        return ""
    return str(text).translate(_TABLE)


def escape_texts(texts: Iterable[object]) -> list[str]:
    """Escape each text.

    Parameters
    ----------
    texts
        Any values.

    Returns
    -------
    list of str
        Escaped texts in the same order.

    Examples
    --------
    >>> escape_texts(["a&b", float("nan")])
    ['a&#38;b', '']
    """
    return [escape_text(text) for text in texts]


def to_script(value: object) -> str:
    r"""Write a value as JSON that is safe inside a script element.

    Parameters
    ----------
    value
        Value that the json module can write, without NaN.

    Returns
    -------
    str
        Compact ASCII JSON without ``<``, ``>``, ``&`` or ``'``.

    Examples
    --------
    >>> to_script({"a": "</script>", "b": [1, 2]})
    '{"a":"\\u003c/script\\u003e","b":[1,2]}'
    """
    return json.dumps(value, separators=(",", ":"), allow_nan=False).translate(_IN_SCRIPT)
