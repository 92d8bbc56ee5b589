"""Keep where each route of a plan starts: a day may start at the post of a village."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("plan_routes", sa.Column("post_lon", sa.Double(), nullable=True))
    op.add_column("plan_routes", sa.Column("post_lat", sa.Double(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("plan_routes") as table:
        table.drop_column("post_lat")
        table.drop_column("post_lon")
