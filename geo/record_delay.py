"""How late events reach the record, learned from earlier imports."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from sklearn.isotonic import IsotonicRegression

from geo.checks import require_columns
from geo.errors import Phrase

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

ARRIVED_SHARE = 0.95
"""Share of a day's events from which the day counts as complete."""
FOLLOW_UP_DAYS = 90
"""Days after which all events of a day are taken to be on record: six times a mean delay of 14 days, by which
99.8 % have arrived. Younger events teach nothing yet, because the late ones among them are not known."""
MIN_TO_LEARN = 100
"""Events from which a delay is learned: five late ones among them at a share of 95 %."""
_MOST_IMPORTS = 100  # the latest earlier imports to learn from


def learn_delay(arrivals: pd.DataFrame, *, share: float = ARRIVED_SHARE) -> int | None:
    """Learn how many days before its last event an import is complete.

    At each earlier import, an event of a certain age (days before the last event on record at that time) had
    arrived or had not, as is known by now. Those are current-status data: the share that has arrived by an
    age is the isotonic regression of these answers on age (Ayer, Brunk, Ewing, Reid & Silverman 1955).

    Parameters
    ----------
    arrivals
        One row for each day, import and district: ``day`` (whole number of days, from any day), ``batch``
        (number of the import that first brought the events, rising with time), ``district_code`` (missing
        where unknown) and ``n`` (number of events).
    share
        Share of events that must have arrived, between 0 and 1.

    Returns
    -------
    int or None
        The lowest age, in days, at which the share had arrived; ``FOLLOW_UP_DAYS`` if it had at none. None
        if there are too few imports, or fewer than ``MIN_TO_LEARN`` events to learn from.

    Raises
    ------
    ColumnError
        If a column is missing.

    Examples
    --------
    Ten events a day, imported on day 50 and on day 200: those of the 4 days before came with the second.

    >>> import pandas as pd
    >>> day = np.arange(201)
    >>> first = (day <= 45) | (day == 50)
    >>> arrivals = pd.DataFrame({"day": day, "batch": np.where(first, 1, 2), "n": 10})
    >>> learn_delay(arrivals.assign(district_code="352107"))
    5
    """
    require_columns(arrivals, ("day", "batch", "district_code", "n"), Phrase("arrivals"))
    if arrivals["batch"].min() == arrivals["batch"].max():
        return None
    n_known, n_arrived, n_events = _ask_imports(arrivals)
    if n_events < MIN_TO_LEARN:
        return None
    ages = np.flatnonzero(n_known)
    shares = IsotonicRegression().fit_transform(
        ages, n_arrived[ages] / n_known[ages], sample_weight=n_known[ages]
    )
    enough = ages[shares >= share]
    return int(enough[0]) if len(enough) else FOLLOW_UP_DAYS


def _ask_imports(arrivals: pd.DataFrame) -> tuple[NDArray[np.int64], NDArray[np.int64], int]:
    """Count by age the events known by now, and those that had arrived, over all earlier imports."""
    day, n = (arrivals[name].to_numpy(dtype=np.int64) for name in ("day", "n"))
    numbers, batch = np.unique(arrivals["batch"].to_numpy(), return_inverse=True)
    last = np.full(len(numbers), np.iinfo(np.int64).min)
    np.maximum.at(last, batch, day)
    reach = np.maximum.accumulate(last)  # last day on record after each import
    begun = _first_batches(arrivals["district_code"], batch)
    settled = day <= reach[-1] - FOLLOW_UP_DAYS
    known, arrived = np.zeros(FOLLOW_UP_DAYS, dtype=np.int64), np.zeros(FOLLOW_UP_DAYS, dtype=np.int64)
    used = np.zeros(len(day), dtype=bool)
    for place in range(max(len(numbers) - 1 - _MOST_IMPORTS, 0), len(numbers) - 1):
        age = reach[place] - day
        asked = settled & (age >= 0) & (age < FOLLOW_UP_DAYS) & (begun <= place)
        here = asked & (batch <= place)
        known += np.bincount(age[asked], n[asked], FOLLOW_UP_DAYS).astype(np.int64)
        arrived += np.bincount(age[here], n[here], FOLLOW_UP_DAYS).astype(np.int64)
        used |= asked
    return known, arrived, int(n[used].sum())


def _first_batches(district: pd.Series, batch: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return for each event the first import that brought any event of its district."""
    code = district.astype("category").cat.codes.to_numpy() + 1
    first = np.full(code.max(initial=0) + 1, np.iinfo(np.int64).max)
    np.minimum.at(first, code, batch)
    return first[code]
