"""What can be asked: a file for each kind of thing, a `router` in each."""

from app.api.routes import (
    changes,
    customers,
    drift,
    erasure,
    health,
    insights,
    migrations,
    models,
    predict,
    segments,
    stream,
)

ROUTERS = (
    customers.router,
    segments.router,
    insights.router,
    changes.router,
    stream.router,
    migrations.router,
    models.router,
    drift.router,
    predict.router,
    erasure.router,
    health.router,
)
"""In the order in which the document lists them."""
