"""The shop that is read."""

from tests.app.queries.read_shop import read_shop

__all__ = ["read_shop"]
