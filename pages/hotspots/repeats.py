"""Plain sentences about near repeats and the areas whose risk they raise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data.periods import YEAR_DAYS
from pages.hotspots.sentences import describe_left_out
from pages.queries.crime_times import find_raised_risk, find_repeat_period, read_near_repeats
from pages.text.language import _, format_band, format_day, format_number, ngettext

if TYPE_CHECKING:
    from datetime import date

    import geopandas as gpd

    from geo.repeats import NearRepeats
    from pages.queries.crime_methods import CrimeSelection
    from pages.queries.records import Connection


def summarise_repeats(connection: Connection, subject: CrimeSelection) -> str:
    """Describe the near repeats of a selection, and where they raise the risk."""
    found, areas = read_near_repeats(connection, subject), find_raised_risk(connection, subject)
    year = find_repeat_period(connection, subject)
    since = year.since if year.days != YEAR_DAYS else None
    said = describe_repeats(found, year.last_day, since=since)
    left_out = describe_left_out(day=found.n_without_day)
    return " ".join(filter(None, [said, describe_raised_risk(areas, found), *left_out]))


def describe_repeats(found: NearRepeats, last_day: date, *, since: date | None = None) -> str:
    """Describe how much more likely than chance near repeats were in the year to ``last_day``.

    A raised risk is claimed where a band of the table has an excess of pairs that is significant when
    adjusted for the number of bands; nothing is claimed where no band holds enough pairs. ``since`` is the
    first day of what is longer than the year, or of a record that is shorter.
    """
    when = _("In the year to {day}") if since is None else _("From {since} to {day}")
    told = {
        "when": when.format(day=format_day(last_day), since=format_day(since)),
        "all": format_number(found.n_crimes),
    }
    reading = found.reading
    if reading is None and not found.can_tell:
        text = _(
            "{when}, too few of the {all} crimes of this kind were near each other in place and time to "
            "tell whether they follow each other more often than by chance."
        )
        return text.format(**told)
    if reading is None:
        text = _(
            "{when}, the {all} crimes of this kind followed each other nearby no more often than by chance."
        )
        return text.format(**told)
    text = _(
        "{when}, another crime was {ratio} times as likely as by chance within {days} days and {distance} m "
        "of one of {all} crimes of this kind: {n} pairs, where {expected} were expected."
    )
    days, distance = format_number(reading.days), format_number(reading.distance_m)
    if reading.days_from > 0 or reading.distance_from_m > 0:
        text = _(
            "{when}, crimes of this kind {distance} m and {days} days apart were {ratio} times as frequent "
            "as by chance: {n} pairs among {all} crimes, where {expected} were expected."
        )
        days = format_band(reading.days_from, reading.days)
        distance = format_band(reading.distance_from_m, reading.distance_m)
    return text.format(
        **told,
        days=days,
        distance=distance,
        ratio=format_number(reading.ratio, digits=2),
        n=format_number(reading.n_observed),
        expected=format_number(reading.n_expected),
    )


def describe_raised_risk(areas: gpd.GeoDataFrame, found: NearRepeats) -> str:
    """Describe in how many places crimes of the last days raise the risk at the end of the period."""
    if found.reading is None:
        return ""
    if areas.empty:
        return _("No place has a raised risk at the end of the period.")
    days = format_number(found.reading.days)
    text = ngettext(
        "At the end of the period, {n} place has a raised risk because of crimes in the last {days} days.",
        "At the end of the period, {n} places have a raised risk because of crimes in the last {days} days.",
        len(areas),
    )
    if found.reading.days_from > 0:
        text = ngettext(
            "At the end of the period, {n} place has a raised risk because of crimes {days} days before.",
            "At the end of the period, {n} places have a raised risk because of crimes {days} days before.",
            len(areas),
        )
        days = format_band(found.reading.days_from, found.reading.days)
    return text.format(n=format_number(len(areas)), days=days)
