"""What an element of a page shows: its texts, numbers, options, rows, chart or map."""

from __future__ import annotations

import json
import re
from html import unescape
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

from google.protobuf.json_format import MessageToDict
from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df

from tests.figures.columns import digest, read_frame, shorten, simplify

if TYPE_CHECKING:
    from streamlit.testing.v1.element_tree import Block, Element

_SHOWN = {
    "body", "label", "delta", "help", "options", "content", "placeholder", "default", "text", "value",
    "caption", "message", "query_string", "disabled", "min", "max", "raw_value", "raw_values",
}  # fmt: skip
"""Fields of a Streamlit element that a reader sees; the others are keys, sizes and addresses of files."""
_COLUMN = ("label", "help", "type_config", "hidden")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'')
_NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?:e-?\d+)?")
_TOKEN = re.compile(r"\b[0-9a-f]{16}\b")  # by which maps side by side know each other: new each time
_GUARD = re.compile(r"\\([^\w\s])")
_LETTERS = re.compile(r"[^\W\d_]")
_LONGEST_TEXT = 2_000
_UNSEEN = {"style", "script", "title"}
_SHAPES = {"d", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "width", "height", "points", "style"}


def read_element(node: Element | Block) -> dict[str, Any] | None:
    """Read what an element shows; None where that is nothing.

    Parameters
    ----------
    node
        An element, or a block, of which the label counts.
    """
    proto, kind = node.proto, node.type
    if proto is None:
        return None
    if kind in {"dataframe", "arrow_data_frame", "table"}:
        shown = _read_table(node)
    elif kind == "vega_lite_chart":
        shown = _read_chart(proto)
    elif kind == "component_instance":
        shown = _read_map(json.loads(proto.json_args))
    elif kind == "html":
        shown = _read_html(proto.body)
    else:
        shown = _pick(MessageToDict(proto, preserving_proto_field_name=True))
    return {"kind": kind, **shown} if shown else None


def _pick(fields: dict[str, Any]) -> dict[str, Any]:
    """Pick the fields that are seen, at any depth."""
    picked = {}
    for name, value in fields.items():
        if name in _SHOWN:
            parts = value if isinstance(value, list) else [value]
            seen = [_pick(part) if isinstance(part, dict) else _unguard(part) for part in parts]
            picked[name] = shorten(seen) if isinstance(value, list) else seen[0]
        elif isinstance(value, dict) and name != "label_visibility":
            inner = _pick(value)
            picked |= {name: inner} if inner else {}
    return picked


def _unguard(value: Any) -> Any:
    """Take out the backslashes that guard a text from being read as Markdown."""
    return _GUARD.sub(r"\1", value) if isinstance(value, str) else value


def _read_table(node: Any) -> dict[str, Any]:
    shown: dict[str, Any] = {"columns": read_frame(node.value)}
    settings = json.loads(getattr(node.proto, "columns", "") or "{}")
    headings = {
        name: {key: column[key] for key in _COLUMN if column.get(key) is not None}
        for name, column in settings.items()
    }
    order = list(getattr(node.proto, "column_order", []))
    return shown | ({"headings": headings} if headings else {}) | ({"order": order} if order else {})


def _read_chart(proto: Any) -> dict[str, Any]:
    """Read a chart's drawing and rows; names of datasets come from their content, so they are left out."""
    names = [dataset.name for dataset in proto.datasets]
    spec = json.loads(proto.spec, object_hook=lambda part: {k: v for k, v in part.items() if v not in names})
    frames = [convert_arrow_bytes_to_pandas_df(dataset.data.data) for dataset in proto.datasets]
    if proto.HasField("data"):
        frames.append(convert_arrow_bytes_to_pandas_df(proto.data.data))
    spec.pop("usermeta", None)
    return {"spec": spec, "datasets": [read_frame(frame) for frame in frames]}


def _read_map(arguments: dict[str, Any]) -> dict[str, Any]:
    """Read the texts of a map's script, and all its numbers as one digest."""
    script = _TOKEN.sub("token", arguments.get("script", ""))
    strings = [_read_string(text) for text in _STRING.findall(script)]
    spoken = dict.fromkeys(text for text in strings if _LETTERS.search(text))
    texts = [text if len(text) <= _LONGEST_TEXT else digest(text) for text in spoken]
    numbers = _NUMBER.findall(_STRING.sub(lambda text: f" {text[0][1:-1]} ", script))
    return {
        "texts": texts,
        "numbers": {"n": len(numbers), "first": numbers[:20], "digest": digest(numbers)},
    }


def _read_string(literal: str) -> str:
    """Read a string of a script, free of the signs that guard it in a page."""
    try:
        text = json.loads(literal) if literal[0] == '"' else literal[1:-1]
    except ValueError:
        text = literal[1:-1]
    return unescape(text)


def _read_html(body: str) -> dict[str, Any]:
    reader = _HtmlReader()
    reader.feed(body)
    drawn = {"n": len(reader.numbers), "digest": digest(reader.numbers)} if reader.numbers else None
    shown = {"texts": shorten(reader.texts), "drawn": drawn}
    return simplify({name: value for name, value in shown.items() if value})


class _HtmlReader(HTMLParser):
    """Gathers the texts of a piece of HTML, and the numbers of what is drawn in it."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.numbers: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in _UNSEEN
        for name, value in attrs:
            if name in _SHAPES:
                self.numbers += _NUMBER.findall((value or "").replace("%", " "))

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in _UNSEEN

    def handle_data(self, data: str) -> None:
        text = " ".join(data.split())
        if text and not self._unseen:
            self.texts.append(text)
