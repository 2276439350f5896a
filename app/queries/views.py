"""What answers are made of: customers, where they stand, what they did. Values, no rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Ref:
    """A segment by its id and its name."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Some of many; `after` is what the next page is asked for with, None on the last."""

    items: tuple[Item, ...]
    after: str | None


@dataclass(frozen=True, slots=True)
class StandingView:
    """Where a customer stands in a lens."""

    lens: str
    segment: Ref | None
    previous: Ref | None
    since: datetime
    changes: int
    confidence: float | None
    model_version: int


@dataclass(frozen=True, slots=True)
class InsightsView:
    """What a snapshot expects of a customer; None is what could not be told."""

    instant: datetime
    """The snapshot's event time."""

    clv: float | None
    """What they will spend in the weeks that its report names."""

    clv_low: float | None
    clv_high: float | None
    probability_alive: float | None
    churn_risk: float | None


@dataclass(frozen=True, slots=True)
class CustomerView:
    """One customer, as of `as_of`."""

    customer_id: str
    partition: int
    as_of: datetime | None
    half_life_days: int
    """Of what decays: `spend_decayed` is the catalogue's `spend_d90` where this is 90."""

    labels: Mapping[str, str | None]
    features: Mapping[str, float]
    """By column, in the catalogue's order."""

    standings: tuple[StandingView, ...] = ()
    """A lens each, by name."""

    insights: InsightsView | None = None
    """None for whom no snapshot knew."""


@dataclass(frozen=True, slots=True)
class ReasonView:
    """A feature that moved a customer, and its part in the move."""

    feature: str
    before: float | None
    after: float | None
    contribution: float


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One customer's change of segment, with the names of then."""

    change_id: str
    partition: int
    position: int
    customer_id: str
    lens: str
    incarnation: int
    sequence: int
    previous: Ref | None
    current: Ref | None
    cause: str
    margin: float | None
    confidence: float | None
    reasons: tuple[ReasonView, ...]
    features: Mapping[str, float | None]
    model_version: int | None
    occurred_at: datetime
    observed_at: datetime


@dataclass(frozen=True, slots=True)
class SegmentView:
    """A segment and those who are in it."""

    lens: str
    segment_id: str
    name: str
    kind: str
    """`learned` or `rule`."""

    description: str
    fitted_customers: int | None
    model_version: int
    is_retired: bool
    """Whether the newest model doesn't have it any more."""

    customers: int = 0
    share: float = 0.0
    """Of all customers who are in a segment of the lens."""

    means: Mapping[str, float] = field(default_factory=dict)
    """Of every feature, by column; empty where nobody is in it."""

    measured: int = 0
    """How many customers the means are of: all of them, or in large shops a sample."""

    revenue: float = 0.0
    """The sum of `spend`: what its customers have left in the shop so far. Reckoned from their mean
    where that is a sample's."""

    expected_at: datetime | None = None
    """The snapshot that what follows is from, which is of those who were in the segment then; None
    where none said anything of it."""

    clv: float | None = None
    """What they will spend, all together."""

    probability_alive: float | None = None
    """The mean."""

    churn_risk: float | None = None
    """The mean."""
