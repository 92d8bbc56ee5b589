"""The figures that pages show in cards: each with its denominator, its change and what it counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pages._figures import Card
from pages.text.language import _, format_number, format_percent, ngettext

if TYPE_CHECKING:
    from pages.queries.crimes import CrimeCounts
    from pages.queries.visits import ReportedCoverage, VisitPlaces


def format_change(now: float, before: float | None) -> str | int | None:
    """Write the change of a count, with its sign."""
    if before is None or now != now or before != before:  # noqa: PLR0124 - NaN, of floats and ints alike
        return None
    difference = round(now - before)
    if difference == 0:
        return 0
    return f"{'+' if difference > 0 else '-'}{format_number(abs(difference))}"


def format_share_change(now: float, before: float | None) -> str | int | None:
    """Write the change of a share in percentage points, with its sign."""
    points = format_change(100 * now, None if before is None else 100 * before)
    return _("{n} pts").format(n=points) if points else points


def make_coverage_card(now: ReportedCoverage, before: ReportedCoverage | None) -> Card:
    """Give the reported coverage."""
    return Card(
        _("Reported coverage"),
        format_percent(now.share),
        format_share_change(now.share, before and before.share),
        _(
            "Reported coverage: registered households with at least one reported visit in the period, "
            "whether or not a GPS fix supports it."
        ),
    )


def make_missed_card(now: ReportedCoverage, before: ReportedCoverage | None) -> Card:
    """Give the households without a visit."""
    return Card(
        _("Households without a visit"),
        format_number(now.n_missed),
        format_change(now.n_missed, before and before.n_missed),
        _("Registered households for which no visit was reported in the period. Earlier visits don't count."),
    )


def make_located_card(now: VisitPlaces, before: VisitPlaces | None) -> Card:
    """Give the share of visits with a fix."""
    return Card(
        _("Visits with location"),
        format_percent(now.share_located),
        format_share_change(now.share_located, before and before.share_located),
        _("Reported visits that carry a GPS fix. Those without count as reported, never as evidence."),
    )


def make_crimes_card(now: CrimeCounts, before: CrimeCounts | None) -> Card:
    """Give the recorded crimes."""
    return Card(
        _("Recorded crimes"),
        format_number(now.n_crimes),
        format_change(now.n_crimes, before and before.n_crimes),
        _("Crimes that occurred in the period, reported by the public or discovered by police."),
    )


def list_crime_cards(now: CrimeCounts, before: CrimeCounts | None) -> list[Card]:
    """Give the recorded crimes, how dense they are, and how many have a place."""
    area_km2 = now.villages["area_km2"].sum()
    return [
        make_crimes_card(now, before),
        Card(
            _("Crimes per km²"),
            format_number(now.villages["n_crimes"].sum() / area_km2 if area_km2 else None, digits=2),
            help=_("Recorded crimes of the villages over their area of {n} km².").format(
                n=format_number(area_km2, digits=1)
            ),
        ),
        Card(
            _("Villages with a crime"),
            format_number((now.villages["n_crimes"] > 0).sum()),
            help=ngettext("Of {n} village shown.", "Of {n} villages shown.", len(now.villages)).format(
                n=format_number(len(now.villages))
            ),
        ),
        Card(
            _("With coordinates"),
            format_percent(1 - now.n_unlocated / now.n_crimes if now.n_crimes else None),
            help=_("Recorded crimes that have coordinates; only these are on the map."),
        ),
    ]
