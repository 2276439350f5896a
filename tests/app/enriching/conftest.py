"""A shop on each kind of log."""

from tests.app.bought.conftest import embedded, shop

__all__ = ["embedded", "shop"]
