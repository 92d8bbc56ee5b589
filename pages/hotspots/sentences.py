"""Plain sentences about crime maps, which claim nothing that the numbers do not support."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import streamlit as st

from geo.accuracy import BASELINE, DEFAULT_AREA_SHARE
from geo.aoristic import HOURS
from geo.clock import HOURS_TOGETHER
from geo.errors import TooFewError
from geo.hotspots.alike import LEVEL
from geo.hotspots.learning import MIN_TO_LEARN
from pages.hotspots.charts import name_weekdays
from pages.queries.crime_methods import CrimeSelection, list_cautions
from pages.text.language import (
    N_,
    _,
    escape_markdown,
    format_list,
    format_number,
    format_percent,
    ngettext,
    translate,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from geo.clock import CrimeClock
    from geo.hotspots import DensitySurface
    from geo.hotspots.concentration import Concentration
    from geo.hotspots.learning import BandwidthChoice
    from geo.hotspots.risk import RiskSurface
    from pages.queries.crime_methods import MethodScores
    from pages.queries.filters import Filters
    from pages.queries.records import Connection


N_NAMED = 3
METHODS = {
    BASELINE: N_("plain counts"),
    "density": N_("the density surface"),
    "gi_star": N_("the significant cells"),
}


_LEVEL, _SURE = 0.05, 2
_MORE_THAN_CHANCE = 1.1


@contextmanager
def explain_too_few() -> Iterator[None]:
    """Show a message in place of a method that has too few data."""
    try:
        yield
    except TooFewError as error:
        st.info(describe_too_few(error), icon=":material/info:")


def describe_too_few(error: TooFewError) -> str:
    """Describe what there is too little of, and what may help."""
    way_out = _("Choose a longer period, a wider area or more categories.")
    return f"{escape_markdown(translate(error))} {way_out}"


def show_cautions(connection: Connection, filters: Filters) -> None:
    """Show the cautions that apply to all figures of these crimes, if any."""
    doubts = list_cautions(connection, CrimeSelection.of(filters))
    if doubts:
        st.info(" ".join(escape_markdown(translate(one)) for one in doubts), icon=":material/info:")


def describe_concentration(found: Concentration) -> str:
    """Describe what share of the crime lies in a small share of the land; empty if near chance.

    Near chance is what random scatters reach as often as one in twenty, or exceed by less than a tenth.
    """
    if found.p > _LEVEL or found.crime_share < _MORE_THAN_CHANCE * found.chance_share:
        return ""
    return _(
        "{area} of the land contains {crime} of the crimes with a location; the same number of "
        "crimes placed at random would put {chance} there."
    ).format(
        area=format_percent(found.area_share),
        crime=format_percent(found.crime_share),
        chance=format_percent(found.chance_share),
    )


def describe_bandwidth(choice: BandwidthChoice, used_m: float) -> str:
    """Describe how the bandwidth was chosen."""
    if round(used_m) != round(choice.bandwidth_m):
        return _("You chose this bandwidth; the automatic one would be {n} m.").format(
            n=format_number(choice.bandwidth_m)
        )
    if choice.by == "accuracy":
        tried = format_list([format_number(metres) for metres in choice.scores.index])
        said = (
            _("Of the bandwidths tried ({tried} m), none predicted later crime here better than this one.")
            if choice.is_tied
            else _("Of the bandwidths tried ({tried} m), this one predicted later crime here best.")
        )
        return said.format(tried=tried)
    if choice.obstacle == "few":
        return _(
            "With fewer than {n} crimes that have a time and a place, the bandwidth is based on how spread "
            "out they are."
        ).format(n=format_number(MIN_TO_LEARN))
    if choice.obstacle == "one_time":
        return _(
            "All crimes are of one time, so none is later than another to learn from: the bandwidth is based "
            "on how spread out they are."
        )
    return _(
        "The area is too large for cells finer than the bandwidths to try: the bandwidth is based on how "
        "spread out the crimes are."
    )


def describe_cells(found: pd.DataFrame) -> str:
    """Describe how many cells are significantly hot, and their share of the crime."""
    hot, n_cold = found["confidence"] >= _SURE, int((found["confidence"] <= -_SURE).sum())
    if not hot.any() and n_cold:  # some do stand out, but not by much crime
        return ngettext(
            "No cell has more crime around it than chance would explain (95% confidence); {n} has less.",
            "No cell has more crime around it than chance would explain (95% confidence); {n} have less.",
            n_cold,
        ).format(n=format_number(n_cold))
    if not hot.any():
        return _("No cell stands out from chance with 95% confidence.")
    share = found.loc[hot, "n_crimes"].sum() / found["n_crimes"].sum()
    return ngettext(
        "{n} of {all} cells has more crime around it than chance would explain (95% confidence); "
        "{share} of the crime is there.",
        "{n} of {all} cells have more crime around them than chance would explain (95% confidence); "
        "{share} of the crime is there.",
        int(hot.sum()),
    ).format(n=format_number(hot.sum()), all=format_number(len(found)), share=format_percent(share))


def explain_chance(found: pd.DataFrame) -> str:
    """Explain what the cells or villages were compared with, and how many at once; empty if none was."""
    n_tested = int(found["p_adjusted"].notna().sum())
    if not n_tested:  # all are alike, or none has a neighbour
        return ""
    # True of both methods: each compares with random crimes and with the scatter of the counts themselves.
    return _(
        "Chance here is as many crimes falling at random over the whole area, and also counts as "
        "uneven as these; adjusted for testing {n} places at once."
    ).format(n=format_number(n_tested))


def describe_similar_villages(found: pd.DataFrame, names: pd.Series) -> str:
    """Describe which villages with high crime form groups, and which are alone among low-crime neighbours."""
    sure = found[found["p_adjusted"] <= LEVEL]
    together, alone = (sure.index[sure["quadrant"] == kind] for kind in ("HH", "HL"))
    if not len(together) and not len(alone):
        return _("No village differs from its neighbours, or resembles them, more than chance explains.")
    said = []
    if len(together):
        said.append(
            ngettext(
                "{n} village has high crime, and so do its neighbours: {names}.",
                "{n} villages have high crime, and so do their neighbours: {names}.",
                len(together),
            ).format(n=format_number(len(together)), names=_name(sure.loc[together], names))
        )
    if len(alone):
        said.append(
            _("High crime among low-crime neighbours: {names}.").format(names=_name(sure.loc[alone], names))
        )
    return " ".join(said)


def _name(rows: pd.DataFrame, names: pd.Series) -> str:
    first = rows.nlargest(N_NAMED, "n_crimes").index
    written = [escape_markdown(name) for name in names.reindex(first)]
    more = len(rows) - len(first)
    return format_list([*written, _("{n} more").format(n=format_number(more))] if more else written)


def describe_clock(clock: CrimeClock) -> str:
    """Describe the busiest hours and day, and how many crimes do not say when they happened.

    Hours and days are named where they exceed an even spread (``geo.clock.LEVEL``); nothing is said of hours
    where fewer than ``MIN_CRIMES`` crimes have one.
    """
    hours, day, said = clock.busiest_hours, clock.busiest_day, []
    if hours is not None:
        text = _("{share} of the crimes occurred between {first} and {last}.")
        if clock.n_without_hour:
            text = _("{share} of the crimes whose hour is known occurred between {first} and {last}.")
        first, last = (f"{hour % HOURS:02d}.00" for hour in (hours.first, hours.first + HOURS_TOGETHER))
        said.append(text.format(share=format_percent(hours.share), first=first, last=last))
    if day is not None:
        said.append(
            _("The busiest day is {day}, with {share}.").format(
                day=name_weekdays("wide")[day.first], share=format_percent(day.share)
            )
        )
    if not said:
        by_hour, by_day = (
            _("No hour or day stands out from chance."),
            _("No day of the week stands out from chance."),
        )
        said.append(by_hour if clock.has_hours else by_day)
    return " ".join([*said, *describe_left_out(hour=clock.n_without_hour, day=clock.n_without_day)])


def describe_left_out(*, hour: int = 0, day: int = 0, month: int = 0) -> list[str]:
    """Describe how many crimes are left out because their hour, day or month is not known; nothing for 0."""
    texts = [
        (
            ngettext(
                "{n} crime is left out of the hours: its hour is not known.",
                "{n} crimes are left out of the hours: their hour is not known.",
                hour,
            ),
            hour,
        ),
        (
            ngettext(
                "{n} crime is left out: its day is not known.",
                "{n} crimes are left out: their day is not known.",
                day,
            ),
            day,
        ),
        (
            ngettext(
                "{n} crime is left out: its month is not known.",
                "{n} crimes are left out: their month is not known.",
                month,
            ),
            month,
        ),
    ]
    return [text.format(n=format_number(n)) for text, n in texts if n]


def describe_method_scores(trust: MethodScores) -> str:
    """Describe which method has earned the most trust here, compared with plain counts.

    They are *of the year before* only where the record covers the year before each scored span.
    """
    rates: dict[str, float] = {str(name): float(rate) for name, rate in trust.methods["hit_rate"].items()}
    counts = (
        _("the plain counts of the year before")
        if trust.whole_years
        else _("the plain counts of the crimes recorded so far, less than a year at first")
    )
    told = {
        "area": format_percent(DEFAULT_AREA_SHARE),
        "base": format_percent(rates.pop(BASELINE)),
        "counts": counts,
    }
    if trust.best is None:
        top = max(rates, key=rates.__getitem__)
        return _(
            "No method was clearly better here than {counts}: their hottest {area} of the land area held "
            "{base} of the crimes that followed, compared with {hit} for {method}. Trust the counts first."
        ).format(method=_(METHODS[top]), hit=format_percent(rates[top]), **told)
    return _(
        "Here, {method} has earned the most trust: the hottest {area} of the land area on its map "
        "held {hit} of the crimes that followed, compared with {base} for {counts}."
    ).format(method=_(METHODS[trust.best]), hit=format_percent(rates[trust.best]), **told)


def caption_density(surface: DensitySurface) -> str:
    """Describe how a density surface was made."""
    return _(
        "Quartic kernel with a bandwidth of {bandwidth} m, cells of {cell} m, {n} crimes; the "
        "highest density is {peak} crimes per km² in the period. The map shows where crime was "
        "recorded, not where people are at risk."
    ).format(
        bandwidth=format_number(surface.bandwidth_m),
        cell=format_number(surface.cell_m),
        n=format_number(surface.n_points),
        peak=format_number(surface.peak, digits=1),
    )


def caption_risk(surface: RiskSurface) -> str:
    """Describe how a risk surface was made."""
    return _(
        "Crimes divided by households, both spread by the same kernel of {bandwidth} m, in cells of "
        "{cell} m: {n} crimes, {homes} households. Places with too few households for a rate are "
        "left blank."
    ).format(
        bandwidth=format_number(surface.bandwidth_m),
        cell=format_number(surface.cell_m),
        n=format_number(surface.n_points),
        homes=format_number(surface.n_households),
    )
