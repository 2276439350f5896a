"""What one run leaves behind: its tally, and where it has a folder its files."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.backtest.profiles_file import write_profiles
from app.backtest.tally import Tally
from snapshot.history import History

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from concurrent.futures import Future
    from typing import BinaryIO

    from app.backtest.folder import Folder
    from consumers.task.storing import Output
    from snapshot.history import Manifest
    from snapshot.moment import Moment
    from snapshot.reconciling import Reconciled
    from stream.contracts.lens import LensModel
    from stream.contracts.model import SegmentModel


@dataclass(slots=True)
class Keeper:
    """An onlooker that counts, and writes down what it can."""

    tally: Tally = field(default_factory=Tally)
    files: Files | None = None

    def publishes(self, model: SegmentModel) -> None:
        self.tally.knows(model)

    def output(self, output: Output) -> None:
        lines = self.tally.changed(output)
        if self.files is not None:
            self.files.changes.write(lines)

    def snapshot(self, moment: Moment, found: Reconciled) -> None:
        self.tally.snapshot(moment, found)
        if self.files is not None:
            self.files.snapshot(moment, found)

    def flaps(self, instant_ms: int) -> Mapping[str, float]:
        return self.tally.flaps(instant_ms)

    def finish(
        self,
        moment: Moment,
        lenses: Sequence[LensModel],
        outliers: Mapping[str, float],
        told: Mapping[str, Any],
    ) -> None:
        """The moment after the last record, the lenses that run then, the account of it all."""
        if self.files is not None:
            self.files.settle()
            write_profiles(self.files.folder.profiles, moment, lenses, outliers)
            self.files.folder.write_summary(told)


class Files:
    """A folder being written.

    Snapshots are written on a thread of their own, one at a time: compressing and waiting for the
    disk leave Python's lock, and the run goes on meanwhile.
    """

    def __init__(self, folder: Folder, changes: BinaryIO, events: BinaryIO) -> None:
        self.folder, self.changes, self._events = folder, changes, events
        self._history, self._writer = History(folder.path), ThreadPoolExecutor(1)
        self._last: Future[Manifest] | None = None

    def snapshot(self, moment: Moment, found: Reconciled) -> None:
        for event in found.events:
            self._events.write(event.to_json() + b"\n")
        self.settle()
        self._last = self._writer.submit(self._history.write, moment, found)

    def settle(self) -> None:
        """All snapshots so far are written, or what kept the last one from it is raised."""
        if self._last is not None:
            self._last.result()
            self._last = None

    def close(self) -> None:
        self._writer.shutdown()


@contextmanager
def keeping(folder: Folder | None) -> Iterator[Keeper]:
    """Cleared first; what is written is closed in the end."""
    if folder is None:
        yield Keeper()
        return
    folder.clear()
    with (
        folder.changes.open("wb") as changes,
        folder.events.open("wb") as events,
        closing(Files(folder, changes, events)) as files,
    ):
        yield Keeper(files=files)
