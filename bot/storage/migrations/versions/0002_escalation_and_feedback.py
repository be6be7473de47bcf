"""How long a cohort's alerts wait and where they go next, and counts of what people said of the crisis screen.

Cohorts that are there already keep what held for them: fifteen minutes, and no second channel.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cohorts", sa.Column("escalate_after", sa.BigInteger(), server_default=sa.text("15"), nullable=False))
    op.add_column("cohorts", sa.Column("escalation_channel_id", sa.Text(), nullable=True))
    op.create_table(
        "screen_feedback",
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("times", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("verdict", "action", "rule", "month", name="pk_screen_feedback"),
        sqlite_with_rowid=False,
    )
