"""What crimes have beyond their fields: category, source, and how exactly their time is known."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from data.schema import CATEGORIES, fold_name
from data.values import read_report_numbers
from geo.precision import PRECISIONS
from geo.time_evidence import MIN_SAME_TIME, judge_precision

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from numpy.typing import NDArray

    from data.values import MomentTexts
    from geo.precision import Precision

_SOURCES = ("reported", "discovered")
_OFFSET_STEP = "15min"
_DAY, _MONTH = PRECISIONS.index("day"), PRECISIONS.index("month")


def complete_crimes(frame: pd.DataFrame) -> pd.DataFrame:
    """Derive the columns of crimes that depend on others: category, offence and source."""
    categories = frame["category"]
    canonical = {name: category for category, names in CATEGORIES.items() for name in names}
    known = {text: canonical.get(fold_name(text), text) for text in categories.dropna().unique()}
    return frame.assign(
        category=categories.map(known).astype("str"),
        offence=frame["offence"].where(frame["offence"].notna(), categories),
        source=_sources(frame),
    )


def _sources(frame: pd.DataFrame) -> pd.Series:
    """Return whether crimes were reported or discovered: by the field, else by the model in the LP number."""
    stated = frame["source"].where(frame["source"].isin(_SOURCES))
    number = read_report_numbers(frame["crime_id"])
    by_number = np.select([number.discovered, number.reported], ["discovered", "reported"], "unknown")
    return stated.where(stated.notna(), pd.Series(by_number, index=frame.index, dtype="str"))


def find_crime_notices(frame: pd.DataFrame, zone: ZoneInfo) -> dict[str, NDArray[np.bool_]]:
    """Find warnings about acceptable rows: crimes dated after the year in their report number."""
    year = read_report_numbers(frame["crime_id"]).year
    local = frame["occurred_at"].dt.tz_convert(zone).dt.year.to_numpy(dtype="float64", na_value=0)
    return {"after_report": (year > 0) & (local > year)}


def settle_times(
    begin: MomentTexts, end: MomentTexts, *, zone: ZoneInfo, home: ZoneInfo, stated: Precision | None = None
) -> pd.DataFrame:
    """Settle how exactly the times of a file's crimes are known, and which time each covers.

    Parameters
    ----------
    begin, end
        The times at which each crime happened (the earliest), and the latest, as read.
    zone
        Time zone of the file's times that name none.
    home
        Time zone of the unit, in which a date is a local day and a month a local month.
    stated
        The precision that the user states for all rows; no text can be more exact than it is written, and
        ``interval`` is not stated but given by two times.

    Returns
    -------
    pandas.DataFrame
        n rows: ``time_precision``; ``time_evidence`` (see ``data.schema.TIME_EVIDENCE``); ``covers_from`` and
        ``covers_to`` (``datetime64[us, UTC]``), to be stored as ``occurred_at`` and ``occurred_to``: a date
        begins at midnight in ``home``, and an end that is a date includes its day; ``reversed``, where the
        end is before the begin.
    """
    first = _judge(begin, zone, home, stated, is_begin=True)
    lower = _cover(begin.moments, first, home)
    if end.moments.isna().all():
        last, upper, whole = first, end.moments, pd.Series(False, index=lower.index)
    else:
        last = _judge(end, zone, home, stated, is_begin=False)
        upper = _cover(end.moments, last, home, after=True)
        whole = (first["level"] >= _DAY) & (upper == _to_moments(first, home, after=True))
    spans = (upper > lower) & ~whole
    names = pd.Series(np.asarray(PRECISIONS)[first["level"]], index=lower.index, dtype="str")
    return pd.DataFrame(
        {
            "time_precision": names.mask(spans, "interval").astype("str"),
            "time_evidence": first["evidence"].mask(spans, "from_to").astype("str"),
            "covers_from": lower,
            "covers_to": upper.mask(whole),
            "reversed": (upper < lower) | ((last["level"] >= _DAY) & (upper == lower)),
        }
    )


def count_precisions(rows: pd.DataFrame) -> pd.DataFrame:
    """Count crimes by how exactly their time is known, and by what shows it.

    Parameters
    ----------
    rows
        ``time_precision`` and ``time_evidence`` of ``settle_times``.

    Returns
    -------
    pandas.DataFrame
        ``precision``, ``evidence`` and ``n_rows``, in the order of ``PRECISIONS``, then by number.
    """
    counts = rows.groupby(["time_precision", "time_evidence"], sort=False).size()
    table = counts.rename("n_rows").rename_axis(["precision", "evidence"]).reset_index()
    table = table.sort_values("n_rows", ascending=False, kind="stable")
    order = pd.Index(PRECISIONS).get_indexer(pd.Index(table["precision"]))
    return table.iloc[np.argsort(order, kind="stable")].reset_index(drop=True)


def _judge(
    read: MomentTexts, zone: ZoneInfo, home: ZoneInfo, stated: Precision | None, *, is_begin: bool
) -> pd.DataFrame:
    """Judge how exactly times are known: ``level`` (place in ``PRECISIONS``), ``evidence`` and ``day``."""
    local = read.moments.dt.tz_convert(home).dt.tz_localize(None)
    judge = partial(judge_precision, min_midnights=1 if is_begin else MIN_SAME_TIME, judge_share=is_begin)
    if read.with_clock.all():
        judged = judge(local, read.given)
    else:
        judged = judge(read.written, read.given, readings=_read_otherwise(read, local, zone))
        if read.with_clock.any():
            clocked = judge(local.where(read.with_clock), read.given)
            judged = clocked.where(pd.Series(read.with_clock, index=local.index), judged)
    level = pd.Index(PRECISIONS).get_indexer(pd.Index(judged["precision"]))
    day = judged["day"].where(level >= _DAY, local.dt.normalize())
    if stated is None:
        return pd.DataFrame({"level": level, "evidence": judged["evidence"], "day": day})
    written = pd.Index(PRECISIONS).get_indexer(pd.Index(read.given))
    most = np.maximum(written, PRECISIONS.index(stated))
    unsaid = {"day": "no_time", "month": "month_text"}
    evidence = read.given.map(unsaid).where(most == written).fillna("stated")
    return pd.DataFrame({"level": most, "evidence": evidence, "day": day})


def _read_otherwise(read: MomentTexts, local: pd.Series, zone: ZoneInfo) -> dict[str, pd.Series]:
    """Read the times as written also as local times here, and as moments in UTC where they name no zone.

    Offsets from UTC are whole quarters of an hour: with any other minute in the column, no reading of it is
    of midnights alone, and there is none to try.
    """
    timed = read.written[(read.given == "minute") & read.written.notna()]
    if (timed != timed.dt.floor(_OFFSET_STEP)).any():
        return {}
    as_utc = read.written.dt.tz_localize("UTC").mask(read.zoned).dt.tz_convert(zone).dt.tz_localize(None)
    return ({} if read.with_clock.any() else {"local_midnights": local}) | {"utc_midnights": as_utc}


def _cover(moments: pd.Series, judged: pd.DataFrame, home: ZoneInfo, *, after: bool = False) -> pd.Series:
    """Return the moments, and for days and months the midnight that begins (or ends) them."""
    timed = judged["level"] < _DAY
    return moments if timed.all() else moments.where(timed, _to_moments(judged, home, after=after))


def _to_moments(judged: pd.DataFrame, home: ZoneInfo, *, after: bool = False) -> pd.Series:
    """Return the midnight that begins each day or month; with ``after``, the one that ends it."""
    days = judged["day"].to_numpy().astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    is_month = (judged["level"] == _MONTH).to_numpy()
    edge = np.where(is_month, (months + after).astype("datetime64[D]"), days + after)
    first = np.ones(len(edge), dtype=bool)
    local = pd.DatetimeIndex(edge.astype("datetime64[us]"))
    aware = local.tz_localize(home, ambiguous=first, nonexistent="shift_forward").tz_convert("UTC")
    return pd.Series(aware.as_unit("us"), index=judged.index)
