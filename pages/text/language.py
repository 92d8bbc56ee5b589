"""The user's language: translated texts and formats of numbers, dates and lists.

A text is its own key, in English: ``_("…")``. Other languages have catalogues in ``pages/locale``, which are
compiled in memory on first use.
"""

from __future__ import annotations

import gettext as std_gettext
import io
import re
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from functools import cache
from numbers import Real
from pathlib import Path
from typing import TYPE_CHECKING, Any

import babel
import babel.lists
import pandas as pd
import streamlit as st
from babel import dates, numbers
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from data.settings import get_settings
from geo.errors import Phrase, PhraseWriter, UserError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from data.periods import Period

LOCALE = Path(__file__).parents[1] / "locale"
LANGUAGES = {"id": "Indonesia", "en": "English"}
"""Languages by code, each under its own name."""
MISSING = "\N{EM DASH}"
"""Shown in place of a missing figure."""

_LANGUAGE = "language"
_LEAST = 0.005  # the smallest share that rounds to 1 %
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&@/^=])")


def N_(text: str) -> str:  # noqa: N802 - gettext's name for a text that is translated later
    """Mark a text for the catalogues without translating it."""
    return text


_spoken: ContextVar[str | None] = ContextVar("language", default=None)


@contextmanager
def use_language(language: str | None) -> Iterator[None]:
    """Use a language where there is no session, as in our own routes; the default if it is unknown."""
    token = _spoken.set(language if language in LANGUAGES else get_settings().language)
    try:
        yield
    finally:
        _spoken.reset(token)


def get_language() -> str:
    """Return the session's language, ``id`` or ``en``, or that of an enclosing ``use_language``."""
    spoken = _spoken.get()
    if spoken is not None:
        return spoken
    chosen = st.session_state.get(_LANGUAGE)
    return chosen if chosen in LANGUAGES else get_settings().language


def set_language(language: str) -> None:
    """Switch the session to a language; an unknown one changes nothing."""
    if language in LANGUAGES:
        st.session_state[_LANGUAGE] = language


@cache
def load_catalogue(language: str) -> std_gettext.NullTranslations:
    """Compile the catalogue of a language in memory.

    Parameters
    ----------
    language
        Key of ``LANGUAGES``.

    Returns
    -------
    gettext.NullTranslations
        The translations; English has no catalogue and returns each text unchanged.
    """
    path = LOCALE / language / "LC_MESSAGES" / "sambang.po"
    if not path.exists():
        return std_gettext.NullTranslations()
    with path.open("rb") as file:
        messages = read_po(file, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return std_gettext.GNUTranslations(compiled)


def _(text: str) -> str:
    """Translate a text into the session's language."""
    return load_catalogue(get_language()).gettext(text)


def ngettext(one: str, many: str, n: int) -> str:
    """Translate a text with a count into the session's language, in the plural form of ``n``."""
    return load_catalogue(get_language()).ngettext(one, many, n)


def translate(told: UserError | Phrase) -> str:
    """Translate an error or phrase of ``data`` or ``geo`` into the session's language.

    Numbers, days and lists among its values are formatted in that language. Text from the data stays
    unchanged, so ``escape_markdown`` is still needed where Markdown is rendered.
    """
    return _SPEAKER.write(told.phrase if isinstance(told, UserError) else told)


class _Speaker(PhraseWriter):
    """Translates phrases and formats their values."""

    def translate(self, template: str) -> str:
        return _(template)

    def translate_count(self, one: str, many: str, n: int) -> str:
        return ngettext(one, many, n)

    def join(self, parts: list[str], joint: str) -> str:
        style = {"and": "standard", "or": "or"}.get(joint)
        return babel.lists.format_list(parts, style=style, locale=_locale()) if style else ", ".join(parts)  # type: ignore[arg-type]

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, date):
            return (
                format_time(value) if isinstance(value, pd.Timestamp) and value.tzinfo else format_day(value)
            )
        written = super().format_field(value, format_spec)
        if not isinstance(value, Real):
            return written
        signs = str.maketrans(
            ",.", numbers.get_group_symbol(_locale()) + numbers.get_decimal_symbol(_locale())
        )
        return written.translate(signs)


_SPEAKER = _Speaker()


def escape_markdown(text: object) -> str:
    r"""Escape text from the data for use where Streamlit renders Markdown.

    Examples
    --------
    >>> escape_markdown("[Sawo](http://x) :red[$]")
    '\\[Sawo\\]\\(http\\:\\/\\/x\\) \\:red\\[\\$\\]'
    """
    return _MARKDOWN.sub(r"\\\1", " ".join(str(text).split()))


def format_number(value: float | None, *, digits: int = 0) -> str:
    """Format a number with ``digits`` decimals; a dash if it is missing."""
    if value is None or pd.isna(value):
        return MISSING
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return str(numbers.format_decimal(value, format=pattern, locale=_locale()))


def format_short_number(value: float, *, most: int = 3) -> str:
    """Format a number with as many decimals as needed, at most ``most``."""
    return str(numbers.format_decimal(value, format="#,##0." + "#" * most, locale=_locale()))


def format_band(low: float, high: float) -> str:
    """Write a band of numbers: low, a dash and high."""
    return f"{format_number(low)}\N{EN DASH}{format_number(high)}"


def format_percent(share: float | None) -> str:
    """Format a share from 0 to 1 as a whole percentage; a dash if it is missing.

    Only exactly 0 is 0 % and only exactly 1 is 100 %: other shares that round to these are written <1 % or
    >99 %.
    """
    if share is None or pd.isna(share):
        return MISSING
    if 0 < share < _LEAST:
        return "<" + str(numbers.format_percent(2 * _LEAST, locale=_locale()))
    if 1 - _LEAST < share < 1:
        return ">" + str(numbers.format_percent(1 - 2 * _LEAST, locale=_locale()))
    return str(numbers.format_percent(share, locale=_locale()))


def format_day(moment: date | pd.Timestamp | None, *, short: bool = False) -> str:
    """Format a local day; a moment with a time zone is first converted to the unit's."""
    if moment is None or pd.isna(moment):
        return MISSING
    return str(dates.format_date(find_local_day(moment), "d MMM" if short else "d MMM y", locale=_locale()))


def format_weekday(moment: date | pd.Timestamp, *, long: bool = False) -> str:
    """Format a local day with its day of the week: *Mon 30 Nov* or *Monday, 30 November 2026*."""
    pattern = "EEEE, d MMMM y" if long else "EEE d MMM"
    return str(dates.format_date(find_local_day(moment), pattern, locale=_locale()))


def format_time(moment: pd.Timestamp) -> str:
    """Format a moment in the unit's time zone."""
    local = moment.tz_convert(get_settings().time_zone).to_pydatetime()
    return str(dates.format_datetime(local, "d MMM y HH.mm" if get_language() == "id" else "d MMM y HH:mm",
                               locale=_locale()))  # fmt: skip


def format_moment(moment: pd.Timestamp, precision: str) -> str:
    """Format a moment as exactly as it is known: a month, a day, or a day and time in the unit's zone.

    Parameters
    ----------
    moment
        With a time zone.
    precision
        One of ``geo.precision.PRECISIONS``.
    """
    if precision == "month":
        return str(dates.format_date(find_local_day(moment), "MMM y", locale=_locale()))
    return format_day(moment) if precision == "day" else format_time(moment)


def find_local_day(moment: date | pd.Timestamp) -> date:
    """Return the day of a moment in the unit's time zone; a date is returned unchanged."""
    if isinstance(moment, pd.Timestamp):
        return moment.tz_convert(get_settings().time_zone).date() if moment.tzinfo else moment.date()
    return moment


def format_period(period: Period) -> str:
    """Format a period as its length and its last day."""
    return ngettext("{n} day to {day}", "{n} days to {day}", period.days).format(
        n=format_number(period.days), day=format_day(period.last_day)
    )


def format_list(parts: list[str]) -> str:
    """Join parts as a list in the user's language: a, b and c."""
    return babel.lists.format_list(parts, locale=_locale()) if parts else ""


def _locale() -> babel.Locale:
    return babel.Locale.parse(get_language())
