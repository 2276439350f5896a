"""`GET /models` and one version whole."""

from dataclasses import asdict
from typing import Annotated

from fastapi import Path, Response

from app.api.bodies.base import answer
from app.api.bodies.models import ModelPage, ModelSummary
from app.api.problems import Problem, problems
from app.api.routes.asking import After, Limit
from app.api.routes.router import router_for
from app.api.state import Database
from app.generate_docs.examples import example
from app.queries.models import model, page_of_models
from stream.contracts.bounds import MAX_VERSION
from stream.contracts.model import SegmentModel

router = router_for("models")

EXAMPLE = example(SegmentModel)
ModelVersion = Annotated[int, Path(ge=1, le=MAX_VERSION, description="1, 2, 3 …", examples=[2])]


@router.get("/models", summary="Every version of the model", response_model=ModelPage)
def all_models(database: Database, after: After = None, limit: Limit = 100) -> Response:
    """Without their shapes, the newest first."""
    page = page_of_models(database, after, limit)
    items = [ModelSummary(**asdict(one)) for one in page.items]
    return answer(ModelPage(items=items, next=page.after))


@router.get(
    "/models/{version}",
    summary="A version of the model, whole",
    response_model=SegmentModel,
    responses={200: {"content": {"application/json": {"example": EXAMPLE}}}, **problems(404)},
)
def one_model(version: ModelVersion, database: Database) -> Response:
    """In the form that it has on its topic."""
    found = model(database, version)
    if found is None:
        raise Problem(
            404, "unknown-model", "there is no such version: /models lists those there are"
        )
    return answer(found)
