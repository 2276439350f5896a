"""What snapshots expect of customers and segments."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"

INSTANT = sa.DateTime().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "customer_insights",
        sa.Column("customer_id", sa.Text, primary_key=True),
        sa.Column("instant", INSTANT, nullable=False),
        sa.Column("clv", sa.Double),
        sa.Column("clv_low", sa.Double),
        sa.Column("clv_high", sa.Double),
        sa.Column("probability_alive", sa.Double),
        sa.Column("churn_risk", sa.Double),
        sa.Column("recommended", JSON, nullable=False),
        sa.Column("recommended_new", JSON, nullable=False),
    )
    for name in ("clv", "churn_risk", "probability_alive"):
        op.create_index(f"customer_insights_by_{name}", "customer_insights", [name, "customer_id"])
    op.create_table(
        "segment_insights",
        sa.Column("lens", sa.Text, primary_key=True),
        sa.Column("segment_id", sa.Text, primary_key=True),
        sa.Column("instant", INSTANT, primary_key=True),
        sa.Column("customers", sa.Integer, nullable=False),
        sa.Column("revenue", sa.Double, nullable=False),
        sa.Column("clv", sa.Double),
        sa.Column("probability_alive", sa.Double),
        sa.Column("churn_risk", sa.Double),
        sa.Column("churn_auc", sa.Double),
        sa.Column("recommended", JSON, nullable=False),
    )
    op.create_index("segment_insights_by_instant", "segment_insights", ["instant"])
    op.create_table(
        "insight_reports",
        sa.Column("instant", INSTANT, primary_key=True),
        sa.Column("report", JSON, nullable=False),
    )
