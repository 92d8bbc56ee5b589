"""The tables in SQLAlchemy Core, the same on SQLite and PostgreSQL.

Times are whole seconds since 1970-01-01 UTC, coordinates WGS84, geometry WKB in WGS84. ``batch_id`` is
the import that wrote the row. Rows that an import replaced are kept in the table's ``replaced_…`` twin until
that import is undone.
"""

from __future__ import annotations

import pyarrow as pa
import sqlalchemy as sa

metadata = sa.MetaData()

PLACE_COLUMNS = (
    "lon", "lat", "village_code", "placement", "village_given", "district_given", "village_code_given",
)  # fmt: skip
"""Location of a record: its fix, the village found for it, and the village stated in its file."""


def _place_columns() -> list[sa.Column]:
    return [
        sa.Column(
            name,
            sa.Double if name in {"lon", "lat"} else sa.Text,
            nullable=name != "placement",
        )
        for name in PLACE_COLUMNS
    ]


def _batch_column() -> sa.Column:
    return sa.Column("batch_id", sa.Integer, sa.ForeignKey("batches.batch_id"), nullable=False, index=True)


batches = sa.Table(
    "batches",
    metadata,
    sa.Column("batch_id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("dataset", sa.Text, nullable=False),
    sa.Column("file_name", sa.Text, nullable=False),
    sa.Column("fingerprint", sa.Text, nullable=False),
    sa.Column("imported_at", sa.BigInteger, nullable=False),
    sa.Column("imported_by", sa.Text, nullable=False),
    sa.Column("rows_read", sa.Integer, nullable=False),
    sa.Column("rows_accepted", sa.Integer, nullable=False),
    sa.Column("rows_quarantined", sa.Integer, nullable=False),
    sa.Column("rows_new", sa.Integer, nullable=False),
    sa.Column("rows_changed", sa.Integer, nullable=False),
    sa.Column("rows_outside", sa.Integer, nullable=False),
    sa.Column("reasons", sa.Text, nullable=False),
    sa.Column("notices", sa.Text),
    sa.Column("code_scheme", sa.Text),
    sa.Index("batches_by_fingerprint", "dataset", "fingerprint"),
    sqlite_autoincrement=True,  # a number is never reused, even after an undo
)

quarantine = sa.Table(
    "quarantine",
    metadata,
    sa.Column("batch_id", sa.Integer, sa.ForeignKey("batches.batch_id"), primary_key=True),
    sa.Column("row_number", sa.Integer, primary_key=True),
    sa.Column("reasons", sa.Text, nullable=False),
    sa.Column("raw", sa.Text, nullable=False),
)

versions = sa.Table(
    "versions",
    metadata,
    sa.Column("dataset", sa.Text, primary_key=True),
    sa.Column("version", sa.BigInteger, nullable=False),
)

villages = sa.Table(
    "villages",
    metadata,
    sa.Column("village_code", sa.Text, primary_key=True),
    sa.Column("village", sa.Text, nullable=False),
    sa.Column("district_code", sa.Text, nullable=False),
    sa.Column("district", sa.Text),
    sa.Column("regency_code", sa.Text, nullable=False),
    sa.Column("regency", sa.Text),
    sa.Column("population", sa.Integer),
    sa.Column("households_registered", sa.Integer),
    sa.Column("boundary_year", sa.Integer),
    sa.Column("geometry", sa.LargeBinary, nullable=False),
    _batch_column(),
)

households = sa.Table(
    "households",
    metadata,
    sa.Column("household_id", sa.Text, primary_key=True),
    sa.Column("head_name", sa.Text),
    sa.Column("address", sa.Text),
    sa.Column("rt", sa.Text),
    sa.Column("rw", sa.Text),
    sa.Column("tags", sa.Text),
    *_place_columns(),
    _batch_column(),
    sa.Index("households_by_village", "village_code"),
)

officers = sa.Table(
    "officers",
    metadata,
    sa.Column("officer_id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("rank", sa.Text),
    sa.Column("unit", sa.Text),
    sa.Column("villages", sa.Text),
    _batch_column(),
)

visits = sa.Table(
    "visits",
    metadata,
    sa.Column("visit_id", sa.Text, primary_key=True),
    sa.Column("visited_at", sa.BigInteger, nullable=False),
    sa.Column("officer_id", sa.Text, nullable=False),
    sa.Column("household_id", sa.Text),
    sa.Column("household_match", sa.Text, nullable=False),
    sa.Column("accuracy_m", sa.Double),
    sa.Column("outcome", sa.Text),
    sa.Column("remarks", sa.Text),
    sa.Column("head_name", sa.Text),
    sa.Column("rt", sa.Text),
    sa.Column("rw", sa.Text),
    sa.Column("household_given", sa.Text),
    *_place_columns(),
    _batch_column(),
    sa.Index("visits_by_time", "visited_at"),
    sa.Index("visits_by_household", "household_id", "visited_at"),
)

crimes = sa.Table(
    "crimes",
    metadata,
    sa.Column("crime_id", sa.Text, primary_key=True),
    sa.Column("occurred_at", sa.BigInteger, nullable=False),
    sa.Column("occurred_to", sa.BigInteger),
    sa.Column("time_precision", sa.Text, nullable=False, server_default="minute"),
    sa.Column("category", sa.Text, nullable=False),
    sa.Column("offence", sa.Text),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("status", sa.Text),
    *_place_columns(),
    _batch_column(),
    sa.Index("crimes_by_time", "occurred_at"),
)

crosswalk = sa.Table(
    "crosswalk",
    metadata,
    sa.Column("bps_code", sa.Text, primary_key=True),
    sa.Column("village_code", sa.Text, nullable=False),
    _batch_column(),
)

layouts = sa.Table(
    "layouts",
    metadata,
    sa.Column("dataset", sa.Text, primary_key=True),
    sa.Column("layout", sa.Text, primary_key=True),
    sa.Column("batch_id", sa.Integer, sa.ForeignKey("batches.batch_id"), primary_key=True),
    sa.Column("columns", sa.Text, nullable=False),
)
"""How the columns of files with one layout were mapped, remembered by import."""

spellings = sa.Table(
    "spellings",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("village", sa.Text, primary_key=True),
    sa.Column("batch_id", sa.Integer, sa.ForeignKey("batches.batch_id"), primary_key=True),
    sa.Column("village_code", sa.Text, nullable=False),
)
"""Villages that people assigned to spellings (normalised as for comparison), remembered by import."""

recorded_to = sa.Table(
    "recorded_to",
    metadata,
    sa.Column("batch_id", sa.Integer, sa.ForeignKey("batches.batch_id"), primary_key=True),
    sa.Column("district_code", sa.Text, primary_key=True),
    sa.Column("dataset", sa.Text, nullable=False),
    sa.Column("complete_to", sa.Text, nullable=False),
)
"""Days (ISO) to which an import states that its dataset is complete; the empty district is every other one.

The last statement about a district is in force; undoing its import restores the one before.
"""

decisions = sa.Table(
    "decisions",
    metadata,
    sa.Column("decision_id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("visit_id", sa.Text, nullable=False, index=True),
    sa.Column("decision", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("decided_at", sa.BigInteger, nullable=False),
    sa.Column("decided_by", sa.Text, nullable=False),
    sa.Column("visited_at", sa.BigInteger, nullable=False),
    sa.Column("officer_id", sa.Text, nullable=False),
    sa.Column("lon", sa.Double),
    sa.Column("lat", sa.Double),
    sqlite_autoincrement=True,
)
"""Decisions about visits, in order; rows are only ever added, and the last about a visit is in force.

``visited_at``, ``officer_id``, ``lon`` and ``lat`` are those of the visit at the time of the decision. If an
import changes them, the decision is no longer in force; undoing that import restores it.
"""

plans = sa.Table(
    "plans",
    metadata,
    sa.Column("plan_id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("week", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("published_at", sa.BigInteger, nullable=False),
    sa.Column("published_by", sa.Text, nullable=False),
    sa.Column("preset", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("request", sa.Text, nullable=False),
    sa.Column("unmet", sa.Text, nullable=False),
    sa.Column("cut_short", sa.Text, nullable=False),
    sa.UniqueConstraint("week", "version", name="plans_by_week"),
    sqlite_autoincrement=True,
)
"""Published weekly plans, each a version of its week; rows are only ever added, here and in ``plan_…``."""


road_networks = sa.Table(
    "road_networks",
    metadata,
    sa.Column("batch_id", sa.Integer, sa.ForeignKey("batches.batch_id"), primary_key=True),
    sa.Column("class_column", sa.Text),
    sa.Column("length_m", sa.Double, nullable=False),
    sa.Column("n_islands", sa.Integer, nullable=False),
    sa.Column("main_share", sa.Double, nullable=False),
)
"""Imports of roads: each is a whole network; the last is in force, and its undo restores the one before."""

roads = sa.Table(
    "roads",
    metadata,
    sa.Column("batch_id", sa.Integer, sa.ForeignKey("batches.batch_id"), primary_key=True),
    sa.Column("road_id", sa.Integer, primary_key=True),
    sa.Column("road_class", sa.Text, nullable=False),
    sa.Column("geometry", sa.LargeBinary, nullable=False),
)


def _plan_column() -> sa.Column:
    return sa.Column("plan_id", sa.Integer, sa.ForeignKey("plans.plan_id"), primary_key=True)


plan_officers = sa.Table(
    "plan_officers",
    metadata,
    _plan_column(),
    sa.Column("officer_id", sa.Text, primary_key=True),
    sa.Column("villages", sa.Text, nullable=False),
    sa.Column("lon", sa.Double),
    sa.Column("lat", sa.Double),
    sa.Index("plan_officers_by_officer", "officer_id"),
)
"""Officers of a plan, with or without visits; an officer's last plan of a week is in force."""

plan_stops = sa.Table(
    "plan_stops",
    metadata,
    _plan_column(),
    sa.Column("household_id", sa.Text, primary_key=True),
    sa.Column("officer_id", sa.Text, nullable=False),
    sa.Column("village_code", sa.Text, nullable=False),
    sa.Column("day", sa.Text, nullable=False),
    sa.Column("shift", sa.Text, nullable=False),
    sa.Column("place", sa.Integer, nullable=False),
    *(
        sa.Column(name, sa.Double if name in {"travel_m", "prize"} else sa.Integer, nullable=False)
        for name in ("start_s", "end_s", "travel_s", "travel_m", "prize")
    ),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("days_since", sa.Integer),
    sa.Column("n_attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("attempt", sa.Text),
    sa.Column("n_crimes_near", sa.Integer, nullable=False),
    sa.Column("top_category", sa.Text),
    sa.Column("n_top_category", sa.Integer, nullable=False),
    *(sa.Column(name, sa.Double, nullable=False) for name in ("status_points", "risk_points", "tag_points")),
    sa.Index("plan_stops_by_officer", "officer_id", "day"),
)

plan_routes = sa.Table(
    "plan_routes",
    metadata,
    _plan_column(),
    sa.Column("officer_id", sa.Text, primary_key=True),
    sa.Column("day", sa.Text, primary_key=True),
    sa.Column("shift", sa.Text, primary_key=True),
    *(
        sa.Column(name, sa.Double if name == "travel_m" else sa.Integer, nullable=False)
        for name in ("leave_s", "back_s", "travel_s", "travel_m", "n_visits")
    ),
    sa.Column("post_lon", sa.Double),
    sa.Column("post_lat", sa.Double),
)

plan_changes = sa.Table(
    "plan_changes",
    metadata,
    _plan_column(),
    sa.Column("household_id", sa.Text, primary_key=True),
    sa.Column("village_code", sa.Text, nullable=False),
    sa.Column("change", sa.Text, nullable=False),
    sa.Column("officer_before", sa.Text),
    sa.Column("day_before", sa.Text),
    sa.Column("officer_after", sa.Text),
    sa.Column("day_after", sa.Text),
)
"""Changes against the plans in force before: visits added, dropped, or moved to another day or officer."""

ROUNDED_COUNTS = ("crimes_reported", "crimes_discovered", "visits")
"""Counts of a week that are rounded, each kept as counted and as rounded."""
ROUNDED_HOUSEHOLDS = (
    "households", "never",
    *(f"{kind}_{weeks}" for kind in ("reported", "evidenced") for weeks in (1, 4, 13, 52)),
)  # fmt: skip
"""Rounded households at the end of a week: registered, never visited, and visited within so many weeks."""

rounded_weeks = sa.Table(
    "rounded_weeks",
    metadata,
    sa.Column("week", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("village_code", sa.Text, primary_key=True),
    *(sa.Column(f"counted_{name}", sa.Integer, nullable=False) for name in ROUNDED_COUNTS),
    *(sa.Column(name, sa.Integer, nullable=False) for name in (*ROUNDED_COUNTS, *ROUNDED_HOUSEHOLDS)),
    sa.Column("phase", sa.Double, nullable=False),
)
"""Rounded figures of the weeks that are closed, by the number of the week; rows are only ever added."""

rounded_households = sa.Table(
    "rounded_households",
    metadata,
    sa.Column("village_code", sa.Text, primary_key=True),
    sa.Column("reported_week", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("evidenced_week", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("n", sa.Integer, nullable=False),
)
"""The rounded households at the end of the last closed week, by their last visits."""

RECORDS: dict[str, sa.Table] = {
    "boundaries": villages,
    "households": households,
    "officers": officers,
    "visits": visits,
    "crimes": crimes,
    "crosswalk": crosswalk,
}
"""The table of each dataset."""


def _twin(table: sa.Table) -> sa.Table:
    """Return the table that keeps the rows replaced by later batches."""
    columns = [sa.Column(column.name, column.type) for column in table.columns]
    return sa.Table(
        f"replaced_{table.name}",
        metadata,
        *columns,
        sa.Column("replaced_by", sa.Integer, sa.ForeignKey("batches.batch_id"), nullable=False),
        sa.Index(f"replaced_{table.name}_by", "replaced_by"),
        sa.Index(f"replaced_{table.name}_of", "batch_id"),
    )


REPLACED: dict[str, sa.Table] = {dataset: _twin(table) for dataset, table in RECORDS.items()}
"""The table of each dataset's replaced records."""

found_again = sa.Table(
    "found_again",
    metadata,
    sa.Column("batch_id", sa.Integer, sa.ForeignKey("batches.batch_id"), primary_key=True),
    sa.Column("earlier", sa.Integer, sa.ForeignKey("batches.batch_id"), primary_key=True),
    sa.Column("n_rows", sa.Integer, nullable=False),
    sa.Index("found_again_of", "earlier"),
)
"""Numbers of rows that a batch shares unchanged with earlier batches, which cannot be undone before it."""


def get_key_column(table: sa.Table) -> str:
    """Return the name of a table's key column."""
    return table.primary_key.columns.keys()[0]


_ARROW_TYPES: tuple[tuple[type[sa.types.TypeEngine], pa.DataType], ...] = (
    (sa.Integer, pa.int64()),
    (sa.Float, pa.float64()),
    (sa.LargeBinary, pa.binary()),
    (sa.String, pa.string()),
)


def get_arrow_type(kind: sa.types.TypeEngine) -> pa.DataType:
    """Return the Arrow type in which a column's values are transferred."""
    return next(arrow for sql, arrow in _ARROW_TYPES if isinstance(kind, sql))
