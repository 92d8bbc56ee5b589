"""Safe XML parsing: no entities, no document types, nothing fetched."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.parsers import expat

from data.errors import FileRefusedError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from data.readers.table import InputFile

_MAX_DEPTH = 100


@dataclass(slots=True)
class Element:
    """An element with its content; names have no prefix."""

    name: str
    attributes: dict[str, str]
    pieces: list[str] = field(default_factory=list)
    children: list[Element] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text directly in the element."""
        return "".join(self.pieces)

    def find_child(self, name: str) -> Element | None:
        """Return the first child with a name."""
        return next((child for child in self.children if child.name == name), None)

    def find_all(self, name: str) -> Iterator[Element]:
        """Return all descendants with a name, in document order."""
        for child in self.children:
            if child.name == name:
                yield child
            yield from child.find_all(name)

    def find_text(self, name: str) -> str:
        """Return the trimmed text of the first child with a name; "" if there is none."""
        child = self.find_child(name)
        return "" if child is None else child.text.strip()


class _Gatherer:
    """Parser handler that keeps the wanted elements and discards the others."""

    def __init__(self, source: InputFile, wanted: Collection[str], refused: Collection[str]) -> None:
        self._source, self._wanted, self._refused = source, wanted, refused
        self._names: list[str] = []
        self._open: list[Element] = []
        self.found: list[Element] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name in self._refused:
            raise FileRefusedError(
                "{name} links to places in another file ({link}), and links are not followed: save "
                "the places themselves in it.",
                name=self._source.name,
                link=name,
            )
        if len(self._names) >= _MAX_DEPTH:
            raise FileRefusedError("{name} is nested too deeply: export it again.", name=self._source.name)
        if self._open or name in self._wanted:
            element = Element(name, attributes)
            (self._open[-1].children if self._open else self.found).append(element)
            self._open.append(element)
        self._names.append(name)

    def end(self, _tag: str) -> None:
        self._names.pop()
        if self._open:
            self._open.pop()

    def text(self, text: str) -> None:
        if self._open:
            self._open[-1].pieces.append(text)

    def refuse_type(self, *_parts: object) -> int:
        raise FileRefusedError(
            "{name} defines a document type, which can contain entities: save it without one.",
            name=self._source.name,
        )


def gather_elements(
    source: InputFile, content: bytes, wanted: Collection[str], *, refused: Collection[str] = ()
) -> list[Element]:
    """Return all elements with one of some names, with their content.

    Parameters
    ----------
    source
        The file, for error messages.
    content
        The XML.
    wanted
        Names of elements, without prefix. An element inside another one is kept as its descendant.
    refused
        Names of elements that the file must not contain.

    Raises
    ------
    FileRefusedError
        If it is not well-formed, defines a document type, is nested too deeply, or has a refused element.

    Examples
    --------
    >>> from data.readers.table import InputFile
    >>> gpx = b'<gpx><wpt lat="-7.4" lon="111.4"><name>Pos</name></wpt></gpx>'
    >>> gather_elements(InputFile("a.gpx", gpx), gpx, {"wpt"})[0].find_text("name")
    'Pos'
    """
    gatherer = _Gatherer(source, wanted, refused)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = gatherer.start
    parser.EndElementHandler = gatherer.end
    parser.CharacterDataHandler = gatherer.text
    parser.StartDoctypeDeclHandler = gatherer.refuse_type
    parser.EntityDeclHandler = gatherer.refuse_type
    parser.ExternalEntityRefHandler = gatherer.refuse_type
    try:
        parser.Parse(content, True)
    except FileRefusedError:
        raise
    except (expat.ExpatError, ValueError, LookupError) as error:
        line = getattr(error, "lineno", 1)
        raise FileRefusedError(
            "{name} is not well-formed XML (line {line}): export it again.", name=source.name, line=line
        ) from error
    return gatherer.found
