"""Truths of the sentences about visits: coverage, places of visits, priority."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scipy import stats

from tests.sentences.claims import claim, is_percent, read_list, read_number
from tests.sentences.units import SQUARE

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from tests.sentences.truth import Truth

FEW = 3
"""Villages that a sentence names at most."""


@claim(
    "{visited} of {n} registered household was reported as visited ({share}).",
    "{visited} of {n} registered households were reported as visited ({share}).",
)
def _reported(truth: Truth, said: dict[str, str]) -> bool:
    n_visited = truth.contacts["household_id"].nunique()
    return (
        _is_share(said["visited"], said["share"], n_visited, truth)
        and read_number(said["n"]) == truth.n_homes
    )


@claim(
    "{reported} of {n} registered households were reported as visited ({share}); the GPS record supports a "
    "visit for {evidenced} ({supported})."
)
def _both(truth: Truth, said: dict[str, str]) -> bool:
    n_visited, n_supported = (
        visits["household_id"].nunique() for visits in (truth.contacts, truth.supported_visits)
    )
    return (
        _is_share(said["reported"], said["share"], n_visited, truth)
        and _is_share(said["evidenced"], said["supported"], n_supported, truth)
        and read_number(said["n"]) == truth.n_homes
    )


def _is_share(count: str, share: str, n: int, truth: Truth) -> bool:
    return read_number(count) == n and is_percent(share, n / truth.n_homes)


@claim("There are no registered households in this area yet. Import them on the Data page.")
def _no_households(truth: Truth, _said: dict[str, str]) -> bool:
    return truth.n_homes == 0


@claim("Furthest behind: {villages}.")
def _behind(truth: Truth, said: dict[str, str]) -> bool:
    return is_first(said["villages"], truth.reported, is_percent)


@claim("Furthest behind according to GPS: {villages}.")
def _behind_by_gps(truth: Truth, said: dict[str, str]) -> bool:
    return is_first(said["villages"], truth.evidenced, is_percent)


def is_first(
    text: str, values: pd.Series, matches: Callable[[str, float], bool], *, highest: bool = False
) -> bool:
    """Return whether those named, or as many as are said to tie, have the lowest values and no other has."""
    ordered = -values if highest else values
    counted = re.fullmatch(r"(\d+) villages \((.+) each\)", text)
    if counted:
        lowest = values[ordered == ordered.min()]
        like = values[[matches(counted[2], value) for value in values]]
        return len(like) == int(counted[1]) > FEW and set(lowest.index) <= set(like.index)
    named = dict(re.fullmatch(r"(.+) \((.+)\)", part).groups() for part in read_list(text))
    rest = ordered.drop(list(named))
    right = all(matches(written, values[name]) for name, written in named.items())
    return right and len(named) <= FEW and bool(ordered[list(named)].max() < rest.min())


@claim(
    "In {village}, {tenths} of 10 reported visits with a location ({n} of {compared}) were recorded "
    "away from the household."
)
def _away(truth: Truth, said: dict[str, str]) -> bool:
    n_away, n = _count_away(truth)
    village, tenths = said["village"], int(said["tenths"])
    right = n_away[village] == int(said["n"]) and n[village] == int(said["compared"])
    return right and tenths == 10 * n_away[village] // n[village] and n_away[village] == n_away.max()


@claim(
    "The same is true of at least half of them in {n} other village.",
    "The same is true of at least half of them in {n} other villages.",
)
def _away_elsewhere(truth: Truth, said: dict[str, str]) -> bool:
    n_away, n = _count_away(truth)
    return int((n_away >= n / 2)[n >= 20].sum()) - 1 == int(said["n"])


def _count_away(truth: Truth) -> tuple[pd.Series, pd.Series]:
    names = truth.reported.index
    n, n_near = (truth.count_visits(visits) for visits in (truth.contacts, truth.near_visits))
    return (n - n_near).reindex(names), n.reindex(names)


@claim(
    "Besides, there was {n} attempt without contact (nobody at home, refused or moved): it is not counted as "
    "a visit.",
    "Besides, there were {n} attempts without contact (nobody at home, refused or moved): they are not "
    "counted as visits.",
)
def _attempts(truth: Truth, said: dict[str, str]) -> bool:
    return read_number(said["n"]) == len(truth.log) - len(truth.contacts) > 0


@claim("Percentages are of {homes} and {visits}.")
def _denominators(truth: Truth, said: dict[str, str]) -> bool:
    n_homes, n_visits = (read_number(said[name].split()[0]) for name in ("homes", "visits"))
    return n_homes == truth.n_homes and n_visits == len(truth.contacts)


@claim(
    "Of {n} visits, {unlocated} have no location, {outside} were recorded outside every village and "
    "{unmatched} name no registered household."
)
def _places(truth: Truth, said: dict[str, str]) -> bool:
    unlocated = int(truth.log["lon"].isna().sum())
    told = [read_number(said[name]) for name in ("n", "unlocated", "outside", "unmatched")]
    return told[1:] == [unlocated, 0, 0] and told[0] in {len(truth.contacts), len(truth.log)}


@claim(
    "{lead}: {missed} of {n} households without a visit supported by GPS ({coverage} covered, typically "
    "{typical}); {crimes}, {raw} per 1,000 households (smoothed {rate}, typically {usual}).",
    "{missed} of {n} households without a visit supported by GPS ({coverage} covered, typically {typical}); "
    "{crimes}, {raw} per 1,000 households (smoothed {rate}, typically {usual}).",
)
def _priority(truth: Truth, said: dict[str, str]) -> bool:
    n_crimes = int(read_number(said["crimes"].split()[0]))
    missed, n = (int(read_number(said[name].rpartition(" · ")[2])) for name in ("missed", "n"))
    alike = truth.crimes[(truth.crimes == n_crimes)].index
    covered = truth.evidenced[alike]
    right = n == SQUARE.n_homes and bool((abs(covered - (1 - missed / n)) < 1e-9).any())
    right &= is_percent(said["typical"], float(truth.evidenced.median()))
    right &= abs(read_number(said["raw"]) - 1000 * n_crimes / n) <= 0.05 + 1e-9
    lead = said.get("lead") or ""
    if "high crime" in lead.lower():  # more than chance would put there, in that village alone
        p = stats.binomtest(n_crimes, truth.n_crimes, 1 / len(truth.crimes), alternative="greater").pvalue
        right &= p <= 0.05
    if "low coverage" in lead.lower():
        right &= 1 - missed / n < truth.evidenced.median()
    return right


@claim(
    "{n} more has the same priority as the last of these.",
    "{n} more have the same priority as the last of these.",
)
def _tied(truth: Truth, said: dict[str, str]) -> bool:
    gap, risk = (1 - truth.evidenced).rank(pct=True), truth.crimes.rank(pct=True)
    # Where the counts vary no more than chance, all smoothed rates are alike and the gap alone decides.
    ties = [score.round(9).value_counts().max() for score in (gap * risk, gap)]
    return max(ties) > int(said["n"])


@claim(
    "The {n} that have both unvisited households and reported crimes all have the same priority: none comes "
    "first."
)
def _all_tied(truth: Truth, said: dict[str, str]) -> bool:
    worth = (truth.evidenced < 1) & (truth.crimes > 0)
    pairs = set(zip(truth.evidenced[worth], truth.crimes[worth], strict=True))
    tied = len(pairs) == 1 or (len(set(truth.evidenced[worth])) == 1 and _differ_by_chance(truth))
    return int(worth.sum()) == int(said["n"]) and tied


@claim("The two ranks have equal weight.")
def _equal_weight(truth: Truth, _said: dict[str, str]) -> bool:
    return len(set(truth.evidenced)) > 1 and len(set(truth.crimes)) > 1


@claim(
    "The smoothed rate of reported crime is the same in all of them: the order follows the visit gap alone."
)
def _gap_alone(truth: Truth, _said: dict[str, str]) -> bool:
    return _differ_by_chance(truth)


def _differ_by_chance(truth: Truth) -> bool:
    """Return whether the counts vary less than chance would have them, so that smoothing levels all rates."""
    return truth.crimes.var(ddof=0) <= truth.crimes.mean() * 1.1


@claim("The visit gap is the same in all of them: the order follows the crime rate alone.")
def _rate_alone(truth: Truth, _said: dict[str, str]) -> bool:
    return len(set(truth.evidenced)) <= 1


@claim(
    "These visits raise a question that the GPS record cannot answer. A question is not a verdict: the visit "
    "stays reported. It counts as evidence once a supervisor accepts it."
)
def _to_review(truth: Truth, _said: dict[str, str]) -> bool:
    return not bool(truth.log["visited_at"].dt.hour.between(6, 20).all())


@claim("No visit of this area and period waits for a decision.")
def _nothing_to_review(truth: Truth, _said: dict[str, str]) -> bool:
    return bool(truth.log["visited_at"].dt.hour.between(6, 20).all())
