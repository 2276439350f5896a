"""How a command that runs for long speaks: lines for people, or JSON for what collects logs."""

from __future__ import annotations

import logging
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

OURS = ("consumers", "snapshot", "app")
PLAIN = "shoal: %(message)s"


@contextmanager
def speaking(*, json_logs: bool) -> Iterator[Callable[[str], None]]:
    """Gives what to say things with; what our libraries log is seen in the same form meanwhile."""
    if json_logs:
        with _as_they_were(""):
            from app.observing.json_logs import log_as_json

            log_as_json()
            yield logging.getLogger("shoal").info
        return
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter(PLAIN))
    with _as_they_were(*OURS):
        for name in OURS:
            logger = logging.getLogger(name)
            logger.handlers, logger.propagate = [handler], False
        yield say_plainly


def say_plainly(text: str) -> None:
    """To people, out of the way of pipes."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


@contextmanager
def _as_they_were(*names: str) -> Iterator[None]:
    """Puts loggers back in the end, for whoever uses this process for something else then."""
    loggers = [logging.getLogger(name or None) for name in names]
    before = [(one.handlers[:], one.propagate, one.level) for one in loggers]
    try:
        yield
    finally:
        for one, (handlers, propagate, was) in zip(loggers, before, strict=True):
            one.handlers, one.propagate = handlers, propagate
            one.setLevel(was)
        logging.captureWarnings(False)
