"""`GET /customers/{id}`, its history, and what to recommend."""

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool

from app.api.bodies.base import answer, answer_told
from app.api.bodies.changes import ChangePage, change_page
from app.api.bodies.customer_made import customer_told
from app.api.bodies.customers import CustomerBody
from app.api.bodies.recommendations import CustomerRecommendations
from app.api.bodies.recommendations_made import customer_recommendations_body
from app.api.problems import Problem, problems
from app.api.routes.asking import After, AnyLens, CustomerId, HowMany, Limit, OnlyNew, require_lens
from app.api.routes.router import router_for
from app.api.state import Database, state_of
from app.queries.changes import history
from app.queries.customers import customer, is_there
from app.queries.database import Database as OpenedDatabase
from app.queries.insights import recommended_to
from app.queries.standing import measured

router = router_for("customers")


@router.get(
    "/customers/{customer_id:path}/history",
    summary="A customer's changes of segment",
    response_model=ChangePage,
    responses=problems(404),
)
def customer_history(
    customer_id: CustomerId,
    database: Database,
    lens: AnyLens = None,
    after: After = None,
    limit: Limit = 100,
) -> Response:
    """The newest first, lens by lens; names and reasons are those of then."""
    require_lens(database, lens)
    page = history(database, customer_id, lens, after, limit)
    if not page.items and not is_there(database, customer_id):
        raise _nobody()
    return answer(change_page(page))


@router.get(
    "/customers/{customer_id:path}/recommendations",
    summary="Products that a customer may want next",
    response_model=CustomerRecommendations,
    responses=problems(404),
)
def customer_recommendations(
    customer_id: CustomerId, database: Database, count: HowMany = 5, only_new: OnlyNew = False
) -> Response:
    """The best first, by the last snapshot. Where none is known for the customer, those of a
    segment that they are in; where there are none of those, none."""
    found = customer(database, customer_id)
    if found is None:
        raise _nobody()
    told = recommended_to(database, found, only_new=only_new)
    return answer(customer_recommendations_body(customer_id, told, count))


@router.get(
    "/customers/{customer_id:path}",
    summary="All that is known of a customer",
    response_model=CustomerBody,
    responses=problems(404),
)
async def one_customer(customer_id: CustomerId, request: Request) -> Response:
    """Profile, segments, and why these: distances and reasons are measured with the centroids as
    the model was published; `confidence` goes by where the workers have moved them since."""
    database = state_of(request).database  # a dependency costs a twelfth of the answer
    if database.is_postgres:
        return await run_in_threadpool(_looked_up, database, customer_id)
    return _looked_up(database, customer_id)  # sooner than a thread would be woken


def _looked_up(db: OpenedDatabase, customer_id: str) -> Response:
    found = customer(db, customer_id)
    if found is None:
        raise _nobody()
    lies = [measured(db, one, found.features) for one in found.standings]
    return answer_told(customer_told(found, lies))


def _nobody() -> Problem:
    return Problem(
        404,
        "unknown-customer",
        "there is no such customer: none of their transactions came yet, or they were erased",
    )
