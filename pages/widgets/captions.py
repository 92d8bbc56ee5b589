"""Sentences about figures and maps that pages share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.priority import has_distinct_gaps, has_distinct_risks
from pages.queries.priorities import FEWEST_CRIMES
from pages.text.language import N_, _, escape_markdown, format_list, format_number, format_percent, ngettext

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from geo.priority import PriorityFacts
    from pages.queries.crimes import CrimeCounts
    from pages.queries.priorities import TopPriorities
    from pages.queries.visits import Coverage, VisitPlaces


N_NAMED = 3
"""Number of villages named in a sentence."""
FEWEST_COMPARED = 20
"""Visits of a village below which nothing is said of where they were recorded."""
_MOST_AWAY, _OF = 0.5, 10


def describe_coverage(coverage: Coverage) -> str:
    """Say how many households were reported visited, and which villages are furthest behind."""
    if not coverage.n_households:
        return _describe_no_households()
    said = ngettext(
        "{visited} of {n} registered household was reported as visited ({share}).",
        "{visited} of {n} registered households were reported as visited ({share}).",
        coverage.n_households,
    ).format(
        visited=format_number(coverage.n_reported),
        n=format_number(coverage.n_households),
        share=format_percent(coverage.reported),
    )
    behind = _name_furthest_behind(coverage.rows, "reported_coverage")
    return f"{said} " + _("Furthest behind: {villages}.").format(villages=behind) if behind else said


def describe_both_coverages(coverage: Coverage) -> str:
    """Say both coverages, which areas are behind, and where visits were recorded away from households."""
    if not coverage.n_households:
        return _describe_no_households()
    said = _(
        "{reported} of {n} registered households were reported as visited ({share}); the GPS record "
        "supports a visit for {evidenced} ({supported})."
    ).format(
        reported=format_number(coverage.n_reported),
        n=format_number(coverage.n_households),
        share=format_percent(coverage.reported),
        evidenced=format_number(coverage.n_evidenced),
        supported=format_percent(coverage.evidenced),
    )
    behind = _name_furthest_behind(coverage.rows, "evidenced_coverage")
    named = _("Furthest behind according to GPS: {villages}.").format(villages=behind) if behind else ""
    return " ".join(filter(None, [said, named, describe_away(coverage.rows)]))


def _describe_no_households() -> str:
    return _("There are no registered households in this area yet. Import them on the Data page.")


def _name_furthest_behind(rows: pd.DataFrame, column: str) -> str:
    """Name the villages with the lowest coverage, each with it; none where all would be named."""
    return "" if len(rows) <= N_NAMED else _name_first(rows.dropna(subset=column), column, format_percent)


def describe_away(rows: pd.DataFrame) -> str:
    """Say in which village most visits were recorded away from their household; silent on small numbers."""
    n_away = rows["n_compared"] - rows["n_near"]
    share = n_away / rows["n_compared"].where(rows["n_compared"] >= FEWEST_COMPARED)
    away = share[share >= _MOST_AWAY]
    if away.empty:
        return ""
    first = rows.loc[[n_away[away.index].idxmax()]]
    n, compared = int(n_away[first.index].item()), int(first["n_compared"].item())
    tenths = _OF if n == compared else n * _OF // compared
    said = _(
        "In {village}, {tenths} of 10 reported visits with a location ({n} of {compared}) were "
        "recorded away from the household."
    ).format(
        village=escape_markdown(first["village"].item()),
        tenths=format_number(tenths),
        n=format_number(n),
        compared=format_number(compared),
    )
    others = len(away) - 1
    if not others:
        return said
    more = ngettext(
        "The same is true of at least half of them in {n} other village.",
        "The same is true of at least half of them in {n} other villages.",
        others,
    )
    return f"{said} {more.format(n=format_number(others))}"


def describe_crimes(crimes: CrimeCounts) -> str:
    """Describe how many crimes there were, and in which villages most."""
    if not crimes.n_crimes:
        return _("No crime of these categories is recorded in this area and period.")
    said = ngettext("{n} crime is recorded.", "{n} crimes are recorded.", crimes.n_crimes).format(
        n=format_number(crimes.n_crimes)
    )
    most = _name_first(crimes.villages, "n_crimes", format_number, highest=True)
    return f"{said} " + _("Most in: {villages}.").format(villages=most) if most else said


def _name_first(
    villages: pd.DataFrame, column: str, write: Callable[[float], str], *, highest: bool = False
) -> str:
    """Name the villages with the lowest or highest values, each with its value.

    Values that are written alike are a tie: its villages are named together or counted, so that none is put
    before another. Empty where all villages tie.
    """
    ordered = villages.sort_values(column, ascending=not highest, kind="stable")
    written = ordered[column].map(write)
    n_tied = written.value_counts(sort=False)
    if len(n_tied) <= 1:
        return ""
    first = n_tied[n_tied.cumsum() <= N_NAMED].index
    if first.empty:
        return _("{n} villages ({value} each)").format(n=format_number(n_tied.iloc[0]), value=written.iloc[0])
    named = ordered[written.isin(first)]
    pairs = zip(named["village"], written[named.index], strict=True)
    return format_list([f"{escape_markdown(name)} ({value})" for name, value in pairs])


def describe_shares(n_households: int, n_visits: int) -> str:
    """Describe how many households and visits shares are based on."""
    homes = ngettext("{n} registered household", "{n} registered households", n_households)
    visits = ngettext("{n} reported visit", "{n} reported visits", n_visits)
    return _("Percentages are of {homes} and {visits}.").format(
        homes=homes.format(n=format_number(n_households)), visits=visits.format(n=format_number(n_visits))
    )


def describe_attempts(n_attempts: int) -> str:
    """Say how many attempts there were, and that they are not among the visits; silent without any."""
    if not n_attempts:
        return ""
    return ngettext(
        "Besides, there was {n} attempt without contact (nobody at home, refused or moved): it is not "
        "counted as a visit.",
        "Besides, there were {n} attempts without contact (nobody at home, refused or moved): they are not "
        "counted as visits.",
        n_attempts,
    ).format(n=format_number(n_attempts))


def caption_nowhere(n_nowhere: int) -> str:
    """Describe how many households are in no village; empty if none."""
    if not n_nowhere:
        return ""
    return ngettext(
        "{n} household is outside every village and does not count for any.",
        "{n} households are outside every village and do not count for any.",
        n_nowhere,
    ).format(n=format_number(n_nowhere))


def caption_visits(places: VisitPlaces) -> str:
    """Describe how many visits are on no map, and why."""
    if not places.n_visits:
        return ""
    return _(
        "Of {n} visits, {unlocated} have no location, {outside} were recorded outside every village "
        "and {unmatched} name no registered household."
    ).format(
        n=format_number(places.n_visits),
        unlocated=format_number(places.n_unlocated),
        outside=format_number(places.n_outside),
        unmatched=format_number(places.n_unmatched),
    )


def caption_crimes(crimes: CrimeCounts) -> str:
    """Describe how many crimes are on no map, and why; empty if none."""
    if not crimes.n_crimes:
        return ""
    return ngettext(
        "Of {n} crime, {unlocated} have no coordinates and are not on the map; {outside} lie outside every "
        "village.",
        "Of {n} crimes, {unlocated} have no coordinates and are not on the map; {outside} lie outside every "
        "village.",
        crimes.n_crimes,
    ).format(
        n=format_number(crimes.n_crimes),
        unlocated=format_number(crimes.n_unlocated),
        outside=format_number(crimes.n_outside),
    )


_LEADS = {
    "both": N_("Low coverage and high crime"),
    "gap": N_("Mainly low coverage"),
    "crime": N_("Mainly high crime"),
    "neither": N_("Neither stands out"),
}


def describe_priority(facts: PriorityFacts) -> str:
    """Explain the rank of a village in one sentence.

    It opens with what stands out (``geo.priority.explain_priority``), or with that nothing does; with neither
    where the crimes are too few to call their rate high or not.
    """
    crimes = ngettext("{n} reported crime", "{n} reported crimes", facts.n_crimes).format(
        n=format_number(facts.n_crimes)
    )
    why = _(
        "{missed} of {n} households without a visit supported by GPS ({coverage} covered, typically "
        "{typical}); {crimes}, {raw} per 1,000 households (smoothed {rate}, typically {usual})."
    ).format(
        missed=format_number(facts.n_missed),
        n=format_number(facts.n_households),
        coverage=format_percent(facts.coverage),
        typical=format_percent(facts.typical_coverage),
        crimes=crimes,
        raw=format_number(facts.raw_crimes_per_1000, digits=1),
        rate=format_number(facts.crimes_per_1000, digits=1),
        usual=format_number(facts.typical_crimes_per_1000, digits=1),
    )
    if facts.leading != "gap" and facts.n_crimes < FEWEST_CRIMES:
        return why
    return _("{lead}: {why}").format(lead=_(_LEADS[facts.leading]), why=why)


def describe_tied(top: TopPriorities) -> str:
    """Describe what a tie leaves out of a list of priorities; empty if nothing."""
    if not top.n_tied:
        return ""
    if top.first:  # the last one listed shares its priority with some that are not
        return ngettext(
            "{n} more has the same priority as the last of these.",
            "{n} more have the same priority as the last of these.",
            top.n_tied,
        ).format(n=format_number(top.n_tied))
    return _(
        "The {n} that have both unvisited households and reported crimes all have the same priority: none "
        "comes first."
    ).format(n=format_number(top.n_tied))


def describe_weights(ranked: pd.DataFrame) -> str:
    """Describe how the two ranks are weighed: one in which all tie does not affect the order."""
    if not has_distinct_risks(ranked):
        return _(
            "The smoothed rate of reported crime is the same in all of them: the order follows the visit gap "
            "alone."
        )
    if not has_distinct_gaps(ranked):
        return _("The visit gap is the same in all of them: the order follows the crime rate alone.")
    return _("The two ranks have equal weight.")
