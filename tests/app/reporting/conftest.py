"""A shop on the embedded log."""

from tests.app.bought.conftest import embedded

__all__ = ["embedded"]
