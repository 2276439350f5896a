"""Where a server comes from: one that is named, else a container, else programs of this machine."""

from __future__ import annotations

import os
import uuid
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Protocol

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from tests.docker_engine import has_image
from tests.lending import NoServer
from tests.postgres.container import IMAGE, in_a_container
from tests.postgres.programs import from_programs, has_programs

if TYPE_CHECKING:
    from collections.abc import Iterator


class NoPostgres(NoServer):
    """Why there is no server here."""


class Server(Protocol):
    """A running server; `url` names a database of it that is there already."""

    url: str


class NamedServer:
    """Somebody else's."""

    def __init__(self, url: str) -> None:
        self.url = url


@contextmanager
def running_postgres() -> Iterator[Server]:
    with _found() as server:
        yield server


@contextmanager
def fresh_database(server: Server) -> Iterator[str]:
    """The URL of an empty database, which is dropped in the end."""
    name = f"shoal_{uuid.uuid4().hex[:12]}"
    _say(server, sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0"), name)
    try:
        url = make_url(server.url).set(drivername="postgresql+psycopg", database=name)
        yield url.render_as_string(hide_password=False)
    finally:
        _say(server, sql.SQL("DROP DATABASE {} WITH (FORCE)"), name)


def _say(server: Server, statement: sql.SQL, database: str) -> None:
    url = make_url(server.url).set(drivername="postgresql")
    with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as said:
        said.execute(statement.format(sql.Identifier(database)))


def _found() -> AbstractContextManager[Server]:
    if named := os.environ.get("SHOAL_TEST_POSTGRES"):
        return nullcontext(NamedServer(named))
    if has_image(IMAGE):
        return in_a_container()
    if has_programs():
        return from_programs()
    raise NoPostgres("no SHOAL_TEST_POSTGRES, no Docker engine with the image, no initdb")
