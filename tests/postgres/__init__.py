"""A real PostgreSQL for tests and benchmarks, wherever one can be had."""

from tests.postgres.find import NamedServer, NoPostgres, Server, running_postgres

__all__ = ["NamedServer", "NoPostgres", "Server", "running_postgres"]
