"""Where visits count: in the village of their household, or else of their own point."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo.checks import require_columns, require_unique
from geo.errors import Phrase
from geo.groups import NOWHERE, find_positions

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray


def find_visit_villages(
    visits: pd.DataFrame, households: pd.DataFrame, villages: pd.Index
) -> NDArray[np.intp]:
    """Find the village that each visit counts for.

    It is the village where its household is registered or, without a registered household, where its own
    point lies.

    Parameters
    ----------
    visits
        n visits with ``household_id`` and ``village_code`` (text or categorical; the latter is several times
        as fast), the village that the visit's own point lies in.
    households
        Registered households, indexed by household id, with ``village_code``.
    villages
        Codes of the villages.

    Returns
    -------
    numpy.ndarray
        n positions in ``villages``, `geo.groups.NOWHERE` (-1) for a visit that counts in none of them, such
        as one to a household that is registered, but in no village.

    Raises
    ------
    ColumnError
        If a column is missing, or a household id repeats.

    Examples
    --------
    >>> import pandas as pd
    >>> households = pd.DataFrame({"village_code": ["v1", None]}, index=["h1", "h2"])
    >>> visits = pd.DataFrame(
    ...     {"household_id": ["h1", "h2", None, "unknown"], "village_code": ["v2", "v2", "v2", None]}
    ... )
    >>> find_visit_villages(visits, households, pd.Index(["v1", "v2"])).tolist()
    [0, -1, 1, -1]
    """
    require_columns(visits, ("household_id", "village_code"), Phrase("visits"))
    require_columns(households, ("village_code",), Phrase("households"))
    require_unique(households)
    household = find_positions(visits["household_id"], households.index)
    of_household = np.append(find_positions(households["village_code"], villages), NOWHERE)[household]
    own = find_positions(visits["village_code"], villages)
    return np.where(household == NOWHERE, own, of_household)
