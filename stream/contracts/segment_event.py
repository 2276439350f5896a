"""`SegmentEvent`: what happened to a segment itself when a model was renewed, with its lineage."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from stream.contracts import identity
from stream.contracts.base import Made, Message, Part, Text, Version
from stream.contracts.instant import Instant
from stream.contracts.meaning import Word
from stream.contracts.segment import SegmentRef


class Happened(Word):
    """What can happen to a segment."""

    BORN = ("born", "It is new, and no present segment's heir.")
    RETIRED = ("retired", "No centroid stands for it any more.")
    SPLIT = ("split", "Its members went to several.")
    MERGED = ("merged", "It took up the members of several.")
    RENAMED = ("renamed", "It has another name; its id is the same.")


class Kinship(Part):
    """A segment from which members came, or to which they went."""

    segment: SegmentRef
    """The other segment."""

    customers: Annotated[int, Field(ge=0)]
    """How many members the two share."""

    share: Annotated[float, Field(ge=0, le=1)]
    """The shared members as a share of this event's segment."""

    jaccard: Annotated[float, Field(ge=0, le=1)]
    """The shared members as a share of both segments' members together."""


class SegmentEvent(Message):
    """A segment was born, retired, split, merged or renamed."""

    type: Literal["segment_event"] = "segment_event"
    """Tells a segment event from the changes on the same topic."""

    event_id: Made = ""
    """Made of lens, model version, segment and what happened. May be left out."""

    lens: Text
    """The lens the segment belongs to."""

    segment: SegmentRef
    """The segment that it happened to, by its new name. The record's key is its id."""

    happened: Happened
    """What happened to it."""

    previous_name: Text | None = None
    """The name before, where it was renamed."""

    came_from: tuple[Kinship, ...] = ()
    """The segments of the version before that its members were in, the largest first."""

    went_to: tuple[Kinship, ...] = ()
    """The segments of the new version that its members are in now, the largest first."""

    customers: Annotated[int, Field(ge=0)]
    """How many members it has now, or had, where it is retired or split."""

    model_version: Version
    """The version with which it happened."""

    previous_model_version: Version | None = None
    """The version before; null with the first one."""

    occurred_at: Instant
    """The event time of the snapshot."""

    observed_at: Instant
    """The clock when the event was written."""

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if (self.happened is Happened.RENAMED) != (self.previous_name is not None):
            raise ValueError("previous_name should be there where it was renamed, and only there")
        if not self.event_id:
            self.__dict__["event_id"] = identity.segment_event_id(
                self.lens, self.model_version, self.happened, self.segment.id
            )
        return self
