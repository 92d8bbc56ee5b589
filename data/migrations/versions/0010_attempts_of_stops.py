"""Keep with a published stop how often it was tried since its last visit."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("plan_stops", sa.Column("n_attempts", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("plan_stops", sa.Column("attempt", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("plan_stops", "attempt")
    op.drop_column("plan_stops", "n_attempts")
