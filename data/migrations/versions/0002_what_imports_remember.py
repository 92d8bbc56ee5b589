"""Add what imports remember: layouts, spellings, the crosswalk, notices and the code scheme."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("batches", sa.Column("notices", sa.Text(), nullable=True))
    op.add_column("batches", sa.Column("code_scheme", sa.Text(), nullable=True))
    op.create_table(
        "crosswalk",
        sa.Column("bps_code", sa.Text(), nullable=False),
        sa.Column("village_code", sa.Text(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.batch_id"]),
        sa.PrimaryKeyConstraint("bps_code"),
    )
    op.create_index("ix_crosswalk_batch_id", "crosswalk", ["batch_id"])
    op.create_table(
        "replaced_crosswalk",
        sa.Column("bps_code", sa.Text(), nullable=True),
        sa.Column("village_code", sa.Text(), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("replaced_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["replaced_by"], ["batches.batch_id"]),
    )
    op.create_index("replaced_crosswalk_by", "replaced_crosswalk", ["replaced_by"])
    op.create_index("replaced_crosswalk_of", "replaced_crosswalk", ["batch_id"])
    op.create_table(
        "layouts",
        sa.Column("dataset", sa.Text(), nullable=False),
        sa.Column("layout", sa.Text(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("columns", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.batch_id"]),
        sa.PrimaryKeyConstraint("dataset", "layout", "batch_id"),
    )
    op.create_table(
        "spellings",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("village", sa.Text(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("village_code", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.batch_id"]),
        sa.PrimaryKeyConstraint("district", "village", "batch_id"),
    )


def downgrade() -> None:
    for table in ("spellings", "layouts", "replaced_crosswalk", "crosswalk"):
        op.drop_table(table)
    with op.batch_alter_table("batches") as batches:
        batches.drop_column("code_scheme")
        batches.drop_column("notices")
