"""Opening a file as a log: made where there is none, and refused with a reason."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from stream.errors import LogError, LogUnavailable, SettingsError
from stream.log.embedded import EmbeddedLog
from stream.log.embedded.database import Database
from stream.log.embedded.faults import explain
from stream.log.embedded.place import Place
from stream.log.open import open_log
from stream.log.seam import TopicSpec

if TYPE_CHECKING:
    from pathlib import Path


def test_a_relative_address_is_a_file_in_the_folder_of_the_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with open_log("sqlite:///shoal.db") as log:
        assert log.name == "sqlite:///shoal.db"
    assert (tmp_path / "shoal.db").is_file()


def test_what_was_written_is_there_when_the_file_is_opened_again(tmp_path: Path) -> None:
    address = str(tmp_path / "shoal.db")
    with EmbeddedLog(address) as log:
        log.create_topics([TopicSpec("topic", 3)])
    with EmbeddedLog(address) as log:
        assert log.topics() == [TopicSpec("topic", 3)]


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(LogUnavailable, match=r"no folder .*absent: create it"):
        EmbeddedLog(str(tmp_path / "absent" / "shoal.db"))


def test_a_folder_is_no_log(tmp_path: Path) -> None:
    with pytest.raises(LogUnavailable, match="is a folder"):
        EmbeddedLog(str(tmp_path))


def test_a_file_that_is_not_sqlite_is_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_bytes(b"customer,amount\n" * 1000)
    with pytest.raises(LogUnavailable, match=r"orders\.csv.* no SQLite file"):
        EmbeddedLog(str(file))
    assert file.read_bytes() == b"customer,amount\n" * 1000


def test_a_sqlite_file_of_another_program_is_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "shop.db"
    with closing(sqlite3.connect(file)) as other:
        other.execute("CREATE TABLE orders (id)")
    before = file.read_bytes()
    with pytest.raises(LogError, match=r"shop\.db is a SQLite file of another program"):
        EmbeddedLog(str(file))
    assert file.read_bytes() == before


def test_a_log_of_another_version_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "shoal.db"
    EmbeddedLog(str(file)).close()
    with closing(sqlite3.connect(file)) as newer:
        newer.execute("PRAGMA user_version = 7")
    with pytest.raises(LogError, match="log of format 7, this Shoal has format 1"):
        EmbeddedLog(str(file))


def test_a_read_only_file_says_what_a_log_needs(tmp_path: Path) -> None:
    file = tmp_path / "shoal.db"
    EmbeddedLog(str(file)).close()
    with (
        closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection,
        pytest.raises(sqlite3.OperationalError) as caught,
    ):
        connection.execute("DELETE FROM topics")
    error = explain(caught.value, "sqlite:///shoal.db")
    assert isinstance(error, LogUnavailable)
    assert "needs to write to its file and folder" in str(error)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everything")
def test_a_file_that_may_not_be_written_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "shoal.db"
    EmbeddedLog(str(file)).close()
    file.chmod(0o400)
    with (
        pytest.raises(LogUnavailable, match="read-only"),
        EmbeddedLog(str(file)) as log,
    ):
        log.create_topics([TopicSpec("topic", 1)])


@pytest.mark.parametrize("address", ["", ":memory:", "?synchronous=full"])
def test_an_address_without_a_file_is_refused(address: str) -> None:
    with pytest.raises(SettingsError, match="names no file"):
        EmbeddedLog(address)


@pytest.mark.parametrize("option", ["synchronous=off", "sync=full", "x", "synchronous"])
def test_an_unknown_option_is_refused(tmp_path: Path, option: str) -> None:
    with pytest.raises(SettingsError, match=r"the only option is synchronous=normal\|full"):
        EmbeddedLog(f"{tmp_path}/shoal.db?{option}")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("option", "level"), [("", 1), ("?synchronous=FULL", 2)])
def test_the_option_decides_what_a_commit_survives(tmp_path: Path, option: str, level: int) -> None:
    place = Place.parse(f"{tmp_path}/shoal.db{option}", busy_seconds=1)
    with Database(place) as database, database.reading() as connection:
        assert connection.execute("PRAGMA synchronous").fetchone() == (level,)
        assert connection.execute("PRAGMA secure_delete").fetchone() == (1,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_processes_that_make_the_same_file_at_once_agree(tmp_path: Path) -> None:
    code = (
        "import sys; from stream.log.embedded import EmbeddedLog;"
        "from stream.log.seam import TopicSpec; sys.stdin.read();"
        "EmbeddedLog(sys.argv[1]).create_topics([TopicSpec(sys.argv[2], 1)])"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "shoal.db")]
    children = [subprocess.Popen([*command, f"t{i}"], stdin=subprocess.PIPE) for i in range(4)]
    for child in children:
        assert child.stdin is not None
        child.stdin.close()
    assert [child.wait(60) for child in children] == [0] * 4
    with EmbeddedLog(str(tmp_path / "shoal.db")) as log:
        assert [topic.name for topic in log.topics()] == ["t0", "t1", "t2", "t3"]


@pytest.mark.parametrize(
    "spec",
    [
        TopicSpec("", 1),
        TopicSpec("..", 1),
        TopicSpec("no spaces", 1),
        TopicSpec("x" * 250, 1),
        TopicSpec("none", 0),
        TopicSpec("limit", 1, {"max.message.bytes": "1 MB"}),
    ],
)
def test_a_topic_that_makes_no_sense_is_refused_and_none_beside_it_is_made(
    tmp_path: Path, spec: TopicSpec
) -> None:
    with EmbeddedLog(str(tmp_path / "shoal.db")) as log:
        with pytest.raises(SettingsError):
            log.create_topics([TopicSpec("good", 1), spec])
        assert log.topics() == []
