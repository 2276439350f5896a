"""What snapshots found."""

from app.api.bodies.base import CURSOR, Body, with_example
from app.generate_docs.examples import example
from stream.contracts.drift import DriftReport


class DriftPage(Body):
    """Some reports."""

    model_config = with_example({"items": [example(DriftReport)], "next": CURSOR})

    items: list[DriftReport]
    """The newest first."""

    next: str | None
    """What to give as `after` for the following page; null on the last."""
