"""An experiment as it is kept on the log: what was planned, and who was given what.

Customers are hashes: what is kept for ever must not name somebody who is to be forgotten.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from stream.contracts.base import Message, Part, Text
from stream.contracts.instant import Instant
from stream.contracts.lens import Count
from stream.contracts.segment import SegmentRef

MOST_CUSTOMERS = 20_000

Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
"""xxh3 of a customer's id, 64 bits as hexadecimal digits."""


class ExperimentArm(Part):
    """One of the things that customers get."""

    name: Text
    """What it is called."""

    share: Annotated[float, Field(gt=0, le=1)]
    """The share of customers who get it."""


class ExperimentPlan(Message):
    """What may not change once the first customer is in it."""

    type: Literal["experiment_plan"] = "experiment_plan"
    """Tells it from the assignments on the same topic."""

    name: Text
    """What it is called; there is one plan of a name."""

    lens: Text
    """The lens whose segments it is stratified by."""

    segments: tuple[SegmentRef, ...] = ()
    """Whom it is for; none: every segment of the lens."""

    arms: Annotated[tuple[ExperimentArm, ...], Field(min_length=2)]
    """The first is what the others are held against."""

    lift: Annotated[float, Field(gt=0)]
    """The relative lift that it is made to find."""

    created_at: Instant
    """The clock when it was planned."""


class ExperimentAssignment(Message):
    """Some of the customers who were assigned at one instant, and the arm of each.

    `customers`, `segment` and `arm` are as long as each other, and their items belong together.
    """

    type: Literal["experiment_assignment"] = "experiment_assignment"
    """Tells it from the plans on the same topic."""

    name: Text
    """The plan's."""

    wave: Count
    """0 for those who were there when it began; 1, 2 … for who was added later."""

    part: Count
    """Which of the wave's messages this is, counted from 0."""

    parts: Annotated[int, Field(ge=1)]
    """How many there are; all of them become visible together."""

    instant: Instant
    """The event time from which on their purchases count."""

    assigned_at: Instant
    """The clock when they were assigned."""

    segments: tuple[SegmentRef, ...]
    """The segments that they were in at that instant."""

    customers: Annotated[tuple[Hash, ...], Field(max_length=MOST_CUSTOMERS)]
    """Hashes of their ids."""

    segment: tuple[Count, ...]
    """The place of each one's segment in `segments`."""

    arm: tuple[Count, ...]
    """The place of each one's arm in the plan."""

    @model_validator(mode="after")
    def _belongs_together(self) -> Self:
        if not len(self.customers) == len(self.segment) == len(self.arm):
            raise ValueError("segment and arm should be as long as customers")
        if max(self.segment, default=-1) >= len(self.segments):
            raise ValueError("segment should be places in segments")
        return self
