"""`GET /segments`, one of them, who is in it, and what they buy."""

from typing import Annotated, Literal

from fastapi import Query, Response

from app.api.bodies.base import answer
from app.api.bodies.customer_made import member_page
from app.api.bodies.customers import MemberPage
from app.api.bodies.recommendations import SegmentRecommendations
from app.api.bodies.recommendations_made import segment_recommendations_body
from app.api.bodies.segment_made import segment_detail, segment_list
from app.api.bodies.segments import SegmentDetail, SegmentList
from app.api.problems import Problem, problems
from app.api.routes.asking import (
    After,
    AnyLens,
    HowMany,
    Lens,
    Limit,
    SegmentId,
    chosen_lens,
    named,
    require_lens,
)
from app.api.routes.router import router_for
from app.api.state import Database
from app.queries.customers import BY_ID, half_life_days, page_of_customers, sorts
from app.queries.events import segment_events
from app.queries.insights import recommended_in
from app.queries.models import current_model
from app.queries.segments import lenses, segments, segments_ever
from app.queries.views import Ref, SegmentView
from consumers.sink.schema import SORTED

router = router_for("segments")

Sort = Annotated[
    str,
    named(
        Query,
        "`customer_id`; `clv`, `churn_risk` or `probability_alive`, with those of whom it is not "
        "known last; or any feature of the catalogue. By id pages are quick however large the "
        "segment is; by a feature all of it is looked at each time.",
        "spend_d90",
    ),
]
Order = Annotated[Literal["ascending", "descending"], Query(description="Which end comes first.")]


@router.get(
    "/segments",
    summary="The segments of a lens",
    response_model=SegmentList,
    responses=problems(404),
)
def all_segments(database: Database, lens: Lens = None) -> Response:
    """With how many are in each, and what they are like. Many customers are looked at for this, so
    that an answer may be some seconds old; `measured` says how many, where not all."""
    name = chosen_lens(database, lens)
    found = segments(database, name)
    return answer(segment_list(name, lenses(database), found, half_life_days(database)))


@router.get(
    "/segments/{segment_id}",
    summary="A segment, what sets it apart, and what became of it",
    response_model=SegmentDetail,
    responses=problems(404),
)
def one_segment(segment_id: SegmentId, database: Database, lens: AnyLens = None) -> Response:
    """A retired segment is found too."""
    found = _segment(database, segment_id, lens)
    events = segment_events(database, found.lens, segment_id)
    half_life = half_life_days(database)
    return answer(segment_detail(found, current_model(database), events, half_life))


@router.get(
    "/segments/{segment_id}/customers",
    summary="Who is in a segment",
    response_model=MemberPage,
    responses=problems(404),
)
def segment_customers(
    segment_id: SegmentId,
    database: Database,
    lens: AnyLens = None,
    sort: Sort = BY_ID,
    order: Order = "ascending",
    after: After = None,
    limit: Limit = 100,
) -> Response:
    """Page by page. Who comes into the segment or goes meanwhile may be seen or not; nobody who
    stays, and whose value stays, is left out or told twice."""
    name = _lens_of(database, segment_id, lens)
    if sort not in sorts(half_life_days(database)):
        raise Problem(
            422,
            "unknown-feature",
            f"customers can't be sorted by that: give {BY_ID}, {', '.join(SORTED)}, or a feature "
            "of docs/features-catalogue.md",
        )
    page = page_of_customers(
        database,
        name,
        segment_id,
        sort=sort,
        descending=order == "descending",
        after=after,
        limit=limit,
    )
    return answer(member_page(page))


@router.get(
    "/segments/{segment_id}/recommendations",
    summary="What a segment buys more of than others do",
    response_model=SegmentRecommendations,
    responses=problems(404),
)
def segment_recommendations(
    segment_id: SegmentId, database: Database, lens: AnyLens = None, count: HowMany = 5
) -> Response:
    """The best first, by the last snapshot; none where it said nothing of the segment."""
    found = _segment(database, segment_id, lens)
    told = recommended_in(database, found.lens, Ref(segment_id, found.name))
    return answer(segment_recommendations_body(told, count))


def _segment(db: Database, segment_id: str, lens: str | None) -> SegmentView:
    name = _lens_of(db, segment_id, lens)
    there = (one for one in segments(db, name) if one.segment_id == segment_id)
    ever = (one for one in segments_ever(db) if (one.lens, one.segment_id) == (name, segment_id))
    return next(there, None) or next(ever)


def _lens_of(db: Database, segment_id: str, lens: str | None) -> str:
    """The lens that a segment belongs to, or the problem that there is none."""
    require_lens(db, lens)
    for one in segments_ever(db):
        if one.segment_id == segment_id and lens in {None, one.lens}:
            return one.lens
    raise Problem(404, "unknown-segment", "there never was such a segment: see /segments")
