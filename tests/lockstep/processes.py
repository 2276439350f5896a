"""Commands as people start them, each a process of its own, none of which outlives the test."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

SHOAL = (sys.executable, "-P", "-m", "app.cli")
ROOT = Path(__file__).parents[2]
LEFT_WITHIN_SECONDS = 120
DONE_WITHIN_SECONDS = 300
TAIL_LINES = 40


@dataclass(frozen=True, slots=True)
class Running:
    """A process, and where its words go."""

    name: str
    process: subprocess.Popen[bytes]
    out: Path
    err: Path

    @property
    def has_ended(self) -> bool:
        return self.process.poll() is not None

    def end(self) -> None:
        """Waits until it is done, which it has to be without a complaint."""
        self._wait(DONE_WITHIN_SECONDS)

    def leave(self) -> None:
        """Asks it to go, as SIGTERM does."""
        assert not self.has_ended, f"left to itself, {self.how_it_goes()}"
        self.process.terminate()
        self._wait(LEFT_WITHIN_SECONDS)

    def how_it_goes(self) -> str:
        code = self.process.poll()
        how = "is at work" if code is None else f"ended with {code}"
        said = self.err.read_text("utf-8", "replace").splitlines()
        return f"{self.name} {how}; it said last:\n" + "\n".join(said[-TAIL_LINES:])

    def _wait(self, seconds: float) -> None:
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"after {seconds:g} s, {self.how_it_goes()}") from None
        assert code == 0, self.how_it_goes()


@contextmanager
def shoal(folder: Path, *words: str) -> Iterator[Running]:
    """A command in the folder, with the settings that lie there."""
    with started(folder, words[0], *SHOAL, *words) as running:
        yield running


@contextmanager
def started(folder: Path, name: str, *command: str) -> Iterator[Running]:
    """Ended with the block at the latest; workers leave by themselves once theirs is gone."""
    out, err = folder / f"{name}.out", folder / f"{name}.err"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "200"}
    with (
        out.open("wb") as said,
        err.open("wb") as told,
        subprocess.Popen(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=said, stderr=told
        ) as process,
    ):
        try:
            yield Running(name, process, out, err)
        finally:
            process.kill()
