"""What supervisors arrange, a cohort's curriculum, what supervisors were shown, and how items are let out.

Cohorts that are there already keep what held for them: everything goes out, or only what was reviewed.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cohorts", sa.Column("item_policy", sa.Text(), server_default=sa.text("'open'"), nullable=False))
    op.execute("UPDATE cohorts SET item_policy = 'approved-only' WHERE NOT drafts_allowed")
    op.drop_column("cohorts", "drafts_allowed")
    op.create_table(
        "arrangements",
        sa.Column("cohort_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("first", sa.Text(), nullable=False),
        sa.Column("last", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohorts.id"], name="fk_arrangements_cohort_id_cohorts", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("cohort_id", "kind", "subject", name="pk_arrangements"),
    )
    op.create_table(
        "enrolments",
        sa.Column("cohort_id", sa.Text(), nullable=False),
        sa.Column("sequence_id", sa.Text(), nullable=False),
        sa.Column("started_on", sa.Text(), nullable=False),
        sa.Column("skipped", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohorts.id"], name="fk_enrolments_cohort_id_cohorts", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("cohort_id", name="pk_enrolments"),
    )
    op.create_table(
        "showings",
        sa.Column("cohort_id", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohorts.id"], name="fk_showings_cohort_id_cohorts", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("cohort_id", "day", name="pk_showings"),
    )
