"""Whether the API is alive and ready, and its metrics: as every process of Shoal answers them."""

from fastapi import Request, Response
from prometheus_client.exposition import choose_encoder
from pydantic import BaseModel, ConfigDict, Field

from app.api.routes.router import router_for
from app.api.state import State
from stream.errors import ShoalError

router = router_for("health")


class Alive(BaseModel):
    """The process answers."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    alive: bool = Field(examples=[True])
    """Always true: who can't answer says nothing."""


class Ready(BaseModel):
    """Whether questions can be answered."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    ready: bool = Field(examples=[True])
    """False with status 503."""

    waits_for: list[str] = Field(examples=[[]])
    """What is missing."""


@router.get("/healthz", summary="Whether the process is alive")
async def healthz() -> Alive:
    """For a liveness probe. The database is not asked."""
    return Alive(alive=True)


@router.get(
    "/readyz",
    summary="Whether questions can be answered",
    responses={503: {"model": Ready, "description": "Not yet: `waits_for` says why."}},
)
def readyz(state: State, response: Response) -> Ready:
    """For a readiness probe: the database answers, and has the sink's tables."""
    missing = [one for one in (state.waits_for(), _fault(state)) if one]
    response.status_code = 503 if missing else 200
    response.headers["Cache-Control"] = "no-store"
    return Ready(ready=not missing, waits_for=missing)


@router.get(
    "/metrics",
    summary="Metrics for Prometheus",
    response_class=Response,
    responses={
        200: {
            "description": "Prometheus's text, or OpenMetrics where the scraper asks for it.",
            "content": {
                "text/plain": {"schema": {"type": "string"}},
                "application/openmetrics-text": {"schema": {"type": "string"}},
            },
        }
    },
)
def metrics(state: State, request: Request) -> Response:
    """No label holds a customer's id."""
    encode, media_type = choose_encoder(request.headers.get("accept", ""))
    return Response(encode(state.metrics.registry), media_type=media_type)


def _fault(state: State) -> str | None:
    try:
        state.database.check()
    except ShoalError as error:
        return str(error)
    return None
