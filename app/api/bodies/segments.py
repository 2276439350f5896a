"""Segments: the list of a lens', and one with what became of it."""

from datetime import datetime

from pydantic import Field

from app.api.bodies.base import CHAMPIONS, TIME, Body, with_example
from app.generate_docs.examples import example
from stream.contracts.lens import Importance
from stream.contracts.segment import SegmentRef
from stream.contracts.segment_event import SegmentEvent

SEGMENT = {
    "segment": CHAMPIONS,
    "lens": "value",
    "kind": "learned",
    "description": "Buy often and for much.",
    "is_retired": False,
    "customers": 320,
    "share": 0.21,
    "revenue": 684896.0,
    "means": {"recency_days": 9.1, "orders": 12.4, "spend": 2140.3, "spend_d90": 1012.7},
    "measured": 320,
    "fitted_customers": 316,
    "model_version": 2,
    "expected_at": TIME,
    "clv": 801220.0,
    "probability_alive": 0.93,
    "churn_risk": 0.11,
}


class SegmentBody(Body):
    """A segment and what its customers are like."""

    segment: SegmentRef
    """Its id, which outlives models, and its present name."""

    lens: str
    """The lens that it belongs to."""

    kind: str
    """`learned`, or `rule` where a rule makes it."""

    description: str
    """In plain words."""

    is_retired: bool
    """Whether the newest model doesn't have it any more."""

    customers: int = Field(ge=0)
    """How many are in it now."""

    share: float = Field(ge=0, le=1)
    """Of all who are in a segment of the lens."""

    revenue: float
    """What its customers have left in the shop so far, returns taken off; reckoned from the mean
    where that is a sample's."""

    means: dict[str, float]
    """Its customers' mean of each feature; empty where nobody is in it."""

    measured: int = Field(ge=0)
    """How many of them the means are of: all, or in a shop of more than 100,000 a sample."""

    fitted_customers: int | None
    """How many of the fit were nearest; null for a rule segment."""

    model_version: int
    """The newest model that has it."""

    expected_at: datetime | None
    """The snapshot that the following is from, of those who were in the segment then; null where
    none said anything of it. `/insights` has more."""

    clv: float | None = Field(ge=0)
    """What they are expected to spend, all together."""

    probability_alive: float | None = Field(ge=0, le=1)
    """How likely they still are customers, on average."""

    churn_risk: float | None = Field(ge=0, le=1)
    """How likely they are to fall silent, on average."""


class SegmentList(Body):
    """The segments of a lens."""

    model_config = with_example({"lens": "value", "lenses": ["value"], "items": [SEGMENT]})

    lens: str
    """Whose segments these are."""

    lenses: list[str]
    """Every lens of the newest model."""

    items: list[SegmentBody]
    """The largest first: all of the newest model's, and older ones that somebody is still in."""


class SegmentDetail(SegmentBody):
    """A segment with what sets it apart, and what became of it."""

    model_config = with_example(
        {
            **SEGMENT,
            "importance": [{"feature": "spend_d90", "share": 0.62, "effect": 1.7}],
            "events": [example(SegmentEvent)],
        }
    )

    importance: list[Importance]
    """What sets it apart from all active customers, by the newest model."""

    events: list[SegmentEvent]
    """What happened to it, the newest first, the last hundred."""
