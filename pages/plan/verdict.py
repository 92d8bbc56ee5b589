"""Expected effects of a drafted plan in figures and sentences, without display."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from data.plans.sentences import Named, describe_unmet, describe_violation
from data.settings import get_settings
from pages.plan.progress import describe_week_before
from pages.queries.officers import title_officers
from pages.text.language import MISSING, _, format_list, format_number, format_percent, ngettext, translate
from pages.widgets.cards import Card

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo.routes import Plan, Violation
    from geo.routes.summary import PlanFacts
    from pages.plan.drafts import Draft


_MOST_NAMED = 3


MOST_TOLD = 100
"""Maximum number of sentences about what did not fit on a page."""


class LastWeek(NamedTuple):
    """Outcome of the previous week."""

    n_planned: int
    n_done: int
    n_open: int
    """Stops whose day is today or later."""
    n_not_done: int
    """Stops where nobody was at home, or nobody came."""
    n_again: int
    """Stops, open or not done, whose household is in the plan again."""


def list_plan_cards(facts: PlanFacts) -> list[Card]:
    """Return cards with the main figures of a plan."""
    points = 100 * (facts.coverage_after - facts.coverage_now)
    gained = None if pd.isna(points) else _("+{n} pts").format(n=format_number(points, digits=1))
    days = format_number(get_settings().target_days)
    return [
        Card(_("Visits"), format_number(facts.n_visits)),
        Card(
            _("Coverage after the week"),
            format_percent(facts.coverage_after),
            gained,
            _("Households of the plan's officers that were visited within {days} days.").format(days=days),
        ),
        Card(
            _("High-risk households reached"),
            format_number(facts.n_high_risk_reached),
            _("of {n}").format(n=format_number(facts.n_high_risk)),
            _("Households with at least 3 recent crimes nearby, and how many of them are visited."),
        ),
        Card(
            _("Travel, km"),
            format_number(facts.distance_km),
            help=_("Total of all routes, from the post and back."),
        ),
        Card(_("Hours"), format_number(facts.hours), help=_("Time away from the post, including visits.")),
    ]


def describe_plan(draft: Draft) -> str:
    """Describe in a few sentences what a plan will do, and for whom."""
    facts, officers = draft.facts, draft.officers
    if not facts.n_visits:
        return _("Nobody can be visited this week: see the reasons below.")
    busy = officers[officers["n_visits"] > 0]
    who = ngettext("{n} officer", "{n} officers", len(busy)).format(n=format_number(len(busy)))
    days = ngettext("{n} day", "{n} days", facts.n_days).format(n=format_number(facts.n_days))
    work = ngettext(
        "{n} visit by {who} on {days}: about {km} km and {hours} hours each in the week.",
        "{n} visits by {who} on {days}: about {km} km and {hours} hours each in the week.",
        facts.n_visits,
    ).format(
        n=format_number(facts.n_visits),
        who=who,
        days=days,
        km=format_number(busy["distance_km"].mean()),
        hours=format_number(busy["hours"].mean()),
    )
    covered = _("Of {n} households, {now} were visited within {days} days; after this week, {after}.").format(
        n=format_number(facts.n_households),
        now=format_percent(facts.coverage_now),
        after=format_percent(facts.coverage_after),
        days=format_number(get_settings().target_days),
    )
    return " ".join(filter(None, [work, covered, describe_fairness(draft.villages, draft.built.week.homes)]))


def describe_fairness(villages: pd.DataFrame, homes: pd.DataFrame) -> str:
    """Describe whether each village gets its minimum number of visits.

    Parameters
    ----------
    villages
        As returned by ``geo.routes.summarise_villages``.
    homes
        Households with ``village_code`` and ``village``.
    """
    short = villages[~villages["floor_kept"]]
    if len(short):
        names = name_home_villages(homes)
        named = [names.get(code, code) for code in short.index[:_MOST_NAMED]]
        more = len(short) - len(named)
        named += [_("{n} more").format(n=format_number(more))] if more else []
        return _("Below their minimum number of visits: {villages}.").format(villages=format_list(named))
    if len(villages) <= 1:
        return ""
    return ngettext(
        "The village gets at least its minimum number of visits.",
        "All {n} villages get at least their minimum number of visits.",
        len(villages),
    ).format(n=format_number(len(villages)))


def describe_violations(violations: tuple[Violation, ...], named: Named) -> list[str]:
    """Describe the rules that a plan breaks, if any."""
    return [translate(describe_violation(broken, named)) for broken in violations[:MOST_TOLD]]


def describe_left_out(plan: Plan, named: Named) -> list[str]:
    """Describe what did not fit and why, must-visits first and villages last."""
    rank = {"must": 0, "no": 1}
    ordered = sorted(plan.unmet, key=lambda one: rank.get(one.reason.partition("_")[0], 2))
    said = [translate(describe_unmet(one, named)) for one in ordered[:MOST_TOLD]]
    more = len(ordered) - len(said)
    return [*said, *([_("And {n} more.").format(n=format_number(more))] if more else [])]


def describe_cut_short(plan: Plan) -> str:
    """Describe for how many officers the search ran out of time; empty if for none."""
    n = len(plan.cut_short)
    said = ngettext(
        "The search ran out of time for {n} officer: this part could be better, and may differ when "
        "built again.",
        "The search ran out of time for {n} officers: these parts could be better, and may differ "
        "when built again.",
        n,
    )
    return said.format(n=format_number(n)) if n else ""


def name_plan_subjects(draft: Draft) -> Named:
    """Return the names used in sentences about a draft: of officers, villages and requested households."""
    week = draft.built.week
    wanted = list(draft.request.must | set(draft.request.locks))
    wanted += [broken.subject for broken in draft.built.violations[:MOST_TOLD]]
    heads = week.homes["head_name"].reindex(pd.Index(wanted, dtype="str").unique()).dropna()
    households = {str(key): str(head) for key, head in heads.items()}
    return Named(title_officers(week.officers), name_home_villages(week.homes), households)


def name_home_villages(homes: pd.DataFrame) -> dict[str, str]:
    """Return the village names of households by code."""
    names = homes.drop_duplicates("village_code").set_index("village_code")["village"].dropna()
    return {str(code): str(name) for code, name in names.items()}


def compare_weeks(stops: pd.DataFrame, before: pd.DataFrame) -> LastWeek:
    """Compare a plan with the outcome of the previous week.

    Parameters
    ----------
    stops
        Stops of the plan: ``officer_id`` and ``household_id``.
    before
        As returned by ``data.plans.follow_plan``; only the officers of the plan count.
    """
    mine = before[before["officer_id"].isin(stops["officer_id"])]
    counts = mine["state"].value_counts()
    n_done, n_open = int(counts.get("done", 0)), int(counts.get("open", 0))
    again = mine.loc[mine["state"] != "done", "household_id"].isin(stops["household_id"])
    return LastWeek(len(mine), n_done, n_open, len(mine) - n_done - n_open, int(again.sum()))


def describe_last_week(last: LastWeek) -> str:
    """Describe the outcome of the previous week and how much is planned again; empty if it had no plan."""
    said = describe_week_before(last.n_done, last.n_planned)
    if not said or last.n_planned == last.n_done:
        return said
    if last.n_open:
        rest = _("{n} are still open and {missed} were not done; {again} of these are in this plan.")
    else:
        rest = _("{missed} were not done; {again} of them are in this plan.")
    told = rest.format(
        n=format_number(last.n_open), missed=format_number(last.n_not_done), again=format_number(last.n_again)
    )
    return f"{said} {told}"


def tabulate_officer_weeks(draft: Draft, before: pd.DataFrame) -> pd.DataFrame:
    """Tabulate each officer's week, with ``planned`` and ``done`` of the previous one."""
    names: Mapping[str, str] = title_officers(draft.built.week.officers)
    rows = draft.officers.assign(name=[names.get(key, MISSING) for key in draft.officers.index])
    counts = before.groupby("officer_id").size()
    done = before[before["state"] == "done"].groupby("officer_id").size()
    rows["planned"] = counts.reindex(rows.index, fill_value=0)
    rows["done"] = done.reindex(rows.index, fill_value=0)
    return rows
