"""A customer: alone with all that is known, and as a row of a segment's."""

from datetime import datetime

from pydantic import Field

from app.api.bodies.base import CHAMPIONS, CURSOR, LOYAL, TIME, Body, with_example
from stream.contracts.lens import RuleSegment
from stream.contracts.segment import SegmentRef

FEATURES = {"recency_days": 3.5, "orders": 9.0, "spend": 2140.3, "spend_d90": 980.25}
LABELS = {"country": "United Kingdom", "preferred_category": "Decoration"}

INSIGHTS = {
    "instant": TIME,
    "clv": 1843.2,
    "clv_low": 610.0,
    "clv_high": 3402.5,
    "probability_alive": 0.97,
    "churn_risk": 0.08,
}


class DistanceBody(Body):
    """How far away a learned segment is."""

    segment: SegmentRef
    """The segment."""

    distance: float = Field(ge=0)
    """To its centroid, in the model's space."""


class GroundBody(Body):
    """A feature that speaks for the customer's segment."""

    feature: str
    """Its name in the catalogue."""

    value: float
    """The customer's."""

    contribution: float
    """Its part of what makes the segment nearer than the next one; those that speak against it
    are left out, so that the parts may add up to more than 1."""


class StandingBody(Body):
    """Where a customer stands in a lens."""

    segment: SegmentRef | None
    """The segment; null where the customer is in none now."""

    previous: SegmentRef | None
    """The one before; null for the first."""

    since: datetime
    """Event time of the last change."""

    changes: int = Field(ge=0)
    """How many there were."""

    confidence: float | None = Field(ge=0, le=1)
    """How likely the segment is against the others; null for rule segments and none."""

    margin: float | None
    """By how much farther the next segment is; below 0 another is nearer, but not by enough to
    move. Null for rule segments and none."""

    distances: list[DistanceBody]
    """To each learned segment by the published model, the nearest first."""

    reasons: list[GroundBody]
    """What speaks for the segment, the strongest first; empty for rule segments and none."""

    rule: RuleSegment | None
    """What holds for the customer, where the segment is made by a rule."""

    model_version: int
    """The model that assigned."""


class InsightsBody(Body):
    """What a snapshot expects of a customer; null is what could not be told."""

    instant: datetime
    """The snapshot's event time."""

    clv: float | None = Field(ge=0)
    """What they are expected to spend in the weeks that `lifetime` of `/insights` names."""

    clv_low: float | None = Field(ge=0)
    """The lower end of the interval that its `covers` speaks of."""

    clv_high: float | None = Field(ge=0)
    """The upper end."""

    probability_alive: float | None = Field(ge=0, le=1)
    """How likely they still are a customer, by how often and how lately they bought."""

    churn_risk: float | None = Field(ge=0, le=1)
    """How likely they are to buy nothing in the next 90 days, as learned from earlier snapshots."""


class CustomerBody(Body):
    """All that is known of a customer."""

    model_config = with_example(
        {
            "customer_id": "17850",
            "as_of": TIME,
            "labels": LABELS,
            "features": FEATURES,
            "lenses": {
                "value": {
                    "segment": CHAMPIONS,
                    "previous": LOYAL,
                    "since": "2011-05-08T10:15:00Z",
                    "changes": 3,
                    "confidence": 0.84,
                    "margin": 0.92,
                    "distances": [
                        {"segment": CHAMPIONS, "distance": 0.62},
                        {"segment": LOYAL, "distance": 1.19},
                    ],
                    "reasons": [
                        {"feature": "spend_d90", "value": 980.25, "contribution": 0.7},
                        {"feature": "orders_d90", "value": 3.05, "contribution": 0.3},
                    ],
                    "rule": None,
                    "model_version": 2,
                }
            },
            "insights": INSIGHTS,
        }
    )

    customer_id: str
    """Who it is."""

    as_of: datetime | None
    """The event time at which features were read."""

    labels: dict[str, str | None]
    """What is known but is no number."""

    features: dict[str, float]
    """Every feature of the catalogue."""

    lenses: dict[str, StandingBody]
    """Where the customer stands in each lens; none yet for who was never assigned."""

    insights: InsightsBody | None
    """What the last snapshot expects of them; null for whom none knew yet."""


class MemberBody(Body):
    """A customer of a segment."""

    customer_id: str
    """Who it is."""

    as_of: datetime | None
    """The event time at which features were read."""

    previous: SegmentRef | None
    """The segment before; null for the first."""

    since: datetime
    """When the customer came."""

    confidence: float | None = Field(ge=0, le=1)
    """How likely the segment is against the others; null for rule segments."""

    labels: dict[str, str | None]
    """What is known but is no number."""

    features: dict[str, float]
    """Every feature of the catalogue."""

    insights: InsightsBody | None
    """What the last snapshot expects of them; null for whom none knew yet."""


class MemberPage(Body):
    """Some of a segment's customers."""

    model_config = with_example(
        {
            "items": [
                {
                    "customer_id": "17850",
                    "as_of": TIME,
                    "previous": LOYAL,
                    "since": "2011-05-08T10:15:00Z",
                    "confidence": 0.84,
                    "labels": LABELS,
                    "features": FEATURES,
                    "insights": INSIGHTS,
                }
            ],
            "next": CURSOR,
        }
    )

    items: list[MemberBody]
    """In the order that was asked for."""

    next: str | None
    """What to give as `after` for the following page; null on the last."""
