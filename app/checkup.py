"""What `shoal doctor` looks at, as findings: a thing, the fact, and a remedy if it is wrong."""

from __future__ import annotations

import platform
import sys
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

from app.wiring import Wiring
from stream.errors import ShoalError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from stream.log.seam import Log

NEEDED_PYTHON = (3, 11)
REMEDY = "change it there, or set topics.partitions or another topics.prefix"
NAMED_PACKAGES = ("kafka-python", "pyarrow", "msgspec", "numba")


@dataclass(frozen=True, slots=True)
class Finding:
    thing: str
    fine: bool
    fact: str
    remedy: str = ""


def checkup(log: str | None, config: Path | None) -> Iterator[Finding]:
    """Finding by finding; what depends on something that is wrong is left out."""
    yield _python()
    yield _packages()
    try:
        wiring = Wiring.of(log, config)
    except ShoalError as error:
        yield Finding("settings", fine=False, fact=str(error))
        return
    yield Finding("settings", fine=True, fact=f"log {wiring.settings.log.url}")
    yield from _kafka_client(wiring)
    yield from _log(wiring)


def _python() -> Finding:
    fine = sys.version_info >= NEEDED_PYTHON
    remedy = "" if fine else "install Python 3.11 or newer"
    return Finding("python", fine, f"{platform.python_version()} on {platform.system()}", remedy)


def _packages() -> Finding:
    named = ", ".join(f"{name} {version(name)}" for name in NAMED_PACKAGES)
    return Finding("packages", fine=True, fact=f"shoal {version('shoal')}; {named}")


def _kafka_client(wiring: Wiring) -> Iterator[Finding]:
    if not wiring.settings.log.url.startswith("kafka:"):
        return
    from stream.log.kafka.whole import misfit

    reason = misfit()
    fact = "whole batches" if reason is None else f"record by record: {reason}"
    remedy = "" if reason is None else "install kafka-python 3.0.x"
    yield Finding("client", reason is None, fact, remedy)


def _log(wiring: Wiring) -> Iterator[Finding]:
    try:
        with wiring.open_existing_log() as log:
            yield Finding("log", fine=True, fact=f"{log.name} answers")
            yield from _topics(wiring, log)
    except ShoalError as error:
        yield Finding("log", fine=False, fact=str(error))


def _topics(wiring: Wiring, log: Log) -> Iterator[Finding]:
    wanted = wiring.topics().specs()
    there = {topic.name for topic in log.topics()}
    missing = [topic.name for topic in wanted if topic.name not in there]
    if missing:
        yield Finding("topics", False, f"missing: {', '.join(missing)}", "shoal topics create")
    present = [topic for topic in wanted if topic.name in there]
    for one in log.create_topics(present) if present else []:
        fact = f"{one.topic}: {one.setting} is {one.is_now}, has to be {one.has_to_be}"
        yield Finding("topics", False, fact, REMEDY)
    if not missing:
        yield Finding("topics", fine=True, fact=f"{len(present)} under {wiring.topics().prefix!r}")
