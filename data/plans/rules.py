"""Rules, weights and wishes of a plan, read from the unit's settings and the households' tags."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.routes import PRESETS, PlanRules
from geo.routes.problem import DAY_S, HOUR_S, Shift

if TYPE_CHECKING:
    from data.settings import Settings
    from geo.routes.prizes import Preset, PrizeWeights

MUST_TAGS = ("must-visit", "wajib-kunjung", "wajib")
"""Tags of households that must be visited before all others."""
_MINUTE_S = 60
_NOON, _EVENING = 12 * HOUR_S, 16 * HOUR_S
_CLOCK = r"(\d{1,2})[:.](\d{2})"
_FROM_UNTIL = rf"(?i)(?:^|[\s,;]){_CLOCK}-{_CLOCK}(?=$|[\s,;])"
_FROM = rf"(?i)(?:^|[\s,;])(?:after|setelah|mulai)-{_CLOCK}(?=$|[\s,;])"
_UNTIL = rf"(?i)(?:^|[\s,;])(?:before|until|sebelum|sampai)-{_CLOCK}(?=$|[\s,;])"


def read_rules(settings: Settings) -> PlanRules:
    """Read the rules of a plan from the settings.

    Examples
    --------
    >>> from data.settings import Settings
    >>> [shift.name for shift in read_rules(Settings(plan_shifts="07:30-11:30 16:00-18:00")).shifts]
    ['morning', 'evening']
    """
    return PlanRules(
        shifts=read_shifts(settings.plan_shifts),
        service_s=round(settings.plan_service_minutes * _MINUTE_S),
        max_visits=settings.visits_a_day,
        floor_share=settings.plan_floor_share,
        rest_days=settings.plan_rest_days,
    )


def read_shifts(text: str) -> tuple[Shift, ...]:
    """Parse the shifts of a working day; each is named by its start, and a repeated name is numbered.

    Examples
    --------
    >>> read_shifts("08:00-10:00 10:30-12:00")[1]
    Shift(name='morning 2', start_s=37800, end_s=43200)
    """
    shifts: list[Shift] = []
    for start_h, start_m, end_h, end_m in re.findall(f"{_CLOCK}-{_CLOCK}", text):
        start, end = (
            _seconds(int(hour), int(minute)) for hour, minute in ((start_h, start_m), (end_h, end_m))
        )
        part = "morning" if start < _NOON else "afternoon" if start < _EVENING else "evening"
        before = sum(shift.name.startswith(part) for shift in shifts)
        shifts.append(Shift(f"{part} {before + 1}" if before else part, start, end))
    return tuple(shifts)


def _seconds(hours: int, minutes: int) -> int:
    return hours * HOUR_S + minutes * _MINUTE_S


def read_posts(settings: Settings) -> dict[str, tuple[float, float] | None]:
    """Read the villages in which a day may start: longitude and latitude by code, None where not given.

    Examples
    --------
    >>> from data.settings import Settings
    >>> read_posts(Settings(plan_posts="3521012001=-7.405,111.404 3521012002"))
    {'3521012001': (111.404, -7.405), '3521012002': None}
    """
    posts: dict[str, tuple[float, float] | None] = {}
    for text in settings.plan_posts.split():
        code, _, place = text.partition("=")
        lat, _, lon = place.partition(",")
        posts[code] = (float(lon), float(lat)) if place else None
    return posts


def read_weights(settings: Settings, preset: Preset) -> PrizeWeights:
    """Read the weights of a preset, with the settings' points for tags."""
    pairs = (pair.partition("=") for pair in settings.plan_tags.split())
    return replace(PRESETS[preset], tags={tag: float(points) for tag, _, points in pairs})


def read_tag_wishes(tags: pd.Series) -> pd.DataFrame:
    """Parse households' tags: who must be visited, and when somebody is at home.

    Parameters
    ----------
    tags
        Tags of n households: words separated by spaces, commas or semicolons; missing for none. A whole
        visit must lie within ``16:00-18:00``; ``after-16:00`` (setelah, mulai) and ``before-12:00``
        (until, sebelum, sampai) leave one end open.

    Returns
    -------
    pandas.DataFrame
        On the index of ``tags``: ``must``, and ``open_from_s`` and ``open_until_s`` in seconds after
        midnight, NaN for any time. Hours that do not exist, or that end before they begin, are ignored.

    Examples
    --------
    >>> read_tag_wishes(pd.Series(["lansia, setelah-16.00", "wajib", "09:00-11:30", None], dtype="str"))
        must  open_from_s  open_until_s
    0  False      57600.0           NaN
    1   True          NaN           NaN
    2  False      32400.0       41400.0
    3  False          NaN           NaN
    """
    texts = tags.astype("str").fillna("")
    words = "|".join(map(re.escape, MUST_TAGS))
    both = _read_clocks(texts, _FROM_UNTIL)
    opens = both[0].fillna(_read_clocks(texts, _FROM)[0])
    closes = both[1].fillna(_read_clocks(texts, _UNTIL)[0])
    possible = ~(opens >= closes)
    return pd.DataFrame(
        {
            "must": texts.str.contains(rf"(?i)(?:^|[\s,;])(?:{words})(?=$|[\s,;])", regex=True),
            "open_from_s": opens.where(possible),
            "open_until_s": closes.where(possible),
        }
    )


def _read_clocks(texts: pd.Series, pattern: str) -> list[pd.Series]:
    """Parse the times of the first match, in seconds after midnight; NaN where none is valid."""
    numbers = texts.str.extract(pattern).astype(np.float64)
    clocks = []
    for place in range(0, numbers.shape[1], 2):
        hours, minutes = numbers[place], numbers[place + 1]
        seconds = hours * HOUR_S + minutes * _MINUTE_S
        clocks.append(seconds.where((minutes < _MINUTE_S) & (seconds <= DAY_S)))
    return clocks
