"""A dashboard served for a test as the command serves it, in a process of its own."""

from __future__ import annotations

import socket
import subprocess
import sys
import urllib.request
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

START = """
import sys
from app.dashboarding import Wanted, run
run(Wanted(db=sys.argv[1] or None, log=sys.argv[2], port=int(sys.argv[3])))
"""
SECONDS = 60.0


@contextmanager
def served(database: str | None, log: str, errors: Path) -> Iterator[str]:
    """Its address. It has to end by itself, and cleanly, when it is told to."""
    port = free_port()
    command = [sys.executable, "-c", START, database or "", log, str(port)]
    with errors.open("wb") as said, subprocess.Popen(command, stderr=said, stdout=said) as process:
        try:
            until(lambda: answers(port) or process.poll() is not None, "the dashboard", SECONDS)
            assert process.poll() is None, errors.read_text()
            yield f"http://127.0.0.1:{port}"
            process.terminate()
            assert process.wait(SECONDS) == 0, errors.read_text()
        finally:
            process.kill()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
