"""Charts of crime: hours of the week, months, and rates with their intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import altair as alt
import pandas as pd
from babel.dates import get_day_names, get_month_names

from geo.classify import CRIME_COLOURS
from pages.text.language import MISSING, _, format_number, get_language

if TYPE_CHECKING:
    from collections.abc import Sequence

_CLOCK_HEIGHT, _MONTHS_HEIGHT = 230, 220
_DIGITS = 1
_HOURS = list(range(0, 24, 3))


def name_weekdays(width: Literal["abbreviated", "wide"] = "abbreviated") -> list[str]:
    """Return the names of the days of the week, Monday first."""
    names = get_day_names(width, locale=get_language())
    return [names[number] for number in range(7)]


def draw_clock(clock: pd.DataFrame) -> alt.Chart:
    """Draw the crimes in each hour of the week; ``clock`` as from `geo.aoristic.tabulate_hours`."""
    names = name_weekdays()
    rows = clock.reset_index().melt("weekday", var_name="hour", value_name="n_crimes")
    rows["day"] = [names[weekday] for weekday in rows["weekday"]]
    rows["hours"] = [f"{hour:02d}.00\N{EN DASH}{hour + 1:02d}.00" for hour in rows["hour"]]
    rows["said"] = rows["n_crimes"].map(lambda value: format_number(value, digits=_DIGITS))
    return (
        alt.Chart(rows, height=_CLOCK_HEIGHT)
        .mark_rect(stroke=None)
        .encode(
            x=alt.X("hour:O", title=_("Hour of the day"), axis=alt.Axis(labelAngle=0, values=_HOURS)),
            y=alt.Y("day:N", sort=names, title=None),
            color=alt.Color(
                "n_crimes:Q",
                scale=alt.Scale(range=list(CRIME_COLOURS)),
                legend=alt.Legend(title=_("Crimes"), format=",.0f", tickCount=3),
            ),
            tooltip=[
                alt.Tooltip("day:N", title=_("Day")),
                alt.Tooltip("hours:N", title=_("Hour")),
                alt.Tooltip("said:N", title=_("Crimes")),
            ],
        )
    )


def draw_weekdays(weekdays: pd.Series) -> alt.Chart:
    """Draw the crimes on each day of the week; ``weekdays`` as from `geo.aoristic.tabulate_weekdays`."""
    names = name_weekdays()
    rows = pd.DataFrame({"day": names, "n_crimes": weekdays.to_numpy()})
    rows["said"] = rows["n_crimes"].map(lambda value: format_number(value, digits=_DIGITS))
    return (
        alt.Chart(rows, height=_CLOCK_HEIGHT)
        .mark_bar(color=CRIME_COLOURS[3])
        .encode(
            x=alt.X("n_crimes:Q", title=_("Crimes"), axis=alt.Axis(tickCount=4)),
            y=alt.Y("day:N", sort=names, title=None),
            tooltip=[alt.Tooltip("day:N", title=_("Day")), alt.Tooltip("said:N", title=_("Crimes"))],
        )
    )


def draw_months(months: pd.DataFrame) -> alt.Chart:
    """Draw the crimes of each month, one line per year; ``months`` as from `geo.aoristic.tabulate_months`."""
    names = get_month_names("abbreviated", locale=get_language())
    order = [names[number] for number in range(1, 13)]
    moments = pd.DatetimeIndex(months.index)
    rows = pd.DataFrame(
        {
            "month": [names[month] for month in moments.month],
            "year": moments.year.astype("str"),
            "n_crimes": months["n_crimes"].to_numpy(),
            "said": months["n_crimes"].map(format_number).to_numpy(),
        }
    )
    years = sorted(rows["year"].unique())
    shades = ["#8a939e", "#fc8d59", "#b30000"] if len(years) > 1 else ["#b30000"]
    colours = [*[shades[0]] * (len(years) - len(shades)), *shades[-len(years) :]]
    base = alt.Chart(rows, height=_MONTHS_HEIGHT).encode(
        x=alt.X("month:N", sort=order, title=None, axis=alt.Axis(labelAngle=0)),
        y=alt.Y("n_crimes:Q", title=None, axis=alt.Axis(tickCount=4), scale=alt.Scale(domainMin=0)),
        color=alt.Color("year:N", scale=alt.Scale(domain=years, range=colours), title=_("Year")),
        tooltip=[
            alt.Tooltip("month:N", title=_("Month")),
            alt.Tooltip("year:N", title=_("Year")),
            alt.Tooltip("said:N", title=_("Crimes")),
        ],
    )
    return base.mark_line(point=True)


def draw_rates(rows: pd.DataFrame, *, names: Sequence[str]) -> alt.LayerChart:
    """Draw rates with their intervals; ``rows`` as returned by ``geo.rates.measure_rates``, in that order."""
    shown = pd.DataFrame(
        {
            "name": list(names),
            "rate": rows["rate"].to_numpy(),
            "low": rows["rate_low"].to_numpy(),
            "high": rows["rate_high"].to_numpy(),
            "order": range(len(rows)),
        }
    )
    said = {
        column: shown[column].map(
            lambda value: format_number(value, digits=_DIGITS) if pd.notna(value) else MISSING
        )
        for column in ("rate", "low", "high")
    }
    shown["said"], shown["from_to"] = said["rate"], said["low"] + "\N{EN DASH}" + said["high"]
    base = alt.Chart(shown, height=22 * len(shown) + 40).encode(
        y=alt.Y("name:N", sort=alt.SortField("order"), title=None, axis=alt.Axis(labelLimit=180)),
        tooltip=[
            alt.Tooltip("name:N", title=_("Area")),
            alt.Tooltip("said:N", title=_("Crimes per 1,000 households")),
            alt.Tooltip("from_to:N", title=_("95% interval")),
        ],
    )
    x = alt.X("low:Q", title=_("Crimes per 1,000 households"), axis=alt.Axis(tickCount=8))
    bars = base.mark_rule(strokeWidth=3, color=CRIME_COLOURS[1]).encode(x=x, x2="high:Q")
    return bars + base.mark_point(filled=True, size=60, color=CRIME_COLOURS[4], opacity=1).encode(x="rate:Q")
