"""Shoal's commands and the benchmarks' own programs, as processes of their own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from benchmarks.data import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SHOAL = ("-c", "from app.cli import main; main()")
READY = "ready"
QUIET_SECONDS = 60


@contextmanager
def running(words: Sequence[str]) -> Iterator[float]:
    """A command that goes on until the block ends; gives the seconds until it was ready."""
    began = time.perf_counter()
    with started(*SHOAL, *words) as process:
        try:
            _wait_until_ready(process)
            yield time.perf_counter() - began
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(QUIET_SECONDS)


@contextmanager
def echoing(*words: str) -> Iterator[None]:
    """The program `benchmarks.echo`, which has no end of its own."""
    with started("-m", "benchmarks.echo", *words) as process:
        try:
            _wait_until_ready(process)
            yield
        finally:
            process.kill()


def started(*words: str) -> subprocess.Popen[str]:
    """A Python process; what it writes can be read from it."""
    return subprocess.Popen(
        [sys.executable, "-P", *words],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def go_together(processes: Sequence[subprocess.Popen[str]]) -> None:
    """Has programs that are ready, and say so, begin at once: as long as each takes to be."""
    for process in processes:
        _wait_until_ready(process)
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()


def answer(process: subprocess.Popen[str]) -> str:
    """What a program has printed once it ends well."""
    told, said = process.communicate()
    assert process.returncode == 0, f"it ended with {process.returncode}: {said}"
    return told


def seconds_of(program: str) -> float:
    """How long a Python program takes, from start to end."""
    began = time.perf_counter()
    answer(started("-c", program))
    return time.perf_counter() - began


def _wait_until_ready(process: subprocess.Popen[str]) -> None:
    """Nothing more of what it says is read: it says little."""
    assert process.stderr is not None
    said = []
    for line in process.stderr:
        if line.startswith(READY):
            return
        said.append(line)
    raise AssertionError(f"it ended before it was ready: {''.join(said)}")
