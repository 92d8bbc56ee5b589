"""Index visits by household, to find the last visit of each household of a village quickly."""

from collections.abc import Sequence

from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_index("visits_by_household", "visits", ["household_id", "visited_at"])


def downgrade() -> None:
    op.drop_index("visits_by_household", "visits")
