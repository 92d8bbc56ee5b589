"""All that the program says of a unit: below the pages, sentence by sentence, and by its commands."""

from __future__ import annotations

from contextlib import redirect_stderr, redirect_stdout, suppress
from datetime import date
from io import StringIO
from typing import TYPE_CHECKING

from data.cli import main
from data.periods import Period
from geo.errors import TooFewError
from pages.compare.change import describe_change
from pages.compare.crime_and_coverage import describe_crime_and_coverage, rank_crime_and_coverage
from pages.compare.emerging import describe_emerging
from pages.compare.ranking import describe_ranking
from pages.evidence.review_list import describe_reviews
from pages.hotspots.repeats import describe_raised_risk, describe_repeats
from pages.hotspots.sections import summarise_concentration
from pages.hotspots.sentences import (
    caption_density,
    caption_risk,
    describe_bandwidth,
    describe_cells,
    describe_clock,
    describe_method_scores,
    describe_similar_villages,
)
from pages.queries.areas import select_villages
from pages.queries.comparisons import compare_areas, count_years, list_comparison_periods, rate_areas
from pages.queries.crime_methods import (
    CrimeSelection,
    find_significant_cells,
    find_similar_villages,
    learn_area_bandwidth,
    list_cautions,
    measure_density,
    measure_risk,
    score_crime_methods,
)
from pages.queries.crime_times import find_emerging_cells, find_raised_risk, read_clock, read_near_repeats
from pages.queries.crimes import count_crimes
from pages.queries.evidence import count_reviews
from pages.queries.filters import Filters
from pages.queries.priorities import list_top_priorities, rank_villages
from pages.queries.records import open_connection
from pages.queries.visits import count_visit_places, read_coverage
from pages.text.language import translate
from pages.widgets.captions import (
    caption_crimes,
    caption_visits,
    describe_attempts,
    describe_both_coverages,
    describe_coverage,
    describe_crimes,
    describe_priority,
    describe_shares,
    describe_tied,
    describe_weights,
)
from tests.sentences.units import PERIOD, ZONE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pages.queries.records import Connection

    Part = Callable[[Connection, Filters], Iterator[str]]


def collect_sentences() -> list[str]:
    """Return what is said of the unit in the database, of all its villages, in English."""
    connection = open_connection()
    filters = Filters("", Period(*map(date.fromisoformat, PERIOD), ZONE), ())
    return [said for part in PARTS for said in _try(part, connection, filters) if said]


def _try(part: Part, connection: Connection, filters: Filters) -> list[str]:
    """Return what a part says, up to where there is too little to say more."""
    found: list[str] = []
    with suppress(TooFewError):
        found.extend(part(connection, filters))
    return found


def _say_visits(connection: Connection, filters: Filters) -> Iterator[str]:
    coverage = read_coverage(connection, select_villages(connection, ""), filters.period)
    yield describe_coverage(coverage)
    yield describe_both_coverages(coverage)
    places = count_visit_places(connection, filters.period, "")
    yield describe_shares(coverage.n_households, places.n_visits)
    yield describe_attempts(coverage.n_attempts)
    yield caption_visits(places)
    yield describe_reviews(count_reviews(connection, filters.period, ""))


def _say_crimes(connection: Connection, filters: Filters) -> Iterator[str]:
    crimes = count_crimes(connection, filters)
    yield describe_crimes(crimes)
    yield caption_crimes(crimes)
    for doubt in list_cautions(connection, CrimeSelection.of(filters)):
        yield translate(doubt)
    yield summarise_concentration(connection, filters)


def _say_priorities(connection: Connection, filters: Filters) -> Iterator[str]:
    coverage = read_coverage(connection, select_villages(connection, ""), filters.period)
    ranked = rank_villages(connection, filters, coverage)
    top = list_top_priorities(ranked)
    for facts in top.first:
        yield describe_priority(facts)
    yield describe_tied(top)
    yield describe_weights(ranked)


def _say_density(connection: Connection, filters: Filters) -> Iterator[str]:
    choice = learn_area_bandwidth(connection, "")
    surface = measure_density(connection, CrimeSelection.of(filters), choice.bandwidth_m)
    yield caption_density(surface)
    yield describe_bandwidth(choice, surface.bandwidth_m)


def _say_risk(connection: Connection, filters: Filters) -> Iterator[str]:
    choice = learn_area_bandwidth(connection, "")
    yield caption_risk(measure_risk(connection, CrimeSelection.of(filters), choice.bandwidth_m))


def _say_cells(connection: Connection, filters: Filters) -> Iterator[str]:
    yield describe_cells(find_significant_cells(connection, CrimeSelection.of(filters)))


def _say_villages(connection: Connection, filters: Filters) -> Iterator[str]:
    found = find_similar_villages(connection, CrimeSelection.of(filters))
    yield describe_similar_villages(found, select_villages(connection, "")["village"])


def _say_clock(connection: Connection, filters: Filters) -> Iterator[str]:
    yield describe_clock(read_clock(connection, CrimeSelection.of(filters)))


def _say_repeats(connection: Connection, filters: Filters) -> Iterator[str]:
    subject = CrimeSelection.of(filters)
    found = read_near_repeats(connection, subject)
    yield describe_repeats(found, filters.period.last_day)
    yield describe_raised_risk(find_raised_risk(connection, subject), found)


def _say_methods(connection: Connection, filters: Filters) -> Iterator[str]:
    period = filters.period
    yield describe_method_scores(score_crime_methods(connection, "", (), period.until_at, period.zone))


def _say_changes(connection: Connection, filters: Filters) -> Iterator[str]:
    for name, before in list_comparison_periods(connection, filters).items():
        if name != "now":
            yield describe_change(compare_areas(connection, filters, before, "district"))
            yield describe_change(compare_areas(connection, filters, before, "village"))


def _say_both(connection: Connection, filters: Filters) -> Iterator[str]:
    areas = select_villages(connection, "")
    yield describe_crime_and_coverage(rank_crime_and_coverage(connection, filters, areas))


def _say_patterns(connection: Connection, filters: Filters) -> Iterator[str]:
    period = filters.period
    yield describe_emerging(find_emerging_cells(connection, "", (), period.until_at, period.zone))


def _say_ranking(connection: Connection, filters: Filters) -> Iterator[str]:
    rates = rate_areas(connection, filters, "village")
    code = str(rates.index[0])
    years = count_years(connection, code, (), filters.period.zone, n_areas=len(rates))
    yield describe_ranking(rates[rates["rate"].notna()], code, years, "village")


PARTS: tuple[Part, ...] = (
    _say_visits,
    _say_crimes,
    _say_priorities,
    _say_density,
    _say_risk,
    _say_cells,
    _say_villages,
    _say_clock,
    _say_repeats,
    _say_methods,
    _say_changes,
    _say_both,
    _say_patterns,
    _say_ranking,
)


def collect_reports() -> list[str]:
    """Return the first lines of the reports of the command line on the unit in the database."""
    said = []
    for report in ("coverage", "change", "priority"):
        since, until = PERIOD
        output = StringIO()
        with redirect_stdout(output), redirect_stderr(output), suppress(SystemExit):
            main(["report", report, "--since", since, "--until", until])
        said += output.getvalue().splitlines()[:3]
    return said
