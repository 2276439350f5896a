"""`GET /insights`: what the last snapshot expects."""

from fastapi import Response

from app.api.bodies.base import answer
from app.api.bodies.insights import InsightsReport
from app.api.problems import Problem, problems
from app.api.routes.router import router_for
from app.api.state import Database
from app.queries.insights import latest_report

router = router_for("insights")


@router.get(
    "/insights",
    summary="What the last snapshot expects, segment by segment",
    response_model=InsightsReport,
    responses=problems(404),
)
def last_report(database: Database) -> Response:
    """With how good such expectations were, and what could not be told. In the form that it has on
    its topic."""
    found = latest_report(database)
    if found is None:
        raise Problem(
            404,
            "no-insights-yet",
            "no snapshot expected anything yet: run `shoal snapshot`, or wait for it",
        )
    return answer(found)
