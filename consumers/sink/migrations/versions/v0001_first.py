"""The first tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None

INSTANT = sa.DateTime().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
FEATURES = (
    "recency_days",
    "tenure_days",
    "orders",
    "lines",
    "purchases",
    "units",
    "spend",
    "gross_spend",
    "returned_spend",
    "returns",
    "return_ratio",
    "average_order_value",
    "basket_size",
    "interpurchase_days",
    "regularity",
    "night_ratio",
    "weekend_ratio",
    "discount_ratio",
    "distinct_products",
    "distinct_categories",
    "seasonality",
    "peak_month",
    "month_01_share",
    "month_02_share",
    "month_03_share",
    "month_04_share",
    "month_05_share",
    "month_06_share",
    "month_07_share",
    "month_08_share",
    "month_09_share",
    "month_10_share",
    "month_11_share",
    "month_12_share",
    "orders_w30",
    "spend_w30",
    "orders_w90",
    "spend_w90",
    "orders_decayed",
    "spend_decayed",
    "lines_decayed",
    "night_share_decayed",
    "weekend_share_decayed",
    "discount_share_decayed",
)


def upgrade() -> None:
    # Once for both databases.
    op.create_table(
        "changes",
        sa.Column("change_id", sa.Text, primary_key=True),
        sa.Column("partition", sa.Integer, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("customer_id", sa.Text, nullable=False),
        sa.Column("lens", sa.Text, nullable=False),
        sa.Column("incarnation", sa.Integer, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("previous_id", sa.Text),
        sa.Column("previous_name", sa.Text),
        sa.Column("current_id", sa.Text),
        sa.Column("current_name", sa.Text),
        sa.Column("cause", sa.Text, nullable=False),
        sa.Column("margin", sa.Double),
        sa.Column("confidence", sa.Double),
        sa.Column("reasons", JSON, nullable=False),
        sa.Column("features", JSON, nullable=False),
        sa.Column("model_version", sa.Integer),
        sa.Column("occurred_at", INSTANT, nullable=False),
        sa.Column("observed_at", INSTANT, nullable=False),
    )
    op.create_index(
        "changes_by_customer", "changes", ["customer_id", "lens", "incarnation", "sequence"]
    )
    op.create_index("changes_by_position", "changes", ["partition", "position"])
    op.create_index("changes_by_time", "changes", ["occurred_at"])
    op.create_table(
        "customer_segments",
        sa.Column("customer_id", sa.Text, primary_key=True),
        sa.Column("lens", sa.Text, primary_key=True),
        sa.Column("segment_id", sa.Text),
        sa.Column("previous_id", sa.Text),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("confidence", sa.Double),
        sa.Column("model_version", sa.Integer, nullable=False),
    )
    op.create_index("customer_segments_by_segment", "customer_segments", ["lens", "segment_id"])
    op.create_table(
        "customers",
        sa.Column("customer_id", sa.Text, primary_key=True),
        sa.Column("partition", sa.Integer, nullable=False),
        sa.Column("as_of", INSTANT),
        sa.Column("country", sa.Text),
        sa.Column("preferred_category", sa.Text),
        *(sa.Column(name, sa.Double, nullable=False) for name in FEATURES),
    )
    op.create_table(
        "drift",
        sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("instant", INSTANT, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("model_version", sa.Integer),
        sa.Column("customers", sa.Integer, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("alerts", JSON, nullable=False),
        sa.Column("report", JSON, nullable=False),
    )
    op.create_index("drift_by_instant", "drift", ["instant"])
    op.create_table(
        "models",
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("based_on", sa.Integer),
        sa.Column("shape_of", sa.Integer),
        sa.Column("instant", INSTANT, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("model", JSON, nullable=False),
    )
    op.create_table(
        "partitions",
        sa.Column("partition", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("event_time", INSTANT),
        sa.Column("customers", sa.Integer, nullable=False),
        sa.Column("half_life_days", sa.Integer, nullable=False),
        sa.Column("model_version", sa.Integer),
        sa.Column("refreshed_at", INSTANT),
    )
    op.create_table(
        "positions",
        sa.Column("topic", sa.Text, primary_key=True),
        sa.Column("partition", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("sequence", sa.BigInteger),
    )
    op.create_table(
        "segment_events",
        sa.Column("event_id", sa.Text, primary_key=True),
        sa.Column("lens", sa.Text, nullable=False),
        sa.Column("segment_id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("happened", sa.Text, nullable=False),
        sa.Column("previous_name", sa.Text),
        sa.Column("came_from", JSON, nullable=False),
        sa.Column("went_to", JSON, nullable=False),
        sa.Column("customers", sa.Integer, nullable=False),
        sa.Column("model_version", sa.Integer, nullable=False),
        sa.Column("previous_model_version", sa.Integer),
        sa.Column("occurred_at", INSTANT, nullable=False),
        sa.Column("observed_at", INSTANT, nullable=False),
    )
    op.create_table(
        "segments",
        sa.Column("lens", sa.Text, primary_key=True),
        sa.Column("segment_id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("fitted_customers", sa.Integer),
        sa.Column("model_version", sa.Integer, nullable=False),
    )
