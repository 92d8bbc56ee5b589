"""Add the rounded figures of closed weeks."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_COUNTS = ("crimes_reported", "crimes_discovered", "visits")
_HOUSEHOLDS = (
    "households", "never", "reported_1", "reported_4", "reported_13", "reported_52",
    "evidenced_1", "evidenced_4", "evidenced_13", "evidenced_52",
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "rounded_weeks",
        sa.Column("week", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("village_code", sa.Text(), nullable=False),
        *(sa.Column(f"counted_{name}", sa.Integer(), nullable=False) for name in _COUNTS),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in (*_COUNTS, *_HOUSEHOLDS)),
        sa.Column("phase", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("week", "village_code"),
    )
    op.create_table(
        "rounded_households",
        sa.Column("village_code", sa.Text(), nullable=False),
        sa.Column("reported_week", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("evidenced_week", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("village_code", "reported_week", "evidenced_week"),
    )


def downgrade() -> None:
    op.drop_table("rounded_households")
    op.drop_table("rounded_weeks")
