"""Record how exactly the time of each crime is known.

Crimes between two times are intervals. For the others nothing in the database tells a date from a midnight:
they stay as exact as they were taken for, and importing their file again finds their precision.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_NAMES = ("crimes", "replaced_crimes")


def upgrade() -> None:
    for name in _NAMES:
        column = sa.Column("time_precision", sa.Text(), nullable=name != "crimes", server_default="minute")
        op.add_column(name, column)
        begin, end, precision = (sa.column(part) for part in ("occurred_at", "occurred_to", "time_precision"))
        table = sa.table(name, begin, end, precision)
        op.execute(sa.update(table).where(end > begin).values(time_precision="interval"))


def downgrade() -> None:
    for name in _NAMES:
        with op.batch_alter_table(name) as table:
            table.drop_column("time_precision")
