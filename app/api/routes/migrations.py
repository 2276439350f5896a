"""`GET /migrations`: who went where between two instants."""

from datetime import timedelta

from fastapi import Response

from app.api.bodies.base import answer
from app.api.bodies.migrations import MigrationsBody
from app.api.bodies.migrations_made import migrations_body
from app.api.problems import Problem, problems
from app.api.routes.asking import Lens, Since, Until, chosen_lens, no_segments
from app.api.routes.router import router_for
from app.api.state import Database
from app.queries.migrations import latest, migrations

router = router_for("migrations")

WEEK = timedelta(days=7)


@router.get(
    "/migrations",
    summary="Who went where",
    response_model=MigrationsBody,
    responses=problems(404),
)
def all_migrations(
    database: Database, lens: Lens = None, since: Since = None, until: Until = None
) -> Response:
    """Between two instants of event time; without them, the last seven days there were."""
    name = chosen_lens(database, lens)
    end = until or latest(database)
    if end is None:
        raise no_segments()
    begin = since or end - WEEK
    if begin > end:
        raise Problem(
            422, "since-after-until", "since lies after until: give them the other way round"
        )
    return answer(migrations_body(migrations(database, name, begin, end)))
