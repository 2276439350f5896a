"""What can be said with a question: parameters that several routes take, and what they may be."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any

from fastapi import Path, Query
from pydantic import BeforeValidator

from app.api.paths import unmarked
from app.api.problems import Problem
from app.queries.database import Database
from app.queries.keyset import MOST_ROWS
from app.queries.segments import lenses, segments_ever
from stream.contracts.bounds import MAX_TEXT, PLAIN_TEXT
from stream.contracts.instant import Instant

MOST_CURSOR = 2_000
MOST_PRODUCTS = 10


def named(kind: Callable[..., Any], description: str, example: str) -> Any:
    """What something is called, in a path or after it: as transactions and models may have it."""
    return kind(
        min_length=1,
        max_length=MAX_TEXT,
        pattern=PLAIN_TEXT,
        description=description,
        examples=[example],
    )


CustomerId = Annotated[
    str,
    named(Path, "The customer's id, as transactions have it.", "17850"),
    BeforeValidator(unmarked),
]
SegmentId = Annotated[str, named(Path, "The segment's id, which outlives models.", "value-3")]
Lens = Annotated[
    str | None,
    named(
        Query,
        "The way of looking; the first of the newest model where it is left out.",
        "value",
    ),
]
AnyLens = Annotated[str | None, named(Query, "Only of this lens.", "value")]
AnySegment = Annotated[
    str | None, named(Query, "Only into or out of this segment, by its id.", "value-3")
]
After = Annotated[
    str | None,
    Query(
        min_length=1,
        max_length=MOST_CURSOR,
        description="`next` of the page before. It is good for the same question only.",
    ),
]
Limit = Annotated[int, Query(ge=1, le=MOST_ROWS, description="How many at most.", examples=[100])]
HowMany = Annotated[
    int, Query(ge=1, le=MOST_PRODUCTS, description="How many products at most.", examples=[5])
]
OnlyNew = Annotated[
    bool, Query(description="Leave out what the customer bought before.", examples=[True])
]
Since = Annotated[
    Instant | None,
    Query(
        description="Event time, with its offset (`+` is `%2B` in an address, or write `Z`).",
        examples=["2011-05-30T00:00:00Z"],
    ),
]
Until = Annotated[
    Instant | None,
    Query(description="Event time, likewise.", examples=["2011-06-06T00:00:00Z"]),
]


def chosen_lens(db: Database, lens: str | None) -> str:
    """The lens that was said, or the first one."""
    there = lenses(db)
    if lens is None and not there:
        raise no_segments()
    if lens is None:
        return there[0]
    require_lens(db, lens)
    return lens


def require_lens(db: Database, lens: str | None) -> None:
    """That it is, or was, one."""
    known = {one.lens for one in segments_ever(db)}
    if lens is not None and lens not in known:
        raise Problem(422, "unknown-lens", f"there is no such lens: {_give(sorted(known))}")


def require_segment(db: Database, segment_id: str | None, lens: str | None = None) -> None:
    """That it is, or was, one; of the lens, where that is said."""
    known = {one.segment_id for one in segments_ever(db) if lens in {None, one.lens}}
    if segment_id is not None and segment_id not in known:
        raise Problem(
            422, "unknown-segment", "there is no such segment: /segments lists those there are"
        )


def no_segments() -> Problem:
    return Problem(
        404, "no-segments-yet", "there is no model yet: run `shoal snapshot`, or wait for it"
    )


def _give(names: Sequence[str]) -> str:
    return f"give one of {', '.join(names)}" if names else "there is no model yet"
