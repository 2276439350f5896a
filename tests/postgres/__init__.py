"""A real PostgreSQL for tests and benchmarks, wherever one can be had."""

from tests.postgres.find import NoPostgres, Server, running_postgres

__all__ = ["NoPostgres", "Server", "running_postgres"]
