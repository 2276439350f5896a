"""The whole API as one application: routes, what goes before them, and what becomes of errors.

1. The access log sees every answer.
2. The gate lets in who may ask.
3. Bodies are bounded.
4. Slashes in a customer's id are told from those of the path.
5. Routes answer, or raise what becomes a problem.
"""

from __future__ import annotations

from importlib import metadata
from typing import TYPE_CHECKING

from fastapi import FastAPI

from app.api.access_log import AccessLog
from app.api.document import described
from app.api.failing import handlers
from app.api.gate import Gate
from app.api.paths import Paths
from app.api.routes import ROUTERS
from app.api.sizes import BodyLimit

if TYPE_CHECKING:
    from app.api.state import ApiState

TITLE = "Shoal"
SUMMARY = "Customer segments kept alive on a stream: look up, follow, predict, erase."


def create_api(state: ApiState) -> FastAPI:
    """Ready to be served; nothing is asked of the database yet."""
    api = FastAPI(
        title=TITLE,
        summary=SUMMARY,
        version=metadata.version("shoal"),
        redoc_url=None,
        redirect_slashes=False,
        exception_handlers=handlers(),
        # As they are: a router that is included is searched once more for each request.
        routes=[route for router in ROUTERS for route in router.routes],  # 5
    )
    api.state.shoal = state
    api.add_middleware(Paths)  # 4
    settings = state.settings
    api.add_middleware(BodyLimit, most_bytes=settings.most_body_bytes)  # 3
    api.add_middleware(Gate, keys=state.keys, settings=settings, metrics=state.metrics)  # 2
    api.add_middleware(AccessLog, metrics=state.metrics, with_paths=settings.log_customers)  # 1
    described(api)
    return api
