"""An embedded log with topics, and senders on it that run as `shoal webhooks` does."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from prometheus_client import CollectorRegistry

from app.webhooks import retrying
from app.webhooks.rounds import Round
from app.webhooks.targets import targets_of
from app.webhooks.watching import Watched
from app.wiring import Wiring
from stream.metrics.instruments import Instruments
from stream.metrics.webhooks import WEBHOOK_METRICS
from tests.app.webhooks.changes import made_log
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    Processes = Callable[..., AbstractContextManager["Sender"]]
    Threads = Callable[..., AbstractContextManager["Within"]]

SECRET = "hush-hush-hush-hush"
PROGRAM = """
from app.cli.webhooks import webhooks
from app.webhooks import running
running.GRACE_SECONDS = 0.5
webhooks({names!r}, log={url!r}, name="one")
"""
ROOT = Path(__file__).parents[3]


class Sender:
    """A process that sends; what it says is in a file, so that it never waits for its reader."""

    def __init__(self, url: str, said: Path, names: list[str]) -> None:
        self._said = said
        variables = {**os.environ, "PYTHONPATH": str(ROOT)}
        with said.open("a") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-c", PROGRAM.format(names=names, url=url)],
                stdout=out,
                stderr=subprocess.STDOUT,
                env=variables,
                cwd=said.parent,
            )

    @property
    def said(self) -> str:
        return self._said.read_text()

    def says(self, text: str) -> None:
        until(lambda: text in self.said or self.process.poll() is not None, text)
        assert text in self.said

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(120)


@pytest.fixture(autouse=True)
def _nothing_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.upper().startswith("SHOAL_") and not name.startswith("SHOAL_TEST_"):
            monkeypatch.delenv(name)


@pytest.fixture
def url(tmp_path: Path) -> str:
    address = f"sqlite:///{tmp_path / 'shoal.db'}"
    made_log(address)
    return address


@pytest.fixture
def webhook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Writes one more into the settings file, and its secret into the environment."""

    def write(name: str, address: str, more: str = "") -> None:
        with (tmp_path / "shoal.toml").open("a") as file:
            file.write(f'[webhooks.{name}]\nurl = "{address}"\n{more}\n')
        monkeypatch.setenv(f"SHOAL_WEBHOOKS__{name.upper()}__SECRET", SECRET)

    return write


class Within:
    """Senders on threads of this process: quick, and they wait less between tries."""

    def __init__(self, url: str, names: list[str], member: str = "one") -> None:
        self.lines: list[str] = []
        self.registry, self._stop = CollectorRegistry(), threading.Event()
        wiring = Wiring.of(url, None)
        instruments = Instruments(self.registry, WEBHOOK_METRICS)
        self._rounds = [
            Round(
                target,
                wiring.open_log,
                wiring.topics().changes,
                member,
                Watched(target, instruments, self.lines.append),
                self._stop,
            )
            for target in targets_of(wiring.settings, names)
        ]
        for one in self._rounds:
            one.start()

    @property
    def said(self) -> str:
        return "\n".join(self.lines)

    def says(self, text: str) -> None:
        until(lambda: text in self.said, text)

    def metric(self, name: str, **labels: str) -> float | None:
        return self.registry.get_sample_value(name, labels)

    def stop(self) -> None:
        self._stop.set()
        for one in self._rounds:
            one.thread.join(120)
            assert not one.thread.is_alive()
            assert one.failed is None


@pytest.fixture
def process(url: str, tmp_path: Path) -> Processes:
    """Starts a process that sends."""

    @contextmanager
    def start(*names: str) -> Iterator[Sender]:
        sender = Sender(url, tmp_path / "said.txt", list(names))
        try:
            yield sender
        finally:
            sender.kill()

    return start


@pytest.fixture
def within(url: str, monkeypatch: pytest.MonkeyPatch) -> Threads:
    """Starts threads that send."""
    monkeypatch.setattr(retrying, "FIRST_SECONDS", 0.4)

    @contextmanager
    def start(*names: str) -> Iterator[Within]:
        senders = Within(url, list(names))
        try:
            yield senders
        finally:
            senders.stop()

    return start
