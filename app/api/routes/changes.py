"""`GET /changes`: what happened, the newest first."""

from typing import Annotated

from fastapi import Query, Response

from app.api.bodies.base import answer
from app.api.bodies.changes import ChangePage, change_page
from app.api.routes.asking import (
    After,
    AnyLens,
    AnySegment,
    Limit,
    Since,
    Until,
    require_lens,
    require_segment,
)
from app.api.routes.router import router_for
from app.api.state import Database
from app.queries.changes import Filters, changes
from stream.contracts.change import Cause

router = router_for("changes")

Causes = Annotated[
    list[Cause],
    Query(
        max_length=len(Cause),
        description="Only of this cause; may be said several times.",
        examples=[["moved", "time"]],
    ),
]


@router.get("/changes", summary="Changes of segment", response_model=ChangePage)
def all_changes(
    database: Database,
    lens: AnyLens = None,
    cause: Causes = [],  # noqa: B006  # FastAPI copies it
    segment: AnySegment = None,
    since: Since = None,
    until: Until = None,
    after: After = None,
    limit: Limit = 100,
) -> Response:
    """By event time, the newest first, from `since` up to but without `until`. To follow them as
    they come, use `/changes/stream`."""
    require_lens(database, lens)
    require_segment(database, segment, lens)
    filters = Filters(
        lens=lens,
        causes=tuple(sorted({one.value for one in cause})),
        segment=segment,
        since=since,
        until=until,
    )
    return answer(change_page(changes(database, filters, after, limit)))
