"""A sink in this process, beside an embedded log: SQL for whoever reads, with no database set up.

The tables lie in a file beside the log and hold nothing that the log doesn't: where they belong to
another log they are emptied and written anew. Of several processes one writes, the others read.
"""

from __future__ import annotations

import importlib.util
import logging
import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Protocol

from app.outage import FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS, Onlooker
from app.topics_ready import ready_topics
from stream.errors import BlockError, DatabaseError, DatabaseUnavailable, SettingsError, ShoalError
from stream.log.closing import ClosingMixin

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from app.wiring import Wiring
    from consumers.sink.sink import Sink, Step
    from consumers.sink.store import Store

logger = logging.getLogger(__name__)

STARTING = "the tables beside the log to be written"
ENDING_SECONDS = 30.0


class Watching(Onlooker, Protocol):
    """Who is told what the sink does: `SinkObserved` is one."""

    def stepped(self, step: Step, behind: Mapping[str, int]) -> None: ...


def tables_beside(log_url: str) -> str:
    """Where the tables of an embedded log are.

    >>> tables_beside("sqlite:///build/demo/shoal.db?synchronous=full")
    'sqlite:///build/demo/shoal.tables.db'
    """
    if not log_url.startswith("sqlite:///"):
        raise SettingsError(
            "only an embedded log has tables beside it: run `shoal sink --db URL` against "
            f"{log_url.partition('?')[0]}, and give the same --db here"
        )
    file = Path(log_url.removeprefix("sqlite:///").partition("?")[0])
    return f"sqlite:///{file.with_suffix('.tables.db')}"


class OwnSink(ClosingMixin):
    """Writes from the start until closed, in a thread; `url` can be read at once."""

    def __init__(self, wiring: Wiring, watching: Watching | None = None) -> None:
        self.url = tables_beside(wiring.settings.log.url)
        _require_installed()
        self._wiring, self._watching = wiring, watching
        wiring.open_existing_log().close()
        with self._store() as store:
            store.migrate()
        self._waits_for: str | None = STARTING
        self._wanted: dict[tuple[str, int], int] | None = None
        self._ending = Event()
        self._thread = Thread(target=self._run, name="shoal-own-sink", daemon=True)
        self._thread.start()

    @property
    def waits_for(self) -> str | None:
        """What the tables still lack; None once they have all that the log had a moment ago."""
        return self._waits_for

    def close(self) -> None:
        self._ending.set()
        self._thread.join(ENDING_SECONDS)

    def _run(self) -> None:
        wait_seconds = FIRST_WAIT_SECONDS
        while not self._ending.is_set():
            try:
                with writers_hold(self.url) as is_ours:
                    if is_ours:
                        self._write()
                    else:
                        self._look()
                    wait_seconds = FIRST_WAIT_SECONDS
            except (BlockError, DatabaseError) as error:
                self._told(error)
                if not isinstance(error, DatabaseUnavailable):
                    self._begin_anew()
            except ShoalError as error:
                self._told(error)
            except Exception:  # the thread ends with nothing else that could say so
                logger.exception("the sink beside the log failed, and begins again")
            self._ending.wait(wait_seconds)
            wait_seconds = min(wait_seconds * 2, LONGEST_WAIT_SECONDS)

    def _write(self) -> None:
        from consumers.sink.sink import Sink
        from consumers.worker.models import LogModels

        settings = self._wiring.settings.sink
        with self._wiring.open_existing_log() as log, self._store() as store:
            topics = ready_topics(log, self._wiring)
            models = LogModels(log, topics.models)
            with Sink(log, topics, store, models, most_rows=settings.most_rows) as sink:
                while not self._ending.is_set():
                    step = sink.step()
                    self._stepped(sink, step)
                    if not step.is_full and sink.is_fresh:
                        self._ending.wait(settings.commit_ms / 1000)

    def _look(self) -> None:
        """Another process writes: whether it has come to where the log ended at first."""
        from consumers.sink.places import followed_topics, places_of

        if self._waits_for is None:
            return
        with self._wiring.open_existing_log() as log, self._store() as store:
            topics = ready_topics(log, self._wiring)
            if self._wanted is None:
                self._wanted = {
                    (topic, partition): bounds.end
                    for topic in followed_topics(topics)
                    for partition, bounds in log.bounds(topic).items()
                }
            there = places_of(store).inputs
            at = {place: there[place].position for place in self._wanted if place in there}
            if all(at.get(place, 0) >= end for place, end in self._wanted.items()):
                self._waits_for = None

    def _stepped(self, sink: Sink, step: Step) -> None:
        behind = sink.behind(sink.ends())
        if not step.is_full and sink.is_fresh:
            self._waits_for = None
        if self._watching is not None:
            self._watching.stepped(step, behind)

    def _told(self, error: ShoalError) -> None:
        logger.warning("the sink beside the log waits: %s", error)
        self._waits_for = str(error)
        if self._watching is not None:
            self._watching.away()
            self._watching.waits_for(str(error))

    def _begin_anew(self) -> None:
        from consumers.sink import schema

        file = self.url.removeprefix("sqlite:///")
        try:
            with writers_hold(self.url) as is_ours, closing(sqlite3.connect(file)) as connection:
                if is_ours:
                    with connection:
                        for table in reversed(schema.metadata.sorted_tables):
                            connection.execute(f'DELETE FROM "{table.name}"')  # noqa: S608 (ours)
        except sqlite3.Error as error:
            logger.warning("the tables beside the log can't be emptied: %s", error)

    def _store(self) -> Store:
        from consumers.sink.open import open_store

        return open_store(self.url)


@contextmanager
def writers_hold(url: str) -> Iterator[bool]:
    """Whether this process is the one that writes. The operating system lets go of the hold when
    the process ends in whatever way."""
    file = f"{url.removeprefix('sqlite:///')}-writer"
    with closing(sqlite3.connect(file, timeout=0.1, isolation_level=None)) as hold:
        try:
            hold.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            yield False
            return
        yield True


def _require_installed() -> None:
    missing = [one for one in ("sqlalchemy", "alembic") if importlib.util.find_spec(one) is None]
    if missing:
        raise SettingsError(
            f"reading segments as tables needs {' and '.join(missing)}, not installed: "
            "pip install shoal[sql]"
        )
