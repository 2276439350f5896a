"""`SegmentChange`: one customer leaving one segment for another, the product's main output."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from stream.contracts import identity
from stream.contracts.base import Made, Message, Part, Text, Version
from stream.contracts.instant import Instant
from stream.contracts.meaning import Word
from stream.contracts.segment import SegmentRef


class Cause(Word):
    """What made a customer change segment."""

    FIRST_MODEL = ("first_model", "There was no model before.")
    JOINED = ("joined", "A newcomer's first segment.")
    MOVED = ("moved", "An order.")
    TIME = ("time", "Nothing but time going by.")
    REFIT = ("refit", "A new version of the model.")
    LATE = ("late", "A line of an order that was already past.")
    ERASED = ("erased", "The customer was forgotten.")


class Reason(Part):
    """A feature that moved the customer, and how much of the move it explains."""

    feature: Text
    """The feature's name in the catalogue."""

    before: float | None
    """Its value when the customer was last looked at, in seven digits. Null for a newcomer, and
    where it is no change of the customer's that speaks: a guard ran out, or centroids moved."""

    after: float | None
    """Its value now; null once the customer was erased."""

    contribution: float
    """The share of the difference between the two distances that it accounts for."""


class SegmentChange(Message):
    """One customer's change of segment in one lens, with its cause and its reasons."""

    type: Literal["segment_change"] = "segment_change"
    """Tells a change from the segment events on the same topic."""

    change_id: Made = ""
    """Made of lens, customer, incarnation and sequence: the same change has the same id in
    every run. May be left out."""

    customer_id: Text
    """Who changed. The record's key is the same text."""

    lens: Text
    """The way of looking under which the customer changed, such as `value`."""

    incarnation: Annotated[int, Field(ge=1)] = 1
    """2 for a customer who came back after an erasure, and so on."""

    sequence: Annotated[int, Field(ge=1)]
    """1, 2, 3 … per customer, incarnation and lens."""

    previous: SegmentRef | None
    """The segment left; `current` of the change before. Null for the first one."""

    current: SegmentRef | None
    """The segment entered; null where the customer is in none any more."""

    cause: Cause
    """What made the customer change."""

    margin: float | None = None
    """How much nearer the new centroid is: distance to the previous one / distance to the
    current one - 1. Null where a rule segment or none is involved."""

    confidence: Annotated[float, Field(ge=0, le=1)] | None = None
    """How likely the segment is against the others, given where the customer lies. Null for
    rule segments and none."""

    reasons: tuple[Reason, ...] = ()
    """The features that moved the customer most, the strongest first."""

    features: dict[str, float | None] = Field(default_factory=dict)
    """Every feature of the lens as it was read, in twelve digits like all numbers here."""

    model_version: Version | None
    """The model that assigned; null where there was none."""

    occurred_at: Instant
    """The event time at which the customer was looked at."""

    observed_at: Instant
    """The clock when the change was written. Comparisons of runs leave it out."""

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if self.previous is None and self.current is None:
            raise ValueError("previous and current should not both be null")
        if self.cause is Cause.ERASED and self.current is not None:
            raise ValueError("current should be null where the cause is erased")
        if not self.change_id:
            self.__dict__["change_id"] = identity.change_id(
                self.lens, self.customer_id, self.incarnation, self.sequence
            )
        return self
