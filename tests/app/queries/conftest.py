"""The shop that is read, and databases of both kinds for other rows."""

from tests.app.queries.read_shop import read_shop
from tests.consumers.sink.conftest import database

__all__ = ["database", "read_shop"]
