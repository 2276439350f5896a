"""Indexes that hand out a segment's customers, and changes by time, page by page.

Their ids tell rows apart that are alike in what comes before, so that a page begins where the one
before it ended. Behind them stands what changes are filtered and counted by: the table's rows are
many times as wide.
"""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.drop_index("customer_segments_by_segment", "customer_segments")
    op.create_index(
        "customer_segments_by_segment", "customer_segments", ["lens", "segment_id", "customer_id"]
    )
    op.drop_index("changes_by_time", "changes")
    op.create_index(
        "changes_by_time",
        "changes",
        ["occurred_at", "change_id", "lens", "cause", "previous_id", "current_id"],
    )
