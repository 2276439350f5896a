"""Who went where between two instants."""

from datetime import datetime

from pydantic import Field

from app.api.bodies.base import CHAMPIONS, LOYAL, TIME, Body, with_example
from stream.contracts.segment import SegmentRef


class MoveBody(Body):
    """Customers who were in one segment and are in another."""

    previous: SegmentRef | None
    """Where they were; null for newcomers."""

    current: SegmentRef | None
    """Where they are; null for those who are in none any more."""

    customers: int = Field(ge=1)
    """How many."""


class SizeBody(Body):
    """A segment's customers at both ends."""

    segment: SegmentRef
    """The segment, by its present name."""

    before: int = Field(ge=0)
    """At `since`."""

    after: int = Field(ge=0)
    """At `until`."""


class MigrationsBody(Body):
    """Where a lens' customers were, and where they are."""

    model_config = with_example(
        {
            "lens": "value",
            "since": "2011-05-30T00:00:00Z",
            "until": TIME,
            "segments": [
                {"segment": LOYAL, "before": 1204, "after": 1200},
                {"segment": CHAMPIONS, "before": 311, "after": 320},
            ],
            "moves": [
                {"previous": LOYAL, "current": LOYAL, "customers": 1190},
                {"previous": CHAMPIONS, "current": CHAMPIONS, "customers": 306},
                {"previous": LOYAL, "current": CHAMPIONS, "customers": 14},
                {"previous": CHAMPIONS, "current": LOYAL, "customers": 5},
                {"previous": None, "current": LOYAL, "customers": 5},
            ],
        }
    )

    lens: str
    """The lens."""

    since: datetime
    """Event time; what happened just then has happened."""

    until: datetime
    """Likewise."""

    segments: list[SizeBody]
    """Those that had somebody at either end, the largest first."""

    moves: list[MoveBody]
    """Everybody once: also who stayed, or went and came back. The largest first."""
