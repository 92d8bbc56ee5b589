"""Assessment of visits: distance to the household, flags and class."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.checks import require_unique
from geo.errors import ColumnError
from geo.evidence.columns import rank_labels, require_log, take_fixes, take_numbers
from geo.evidence.descriptions import CLASS_DESCRIPTIONS, FLAGS
from geo.evidence.location_flags import flag_mock_fix, flag_outside_village, flag_stacked
from geo.evidence.remark_flags import flag_copied_remarks
from geo.evidence.rules import DEFAULT_RULES, EvidenceRules
from geo.evidence.time_flags import flag_burst, flag_duplicate, flag_odd_hours, flag_too_fast
from geo.ground import measure_ground_distance
from geo.groups import find_positions

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

_CLASSES = list(CLASS_DESCRIPTIONS)
_USED = ("visited_at", "officer_id", "household_id", "lon", "lat", "accuracy_m", "remarks")


def assess_visits(
    visits: pd.DataFrame,
    households: pd.DataFrame,
    areas: gpd.GeoDataFrame,
    *,
    time_zone: str,
    rules: EvidenceRules = DEFAULT_RULES,
) -> pd.DataFrame:
    """Assess each reported visit by its GPS record.

    A flag is a question, never a verdict. Some flags look at an officer's other visits, up to 30 days
    away, and ``mock_fix`` at all of them: assess the whole log, then choose a period.

    Parameters
    ----------
    visits
        With a unique index, ``visited_at`` (tz-aware) and ``officer_id``; ``household_id``, ``lon`` and
        ``lat`` (WGS84), ``accuracy_m`` (metres) and ``remarks`` may be missing in part or as columns.
        Ids may be text or categorical.
    households
        Indexed by household id, with ``lon``, ``lat`` (WGS84) and ``village_code``.
    areas
        Villages in any CRS, indexed by code.
    time_zone
        Time zone of the local days and hours, such as ``"Asia/Jakarta"``.
    rules
        The numbers behind classes and flags.

    Returns
    -------
    pandas.DataFrame
        On the index of ``visits``: ``distance_m`` from the fix to the household (NaN where one of them
        has no point), ``evidence`` (an ordered category: supported, nearby, unlocated, to_review), a
        boolean for each flag of `geo.evidence.FLAGS`, and ``n_flags``.

        *to_review* has a flag, even without a fix. Otherwise *unlocated* has no distance, *supported* a
        distance of at most max(``support_m``, min(accuracy, ``support_cap_m``)), and *nearby* a greater
        one: in the right village, or up to ``outside_m`` beyond its border, or with a household of no
        known village.

    Raises
    ------
    ColumnError
        If a column is missing, ``visited_at`` has no time zone, or an index repeats an id.
    PeriodError
        If the time zone is unknown.
    CRSError
        If the areas have no CRS.
    GeometryError
        If the areas are not polygons.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> areas = gpd.GeoDataFrame(geometry=[box(111, -7.5, 111.1, -7.4)], index=["v1"], crs="EPSG:4326")
    >>> households = pd.DataFrame({"lon": 111.05, "lat": -7.45, "village_code": "v1"}, index=["h1", "h2"])
    >>> at = pd.DatetimeIndex(["2026-10-05 09:00", "2026-10-05 10:00", "2026-10-06 23:00"])
    >>> visits = pd.DataFrame(
    ...     {
    ...         "visited_at": at.tz_localize("Asia/Jakarta"),
    ...         "officer_id": "o1",
    ...         "household_id": ["h1", "h2", "h2"],
    ...         "lon": [111.05, 111.06, 111.05],
    ...         "lat": -7.45,
    ...     }
    ... )
    >>> assess_visits(visits, households, areas, time_zone="Asia/Jakarta")[["distance_m", "evidence"]].round()
       distance_m   evidence
    0         0.0  supported
    1      1104.0     nearby
    2         0.0  to_review
    """
    require_log(visits)
    require_unique(households)
    if not visits.index.is_unique:
        repeated = visits.index[visits.index.duplicated()][0]
        raise ColumnError(
            "The visit {repeated!r} is there more than once: give each visit one row.", repeated=repeated
        )
    log = _prepare(visits)
    distance_m = measure_distance(log, households).to_numpy()
    accuracy_m = take_numbers(log, "accuracy_m")
    close = distance_m <= compute_support_distance(accuracy_m, rules=rules)
    flags = _raise_flags(log, households, areas, time_zone=time_zone, rules=rules, close=close)
    n_flags = np.asarray(np.sum(list(flags.values()), axis=0, dtype=np.int8))
    codes = _class_of(distance_m, close, n_flags)
    evidence = pd.Categorical.from_codes(codes, pd.Index(_CLASSES), ordered=True)
    answer = {"distance_m": distance_m, "evidence": evidence, **flags, "n_flags": n_flags}
    return pd.DataFrame(answer, index=visits.index)


def measure_distance(visits: pd.DataFrame, households: pd.DataFrame) -> pd.Series:
    """Measure the distance from each visit's fix to its household.

    Parameters
    ----------
    visits
        With ``household_id``, ``lon`` and ``lat`` (WGS84), all of which may be missing.
    households
        Indexed by household id, with ``lon`` and ``lat``.

    Returns
    -------
    pandas.Series
        ``distance_m`` in metres on the index of ``visits``; NaN where the fix or the household's point is
        missing.

    Examples
    --------
    >>> households = pd.DataFrame({"lon": [111.0], "lat": [-7.4]}, index=["h1"])
    >>> visits = pd.DataFrame({"household_id": ["h1", "h9"], "lon": 111.001, "lat": -7.4})
    >>> measure_distance(visits, households).round(1).tolist()
    [110.4, nan]
    """
    lon, lat = take_fixes(visits)
    home_lon, home_lat = (np.append(part, np.nan) for part in take_fixes(households))  # the last for none
    none = np.full(len(visits), -1)
    home = (
        find_positions(visits["household_id"], households.index) if "household_id" in visits.columns else none
    )
    distance = measure_ground_distance(lon, lat, home_lon[home], home_lat[home])
    return pd.Series(distance, index=visits.index, name="distance_m")


def compute_support_distance(
    accuracy_m: NDArray[np.float64], *, rules: EvidenceRules = DEFAULT_RULES
) -> NDArray[np.float64]:
    """Compute the distance from its household up to which a fix supports a visit.

    Parameters
    ----------
    accuracy_m
        Accuracy of each fix as reported by the phone, metres; NaN where it reports none.
    rules
        With ``support_m`` and ``support_cap_m``.

    Returns
    -------
    numpy.ndarray
        Metres: max(``support_m``, min(accuracy, ``support_cap_m``)).

    Examples
    --------
    >>> compute_support_distance(np.array([5.0, 50.0, 400.0, np.nan])).tolist()
    [30.0, 50.0, 100.0, 30.0]
    """
    return np.fmax(
        rules.support_m, np.fmin(np.where(np.isnan(accuracy_m), 0.0, accuracy_m), rules.support_cap_m)
    )


def _prepare(visits: pd.DataFrame) -> pd.DataFrame:
    """Convert ids to categories once for all flags, and index rows by their rank, which sorts faster."""
    log = visits[[column for column in _USED if column in visits.columns]]
    ids = [column for column in ("officer_id", "household_id") if column in log.columns]
    return log.astype(dict.fromkeys(ids, "category")).set_axis(rank_labels(visits.index))


def _raise_flags(
    log: pd.DataFrame,
    households: pd.DataFrame,
    areas: gpd.GeoDataFrame,
    *,
    time_zone: str,
    rules: EvidenceRules,
    close: NDArray[np.bool_],
) -> dict[str, NDArray[np.bool_]]:
    spared = pd.Series(close, index=log.index) if rules.stacked_spares_supported else None
    untimed = rules.midnight_is_unknown
    flags = [
        flag_outside_village(log, households, areas, beyond_m=rules.outside_m),
        flag_stacked(
            log,
            time_zone=time_zone,
            at_least=rules.stacked_households,
            within_m=rules.stacked_m,
            spared=spared,
        ),
        flag_too_fast(
            log,
            time_zone=time_zone,
            fastest_km_per_h=rules.fastest_km_per_h,
            clock_s=rules.clock_s,
            midnight_is_unknown=untimed,
        ),
        flag_burst(
            log,
            time_zone=time_zone,
            at_least=rules.burst_visits,
            within_minutes=rules.burst_minutes,
            midnight_is_unknown=untimed,
        ),
        flag_odd_hours(
            log,
            time_zone=time_zone,
            day_begins=rules.day_begins,
            day_ends=rules.day_ends,
            midnight_is_unknown=untimed,
        ),
        flag_duplicate(log, time_zone=time_zone),
        flag_copied_remarks(
            log,
            ratio=rules.copied_ratio,
            characters=rules.copied_characters,
            at_least=rules.copied_visits,
            within_days=rules.copied_days,
        ),
        flag_mock_fix(log, time_zone=time_zone, at_least_days=rules.mock_days),
    ]
    raised = {flag.name: flag.to_numpy() for flag in flags}
    return {name: raised[name] for name in FLAGS}


def _class_of(
    distance_m: NDArray[np.float64], close: NDArray[np.bool_], n_flags: NDArray[np.int8]
) -> NDArray[np.intp]:
    """Return the position of each visit's class in the list of classes."""
    names = ["to_review", "unlocated", "supported", "nearby"]
    to_review, unlocated, supported, nearby = (_CLASSES.index(name) for name in names)
    return np.select(
        [n_flags > 0, np.isnan(distance_m), close], [to_review, unlocated, supported], nearby
    ).astype(np.intp)
