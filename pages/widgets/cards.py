"""Figures in cards: value, change since the previous period, and what is counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import streamlit as st

from pages.text.language import _, format_day, format_number, format_percent, ngettext

if TYPE_CHECKING:
    from pages.queries.crimes import CrimeCounts
    from pages.queries.evidence import ReviewCounts
    from pages.queries.filters import Filters
    from pages.queries.visits import Coverage, VisitPlaces


def format_change(now: float, before: float | None) -> str | int | None:
    """Format the change of a count, with its sign."""
    if before is None or now != now or before != before:  # noqa: PLR0124 - NaN, of floats and ints alike
        return None
    difference = round(now - before)
    if difference == 0:
        return 0
    return f"{'+' if difference > 0 else '-'}{format_number(abs(difference))}"


def format_share_change(now: float, before: float | None) -> str | int | None:
    """Format the change of a share in percentage points, with its sign."""
    points = format_change(100 * now, None if before is None else 100 * before)
    return _("{n} pts").format(n=points) if points else points


def make_coverage_card(now: Coverage, before: Coverage | None) -> Card:
    """Make the card of reported coverage."""
    return Card(
        _("Reported coverage"),
        format_percent(now.reported),
        format_share_change(now.reported, before and before.reported),
        _(
            "Reported coverage: registered households with at least one reported visit in the "
            "period, whether or not a GPS position supports it."
        ),
    )


def make_evidence_card(now: Coverage, before: Coverage | None) -> Card:
    """Make the card of the coverage that GPS supports."""
    return Card(
        _("Supported by GPS"),
        format_percent(now.evidenced),
        format_share_change(now.evidenced, before and before.evidenced),
        _(
            "Registered households with at least one visit in the period whose GPS position is at "
            "the household and that raises no question, or that a supervisor accepted."
        ),
    )


def make_never_card(now: Coverage, before: Coverage | None) -> Card:
    """Make the card of the households without any visit on record."""
    return Card(
        _("Households never visited"),
        format_number(now.n_never),
        format_change(now.n_never, before and before.n_never),
        _("Registered households with no visit at all on record up to the end of the period."),
    )


def make_attempts_card(n: int) -> Card:
    """Make the card of attempts, which are no visits."""
    return Card(
        _("Attempts"),
        format_number(n),
        help=_(
            "Nobody was at home, the visit was refused or the family has moved: counted as attempts, "
            "not as visits. Their GPS record is checked all the same."
        ),
    )


def make_review_card(now: ReviewCounts, before: ReviewCounts | None) -> Card:
    """Make the card of the visits that wait for a supervisor."""
    return Card(
        _("Visits to review"),
        format_number(now.n_open),
        format_change(now.n_open, before and before.n_open),
        _(
            "Visits and attempts that raise a question no supervisor has answered yet. A question is not a "
            "verdict."
        ),
    )


def make_missed_card(now: Coverage, before: Coverage | None) -> Card:
    """Make the card of households without a visit."""
    return Card(
        _("Households without a visit"),
        format_number(now.n_missed),
        format_change(now.n_missed, before and before.n_missed),
        _("Registered households with no reported visit in the period. Earlier visits don't count."),
    )


def make_located_card(now: VisitPlaces, before: VisitPlaces | None) -> Card:
    """Make the card of the share of visits with a GPS fix."""
    return Card(
        _("Visits with a location"),
        format_percent(now.share_located),
        format_share_change(now.share_located, before and before.share_located),
        _(
            "Reported visits that have a GPS position. Those without one count as reported, never as "
            "evidence."
        ),
    )


def make_crimes_card(now: CrimeCounts, before: CrimeCounts | None) -> Card:
    """Make the card of recorded crimes."""
    return Card(
        _("Recorded crimes"),
        format_number(now.n_crimes),
        format_change(now.n_crimes, before and before.n_crimes),
        _("Crimes that occurred in the period, whether reported by the public or discovered by police."),
    )


def list_crime_cards(now: CrimeCounts, before: CrimeCounts | None) -> list[Card]:
    """List the cards of recorded crimes, their density, and the share with a location."""
    area_km2 = now.villages["area_km2"].sum()
    return [
        make_crimes_card(now, before),
        Card(
            _("Crimes per km²"),
            format_number(now.villages["n_crimes"].sum() / area_km2 if area_km2 else None, digits=2),
            help=_("Recorded crimes in the villages divided by their area of {n} km².").format(
                n=format_number(area_km2, digits=1)
            ),
        ),
        Card(
            _("Villages with crimes"),
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


class Card(NamedTuple):
    """One figure: its label, its value, and its change since the previous period."""

    label: str
    value: str
    change: str | int | None = None
    """None where there is nothing to compare with."""
    help: str | None = None


def show_plain_cards(cards: list[Card], *, name: str = "") -> None:
    """Draw cards without a comparison; ``name`` distinguishes several rows of cards on a page."""
    with st.container(horizontal=True, key=f"plain_cards{name}"):
        for card in cards:
            st.metric(
                card.label,
                card.value,
                card.change,
                delta_color="off",
                delta_arrow="off",
                help=card.help,
                border=True,
                height="stretch",
            )


def show_cards(cards: list[Card], filters: Filters, note: str = "") -> None:
    """Draw cards, two by two on a phone, with a note on what they are compared with.

    Parameters
    ----------
    cards
        The figures.
    filters
        Filters whose period is compared with the previous one.
    note
        Sentence about the denominators.
    """
    with st.container(horizontal=True, key="cards"):
        for card in cards:
            st.metric(
                card.label,
                card.value,
                card.change,
                delta_color="off",
                help=card.help,
                border=True,
                height="stretch",
            )
    before = filters.period.previous()
    against = (
        _("Changes are compared with {first} to {last}.").format(
            first=format_day(before.since), last=format_day(before.last_day)
        )
        if any(card.change is not None for card in cards)
        else ""
    )
    st.caption(" ".join(filter(None, [note, against])))
