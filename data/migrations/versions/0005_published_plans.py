"""Add published weekly plans: versions, officers, stops, routes and changes."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "plans",
        sa.Column("plan_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("week", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.BigInteger(), nullable=False),
        sa.Column("published_by", sa.Text(), nullable=False),
        sa.Column("preset", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("unmet", sa.Text(), nullable=False),
        sa.Column("cut_short", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("plan_id"),
        sa.UniqueConstraint("week", "version", name="plans_by_week"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "plan_officers",
        _plan_column(),
        sa.Column("officer_id", sa.Text(), nullable=False),
        sa.Column("villages", sa.Text(), nullable=False),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        _plan_key(),
        sa.PrimaryKeyConstraint("plan_id", "officer_id"),
    )
    op.create_index("plan_officers_by_officer", "plan_officers", ["officer_id"])
    op.create_table(
        "plan_stops",
        _plan_column(),
        sa.Column("household_id", sa.Text(), nullable=False),
        sa.Column("officer_id", sa.Text(), nullable=False),
        sa.Column("village_code", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("shift", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("start_s", sa.Integer(), nullable=False),
        sa.Column("end_s", sa.Integer(), nullable=False),
        sa.Column("travel_s", sa.Integer(), nullable=False),
        sa.Column("travel_m", sa.Double(), nullable=False),
        sa.Column("prize", sa.Double(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("days_since", sa.Integer(), nullable=True),
        sa.Column("n_crimes_near", sa.Integer(), nullable=False),
        sa.Column("top_category", sa.Text(), nullable=True),
        sa.Column("n_top_category", sa.Integer(), nullable=False),
        sa.Column("status_points", sa.Double(), nullable=False),
        sa.Column("risk_points", sa.Double(), nullable=False),
        sa.Column("tag_points", sa.Double(), nullable=False),
        _plan_key(),
        sa.PrimaryKeyConstraint("plan_id", "household_id"),
    )
    op.create_index("plan_stops_by_officer", "plan_stops", ["officer_id", "day"])
    op.create_table(
        "plan_rounds",
        _plan_column(),
        sa.Column("officer_id", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("shift", sa.Text(), nullable=False),
        sa.Column("leave_s", sa.Integer(), nullable=False),
        sa.Column("back_s", sa.Integer(), nullable=False),
        sa.Column("travel_s", sa.Integer(), nullable=False),
        sa.Column("travel_m", sa.Double(), nullable=False),
        sa.Column("n_visits", sa.Integer(), nullable=False),
        _plan_key(),
        sa.PrimaryKeyConstraint("plan_id", "officer_id", "day", "shift"),
    )
    op.create_table(
        "plan_changes",
        _plan_column(),
        sa.Column("household_id", sa.Text(), nullable=False),
        sa.Column("village_code", sa.Text(), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("officer_before", sa.Text(), nullable=True),
        sa.Column("day_before", sa.Text(), nullable=True),
        sa.Column("officer_after", sa.Text(), nullable=True),
        sa.Column("day_after", sa.Text(), nullable=True),
        _plan_key(),
        sa.PrimaryKeyConstraint("plan_id", "household_id"),
    )


def downgrade() -> None:
    for table in ("plan_changes", "plan_rounds", "plan_stops", "plan_officers", "plans"):
        op.drop_table(table)


def _plan_column() -> sa.Column:
    return sa.Column("plan_id", sa.Integer(), nullable=False)


def _plan_key() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["plan_id"], ["plans.plan_id"])
