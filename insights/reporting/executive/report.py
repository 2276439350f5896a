"""`Report`: everything that a report of a period says, as numbers and sentences.

Made first and once, so that the page, the Markdown and the JSON cannot say different things. No
customer is named in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from insights.reporting.differences import Tested
    from insights.reporting.executive.heard import Experiments
    from insights.reporting.executive.pictured import Pictures
    from insights.reporting.executive.purchase_times import PurchaseTimes


class Period(StrEnum):
    """How long a report looks back. A month is four weeks, so that each has the same weekdays."""

    WEEK = "week"
    MONTH = "month"

    @property
    def days(self) -> int:
        return 7 if self is Period.WEEK else 28


class Unit(StrEnum):
    """What a figure counts."""

    COUNT = "count"
    MONEY = "money"
    SHARE = "share"


@dataclass(frozen=True, slots=True)
class Change:
    """Against the value before."""

    before: float
    difference: float
    ratio: float | None
    """Difference by value before; None where that is nothing, or below."""

    noise: float | None = None
    """What chance alone makes of the difference, 19 times in 20, either way; None where the
    figure is counted, and chance has no part in it, or nobody knows which."""

    @property
    def is_clear(self) -> bool:
        """More than chance makes."""
        return self.noise is None or abs(self.difference) > self.noise


@dataclass(frozen=True, slots=True)
class Figure:
    """A key figure."""

    name: str
    label: str
    unit: Unit
    value: float | None
    """None where it is not known; `note` says why."""

    change: Change | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Effect:
    """How far a segment lies from all active customers in a feature, in standard deviations."""

    feature: str
    effect: float


@dataclass(frozen=True, slots=True)
class SegmentPart:
    """A segment at the end of the period."""

    id: str
    name: str
    is_learned: bool
    is_new: bool
    """Whether there was no such segment at the beginning."""

    customers: int
    share: float
    """Of all who are in a segment of the lens."""

    customers_before: int | None
    description: str
    persona: str
    """Its customers as one person; empty where they are too few to be one."""

    revenue: float | None
    """In the period, of those who are in it at the end."""

    revenue_share: float | None
    """Of all revenue of the period; None where that isn't one sum of gains."""

    clv: float | None
    """What a customer is expected to spend, on average; nothing more, who brought it all back."""

    probability_alive: float | None
    churn_risk: float | None
    recommended: tuple[str, ...]
    effects: tuple[Effect, ...]
    remark: str
    """How far this can be believed, where it can't be in full."""


@dataclass(frozen=True, slots=True)
class Gone:
    """A segment that was there at the beginning, and is no more."""

    id: str
    name: str
    customers_before: int


@dataclass(frozen=True, slots=True)
class Moves:
    """Who went where within the period."""

    rows: tuple[str, ...]
    """Segments at the beginning, by their names of then."""

    columns: tuple[str, ...]
    """Segments at the end."""

    customers: tuple[tuple[int, ...], ...]
    moved: int
    stayed: int
    came: int
    """Into a segment, out of none: most of them are new customers."""

    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LensPart:
    """What there is to say of a lens."""

    lens: str
    title: str
    segments: tuple[SegmentPart, ...]
    """The learned ones as the model has them, then those made by rules."""

    gone: tuple[Gone, ...]
    moves: Moves | None
    drift: tuple[str, ...]
    """How well the segments hold and what shifted, with the reason."""

    happened: tuple[str, ...]
    """Births, deaths, splits, mergers, new names."""


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do next with a segment."""

    segment: str
    name: str
    why: tuple[str, ...]
    """Why it is worth a look now; empty where nothing about it calls for one."""

    strategy: str
    actions: tuple[str, ...]
    channels: tuple[str, ...]
    discount: tuple[float, float]
    """From, to, in percent."""

    budget: float
    """Percent of a budget for all segments."""


@dataclass(frozen=True, slots=True)
class Report:
    """Of the time between two snapshots."""

    period: Period
    begins: datetime | None
    """The snapshot at the beginning; None where there is none before this one."""

    ends: datetime
    compared_since: datetime | None
    """Where the period before began; None where the history doesn't go back so far."""

    figures: tuple[Figure, ...]
    summary: tuple[str, ...]
    alerts: tuple[str, ...]
    decision: str
    lenses: tuple[LensPart, ...]
    """The one that matters most first."""

    advice: tuple[Advice, ...]
    """Of the first lens: the segments that call for a look first."""

    expectations: tuple[str, ...]
    """How far to believe what is expected of customers."""

    differences: tuple[Tested, ...]
    purchase_times: PurchaseTimes
    experiments: Experiments | None
    """None where there is none, or no log was read."""

    pictures: Pictures

    @property
    def title(self) -> str:
        return f"Customer report: the {self.period} to {self.ends:%Y-%m-%d}"

    def figure(self, name: str) -> Figure:
        """A key figure by its name."""
        return next(one for one in self.figures if one.name == name)
