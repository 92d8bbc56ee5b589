"""Changes of a supervisor to single households of a plan, as requests, without display or building."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    import pandas as pd

    from data.plans import PlanWeek, WeekRequest

MOST_OFFERED = 50
"""Maximum number of households offered for adding."""


def lock_households(request: WeekRequest, days: Mapping[str, date]) -> WeekRequest:
    """Lock each household to a day, whenever the plan is rebuilt."""
    return replace(request, locks={**request.locks, **days}, dropped=request.dropped - set(days))


def unlock_households(request: WeekRequest, homes: Iterable[str]) -> WeekRequest:
    """Unlock households, so that the plan chooses their day again."""
    freed = set(homes)
    return replace(request, locks={name: day for name, day in request.locks.items() if name not in freed})


def move_households(request: WeekRequest, homes: Iterable[str], day: date) -> WeekRequest:
    """Move households to another day."""
    return lock_households(request, dict.fromkeys(homes, day))


def remove_households(request: WeekRequest, homes: Iterable[str]) -> WeekRequest:
    """Remove households from the week."""
    gone = frozenset(homes)
    kept = unlock_households(request, gone)
    return replace(kept, must=request.must - gone, dropped=request.dropped | gone)


def restore_households(request: WeekRequest, homes: Iterable[str]) -> WeekRequest:
    """Restore removed households, so that the plan may choose them again."""
    return replace(request, dropped=request.dropped - frozenset(homes))


def add_household(request: WeekRequest, household_id: str, day: date | None = None) -> WeekRequest:
    """Request a household with priority over all others, on a given day or on any."""
    wanted = restore_households(request, [household_id])
    wanted = replace(wanted, must=request.must | {household_id})
    return wanted if day is None else lock_households(wanted, {household_id: day})


def count_changes(request: WeekRequest) -> int:
    """Count the households changed manually."""
    return len(request.must | request.dropped | set(request.locks))


def carry_over_changes(before: WeekRequest, wanted: WeekRequest) -> WeekRequest:
    """Keep manual changes if a new request is for the same week."""
    if before.week != wanted.week:
        return wanted
    return replace(wanted, must=before.must, dropped=before.dropped, locks=before.locks)


def is_other_request(before: WeekRequest, wanted: WeekRequest) -> bool:
    """Return whether a request differs from an earlier one by more than its manual changes."""
    return carry_over_changes(before, replace(wanted, seconds=before.seconds, seed=before.seed)) != before


def list_candidates(
    week: PlanWeek, planned: Iterable[str], *, villages: Iterable[str] = (), search: str = ""
) -> pd.DataFrame:
    """List households that could be added, highest points first.

    Parameters
    ----------
    week
        The week without changes.
    planned
        Households that are in the plan.
    villages
        Limit to these village codes; all villages of the week by default.
    search
        Part of a number, a head's name or an address, case-insensitive.

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
