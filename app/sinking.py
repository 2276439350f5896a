"""One run of `shoal sink`: log, database, and step after step until it is told to stop.

1. The database, with its tables: what is wrong with its URL or its user shows at once.
2. The log and its topics, and where the database stands in them.
3. Steps. Where the database or the log goes away it is waited for, and begun again from there.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.observing.observed import port_of
from app.observing.sink_observed import sink_observed
from app.outage import Outage
from app.saying import speaking
from app.stopping import Stopping
from app.topics_ready import ready_topics
from consumers.worker.models import LogModels
from stream.errors import DatabaseUnavailable, LogUnavailable, SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.observing.sink_observed import SinkObserved
    from app.wiring import Wiring
    from consumers.sink.messages import Ends
    from consumers.sink.sink import Sink, Step
    from consumers.sink.store import Store
    from stream.log.seam import Log
    from stream.topics import Topics

PASSING = (DatabaseUnavailable, LogUnavailable)
NEEDED = ("sqlalchemy", "alembic")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for."""

    until_end: bool = False
    as_json: bool = False
    metrics_port: int | None = None
    json_logs: bool = False


def run(wiring: Wiring, wanted: Wanted) -> None:
    """Writes until it is told to stop, or all that was there is written."""
    url = _database(wiring)
    from consumers.sink.open import open_store

    with ExitStack() as stack:
        stopping = stack.enter_context(Stopping())
        say = stack.enter_context(speaking(json_logs=wanted.json_logs))
        store = stack.enter_context(open_store(url))
        store.migrate()  # 1
        log = stack.enter_context(wiring.open_existing_log())
        topics = ready_topics(log, wiring)  # 2
        host = wiring.settings.consume.metrics_host
        observed = stack.enter_context(
            sink_observed(port=port_of(0, wanted.metrics_port), host=host, stopping=stopping)
        )
        if observed.port is not None:
            say(f"metrics on http://{host}:{observed.port}/metrics")
        run = _Run(wiring, log, topics, store, stopping, observed, wanted, say)
        run.steps()  # 3
        _tell(run, wanted)


@dataclass(slots=True)
class _Run:
    wiring: Wiring
    log: Log
    topics: Topics
    store: Store
    stopping: Stopping
    observed: SinkObserved
    wanted: Wanted
    say: Callable[[str], None]
    rows: dict[str, int] = field(default_factory=dict)
    until: Ends | None = None
    outage: Outage = field(init=False)

    def __post_init__(self) -> None:
        self.outage = Outage(self.stopping, self.observed, self.say)

    def steps(self) -> None:
        while not self.stopping.asked:
            try:
                if self._until_over():
                    return
            except PASSING as error:
                self.outage.wait(str(error))

    def _until_over(self) -> bool:
        """Whether all that was wanted is done; a sink is made anew after each outage."""
        from consumers.sink.sink import Sink, settled_ends

        if self.wanted.until_end and self.until is None:
            self.until = settled_ends(self.log, self.topics)
        self.observed.waits_for("what the database has to be read again from the log")
        models = LogModels(self.log, self.topics.models)
        settings = self.wiring.settings.sink
        with Sink(self.log, self.topics, self.store, models, most_rows=settings.most_rows) as sink:
            while not self.stopping.asked:
                step = sink.step()
                self._stepped(sink, step)
                if self.until is not None and sink.is_done(self.until):
                    return True
                if not step.is_full and sink.is_fresh:
                    self.stopping.wait(settings.commit_ms / 1000)
        return True

    def _stepped(self, sink: Sink, step: Step) -> None:
        self.outage.over()
        self.observed.stepped(step, sink.behind(sink.ends()))
        for table, rows in step.rows.items():
            self.rows[table] = self.rows.get(table, 0) + rows


def _database(wiring: Wiring) -> str:
    """The URL, once everything is installed that it takes."""
    chosen = wiring.settings.sink.db
    if chosen is None:
        raise SettingsError(
            "where to? Give --db sqlite:///FILE or postgresql+psycopg://USER@HOST/DATABASE, or set "
            "sink.db"
        )
    url = chosen.get_secret_value()
    needed = (*NEEDED, "psycopg") if url.startswith("postgres") else NEEDED
    missing = [name for name in needed if importlib.util.find_spec(name) is None]
    if missing:
        raise SettingsError(
            f"a sink needs {' and '.join(missing)}, which are not installed: pip install shoal[sql]"
        )
    return url


def _tell(run: _Run, wanted: Wanted) -> None:
    if wanted.as_json:
        sys.stdout.write(json.dumps({"database": run.store.name, "rows": run.rows}) + "\n")
        return
    counts = ", ".join(f"{rows:,} {table}" for table, rows in sorted(run.rows.items()))
    sys.stdout.write(f"{run.store.name}: {counts or 'nothing new'}\n")
