"""Ranking of districts and villages by crime rate, with intervals and the trend over the years."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.compare.change import choose_level
from pages.hotspots.charts import draw_months, draw_rates
from pages.hotspots.sections import caption_months
from pages.hotspots.sentences import explain_too_few
from pages.queries.comparisons import count_years, rate_areas
from pages.queries.crime_times import read_months
from pages.queries.records import load_villages
from pages.text.language import _, escape_markdown, format_day, format_number, get_language, ngettext
from pages.widgets.tables import Column, name_download, offer_csv, show_table

if TYPE_CHECKING:
    import pandas as pd

    from pages.queries.comparisons import Level, Years
    from pages.queries.filters import Filters
    from pages.queries.records import Connection

N_DRAWN = 25
_TEENS = (11, 12, 13)


def show_ranking(connection: Connection, filters: Filters) -> None:
    """Show the rates with their intervals, and the months of one area."""
    level = choose_level("compare_ranks_level")
    with explain_too_few():
        rates = rate_areas(connection, filters, level)
        known = rates[rates["rate"].notna()]
        code = _choose_area(connection, filters, known, level)
        years = count_years(connection, code, filters.categories, filters.period.zone, n_areas=len(known))
        st.markdown(describe_ranking(known, code, years, level))
        st.altair_chart(draw_rates(known.head(N_DRAWN), names=known["village"].head(N_DRAWN).tolist()))
        st.caption(
            _(
                "Recorded crimes in the period per 1,000 registered households, with 95% intervals "
                "(exact, Poisson). Where two intervals overlap widely, their order means little."
            )
            + (" " + _("Villages are ordered by their smoothed rates.") if level == "village" else "")
        )
        st.subheader(
            _("{area} by month").format(area=escape_markdown(known["village"].loc[code])), anchor=False
        )
        months = read_months(connection, code, filters.categories, filters.period.zone)
        if len(months) > 1:
            st.altair_chart(draw_months(months))
            caption_months(months)
        _list(rates, filters, level)


def _choose_area(connection: Connection, filters: Filters, known: pd.DataFrame, level: Level) -> str:
    """Ask which area to show; the default is the filters' area, otherwise the one with the highest rate."""
    codes = known.index.tolist()
    names = {code: name_ranked_area(known, code, level) for code in codes}
    here = load_villages(connection)["district_code"].get(filters.area, filters.area)
    wanted = filters.area if level == "village" else here
    return st.selectbox(
        _("Show"),
        codes,
        index=codes.index(wanted) if wanted in codes else 0,
        key=f"compare_ranks_{level}_{filters.area}",
        format_func=names.__getitem__,
        width=320,
    )


def name_ranked_area(rows: pd.DataFrame, code: str, level: Level) -> str:
    """Return the name of an area; a village with its district if there are several."""
    row = rows.loc[code]
    if level == "district" or len(rows["district"].unique()) <= 1:
        return str(row["village"])
    return f"{row['village']} ({row['district']})"


def describe_ranking(known: pd.DataFrame, code: str, years: Years, level: Level) -> str:
    """Describe an area's place, or with how many it shares it, its rate with the interval, and its years."""
    row = known.loc[[code]].to_dict("records")[0]
    place = int(row["place"])
    of = ngettext("of {n} district", "of {n} districts", len(known)) if level == "district" else ngettext(
        "of {n} village", "of {n} villages", len(known)
    )  # fmt: skip
    n_tied = int((known["place"] == place).sum()) - 1
    said = (_choose_tied_words(level) if n_tied else _choose_words(place, len(known), level)).format(
        n=format_number(n_tied),
        name=f"**{escape_markdown(row['village'])}**",
        place=format_ordinal(place),
        of=of.format(n=format_number(len(known))),
        rate=format_number(row["rate"], digits=1),
        low=format_number(row["rate_low"], digits=1),
        high=format_number(row["rate_high"], digits=1),
        smoothed=format_number(row["rate_smoothed"], digits=1),
    )
    return " ".join(filter(None, [said, describe_years(years)]))


def _choose_words(place: int, n: int, level: Level) -> str:
    if n == 1:
        return _("{name}: {rate} crimes per 1,000 households (95%: {low} to {high}).")
    if level == "village" and place == 1:
        return _(
            "{name} has the highest smoothed rate {of}: {smoothed} crimes per 1,000 households; "
            "unsmoothed {rate} (95%: {low} to {high})."
        )
    if level == "village":
        return _(
            "{name} has the {place} highest smoothed rate {of}: {smoothed} crimes per 1,000 "
            "households; unsmoothed {rate} (95%: {low} to {high})."
        )
    if place == 1:
        return _(
            "{name} has the highest rate {of}: {rate} crimes per 1,000 households (95%: {low} to {high})."
        )
    return _(
        "{name} has the {place} highest rate {of}: {rate} crimes per 1,000 households (95%: {low} to {high})."
    )


def _choose_tied_words(level: Level) -> str:
    """Choose the words for an area that shares its place, as all do where smoothing levels their rates."""
    if level == "village":
        return _(
            "{name} has the same smoothed rate as {n} more {of}: {smoothed} crimes per 1,000 households; "
            "unsmoothed {rate} (95%: {low} to {high})."
        )
    return _(
        "{name} has the same rate as {n} more {of}: {rate} crimes per 1,000 households (95%: {low} to "
        "{high})."
    )


def format_ordinal(place: int) -> str:
    """Format a place in a ranking as an ordinal."""
    if get_language() == "id":
        return f"ke-{place}"
    last = "th" if place % 100 in _TEENS else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{place}{last}"


def describe_years(years: Years) -> str:
    """Describe the trend of crime over whole years; empty if no change is beyond chance."""
    if not years.run:
        return ""
    counts = [format_number(n) for n in years.counts[-abs(years.run) - 1 :]]
    trail = " \N{RIGHTWARDS ARROW} ".join(counts)
    if abs(years.run) == 1:
        said = (
            _("More than the year before: {trail} crimes (years to {day}).")
            if years.run > 0
            else _("Fewer than the year before: {trail} crimes (years to {day}).")
        )
    else:
        said = (
            _("Rising for {n} years in a row: {trail} crimes (years to {day}).")
            if years.run > 0
            else _("Falling for {n} years in a row: {trail} crimes (years to {day}).")
        )
    return said.format(n=format_number(abs(years.run)), trail=trail, day=format_day(years.last_day))


def _list(rates: pd.DataFrame, filters: Filters, level: Level) -> None:
    columns = [
        Column("village", _("Village") if level == "village" else _("District")),
        Column("n_crimes", _("Recorded crimes"), "count"),
        Column("exposure", _("Registered households"), "count"),
        Column("rate", _("Per 1,000 households"), "decimal"),
        Column("rate_low", _("Lower limit"), "decimal"),
        Column("rate_high", _("Upper limit"), "decimal"),
        Column(
            "rate_smoothed",
            _("Smoothed"),
            "decimal",
            _("Shrunk towards the overall rate, most strongly in small areas."),
        ),
    ]
    if level == "village":
        columns.insert(1, Column("district", _("District")))
    show_table(rates, columns, key=f"compare_ranks_table_{level}")
    offer_csv(rates, columns, name=name_download("rates", filters))
