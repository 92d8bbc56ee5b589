"""Add roads supplied by the unit; each import is a whole network."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "road_networks",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("class_column", sa.Text(), nullable=True),
        sa.Column("length_m", sa.Double(), nullable=False),
        sa.Column("n_islands", sa.Integer(), nullable=False),
        sa.Column("main_share", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.batch_id"]),
        sa.PrimaryKeyConstraint("batch_id"),
    )
    op.create_table(
        "roads",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("road_id", sa.Integer(), nullable=False),
        sa.Column("road_class", sa.Text(), nullable=False),
        sa.Column("geometry", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.batch_id"]),
        sa.PrimaryKeyConstraint("batch_id", "road_id"),
    )


def downgrade() -> None:
    op.drop_table("roads")
    op.drop_table("road_networks")
