"""`shoal` in processes that are really killed at their n-th step: SIGKILL, nothing is cleaned up.

Steps are what a process does to the disk: rows that change, commits of such, and what makes files
last, moves them or takes them away. Each run is a fork of one process that has done it all once,
so that it costs what it does and not what it imports.
"""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

ON_FILES = ("fsync", "replace", "rename", "unlink", "rmdir")
ON_ROWS = ("INSERT", "UPDATE", "DELETE")
NO_THREADS = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")  # none to be forked
ROOT = Path(__file__).parents[3]
NEVER = -1
KILLED = -9
"""How one ends that was killed."""

HUNG_SECONDS = 120


def copies(before: Path, tmp_path: Path) -> Iterator[Path]:
    """The same folder again and again, each to be worked in once."""
    for number in range(1_000):
        yield shutil.copytree(before, tmp_path / str(number))


class Mortals:
    """Runs the same command in one folder after the other."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._asking, self._answers = process.stdin, process.stdout

    def run(self, folder: Path, step: int = NEVER) -> tuple[int, list[str]]:
        """How it ended, and the steps it began; who was killed has not done the last of them."""
        self._asking.write(f"{step} {folder}\n")
        self._asking.flush()
        ended = self._answers.readline()
        assert ended, "the process that forks has ended"
        steps = folder / "steps.txt"
        begun = steps.read_text().split()
        steps.unlink()
        return int(ended), begun


@contextmanager
def mortals(warm: Path, *words: str) -> Iterator[Mortals]:
    """Processes of `shoal` with these words; the first run is in the folder `warm`."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.app.cli.mortal", str(warm), *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, **NO_THREADS},
    ) as process:
        try:
            yield Mortals(process)
        finally:
            process.kill()


def _serve(warm: str, words: Sequence[str]) -> None:
    from app.cli.main import app as shoal

    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.chdir(warm)
    _say_into("said.txt")
    shoal(words, standalone_mode=False)
    for line in sys.stdin:
        step, folder = line.strip().split(" ", 1)
        child = os.fork()
        if child == 0:
            _live(shoal, words, folder, int(step))
        _, status = os.waitpid(child, 0)
        answers.write(f"{os.waitstatus_to_exitcode(status)}\n")


def _live(shoal: Callable[..., object], words: Sequence[str], folder: str, step: int) -> None:
    """Doesn't return."""
    code = 70
    signal.alarm(HUNG_SECONDS)
    try:
        os.chdir(folder)
        _say_into("said.txt")
        _die_at(step)
        shoal(words, standalone_mode=False)
        code = 0
    finally:
        sys.stdout.flush()
        os._exit(code)


def _say_into(file: str) -> None:
    said = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(said, 1)
    os.dup2(said, 2)


def _die_at(step: int) -> None:
    steps = os.open("steps.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    left = step

    def begin(name: str) -> None:
        nonlocal left
        os.write(steps, f"{name}\n".encode())
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1

    for name in ON_FILES:
        setattr(os, name, _stepping(getattr(os, name), name, begin))
    sqlite3.connect = _tracing(sqlite3.connect, begin)


def _stepping(original: Any, name: str, begin: Callable[[str], None]) -> Any:
    def stepped(*arguments: Any, **named: Any) -> Any:
        begin(name)
        return original(*arguments, **named)

    return stepped


def _tracing(connect: Any, begin: Callable[[str], None]) -> Any:
    """Connections that tell of each statement before it is done; reading is no step."""

    def connecting(*arguments: Any, **named: Any) -> sqlite3.Connection:
        made: sqlite3.Connection = connect(*arguments, **named)
        changed = False

        def traced(statement: str) -> None:
            nonlocal changed
            verb = statement.split(maxsplit=1)[0].upper()
            if verb in ON_ROWS or (verb == "COMMIT" and changed):
                begin(verb)
            changed = verb in ON_ROWS or (changed and verb != "COMMIT")

        made.set_trace_callback(traced)
        return made

    return connecting


if __name__ == "__main__":
    _serve(sys.argv[1], sys.argv[2:])
