"""The sink's tables, once, for SQLite and PostgreSQL; `migrations/` makes them in a database.

A feature that fades has its half-life in the catalogue's name of it and `_decayed` in its column,
so that another half-life is no other schema; `partitions` says which one it is.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from stream.contracts.scores import LISTS, NUMBERS
from stream.half_life import whatever_half_life
from stream.profile.catalogue import LABELS, catalogue

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect


def column_of(feature: str) -> str:
    """The column that a feature of the catalogue is in.

    >>> column_of("spend_d90"), column_of("spend_w90")
    ('spend_decayed', 'spend_w90')
    """
    return whatever_half_life(feature)


FEATURES = tuple(column_of(feature.name) for feature in catalogue())
"""In the catalogue's order."""

SORTED = ("clv", "churn_risk", "probability_alive")
"""What a snapshot expects that customers are sorted by."""


class Instant(sa.types.TypeDecorator[datetime]):
    """A time in UTC: with its zone on PostgreSQL, as text that sorts on SQLite."""

    impl = sa.DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> sa.types.TypeEngine[datetime]:
        return dialect.type_descriptor(sa.DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None or dialect.name == "postgresql":
            return value
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else _in_utc(value)


def _in_utc(value: datetime) -> datetime:
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
Double, Integer, Long, Text = sa.Double, sa.Integer, sa.BigInteger, sa.Text

metadata = sa.MetaData()


def _needed(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


customers = sa.Table(
    "customers",
    metadata,
    sa.Column("customer_id", Text, primary_key=True),
    _needed("partition", Integer),
    sa.Column("as_of", Instant),
    *(sa.Column(label.name, Text) for label in LABELS),
    *(_needed(name, Double) for name in FEATURES),
)

customer_segments = sa.Table(
    "customer_segments",
    metadata,
    sa.Column("customer_id", Text, primary_key=True),
    sa.Column("lens", Text, primary_key=True),
    sa.Column("segment_id", Text),
    sa.Column("previous_id", Text),
    _needed("sequence", Long),
    _needed("since", Instant),
    sa.Column("confidence", Double),
    _needed("model_version", Integer),
    sa.Index("customer_segments_by_segment", "lens", "segment_id", "customer_id"),
)

changes = sa.Table(
    "changes",
    metadata,
    sa.Column("change_id", Text, primary_key=True),
    _needed("partition", Integer),
    _needed("position", Long),
    _needed("customer_id", Text),
    _needed("lens", Text),
    _needed("incarnation", Integer),
    _needed("sequence", Long),
    sa.Column("previous_id", Text),
    sa.Column("previous_name", Text),
    sa.Column("current_id", Text),
    sa.Column("current_name", Text),
    _needed("cause", Text),
    sa.Column("margin", Double),
    sa.Column("confidence", Double),
    sa.Column("reasons", JSON, nullable=False),
    sa.Column("features", JSON, nullable=False),
    sa.Column("model_version", Integer),
    _needed("occurred_at", Instant),
    _needed("observed_at", Instant),
    sa.Index("changes_by_customer", "customer_id", "lens", "incarnation", "sequence"),
    sa.Index(
        "changes_by_time",
        *("occurred_at", "change_id", "lens", "cause", "previous_id", "current_id"),
    ),
    sa.Index("changes_by_position", "partition", "position"),
)

segments = sa.Table(
    "segments",
    metadata,
    sa.Column("lens", Text, primary_key=True),
    sa.Column("segment_id", Text, primary_key=True),
    _needed("name", Text),
    _needed("kind", Text),
    _needed("description", Text),
    sa.Column("fitted_customers", Integer),
    _needed("model_version", Integer),
)

segment_events = sa.Table(
    "segment_events",
    metadata,
    sa.Column("event_id", Text, primary_key=True),
    _needed("lens", Text),
    _needed("segment_id", Text),
    _needed("name", Text),
    _needed("happened", Text),
    sa.Column("previous_name", Text),
    sa.Column("came_from", JSON, nullable=False),
    sa.Column("went_to", JSON, nullable=False),
    _needed("customers", Integer),
    _needed("model_version", Integer),
    sa.Column("previous_model_version", Integer),
    _needed("occurred_at", Instant),
    _needed("observed_at", Instant),
)

models = sa.Table(
    "models",
    metadata,
    sa.Column("version", Integer, primary_key=True, autoincrement=False),
    sa.Column("based_on", Integer),
    sa.Column("shape_of", Integer),
    _needed("instant", Instant),
    _needed("created_at", Instant),
    _needed("note", Text),
    sa.Column("model", JSON, nullable=False),
)

drift = sa.Table(
    "drift",
    metadata,
    sa.Column("position", Long, primary_key=True, autoincrement=False),
    _needed("instant", Instant),
    _needed("created_at", Instant),
    sa.Column("model_version", Integer),
    _needed("customers", Integer),
    _needed("outcome", Text),
    sa.Column("alerts", JSON, nullable=False),
    sa.Column("report", JSON, nullable=False),
    sa.Index("drift_by_instant", "instant"),
)

customer_insights = sa.Table(
    "customer_insights",
    metadata,
    sa.Column("customer_id", Text, primary_key=True),
    _needed("instant", Instant),
    *(sa.Column(name, Double) for name in NUMBERS),
    *(_needed(name, JSON) for name in LISTS),
    *(sa.Index(f"customer_insights_by_{name}", name, "customer_id") for name in SORTED),
)

segment_insights = sa.Table(
    "segment_insights",
    metadata,
    sa.Column("lens", Text, primary_key=True),
    sa.Column("segment_id", Text, primary_key=True),
    sa.Column("instant", Instant, primary_key=True),
    _needed("customers", Integer),
    _needed("revenue", Double),
    sa.Column("clv", Double),
    sa.Column("probability_alive", Double),
    sa.Column("churn_risk", Double),
    sa.Column("churn_auc", Double),
    _needed("recommended", JSON),
    sa.Index("segment_insights_by_instant", "instant"),
)

insight_reports = sa.Table(
    "insight_reports",
    metadata,
    sa.Column("instant", Instant, primary_key=True),
    _needed("report", JSON),
)

partitions = sa.Table(
    "partitions",
    metadata,
    sa.Column("partition", Integer, primary_key=True, autoincrement=False),
    sa.Column("event_time", Instant),
    _needed("customers", Integer),
    _needed("half_life_days", Integer),
    sa.Column("model_version", Integer),
    sa.Column("refreshed_at", Instant),
)

positions = sa.Table(
    "positions",
    metadata,
    sa.Column("topic", Text, primary_key=True),
    sa.Column("partition", Integer, primary_key=True, autoincrement=False),
    _needed("position", Long),
    sa.Column("sequence", Long),
    sa.Column("last_offset", Long),
    sa.Column("last_mark", Text),
)
