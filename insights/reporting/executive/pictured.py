"""What the charts of a report are drawn from; points are a sample, without anybody's id."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from insights.reporting.executive.how_many import ByK


@dataclass(frozen=True, slots=True)
class Points:
    """Customers of one segment, as places on two axes."""

    segment: str
    xs: tuple[float, ...]
    ys: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """What one segment does: for each axis its part of the most that any does."""

    segment: str
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Profiles:
    """Behaviour, segment by segment."""

    axes: tuple[str, ...]
    everybody: tuple[float, ...]
    shapes: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class Plane:
    """Customers seen from where they lie farthest apart."""

    shares: tuple[float, float]
    """How much of all differences lies along each axis."""

    says: tuple[str, str]
    """What each axis is made of."""

    points: tuple[Points, ...]


@dataclass(frozen=True, slots=True)
class Correlations:
    """Which numbers go together."""

    features: tuple[str, ...]
    values: tuple[tuple[float, ...], ...]
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """Values from and up to, and how many customers have one of them."""

    begins: float
    ends: float
    customers: int


@dataclass(frozen=True, slots=True)
class Habit:
    """What share of a segment's purchases is made at a time of its own."""

    segment: str
    weekend: float | None
    night: float | None


@dataclass(frozen=True, slots=True)
class Pictures:
    """Each is empty, or None, where nothing could be drawn."""

    profiles: Profiles | None = None
    recency_and_spend: tuple[Points, ...] = ()
    plane: Plane | None = None
    correlations: Correlations | None = None
    order_values: tuple[Column, ...] = ()
    habits: tuple[Habit, ...] = ()
    """Of everybody first."""

    months: tuple[float, ...] = ()
    """The share of all orders that falls in each month of the year."""

    by_k: ByK | None = None
