"""The commands as the demonstration runs them: in this process, and what they say caught."""

from __future__ import annotations

import contextlib
import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app import consuming, modelling, replaying, snapshotting
from app.cli.consume import host_name
from app.log_tasks import task_rules
from app.replay_words import instant_ms
from app.warming import warm_up
from app.wiring import Wiring
from producers.reading.dataset import ReadOptions
from producers.replaying.pace import Pace
from producers.replaying.prepared import Choices
from stream.settings import load_settings
from stream.settings.lenses import lens_specs

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from stream.contracts.model import SegmentModel


@dataclass(frozen=True, slots=True)
class Commands:
    """One log and the snapshots beside it, and what is done with them."""

    folder: Path
    least_customers: int
    """How many active ones a first model needs."""

    @property
    def wiring(self) -> Wiring:
        """As settings of the place have it, but for where everything is."""
        said = load_settings(None, {"log": {"url": f"sqlite:///{self.folder / 'shoal.db'}"}})
        history = {"directory": str(self.folder / "history" / said.group)}
        snapshot = {"least_customers": self.least_customers}
        url = {"url": said.log.url}
        return Wiring(load_settings(None, {"log": url, "history": history, "snapshot": snapshot}))

    def warm_up(self, say: Callable[[str], None]) -> None:
        settings = self.wiring.settings
        warm_up(task_rules(settings, self.wiring.topics()), lens_specs(settings), say)

    def replay(self, file: Path, until: str | None, *, resume: bool) -> str:
        """Its account."""
        choices = Choices(until_ms=instant_ms("--until", until, "UTC"))
        asked = (None, False, None, None, None, choices, Pace(), resume, False)
        wanted = replaying.Wanted((str(file),), ReadOptions(), *asked)
        return said_by(lambda: replaying.run(self.wiring, wanted))

    def consume(self) -> str:
        """Its account."""
        return self._consumed(as_json=False)

    def consume_counted(self) -> dict[str, Any]:
        """Its account in numbers."""
        told: dict[str, Any] = json.loads(self._consumed(as_json=True))
        return told

    def snapshot(self, page: Path | None = None) -> dict[str, Any]:
        """What it said, in numbers."""
        wanted = snapshotting.Wanted(as_json=True, report=page)
        told: dict[str, Any] = json.loads(said_by(lambda: snapshotting.run(self.wiring, wanted)))
        return told

    def models(self) -> list[SegmentModel]:
        """Every version."""
        return modelling.models_of(self.wiring)

    def _consumed(self, *, as_json: bool) -> str:
        name = self.wiring.settings.consume.worker or host_name()
        wanted = consuming.Wanted(name, until_end=True, as_json=as_json)
        return said_by(lambda: consuming.run(self.wiring, wanted))


def said_by(command: Callable[[], None]) -> str:
    """What a command wrote for people; how it is getting on goes nowhere."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(io.StringIO()):
        command()
    return said.getvalue().rstrip()
