"""Truths of the sentences that compare: periods, villages, years, patterns over months."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pandas as pd
from scipy import stats

from tests.sentences.claims import claim, read_list, read_number
from tests.sentences.units import DAYS, END, SQUARE, ZONE

if TYPE_CHECKING:
    from tests.sentences.truth import Truth

LEVEL = 0.05


def _counts(truth: Truth, said: dict[str, str]) -> tuple[int, int] | None:
    """Return the crimes of the period before or a year ago and of the period, whichever was spoken of."""
    before, now = read_number(said["before"]), read_number(said["after"])
    days = truth.until - truth.since
    for shift in (days, pd.Timedelta(days=365)):
        then = int(truth.count_crimes(truth.since - shift, truth.until - shift).sum())
        if (then, truth.n_crimes) == (before, now):
            return then, truth.n_crimes
    return None


@claim("{before} crimes before, {after} now.")
def _totals(truth: Truth, said: dict[str, str]) -> bool:
    return _counts(truth, said) is not None and truth.is_complete((truth.until - timedelta(days=1)).date())


@claim("Clearly more in the later period: up {change}.", finding_of="rise growth")
def _rise(truth: Truth, _said: dict[str, str]) -> bool:
    return "fall" not in truth.unit.planted and truth.is_complete((truth.until - timedelta(days=1)).date())


@claim("Clearly fewer in the later period: down {change}.", finding_of="fall year")
def _fall(truth: Truth, _said: dict[str, str]) -> bool:
    return truth.is_complete((truth.until - timedelta(days=1)).date())


@claim("The difference could be due to chance.")
def _chance(truth: Truth, _said: dict[str, str]) -> bool:
    return "fall" not in truth.unit.planted


@claim("Clearly more in: {areas}.", finding_of="rise growth")
@claim("Clearly fewer in: {areas}.", finding_of="fall year")
def _areas(_truth: Truth, said: dict[str, str]) -> bool:
    for part in read_list(said["areas"]):
        told = re.fullmatch(r".+ \((\d+) to (\d+)\)", part.replace(",", ""))
        if told and stats.binomtest(int(told[2]), int(told[1]) + int(told[2])).pvalue > LEVEL:
            return False
    return True


@claim("In {n} of {all} areas the numbers are too small for a conclusion.")
def _unclear(_truth: Truth, said: dict[str, str]) -> bool:
    return 0 < read_number(said["n"]) <= read_number(said["all"]) in {SQUARE.side, SQUARE.side**2}


@claim(
    "{n} of {all} villages is both in the upper third of crime and in the lower third of coverage (by chance "
    "alone about {chance} would be): {names}.",
    "{n} of {all} villages are both in the upper third of crime and in the lower third of coverage (by "
    "chance alone about {chance} would be): {names}.",
)
def _both(truth: Truth, said: dict[str, str]) -> bool:
    named = [name for name in read_list(said["names"]) if name.startswith("Desa")]
    crime, cover = truth.crimes.rank(pct=True), truth.evidenced.rank(pct=True)
    # Smoothing leaves the order of villages of one size as it is.
    return bool((crime[named] > 2 / 3 - 1e-9).all() and (cover[named] <= 1 / 3 + 1 / len(cover) + 1e-9).all())


@claim("No village is both in the upper third of crime and in the lower third of coverage.")
def _neither(truth: Truth, _said: dict[str, str]) -> bool:
    crime, cover = truth.crimes.rank(pct=True), (-truth.evidenced).rank(pct=True)
    return not bool(((crime > 2 / 3 + 1e-9) & (cover > 2 / 3 + 1e-9)).any())


@claim("{n} of {all} cells are hot spots with a pattern: {parts}.", finding_of="hot cluster repeats")
def _patterns(_truth: Truth, said: dict[str, str]) -> bool:
    return 0 < read_number(said["n"]) <= read_number(said["all"])


@claim("No cell was a hot spot with a recognised pattern.")
def _no_pattern(_truth: Truth, _said: dict[str, str]) -> bool:
    return True


@claim(
    "{name} has the highest smoothed rate of {all} villages: {smoothed} crimes per 1,000 households; "
    "unsmoothed {rate} (95%: {low} to {high})."
)
def _highest(truth: Truth, said: dict[str, str]) -> bool:
    name = said["name"].strip("*")
    low, high = _poisson(int(truth.crimes[name]))
    told = [read_number(said[part]) for part in ("rate", "low", "high")]
    true = [1000 * n / SQUARE.n_homes for n in (truth.crimes[name], low, high)]
    near = all(abs(one - other) <= 0.05 + 1e-6 for one, other in zip(told, true, strict=True))
    return near and truth.crimes[name] == truth.crimes.max()


@claim(
    "{name} has the same smoothed rate as {n} more of {all} villages: {smoothed} crimes per 1,000 "
    "households; unsmoothed {rate} (95%: {low} to {high})."
)
def _shared_rate(truth: Truth, said: dict[str, str]) -> bool:
    # Villages of one size share a smoothed rate of as many crimes, or where all differ by chance.
    n, crimes = int(said["n"]), truth.crimes
    alike = int((crimes == crimes[said["name"].strip("*")]).sum()) - 1
    return n == alike or (n == len(crimes) - 1 and crimes.var(ddof=0) <= 1.1 * crimes.mean())


@claim("About as many as before: the change is less than a quarter (95% confidence).")
def _as_many(truth: Truth, _said: dict[str, str]) -> bool:
    return "fall" not in truth.unit.planted and truth.is_complete((truth.until - timedelta(days=1)).date())


def _poisson(n: int) -> tuple[float, float]:
    """Return the exact interval of a count (Garwood 1936)."""
    low = stats.chi2.ppf(0.025, 2 * n) / 2 if n else 0.0
    return low, stats.chi2.ppf(0.975, 2 * n + 2) / 2


@claim("Fewer than the year before: {trail} crimes (years to {day}).", finding_of="year fall")
@claim("More than the year before: {trail} crimes (years to {day}).", finding_of="growth rise")
def _years(truth: Truth, said: dict[str, str]) -> bool:
    last = pd.Timestamp(said["day"]).tz_localize(ZONE)
    whole = END - pd.Timedelta(days=DAYS + 1) <= last - pd.Timedelta(days=2 * 365 - 1)
    counts = [read_number(part) for part in re.split(" \N{RIGHTWARDS ARROW} ", said["trail"])]
    return whole and truth.is_complete(last.date()) and len(counts) > 1
