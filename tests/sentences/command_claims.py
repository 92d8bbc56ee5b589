"""Truths of what the reports of the command line say first."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from tests.sentences.claims import claim, read_number
from tests.sentences.units import SQUARE

if TYPE_CHECKING:
    from tests.sentences.truth import Truth


@claim("{span}: {visited} of {n} households ({share}; the GPS record supports {supported}).")
def _coverage(truth: Truth, said: dict[str, str]) -> bool:
    n_visited, n_supported = (
        visits["household_id"].nunique() for visits in (truth.contacts, truth.supported_visits)
    )
    counts = read_number(said["visited"]), read_number(said["n"])
    if not truth.n_homes:
        return counts == (0, 0) and said["share"] == said["supported"] == "no data"
    shares = [f"{n / truth.n_homes:.1%}" for n in (n_visited, n_supported)]
    return counts == (n_visited, truth.n_homes) and [said["share"], said["supported"]] == shares


@claim(
    "Besides, {n} attempt without contact, such as nobody at home: not counted as visits.",
    "Besides, {n} attempts without contact, such as nobody at home: not counted as visits.",
)
def _attempts(truth: Truth, said: dict[str, str]) -> bool:
    return read_number(said["n"]) == len(truth.log) - len(truth.contacts)


@claim(
    "{then}: {before} crimes; {now}: {after}. Villages: {more} more, {fewer} fewer, {same} same, {unclear} "
    "unclear."
)
def _change(truth: Truth, said: dict[str, str]) -> bool:
    earlier = truth.count_crimes(truth.since - (truth.until - truth.since), truth.since)
    counts = [read_number(said[name]) for name in ("before", "after")]
    kinds = [int(said[name]) for name in ("more", "fewer", "same", "unclear")]
    complete = truth.is_complete((truth.until - timedelta(days=1)).date())
    return complete and counts == [earlier.sum(), truth.n_crimes] and sum(kinds) == SQUARE.side**2


@claim("No comparison: {why}, and the period ends on {day}.")
def _no_comparison(truth: Truth, said: dict[str, str]) -> bool:
    ends = {str(end) for end in truth.unit.ends().values()}
    told = re.findall(r"\d{4}-\d\d-\d\d", said["why"])
    return set(told) <= ends and not truth.is_complete((truth.until - timedelta(days=1)).date())


@claim("The visit gaps are all the same: the order follows the rate of reported crime alone.")
def _rate_alone(truth: Truth, _said: dict[str, str]) -> bool:
    return len(set(truth.evidenced)) == 1


@claim("All villages tie in visit gap and in the rate of reported crime: none comes first.")
def _none_first(truth: Truth, _said: dict[str, str]) -> bool:
    return len(set(truth.evidenced)) == 1


@claim("The rates of reported crime are all the same: the order follows the visit gap alone.")
def _gap_alone(truth: Truth, _said: dict[str, str]) -> bool:
    return len(set(truth.evidenced)) > 1
