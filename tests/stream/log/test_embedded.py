"""The embedded log: the suite of every Log, then what only one SQLite file has."""

from __future__ import annotations

import contextlib
import sqlite3
from typing import TYPE_CHECKING

import pytest

from stream.log.embedded import EmbeddedLog
from tests.stream.log.contract import LogContract

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from stream.log.seam import Log, Producer


class TestEmbeddedLog(LogContract):
    takes_several_members = False
    writes_before_the_commit = False

    @pytest.fixture
    def url(self, tmp_path: Path) -> str:
        self.file = tmp_path / "shoal.db"
        return f"sqlite:///{self.file}"

    def open_again(self, url: str) -> Log:
        return EmbeddedLog(url.removeprefix("sqlite:///"), busy_seconds=0.5)

    @contextlib.contextmanager
    def break_commit(self, producer: Producer) -> Iterator[None]:
        """Another process has the file's write lock for longer than anybody waits."""
        with contextlib.closing(sqlite3.connect(self.file, isolation_level=None)) as hog:
            hog.execute("BEGIN IMMEDIATE")
            yield
