"""`GET /changes/stream`: changes of segment as they come."""

from typing import Annotated, Literal

from anyio import to_thread
from fastapi import Header, Query

from app.api.following import MOST_ID, Stream, places_of
from app.api.problems import Problem
from app.api.routes.asking import AnyLens, AnySegment, require_lens, require_segment
from app.api.routes.changes import Causes
from app.api.routes.router import router_for
from app.api.state import State
from app.queries.changes import Filters, places_now

router = router_for("changes")

EXAMPLE = """\
id: 0-181.1-77
retry: 2000

id: 0-182.1-77
event: segment_change
data: {"type": "segment_change", "customer_id": "17850", "cause": "moved", …}

"""
DESCRIPTION = """\
`text/event-stream`: each event is a `SegmentChange` as JSON, with an `id` that stands for its place
in all partitions; events with an `id` alone say how far everything was looked at. A browser's
`EventSource` sends the last id when it comes back; other clients do so in `Last-Event-ID`."""

LastEventId = Annotated[
    str | None,
    Header(
        alias="Last-Event-ID",
        max_length=MOST_ID,
        description="The last id that came: what follows goes on just behind it.",
        examples=["0-182.1-77"],
    ),
]
Begin = Annotated[
    Literal["now", "start"],
    Query(description="Where to begin without a last id: with what comes, or with all there is."),
]


@router.get(
    "/changes/stream",
    summary="Changes of segment as they come",
    status_code=200,
    response_class=Stream,
    response_model=None,
    responses={
        200: {
            "description": DESCRIPTION,
            "content": {"text/event-stream": {"schema": {"type": "string"}, "example": EXAMPLE}},
        }
    },
)
async def changes_stream(
    state: State,
    lens: AnyLens = None,
    cause: Causes = [],  # noqa: B006  # FastAPI copies it
    segment: AnySegment = None,
    begin: Begin = "now",
    last_event_id: LastEventId = None,
) -> Stream:
    """In each customer's order, without a gap and without a double, also over a reconnect. What was
    erased meanwhile is left out."""
    filters = Filters(lens=lens, causes=tuple(sorted(one.value for one in cause)), segment=segment)
    places = await to_thread.run_sync(_begin, state, filters, begin, last_event_id)
    if state.metrics.streams >= state.settings.most_streams:
        raise Problem(
            429,
            "too-many-streams",
            f"{state.settings.most_streams} follow the stream already: come back a little later",
            headers={"Retry-After": "30"},
        )
    return Stream(state, filters, places)


def _begin(state: State, filters: Filters, begin: str, last_event_id: str | None) -> dict[int, int]:
    require_lens(state.database, filters.lens)
    require_segment(state.database, filters.segment, filters.lens)
    if last_event_id is not None:
        return places_of(last_event_id)
    return places_now(state.database) if begin == "now" else {}
