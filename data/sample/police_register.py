"""Crimes as recorded in a police register: report numbers, wording, missing values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from data.sample.clock import to_local_times, to_times
from data.sample.crimes import OFFENCE_NAMES, find_nearest_district
from data.sample.hotspots import CATEGORIES
from data.sample.plane import to_degrees
from data.sample.text import pick_words
from data.sample.visits import assign_villages, name_villages
from geo.join import locate_points

if TYPE_CHECKING:
    from data.sample.crimes import Cases
    from data.sample.land import Land

WITHOUT_POINT = 0.05  # of the crimes have a village name and no coordinates
STATUSES = {"penyelidikan": 0.38, "penyidikan": 0.27, "selesai": 0.35}
SOURCES = ("reported", "discovered")
LETTERS = ("B", "A")  # LP-B is a report by the public, LP-A one by the police
_MONTHS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


def describe_crimes(land: Land, cases: Cases, rng: np.random.Generator) -> pd.DataFrame:
    """Make the data frame of crimes.

    Parameters
    ----------
    land
        The villages.
    cases
        The crimes.
    rng
        Random number generator.

    Returns
    -------
    pandas.DataFrame
        The canonical columns of crimes, indexed by ``crime_id`` in order of time.
    """
    n = len(cases.category)
    lonlat = to_degrees(cases.xy)
    village = land.frame.index.get_indexer(locate_points(lonlat[:, 0], lonlat[:, 1], land.frame))
    vague = (rng.random(n) < WITHOUT_POINT) & (village >= 0)
    lonlat[vague] = np.nan
    code, placement = assign_villages(land, lonlat, village)
    frame = pd.DataFrame(
        {
            "occurred_at": to_times(cases.begin),
            "occurred_to": to_times(cases.end),
            "time_precision": np.where(cases.end > cases.begin, "interval", "minute"),
            "category": pick_words(CATEGORIES, cases.category),
            "offence": pick_words(OFFENCE_NAMES, cases.offence),
            "lon": lonlat[:, 0],
            "lat": lonlat[:, 1],
            "source": pick_words(SOURCES, cases.discovered.astype(int)),
            "status": pick_words(list(STATUSES), rng.choice(len(STATUSES), n, p=list(STATUSES.values()))),
            "village_code": code,
            "placement": placement,
            **name_villages(land, np.where(vague, village, -1)),
        }
    )
    frame.index = _number_reports(land, cases)
    return frame


def _number_reports(land: Land, cases: Cases) -> pd.Index:
    """Make report numbers such as LP/B/12/III/2026/SPKT/POLSEK KARSA, counted by station, year and letter."""
    when = to_local_times(cases.begin)
    report = pd.DataFrame(
        {
            "letter": pick_words(LETTERS, cases.discovered.astype(int)),
            "month": pick_words(_MONTHS, when.month.to_numpy() - 1),
            "year": when.year.astype("str"),
            "station": pick_words(
                land.frame["district"].str.upper().array[land.capitals], find_nearest_district(land, cases.xy)
            ),
        }
    )
    count = (report.groupby(["station", "year", "letter"]).cumcount() + 1).astype("str")
    report["head"] = "LP/" + report["letter"] + "/" + count + "/" + report["month"]
    return pd.Index(
        report["head"] + "/" + report["year"] + "/SPKT/POLSEK " + report["station"], name="crime_id"
    )
