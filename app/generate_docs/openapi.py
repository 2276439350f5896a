"""`docs/openapi.json`: the API as its own routes describe it."""

from __future__ import annotations

from typing import Any

from prometheus_client import CollectorRegistry

from app.api.assembling import create_api
from app.api.keys import Keys
from app.api.metrics import ApiMetrics
from app.api.state import ApiState
from app.queries.database import open_database
from stream.settings.api import ApiSettings

NOWHERE = "sqlite:///not-there.db"
"""Nothing is asked of it."""


def openapi() -> dict[str, Any]:
    """The same on every machine."""
    with open_database(NOWHERE) as database:
        metrics = ApiMetrics(CollectorRegistry())
        return create_api(ApiState(database, ApiSettings(), Keys(), metrics)).openapi()
