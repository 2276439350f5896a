"""`shoal api` as a process: beside a log, over a database, told to stop; and its slips."""

from __future__ import annotations

import importlib.util
import os
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx
import pytest
import typer
from typer.testing import CliRunner

from app.cli.api import api
from stream.errors import LogUnavailable, SettingsError, ShoalError
from stream.log.embedded import EmbeddedLog
from tests.consumers.sink.shop import Shop
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RUNNER = CliRunner()
COMMAND = typer.Typer()
COMMAND.command()(api)
AS_A_PROCESS = "import typer; from app.cli.api import api; typer.run(api)"
VARIABLES = {"SHOAL_TOPICS__PARTITIONS": "2", "SHOAL_SINK__COMMIT_MS": "20"}
SAYS = "answering on "
KEY = "k" * 16


@contextmanager
def serving(*flags: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    words = [sys.executable, "-c", AS_A_PROCESS, "--port", "0", *flags]
    environment = {**os.environ, **VARIABLES}
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True, env=environment) as process:
        try:
            assert process.stderr is not None
            said = process.stderr.readline()
            assert SAYS in said, said
            yield said.partition(SAYS)[2].split()[0], process
        finally:
            process.kill()


def test_beside_a_log_until_it_is_told_to_stop(tmp_path: Path) -> None:
    """With somebody who follows the stream just then."""
    with EmbeddedLog(str(tmp_path / "shoal.db")) as log:
        shop = Shop(log)
        shop.go_on(10)
        shop.promote()
        with serving("--log", log.name) as (url, process):
            until(lambda: httpx.get(f"{url}/readyz").status_code == 200, "its tables")
            sizes = httpx.get(f"{url}/segments").json()["items"]
            assert sum(one["customers"] for one in sizes) > 40
            told = httpx.get(f"{url}/metrics").text
            assert 'shoal_sink_rows_total{table="customers"}' in told
            with httpx.stream("GET", f"{url}/changes/stream") as stream:
                lines = stream.iter_lines()
                assert next(lines).startswith("id: ")
                process.send_signal(signal.SIGTERM)
                assert list(lines)
            assert process.wait(30) == 0
            assert process.stderr is not None
            assert "Traceback" not in process.stderr.read()


def test_over_a_database_with_what_another_writes(lived_url: str) -> None:
    with serving("--db", lived_url, "--json-logs") as (url, process):
        assert httpx.get(f"{url}/customers/c1").json()["customer_id"] == "c1"
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
        assert process.stderr is not None
        line = process.stderr.read().splitlines()[0]
        assert "/customers/{customer_id}" in line
        assert "c1" not in line.replace("customer_id", "")


def says(*flags: str, env: dict[str, str] | None = None) -> None:
    done = RUNNER.invoke(COMMAND, list(flags), env=VARIABLES | (env or {}))
    if done.exception is not None:
        raise done.exception


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (("--host", "0.0.0.0"), "can be reached from elsewhere, and no keys are set"),
        (("--host", "192.0.2.1", "--db", "sqlite:///x.db"), "can be reached from elsewhere"),
        (("--host", "not.a.host.invalid"), "can be reached from elsewhere"),
        (("--log", "kafka://localhost:9"), "Give --db with the database that `shoal sink` writes"),
        (("--db", "mysql://me:hush@host/db"), "which no sink writes to"),
    ],
)
def test_each_slip_is_one_line(flags: tuple[str, ...], words: str) -> None:
    with pytest.raises(ShoalError, match=words) as refused:
        says("--port", "0", *flags)
    assert "hush" not in str(refused.value)
    assert "\n" not in str(refused.value)


def test_an_address_that_is_not_ours_to_take_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with pytest.raises(SettingsError, match=rf"can't listen on 127\.0\.0\.1:{port}"):
            says("--port", port, "--db", "sqlite:///x.db")
    with pytest.raises(SettingsError, match=r"can't listen on 192\.0\.2\.1:0"):
        says("--host", "192.0.2.1", "--port", "0", env={"SHOAL_API__OPEN": "true"})


def test_keys_are_looked_at_before_anything_listens(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="16 to 512"):
        says("--port", "0", env={"SHOAL_API__KEYS": "crm:read:short"})
    with pytest.raises(SettingsError, match=r"keys_file .* can't be read"):
        says("--port", "0", env={"SHOAL_API__KEYS_FILE": str(tmp_path / "none")})


def test_a_log_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(LogUnavailable, match="there is no log"):
        says("--port", "0", "--log", f"sqlite:///{tmp_path / 'none.db'}")


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    there = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "uvicorn" else there(name)
    )
    with pytest.raises(SettingsError, match=r"needs uvicorn, .*: pip install shoal\[api,sql\]"):
        says("--port", "0")


def test_the_command_is_listed_without_the_extra() -> None:
    """Nothing heavy is imported before it runs."""
    script = "import sys, app.cli.api, app.serving; sys.exit('fastapi' in sys.modules)"
    subprocess.run([sys.executable, "-c", script], check=True)
