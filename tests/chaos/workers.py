"""Worker processes that can be killed, put to sleep, replaced and asked to leave.

Each runs what `shoal consume --slot N` runs. They are forked from a server that has everything
imported, so that a hundred of them cost seconds and not minutes.
"""

from __future__ import annotations

import faulthandler
import multiprocessing
import os
import signal
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import wait
from typing import TYPE_CHECKING

from stream.errors import Fenced

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.context import ForkServerProcess
    from pathlib import Path

NAME = "chaos"
ENDED_WITHIN_SECONDS = 120
TAIL_LINES = 100


def consume(config: str, slot: int, log: str) -> None:
    """The child: a worker until somebody ends it, or whoever started it is gone."""
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(file, sys.stdout.fileno())
    os.dup2(file, sys.stderr.fileno())
    faulthandler.register(signal.SIGUSR1)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    from app.cli.main import main

    sys.argv = ["shoal", "consume", "--config", config, "--name", NAME, "--slot", str(slot)]
    main()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


@dataclass(slots=True)
class Worker:
    """One process and what was done to it."""

    slot: int
    process: ForkServerProcess
    log: Path
    is_asleep: bool = False
    excused: set[int] = field(default_factory=set)
    """Exit codes with which a supervisor would start it again, after what was done to it."""

    @property
    def is_alive(self) -> bool:
        return self.process.is_alive()

    def kill(self) -> None:
        self._signal(signal.SIGKILL)
        self.process.join(ENDED_WITHIN_SECONDS)

    def sleep(self) -> None:
        self._signal(signal.SIGSTOP)
        self.is_asleep = True

    def wake(self) -> None:
        self._signal(signal.SIGCONT)
        self.is_asleep = False
        self.excuse(Fenced.exit_code)  # where its transaction was ended meanwhile

    def leave(self) -> None:
        """As SIGTERM does it."""
        self._signal(signal.SIGTERM)
        self.process.join(ENDED_WITHIN_SECONDS)
        assert self.process.exitcode == 0, f"asked to leave, {self.how_it_ended()}"

    def end_fenced(self) -> None:
        """Another has its name: it has to find out by itself."""
        self.process.join(ENDED_WITHIN_SECONDS)
        assert self.process.exitcode == Fenced.exit_code, f"replaced, {self.how_it_ended()}"

    def excuse(self, code: int) -> None:
        self.excused.add(code)

    def how_it_ended(self) -> str:
        if self.is_alive:  # then it says where each of its threads is
            self._signal(signal.SIGUSR1)
            self.process.join(1)
        said = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        code = self.process.exitcode
        how = "did not end" if code is None else f"ended with {code}"
        return f"worker {self.slot} {how}; it said last:\n" + "\n".join(said[-TAIL_LINES:])

    def _signal(self, number: signal.Signals) -> None:
        if self.process.pid is not None and self.is_alive:
            os.kill(self.process.pid, number)


@dataclass(slots=True)
class Workers:
    """All of a run, by their slots; `there` are those that nothing ended yet."""

    config: Path
    folder: Path
    there: dict[int, Worker] = field(default_factory=dict)
    started: int = 0

    def start(self, slot: int) -> Worker:
        """A new process in the slot, whoever has it now."""
        log = self.folder / f"worker-{slot}-{self.started}.log"
        process = _context().Process(
            target=consume, args=(str(self.config), slot, str(log)), daemon=True
        )
        process.start()
        self.started += 1
        self.there[slot] = Worker(slot, process, log)
        return self.there[slot]

    def awake(self) -> list[Worker]:
        return [worker for _, worker in sorted(self.there.items()) if not worker.is_asleep]

    def supervise(self) -> None:
        """Starts those again that had a reason to end; nobody dies of what happens to others."""
        for worker in self.awake():
            if not worker.is_alive:
                code = worker.process.exitcode
                assert code in worker.excused, f"left to itself, {worker.how_it_ended()}"
                self.start(worker.slot)

    def end(self, slot: int) -> Worker:
        """Takes a worker out of the count, because it will be ended."""
        return self.there.pop(slot)


@contextmanager
def workers(config: Path, folder: Path) -> Iterator[Workers]:
    made = Workers(config, folder)
    try:
        yield made
    finally:
        for worker in list(made.there.values()):
            worker.kill()


def _context() -> multiprocessing.context.ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.chaos.preloaded"])
    return context
