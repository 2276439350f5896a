"""A server from programs on this machine, where there is no Docker."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tests.kafka_broker.config import free_port
from tests.postgres.ready import wait_until_ready

if TYPE_CHECKING:
    from collections.abc import Iterator

PLACES = ("/usr/lib/postgresql", "/usr/pgsql", "/opt/homebrew/opt")
NOBODY = ("postgres", "nobody")
PASSWORD = "shoal"


class ProgramServer:
    """One that may be stopped as a crash would stop it, and started again."""

    def __init__(self, folder: Path, port: int) -> None:
        self.url = f"postgresql://shoal:{PASSWORD}@127.0.0.1:{port}/postgres"
        self._folder, self._port = folder, port
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with (self._folder.parent / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *(_program("postgres"), "-D", str(self._folder), "-p", str(self._port)),
                    *("-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="),
                    *("-c", "fsync=off"),
                ],
                stdout=log,
                stderr=log,
                user=_user(),
            )
        wait_until_ready(self.url, self._check_alive)

    def kill(self) -> None:
        if self._process is not None:
            self._process.send_signal(3)  # SIGQUIT: at once, children too, nothing written
            self._process.wait()

    def _check_alive(self) -> None:
        if self._process is not None and self._process.poll() is not None:
            said = (self._folder.parent / "server.log").read_text(errors="replace")[-2000:]
            raise AssertionError(f"the server ended:\n{said}")


def has_programs() -> bool:
    return _find("initdb") is not None and _find("postgres") is not None


@contextmanager
def from_programs() -> Iterator[ProgramServer]:
    with tempfile.TemporaryDirectory() as folder:
        data, password = Path(folder) / "data", Path(folder) / "password"
        password.write_text(PASSWORD)
        if (user := _user()) is not None:
            for path in (Path(folder), password):
                shutil.chown(path, user)
        subprocess.run(
            [
                *(_program("initdb"), "-D", str(data), "-U", "shoal", "-E", "UTF8", "-N"),
                *("--locale=C", "-A", "scram-sha-256", f"--pwfile={password}"),
            ],
            check=True,
            capture_output=True,
            user=user,
            cwd=folder,
        )
        server = ProgramServer(data, free_port())
        try:
            server.start()
            yield server
        finally:
            server.kill()


def _user() -> str | None:
    """PostgreSQL runs as anybody but root."""
    if os.geteuid() != 0:
        return None
    import pwd

    known = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in NOBODY if name in known), None)


def _program(name: str) -> str:
    found = _find(name)
    assert found is not None
    return found


def _find(name: str) -> str | None:
    """On the path, or where distributions put it; the newest."""
    if on_the_path := shutil.which(name):
        return on_the_path
    found = [path for place in PLACES for path in Path(place).glob(f"**/bin/{name}")]
    return str(max(found)) if found else None
