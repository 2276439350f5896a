"""One target's thread: its own way into the log, opened again whenever that fails.

Nothing is shared with other targets, so that none can hold up another.
"""

from __future__ import annotations

import logging
import random
from contextlib import ExitStack
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import TYPE_CHECKING

from app.webhooks.courier import Courier
from app.webhooks.inbox import Inbox
from app.webhooks.posting import Post
from app.webhooks.retrying import wait_seconds
from stream.errors import Fenced, GroupMovedOn, LogError

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.webhooks.targets import Target
    from app.webhooks.watching import Watched
    from stream.log.seam import Log

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Round:
    """Starts at once; `stop` ends it after the request under way."""

    target: Target
    open_log: Callable[[], Log]
    topic: str
    member: str
    watched: Watched
    stop: Event
    failed: Exception | None = None
    """What ended it before it was told to stop."""

    thread: Thread = field(init=False)
    _log_failures: int = 0

    def start(self) -> None:
        """As a daemon: a name server that doesn't answer can't be interrupted."""
        self.thread = Thread(target=self._run, name=f"webhook-{self.target.name}", daemon=True)
        self.thread.start()

    def _run(self) -> None:
        while not self.stop.is_set() and self.failed is None:
            try:
                self._deliver()
            except LogError as error:
                if isinstance(error, Fenced) and not isinstance(error, GroupMovedOn):
                    self._end(error)
                else:
                    self._wait_for_the_log(error)
            except Exception as error:  # the others go on; it is raised when the command ends
                logger.exception("%s failed", self.target)
                self.failed = error

    def _deliver(self) -> None:
        target = self.target
        with ExitStack() as closing:
            log = closing.enter_context(self.open_log())
            inbox = Inbox(log, self.topic, target.group, target.begin, self.watched.forgotten)
            inbox.subscription = closing.enter_context(
                log.subscribe(self.topic, target.group, self.member, inbox)
            )
            inbox.producer = closing.enter_context(log.producer(f"{target.group}-{self.member}"))
            post = Post(target.url, target.timeout_seconds)
            closing.callback(post.close)
            inbox.tend(0.0)
            self._log_failures = 0
            Courier(target, inbox, post, self.stop, self.watched).run()

    def _end(self, error: Fenced) -> None:
        self.watched.say(f"{self.target} ends: {error}")
        self.failed = error

    def _wait_for_the_log(self, error: LogError) -> None:
        self._log_failures += 1
        seconds = wait_seconds(self._log_failures, random.random())  # noqa: S311 (nothing secret hangs on it)
        self.watched.log_failed(error, seconds)
        self.stop.wait(seconds)
