"""The features that wait for a customer's own pace. Every row is refreshed at the next turn."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

FEATURES = ("steady_orders_decayed", "steady_spend_decayed", "steady_lines_decayed")


def upgrade() -> None:
    for name in FEATURES:
        column = sa.Column(name, sa.Double, nullable=False, server_default=sa.text("0"))
        op.add_column("customers", column)
    op.execute("UPDATE partitions SET refreshed_at = NULL")
