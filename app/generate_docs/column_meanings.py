"""What columns mean that are no features, and that no message's field says: by their names.

Those that a table has a sense of its own for are named with it, `table.column`. That each of these
is a column, and that each column is told, is tested.
"""

from pydantic import BaseModel

from stream.contracts.change import SegmentChange
from stream.contracts.insight_report import SegmentInsight
from stream.contracts.model import SegmentModel
from stream.contracts.scores import COLUMNS, CustomerScores
from stream.contracts.segment_event import SegmentEvent
from stream.profile.catalogue import LABELS, catalogue

MEANINGS = {
    "customer_id": "the customer, as the transactions have it",
    "partition": "the partition of the transactions that they are on",
    "as_of": "the event time that the row was read at",
    "last_purchase": "when they last bought; a return is no purchase; null for who never bought",
    "lens": "the lens that the segment belongs to",
    "segment_id": "the segment's id, which outlives models; null for none",
    "segment": "its name at the time",
    "batch_segment_id": "the segment by the batch clustering; null outside the fit",
    "batch_segment": "its name, as it would be published",
    "confidence": "how sure the nearest segment is, from 0 to 1; null in rule segments",
    "outlier_score": "how unlike all others, from 0 (ordinary) to 1; null outside the fit",
    "outlier": "whether the fit left the customer out",
    "marketing_action": "the first action of the segment's play",
    "previous_id": "the segment before; null for the first",
    "current_id": "the segment after; null for none",
    "previous_name": "the segment before, as it was called then",
    "current_name": "the segment after, as it was called then",
    "since": "when the last change was",
    "model_version": "the model that says so",
    "observed_at": "the clock when it was found",
    "instant": "the snapshot's event time",
    "event_time": "how far the partition has come",
    "position": "where it lies in its topic's partition",
    "sequence": "how many changes of the customer's there were in the lens, this one included",
    "customer_segments.sequence": "how many changes there were",
    "positions.sequence": "the last profile block's number",
    "positions.last_offset": "where the last record lies that was read; not kept of blocks",
    "positions.last_mark": "what it is known again by",
    "positions.topic": "the topic that the sink has read",
    "positions.position": "up to where",
    "positions.partition": "the partition of it",
    "partitions.partition": "the partition",
    "partitions.customers": "how many customers are on it",
    "partitions.half_life_days": "after how long what decays counts half",
    "partitions.refreshed_at": "the event time at which everybody was last written; null meanwhile",
    "segments.name": "as the newest model that has it says",
    "segments.kind": "`learned`, or `rule`",
    "segments.description": "a sentence made of its numbers",
    "segments.fitted_customers": "how many of the fit were nearest; null for rule segments",
    "segment_events.name": "the segment's name",
    "segment_events.segment_id": "the segment's id",
    "models.model": "all of it, as the topic has it",
    "drift.customers": "how many there were",
    "drift.created_at": "the clock when it was made",
    "drift.model_version": "the model that ran",
    "drift.outcome": "`promoted`, or `kept`",
    "drift.alerts": "what to look at",
    "drift.report": "all of it, as the topic has it",
    "insight_reports.report": "all of it, as the topic has it",
    "CustomerID": "the customer",
    "total_orders": "`orders`",
    "avg_order_value": "`average_order_value`",
    "category_diversity": "`distinct_categories`; `distinct_products` without categories",
    "kmeans_cluster": "the segment as a number from 0",
    "dbscan_cluster": "DBSCAN's cluster as a number from 0; -1 is noise",
}

MESSAGES: dict[str, type[BaseModel]] = {
    "changes": SegmentChange,
    "segment_events": SegmentEvent,
    "models": SegmentModel,
    "segment_insights": SegmentInsight,
}
"""Tables, and the message that their rows are."""


def meaning(table: str, column: str, feature: str = "") -> str:
    """Its own words, the feature's, the message's field's, or the words for all of that name.

    >>> meaning("customers", "spend")
    'How much money the customer has left in the shop.'
    >>> meaning("changes", "cause")
    'What made the customer change.'
    """
    own = MEANINGS.get(f"{table}.{column}")
    found = own or _of_feature(feature or column) or _of_score(column) or _of_message(table, column)
    return found or MEANINGS.get(column, "")


def _of_feature(name: str) -> str:
    told = {one.name: one.says for one in catalogue()}
    told |= {one.name: one.says for one in LABELS}
    return told.get(name, "")


def _of_score(column: str) -> str:
    if column not in COLUMNS:
        return ""
    return _said(CustomerScores.model_fields[column].description)


def _of_message(table: str, column: str) -> str:
    message = MESSAGES.get(table)
    field = message.model_fields.get(column) if message else None
    return _said(field.description) if field else ""


def _said(description: str | None) -> str:
    return " ".join((description or "").split())
