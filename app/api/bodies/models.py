"""Versions of the model."""

from datetime import datetime

from app.api.bodies.base import CLOCK, CURSOR, TIME, Body, with_example


class ModelSummary(Body):
    """A version, without its shapes."""

    version: int
    """1, 2, 3 …"""

    based_on: int | None
    """The version that it was fitted from; null for the first."""

    shape_of: int | None
    """The old version whose shape this one has, where it is a rollback."""

    instant: datetime
    """Event time of the snapshot that it was made from."""

    created_at: datetime
    """The clock then."""

    note: str
    """Why there is this version."""


class ModelPage(Body):
    """Some versions."""

    model_config = with_example(
        {
            "items": [
                {
                    "version": 2,
                    "based_on": 1,
                    "shape_of": None,
                    "instant": TIME,
                    "created_at": CLOCK,
                    "note": "value refitted from where it ran",
                }
            ],
            "next": CURSOR,
        }
    )

    items: list[ModelSummary]
    """The newest first."""

    next: str | None
    """What to give as `after` for the following page; null on the last."""
