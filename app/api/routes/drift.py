"""`GET /drift`: what snapshots found."""

from fastapi import Response

from app.api.bodies.base import answer
from app.api.bodies.drift import DriftPage
from app.api.routes.asking import After, Limit
from app.api.routes.router import router_for
from app.api.state import Database
from app.queries.drift import reports

router = router_for("drift")


@router.get("/drift", summary="Every snapshot's report", response_model=DriftPage)
def all_reports(database: Database, after: After = None, limit: Limit = 30) -> Response:
    """The newest first, in the form that they have on their topic."""
    page = reports(database, after, limit)
    items = [one.report for one in page.items]
    return answer(DriftPage.model_construct(items=items, next=page.after))
