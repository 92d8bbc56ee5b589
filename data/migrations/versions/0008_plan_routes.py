"""Rename the half-days of a plan to routes."""

from collections.abc import Sequence

from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.rename_table("plan_rounds", "plan_routes")


def downgrade() -> None:
    op.rename_table("plan_routes", "plan_rounds")
