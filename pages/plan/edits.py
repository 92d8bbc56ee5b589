"""What a supervisor changes in a plan household by household, as requests: nothing is drawn or built."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    import pandas as pd

    from data.plans import PlanWeek, WeekRequest

MOST_OFFERED = 50
"""Households to add that a pick list holds."""


def lock_households(request: WeekRequest, days: Mapping[str, date]) -> WeekRequest:
    """Hold households on a day each, whatever is planned again."""
    return replace(request, locks={**request.locks, **days}, dropped=request.dropped - set(days))


def unlock_households(request: WeekRequest, homes: Iterable[str]) -> WeekRequest:
    """Let the plan choose the day of households again."""
    freed = set(homes)
    return replace(request, locks={name: day for name, day in request.locks.items() if name not in freed})


def move_households(request: WeekRequest, homes: Iterable[str], day: date) -> WeekRequest:
    """Put households on another day."""
    return lock_households(request, dict.fromkeys(homes, day))


def remove_households(request: WeekRequest, homes: Iterable[str]) -> WeekRequest:
    """Take households out of the week."""
    gone = frozenset(homes)
    kept = unlock_households(request, gone)
    return replace(kept, must=request.must - gone, dropped=request.dropped | gone)


def restore_households(request: WeekRequest, homes: Iterable[str]) -> WeekRequest:
    """Let the plan choose households again that were taken out."""
    return replace(request, dropped=request.dropped - frozenset(homes))


def add_household(request: WeekRequest, household_id: str, day: date | None = None) -> WeekRequest:
    """Have a household visited before all others, on a day or on any."""
    wanted = restore_households(request, [household_id])
    wanted = replace(wanted, must=request.must | {household_id})
    return wanted if day is None else lock_households(wanted, {household_id: day})


def count_changes(request: WeekRequest) -> int:
    """Count the households that a person changed."""
    return len(request.must | request.dropped | set(request.locks))


def carry_over_changes(before: WeekRequest, wanted: WeekRequest) -> WeekRequest:
    """Keep what a person changed where the same week is asked for in another way."""
    if before.week != wanted.week:
        return wanted
    return replace(wanted, must=before.must, dropped=before.dropped, locks=before.locks)


def is_other_request(before: WeekRequest, wanted: WeekRequest) -> bool:
    """Whether another week, other officers or another purpose are asked for than before."""
    return carry_over_changes(before, replace(wanted, seconds=before.seconds, seed=before.seed)) != before


def list_candidates(
    week: PlanWeek, planned: Iterable[str], *, villages: Iterable[str] = (), search: str = ""
) -> pd.DataFrame:
    """List households that could be added, those worth most first.

    Parameters
    ----------
    week
        The week without changes.
    planned
        Households that are in the plan.
    villages
        Only these; all of the week without any.
    search
        Part of a number, a head's name or an address; letters' case does not matter.

    Returns
    -------
    pandas.DataFrame
        Rows of ``week.homes``, at most ``MOST_OFFERED``.
    """
    homes, codes = week.homes, set(villages)
    chosen = ~homes.index.isin(list(planned)) & homes["lon"].notna().to_numpy()
    if codes:
        chosen &= homes["village_code"].isin(codes).to_numpy()
    homes = homes[chosen]
    text = search.strip().casefold()
    if text:
        fields = (homes.index.to_series(), homes["head_name"], homes["address"])
        hits = [part.fillna("").str.casefold().str.contains(text, regex=False).to_numpy() for part in fields]
        homes = homes[hits[0] | hits[1] | hits[2]]
    worth = week.prizes["prize"].reindex(homes.index)
    return homes.loc[worth.sort_values(ascending=False, kind="stable").index[:MOST_OFFERED]]
