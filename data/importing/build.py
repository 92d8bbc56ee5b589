"""Building of records from checked rows: villages with polygons, or rows with key, village and household."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import shapely

from data import repository
from data.importing import boundaries
from data.importing.district_names import fill_district_names
from data.importing.health import check_boundaries
from data.importing.job import BuildResult, ImportJob
from data.importing.keys import fill_keys, refuse_duplicates
from data.importing.matching import match_visits
from data.importing.people import find_missing_heads, find_unknown_officers
from data.importing.places import find_far_points, find_named_villages, place_records
from data.importing.register import BPS, KEMENDAGRI, widen_scope
from data.schema import CANONICAL, find_failures
from data.settings import get_settings
from data.validation.records import pick_texts
from data.values import read_codes

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from data.validation import CheckedRows, Faults


def build_villages(job: ImportJob, checked: CheckedRows) -> BuildResult:
    """Build villages from a boundary file."""
    faults, scheme = checked.faults, job.scheme or "none"
    texts = pick_texts(job.raw, job.mapping, job.dataset)
    shapes = boundaries.read_boundary_shapes(
        job.raw, texts["shape"], crs=job.options.known_crs, faults=faults
    )
    names = job.options.districts
    frame = checked.frame.assign(district=fill_district_names(checked.frame, names, job.register, job.scheme))
    if job.register.can_translate(job.scheme):
        codes = frame["village_code"].map(job.register.crosswalk).astype("str")
        faults.add("no_crosswalk", frame["village_code"].notna() & codes.isna())
        frame, scheme = frame.assign(village_code=codes), "kemendagri"
    villages = boundaries.assemble_villages(frame, shapes, scheme, faults)
    if job.options.set_apart:
        faults.add("set_apart", boundaries.find_non_villages(villages))
    keys = villages["village_code"].astype("str")
    compared = pd.DataFrame(villages.drop(columns="geometry")).assign(shape=shapely.to_wkb(shapes.geometry))
    refuse_duplicates(compared, keys, faults)
    good = ~faults.rows
    records = villages[good].drop(columns="village_code")
    mended = villages.assign(change_km2=shapes.change_km2)[good & shapes.repaired].set_index("village_code")
    health = check_boundaries(gpd.GeoDataFrame(records.set_axis(keys[records.index])), scheme=scheme)
    unnamed = (villages["district"].isna() & bool(names)).to_numpy(dtype=bool)
    repairs = pd.DataFrame(mended[["village", "change_km2"]])
    return BuildResult(records, keys, {"no_district_name": unnamed}, repairs=repairs, health=health)


def build_records(job: ImportJob, checked: CheckedRows) -> BuildResult:
    """Build records of any other dataset."""
    faults, dataset = checked.faults, job.dataset
    frame = _translate_codes(job, checked.frame, faults)
    keys = fill_keys(frame, dataset, faults)
    refuse_duplicates(frame, keys, faults)
    records = frame[~faults.rows].drop(columns=dataset.key, errors="ignore")
    if dataset.name == "crimes":  # after the keys, which stay those of the times as they are written
        records = records.assign(occurred_at=records["covers_from"], occurred_to=records["covers_to"])
    if not dataset.has_places:
        return BuildResult(records, keys)
    records = records.join(place_records(records, job.register))
    notices = _notice_places(records, job) | _notice_people(records, job)
    if dataset.name == "visits":
        matches = _match(job, records)
        records = records.join(matches[["household_id", "household_match"]])
        notices |= _notice_households(records, matches)
    return BuildResult(
        records, keys, {code: _spread(rows, checked.frame.index) for code, rows in notices.items()}
    )


def _translate_codes(job: ImportJob, frame: pd.DataFrame, faults: Faults) -> pd.DataFrame:
    """Turn given village codes into those in force, or mark the scheme of those that differ from it."""
    if job.dataset.name == "officers":
        lists, unknown = job.register.translate_lists(frame["villages"])
        faults.add("no_crosswalk", unknown)
        return frame.assign(villages=lists)
    return _mark_codes(job, frame) if job.dataset.has_places else frame


def _mark_codes(job: ImportJob, frame: pd.DataFrame) -> pd.DataFrame:
    """Prefix given village codes with their scheme, where it differs from the scheme in force.

    P-codes are BPS codes, whatever was stated for the file.
    """
    codes = frame["village_code_given"].astype("str")
    if codes.isna().all():
        return frame
    in_force = job.register.scheme
    read = read_codes(pick_texts(job.raw, job.mapping, job.dataset)["village_code"])
    if in_force == "bps":
        foreign = (read.dotted | (job.scheme == "kemendagri")) & ~read.prefixed
    else:
        foreign = read.prefixed | (job.scheme == "bps")
    prefix = KEMENDAGRI if in_force == "bps" else BPS
    return frame.assign(village_code_given=codes.where(~foreign, prefix + codes))


def _match(job: ImportJob, visits: pd.DataFrame) -> pd.DataFrame:
    households = repository.read_households(job.database, widen_scope(job.principal), personal=True)
    return match_visits(visits, households, job.register, max_distance_m=get_settings().match_distance_m)


def _notice_places(records: pd.DataFrame, job: ImportJob) -> dict[str, pd.Series]:
    """Find rows that lie far away, and rows whose village name or code is unknown or ambiguous."""
    named = records["village_given"].notna() | records["village_code_given"].notna()
    lost = (records["placement"] == "unlocated") & named & records["village_code"].isna()
    several = pd.Series(False, index=records.index)
    if lost.any():
        several.loc[lost] = find_named_villages(records[lost], job.register).ambiguous
    return {
        "far_away": pd.Series(find_far_points(records, job.register.villages), index=records.index),
        "ambiguous_village": several,
        "unknown_village": lost & ~several,
    }


def _notice_people(records: pd.DataFrame, job: ImportJob) -> dict[str, pd.Series]:
    """Find visits by officers who are in no register, and rows without the head of their household."""
    notices = {}
    if job.dataset.name == "visits":
        known = repository.read_officers(job.database, widen_scope(job.principal)).index
        notices["unknown_officer"] = find_unknown_officers(records["officer_id"], known)
    if "head_name" in records:
        notices["missing_head"] = find_missing_heads(records["head_name"], job.mapping)
    return notices


def _notice_households(records: pd.DataFrame, matches: pd.DataFrame) -> dict[str, pd.Series]:
    """Find visits whose household is unknown or ambiguous."""
    named = records["household_given"].notna() | records["head_name"].notna()
    lost = named & matches["household_id"].isna()
    return {
        "ambiguous_household": matches["ambiguous"].astype(bool),
        "unknown_household": lost & ~matches["ambiguous"].astype(bool),
    }


def _spread(rows: pd.Series, index: pd.Index) -> NDArray[np.bool_]:
    return rows.reindex(index, fill_value=False).to_numpy(dtype=bool)


def check_records(job: ImportJob, outcome: BuildResult, faults: Faults) -> pd.DataFrame:
    """Select the canonical columns of records, and remove rows that still fail the schema."""
    columns = CANONICAL[job.dataset.name].columns
    records = outcome.records.astype({name: "str" for name, column in columns.items() if _is_text(column)})
    records = records[[*columns, *(["geometry"] if "geometry" in records else [])]]
    keyed = records.set_axis(outcome.keys[records.index].rename(job.dataset.key))
    for reason, rows in find_failures(keyed, job.dataset.name).items():
        faults.add(reason, job.raw.frame.index.isin(records.index[rows]))
    return records[~faults.rows[records.index]]


def _is_text(column: object) -> bool:
    return str(getattr(column, "dtype", "")) == "str"
