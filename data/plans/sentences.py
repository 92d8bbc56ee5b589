"""What a plan says in plain English, for programs without a screen; pages have sentences of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from geo.routes import UNMET_REASONS
from geo.routes.prizes import NEARBY_M, RECENT_DAYS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo.routes import Unmet


def describe_reasons(stops: pd.DataFrame) -> pd.Series:
    """Tell why each stop is in a plan.

    Parameters
    ----------
    stops
        As ``data.plans.BuiltPlan.stops``.

    Returns
    -------
    pandas.Series
        One sentence by household id, as sheets want it.
    """
    told = [describe_reason(row) for row in stops.to_dict("records")]
    return pd.Series(told, index=pd.Index(stops["household_id"]), dtype="str")


def describe_reason(stop: Mapping[Any, Any]) -> str:
    """Tell why a stop is in a plan.

    Examples
    --------
    >>> facts = {"status": "overdue", "days_since": 120, "tags": None}
    >>> describe_reason(facts | {"n_crimes_near": 3, "top_category": "curat", "n_top_category": 2})
    'last visit 120 days ago; 3 crimes within 300 m in 60 days (2 curat)'
    """
    never = stop["status"] == "never" or pd.isna(stop["days_since"])
    told = ["never visited" if never else f"last visit {_count(int(stop['days_since']), 'day')} ago"]
    if stop["n_crimes_near"]:
        near = (
            f"{_count(int(stop['n_crimes_near']), 'crime')} within {NEARBY_M:.0f} m in {RECENT_DAYS:.0f} days"
        )
        told.append(f"{near} ({stop['n_top_category']} {stop['top_category']})")
    if isinstance(stop["tags"], str) and stop["tags"].strip():
        told.append(" ".join(stop["tags"].split()))
    return "; ".join(told)


def describe_unmet(unmet: Unmet) -> str:
    """Tell what a plan does not do that was asked for, and why.

    Examples
    --------
    >>> from geo.routes import Unmet
    >>> describe_unmet(Unmet("floor_short", "3521072013", "P1", 3))
    '3521072013 (P1): the village gets fewer visits than its floor, 3 short.'
    """
    whose = f" ({unmet.officer_id})" if unmet.officer_id not in {"", unmet.subject} else ""
    short = f", {unmet.missing} short" if unmet.reason == "floor_short" else ""
    return f"{unmet.subject}{whose}: {UNMET_REASONS[unmet.reason]}{short}."


def _count(n: int, what: str) -> str:
    return f"{n:,} {what}{'' if n == 1 else 's'}"
