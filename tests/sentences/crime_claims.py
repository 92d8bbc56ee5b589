"""Truths of the sentences about crime: how many, where, when, and what is more than chance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from tests.sentences.claims import claim, is_percent, read_list, read_number
from tests.sentences.visit_claims import is_first

if TYPE_CHECKING:
    from tests.sentences.truth import Truth


def _is_count(written: str, number: float) -> bool:
    return read_number(written) == number


@claim("{n} crime is recorded.", "{n} crimes are recorded.")
def _recorded(truth: Truth, said: dict[str, str]) -> bool:
    return read_number(said["n"]) == truth.n_crimes


@claim("No crime of these categories is recorded in this area and period.")
def _none(truth: Truth, _said: dict[str, str]) -> bool:
    return truth.n_crimes == 0


@claim("Most in: {villages}.")
def _most(truth: Truth, said: dict[str, str]) -> bool:
    return is_first(said["villages"], truth.crimes, _is_count, highest=True)


@claim(
    "Of {n} crime, {unlocated} have no coordinates and are not on the map; {outside} lie outside every "
    "village.",
    "Of {n} crimes, {unlocated} have no coordinates and are not on the map; {outside} lie outside every "
    "village.",
)
def _places(truth: Truth, said: dict[str, str]) -> bool:
    return [read_number(said[name]) for name in ("n", "unlocated", "outside")] == [truth.n_crimes, 0, 0]


@claim(
    "{area} of the land contains {crime} of the crimes with a location; the same number of crimes placed at "
    "random would put {chance} there.",
    finding_of="hot cluster repeats",
)
def _concentration(truth: Truth, said: dict[str, str]) -> bool:
    crime, chance = (read_number(said[name].strip("<>%")) for name in ("crime", "chance"))
    return truth.n_crimes > 0 and crime > chance


@claim("Of the bandwidths tried ({tried} m), this one predicted later crime here best.")
@claim("Of the bandwidths tried ({tried} m), none predicted later crime here better than this one.")
def _learned(truth: Truth, _said: dict[str, str]) -> bool:
    return len(truth.unit.crimes) >= 200


@claim(
    "With fewer than {n} crimes that have a time and a place, the bandwidth is based on how spread out "
    "they are."
)
def _too_few_to_learn(truth: Truth, said: dict[str, str]) -> bool:
    return len(truth.unit.crimes) < read_number(said["n"])


@claim(
    "Quartic kernel with a bandwidth of {bandwidth} m, cells of {cell} m, {n} crimes; the highest density is "
    "{peak} crimes per km² in the period. The map shows where crime was recorded, not where people are "
    "at risk."
)
def _density(truth: Truth, said: dict[str, str]) -> bool:
    return read_number(said["n"]) == truth.n_crimes


@claim(
    "Crimes divided by households, both spread by the same kernel of {bandwidth} m, in cells of {cell} "
    "m: {n} crimes, {homes} households. Places with too few households for a rate are left blank."
)
def _risk(truth: Truth, said: dict[str, str]) -> bool:
    return read_number(said["n"]) == truth.n_crimes and read_number(said["homes"]) == truth.n_homes


@claim(
    "{share} of the crimes occurred between {first} and {last}.",
    "{share} of the crimes whose hour is known occurred between {first} and {last}.",
    finding_of="night moments",
)
def _hours(truth: Truth, said: dict[str, str]) -> bool:
    at = truth.unit.crimes["occurred_at"]
    inside = at[(at >= truth.since) & (at < truth.until)]
    hour = (inside.dt.hour - int(said["first"][:2])) % 24
    return truth.unit.precision == "minute" and is_percent(said["share"], float((hour < 6).mean()))


@claim("The busiest day is {day}, with {share}.", finding_of="weekday")
def _weekday(truth: Truth, said: dict[str, str]) -> bool:
    at = truth.unit.crimes["occurred_at"]
    inside = at[(at >= truth.since) & (at < truth.until)]
    shares = inside.dt.day_name().value_counts(normalize=True)
    named = said["day"]
    return truth.unit.precision != "month" and is_percent(said["share"], float(shares[named]))


@claim("No day of the week stands out from chance.")
def _no_weekday(truth: Truth, _said: dict[str, str]) -> bool:
    return truth.unit.precision != "minute" or truth.n_crimes < 30


@claim(
    "{n} crime is left out of the hours: its hour is not known.",
    "{n} crimes are left out of the hours: their hour is not known.",
)
def _without_hour(truth: Truth, said: dict[str, str]) -> bool:
    return truth.unit.precision == "day" and read_number(said["n"]) == truth.n_crimes


@claim(
    "{n} crimes are known by their month only, and the period begins or ends within that month: they count "
    "on its first day. Choose whole months."
)
def _cut_months(truth: Truth, _said: dict[str, str]) -> bool:
    return truth.unit.precision == "month"


@claim("No hour or day stands out from chance.")
def _no_hour(truth: Truth, _said: dict[str, str]) -> bool:
    return "night" not in truth.unit.planted


@claim("No cell stands out from chance with 95% confidence.")
def _no_cell(truth: Truth, _said: dict[str, str]) -> bool:
    return "hot" not in truth.unit.planted


@claim(
    "{n} of {all} cells has more crime around it than chance would explain (95% confidence); {share} of the "
    "crime is there.",
    "{n} of {all} cells have more crime around them than chance would explain (95% confidence); {share} "
    "of the crime is there.",
    finding_of="hot cluster repeats",
)
def _cells(_truth: Truth, said: dict[str, str]) -> bool:
    return 0 < read_number(said["n"]) < read_number(said["all"])


@claim("No village differs from its neighbours, or resembles them, more than chance explains.")
def _no_village(_truth: Truth, _said: dict[str, str]) -> bool:
    return True  # of one hot village among sixteen its neighbours tell too little


@claim(
    "{n} village has high crime, and so do its neighbours: {names}.",
    "{n} villages have high crime, and so do their neighbours: {names}.",
    finding_of="cluster",
)
def _together(_truth: Truth, said: dict[str, str]) -> bool:
    return len(read_list(said["names"])) <= read_number(said["n"])


@claim(
    "{when}, too few of the {all} crimes of this kind were near each other in place and time to tell whether "
    "they follow each other more often than by chance."
)
@claim("{when}, the {all} crimes of this kind followed each other nearby no more often than by chance.")
def _no_repeats(truth: Truth, said: dict[str, str]) -> bool:
    return "repeats" not in truth.unit.planted and read_number(said["all"]) <= len(truth.unit.crimes)


@claim(
    "{when}, another crime was {ratio} times as likely as by chance within {days} days and {distance} m "
    "of one of {all} crimes of this kind: {n} pairs, where {expected} were expected.",
    finding_of="repeats moments",
)
@claim(
    "{when}, crimes of this kind {distance} m and {days} days apart were {ratio} times as frequent as "
    "by chance: {n} pairs among {all} crimes, where {expected} were expected.",
    finding_of="repeats moments",
)
def _repeats(_truth: Truth, said: dict[str, str]) -> bool:
    return read_number(said["ratio"]) > 1 and read_number(said["n"]) > read_number(said["expected"])


@claim("No place has a raised risk at the end of the period.", finding_of="repeats moments")
@claim(
    "At the end of the period, {n} place has a raised risk because of crimes in the last {days} days.",
    "At the end of the period, {n} places have a raised risk because of crimes in the last {days} days.",
    finding_of="repeats moments",
)
@claim(
    "At the end of the period, {n} place has a raised risk because of crimes {days} days before.",
    "At the end of the period, {n} places have a raised risk because of crimes {days} days before.",
    finding_of="repeats moments",
)
def _raised(truth: Truth, _said: dict[str, str]) -> bool:
    return truth.unit.precision != "month"


@claim(
    "No method was clearly better here than {counts}: their hottest {area} of the land area held {base} "
    "of the crimes that followed, compared with {hit} for {method}. Trust the counts first."
)
def _no_method(truth: Truth, said: dict[str, str]) -> bool:
    return _names_the_record(truth, said["counts"])


@claim(
    "Here, {method} has earned the most trust: the hottest {area} of the land area on its map held "
    "{hit} of the crimes that followed, compared with {base} for {counts}.",
    finding_of="hot cluster repeats",
)
def _best_method(truth: Truth, said: dict[str, str]) -> bool:
    hit, base = (read_number(said[name].strip("<>%")) for name in ("hit", "base"))
    return hit >= base and _names_the_record(truth, said["counts"])


def _names_the_record(truth: Truth, counts: str) -> bool:
    """Return whether *the year before* is said only where each scored span has a year of record before it."""
    scored = truth.until - pd.Timedelta(days=6 * 60)
    whole = truth.unit.crimes["occurred_at"].min() <= scored - pd.Timedelta(days=365)
    return ("of the year before" in counts) == bool(whole)


@claim(
    "All {n} crimes with a location are at one point. It may stand for addresses that nobody recorded: check "
    "before you act on it."
)
@claim("All {n} crimes are from one day, {day}: figures for the period describe that day only.")
def _caution(truth: Truth, said: dict[str, str]) -> bool:
    crimes = truth.unit.crimes
    alike = (
        crimes[["lon", "lat"]].drop_duplicates().shape[0] == 1 or len(set(crimes["occurred_at"].dt.date)) == 1
    )
    return (
        read_number(said["n"]) == truth.n_crimes == len(crimes) and alike and truth.unit.precision != "month"
    )
