"""Record which batches repeat rows of earlier ones: an earlier batch cannot be undone before them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "found_again",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("earlier", sa.Integer(), nullable=False),
        sa.Column("n_rows", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.batch_id"]),
        sa.ForeignKeyConstraint(["earlier"], ["batches.batch_id"]),
        sa.PrimaryKeyConstraint("batch_id", "earlier"),
    )
    op.create_index("found_again_of", "found_again", ["earlier"])


def downgrade() -> None:
    op.drop_table("found_again")
