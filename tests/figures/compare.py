"""Every difference between two collections of figures, except what was renamed or reworded on purpose."""

from __future__ import annotations

import json
import re
from difflib import SequenceMatcher
from functools import cached_property
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_PLACEHOLDER = re.compile(r"\{(\w*)[^{}]*\}")
_ABSENT = object()


class Renamed:
    """Names and texts that were changed on purpose.

    Parameters
    ----------
    keys
        New names by old ones: of columns, of keys in JSON, of codes that stand alone as a value.
    texts
        New templates by old ones. A ``{placeholder}`` stands for any value, which must stay the same; a
        template may be a part of a text, such as one of its sentences.
    """

    def __init__(self, keys: Mapping[str, str], texts: Mapping[str, str]) -> None:
        self._keys = keys
        longest_first = sorted(texts.items(), key=lambda pair: -len(pair[0]))
        self._templates = [_Template(old, new) for old, new in longest_first]
        self._known: dict[str, str] = {}

    def rename(self, text: str) -> str:
        """Say a text of before in today's words, sentence by sentence."""
        if text not in self._known:
            self._known[text] = self._keys.get(text) or self._reword(text)
        return self._known[text]

    def accepts(self, old: str, new: str) -> bool:
        """Tell whether a text is the old one, in its own words or in today's."""
        return new in {old, self.rename(old)} or any(
            template.write(found) == new
            for template in self._templates
            if template.may_be_in(old) and (found := template.whole.fullmatch(old))
        )

    def rename_all(self, value: Any) -> Any:
        """Rename all keys and texts in a value, at any depth."""
        if isinstance(value, dict):
            return {self.rename(key): self.rename_all(part) for key, part in value.items()}
        if isinstance(value, list):
            return [self.rename_all(part) for part in value]
        return self.rename(value) if isinstance(value, str) else value

    def _reword(self, text: str) -> str:
        possible = [template for template in self._templates if template.may_be_in(text)]
        # A text that was reworded is put aside, lest another template rewords it once more.
        done: list[str] = []

        def put_aside(template: _Template, found: re.Match[str]) -> str:
            done.append(template.write(found, self.rename))
            return f"\x00{len(done) - 1}\x00"

        for template in possible:
            text = template.part.sub(lambda found, template=template: put_aside(template, found), text)
        return re.sub("\x00(\\d+)\x00", lambda found: done[int(found[1])], text)


class _Template:
    """An old text with its placeholders, and the new one."""

    def __init__(self, old: str, new: str) -> None:
        self._old, self._new = old, new
        self._literals = [part for part in re.split(r"\{[^{}]*\}", old) if part]

    def may_be_in(self, text: str) -> bool:
        """Tell quickly whether all its words are in a text."""
        return bool(self._literals) and all(part in text for part in self._literals)

    @cached_property
    def whole(self) -> re.Pattern[str]:
        """What a whole text of it looks like, whatever its values hold."""
        return re.compile(self._make_pattern(".+?"), re.DOTALL)

    @cached_property
    def part(self) -> re.Pattern[str]:
        """What it looks like in a longer text: whole words, and values that end with their sentence."""
        first, last = self._old[0], self._old[-1]
        start = r"(?<!\S)" if first == "{" else r"(?<!\w)" if first.isalnum() else ""
        end = r"(?=[.,;:!?)]*(?:\s|$))" if last == "}" else r"(?!\w)" if last.isalnum() else ""
        return re.compile(start + self._make_pattern(r"(?:(?!\. )[^\x00])+?") + end, re.DOTALL)

    def _make_pattern(self, value: str) -> str:
        pattern, seen, at = "", set(), 0
        for place, found in enumerate(_PLACEHOLDER.finditer(self._old)):
            name = _group(found[1] or str(place))
            pattern += re.escape(self._old[at : found.start()])
            pattern += f"(?P={name})" if name in seen else f"(?P<{name}>{value})"
            seen.add(name)
            at = found.end()
        return pattern + re.escape(self._old[at:])

    def write(self, found: re.Match[str], rename: Callable[[str], str] = str) -> str:
        """Write the new text with the values of the old one, which may be texts that were changed, too."""
        values = {name: rename(value) for name, value in found.groupdict().items()}
        places = iter(range(len(self._new)))
        return _PLACEHOLDER.sub(
            lambda held: values.get(_group(held[1] or str(next(places)))) or held[0], self._new
        )


def _group(name: str) -> str:
    return f"v_{name}"


def compare(old: Any, new: Any, renamed: Renamed) -> list[str]:
    """List every difference.

    Parameters
    ----------
    old, new
        Figures, as they are read from JSON.
    renamed
        What was changed on purpose.

    Returns
    -------
    list of str
        One line a difference: where, what was, what is.
    """
    return list(_differ(old, new, renamed, ()))


def _differ(old: Any, new: Any, renamed: Renamed, path: tuple[str, ...]) -> Iterator[str]:
    if isinstance(old, dict) and isinstance(new, dict):
        yield from _differ_in_keys(old, new, renamed, path)
    elif isinstance(old, list) and isinstance(new, list):
        yield from _differ_in_order(old, new, renamed, path)
    elif not _is_same(old, new, renamed):
        yield f"{'/'.join(path)}: {_write(old)} -> {_write(new)}"


def _is_same(old: Any, new: Any, renamed: Renamed) -> bool:
    if isinstance(old, str) and isinstance(new, str):
        return renamed.accepts(old, new)
    return type(old) is type(new) and old == new


def _differ_in_keys(
    old: dict[str, Any], new: dict[str, Any], renamed: Renamed, path: tuple[str, ...]
) -> Iterator[str]:
    names = {key: key if key in new else renamed.rename(key) for key in old}
    for key, name in names.items():
        yield from _differ(old[key], new.get(name, _ABSENT), renamed, (*path, name))
    for key in new.keys() - set(names.values()):
        yield from _differ(_ABSENT, new[key], renamed, (*path, key))


def _differ_in_order(
    old: list[Any], new: list[Any], renamed: Renamed, path: tuple[str, ...]
) -> Iterator[str]:
    """Compare lists item by item; one that comes or goes is one difference, and shifts no others."""
    if len(old) == len(new):
        for place, pair in enumerate(zip(old, new, strict=True)):
            yield from _differ(*pair, renamed, (*path, str(place)))
        return
    sides = ([json.dumps(item, sort_keys=True) for item in side] for side in (renamed.rename_all(old), new))
    for kind, i, j, k, m in SequenceMatcher(None, *sides, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        for place, pair in enumerate(zip_longest(old[i:j], new[k:m], fillvalue=_ABSENT), start=i):
            yield from _differ(*pair, renamed, (*path, str(place)))


def _write(value: Any) -> str:
    return "(absent)" if value is _ABSENT else json.dumps(value, ensure_ascii=False)
