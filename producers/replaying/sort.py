"""Lines in the order in which they happened, however large and disordered their sources.

An external merge sort: lines are gathered up to a limit, put in order, and written to disk
as a run; runs that follow one another are one. Small sources never leave memory, and a
source already in order becomes a single run. Several sources are merged by being sorted
together: at one instant the order is that of the sources, then that of their rows.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from itertools import count
from tempfile import gettempdir
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from producers.lines import LINES
from producers.replaying.fingerprint import ContentHash
from producers.replaying.merge import in_order, merged
from producers.replaying.runs import Run
from producers.replaying.scratch import scratch_folder
from producers.replaying.survey import Survey, instants
from stream.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

# A line that remembers which of the sources it came from, counted from 0.
SOURCED = LINES.append(pa.field("source", pa.int32(), nullable=False))


@dataclass(frozen=True, slots=True)
class SortLimits:
    """How much is held: lines not yet in a run, and runs merged at once."""

    bytes_in_memory: int = 24 << 20
    rows_in_memory: int = 1_000_000
    runs_at_once: int = 32


@dataclass(frozen=True, slots=True)
class SortedLines:
    """Lines in order of time, as `SOURCED` batches, with what is known of them beforehand.

    `content` is the same for the same lines from the same sources, and for no others.
    """

    survey: Survey
    content: str
    runs: Sequence[Iterable[pa.RecordBatch]]

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        return merged(self.runs)


@contextmanager
def sorted_lines(
    sources: Sequence[Iterable[pa.RecordBatch]],
    folder: Path | None = None,
    limits: SortLimits | None = None,
    on_progress: Callable[[Survey], None] = lambda _: None,
) -> Iterator[SortedLines]:
    """Reads the sources to their ends, once; what is on disk goes with the `with` block."""
    with ExitStack() as at_the_end:
        try:
            path = at_the_end.enter_context(scratch_folder(folder))
        except OSError as error:
            raise SourceError(
                f"can't sort on disk in {folder or gettempdir()}: {error.strerror}. "
                "Name another folder with --temp-folder."
            ) from error
        sorter = _Sorter(path, limits or SortLimits())
        with closing(_sourced(sources)) as batches:
            for batch in batches:
                sorter.add(batch)
                on_progress(sorter.survey)
        yield sorter.finish()


def _sourced(sources: Sequence[Iterable[pa.RecordBatch]]) -> Generator[pa.RecordBatch, None, None]:
    for place, source in enumerate(sources):
        # Closed wherever reading ends: a reader's threads must not outlive it.
        with ExitStack() as at_the_end:
            batches = iter(source)
            if isinstance(batches, Generator):
                at_the_end.callback(batches.close)
            for batch in batches:
                if batch.num_rows:
                    number = pa.array(np.full(batch.num_rows, place, np.int32))
                    yield pa.RecordBatch.from_arrays([*batch.columns, number], schema=SOURCED)


class _Sorter:
    def __init__(self, folder: Path, limits: SortLimits) -> None:
        self.survey = Survey()
        self._content = ContentHash()
        self._limits = limits
        self._paths = (folder / f"run-{number}.arrow" for number in count())
        self._held: list[pa.RecordBatch] = []
        self._held_bytes = self._held_rows = 0
        self._runs: list[Run] = []
        self._run_ends_ms = 0

    def add(self, batch: pa.RecordBatch) -> None:
        self.survey = self.survey.after(instants(batch))
        self._content.add(batch)
        self._held.append(batch)
        self._held_bytes += batch.nbytes
        self._held_rows += batch.num_rows
        limits = self._limits
        if self._held_bytes >= limits.bytes_in_memory or self._held_rows >= limits.rows_in_memory:
            self._spill()

    def finish(self) -> SortedLines:
        if not self._runs:
            return self._as([list(self._ordered())])
        self._spill()
        self._runs[-1].close()
        while len(self._runs) > self._limits.runs_at_once:
            self._runs = [self._one_run(group) for group in self._groups()]
        return self._as(self._runs)

    def _as(self, runs: Sequence[Iterable[pa.RecordBatch]]) -> SortedLines:
        return SortedLines(self.survey, self._content.hexdigest(), runs)

    def _spill(self) -> None:
        """Writes what is held to the last run where it follows that, else to a new one."""
        for chunk in self._ordered():
            times = instants(chunk)
            if not self._runs or times[0] < self._run_ends_ms:
                self._begin_run()
            self._runs[-1].append(chunk)
            self._run_ends_ms = int(times[-1])
        pa.default_memory_pool().release_unused()

    def _begin_run(self) -> None:
        if self._runs:
            self._runs[-1].close()
        self._runs.append(Run(next(self._paths)))

    def _ordered(self) -> Iterator[pa.RecordBatch]:
        held, self._held, self._held_bytes, self._held_rows = self._held, [], 0, 0
        if held:
            together = pa.concat_batches(held)
            held.clear()
            yield from in_order(together)

    def _groups(self) -> Iterator[list[Run]]:
        size = self._limits.runs_at_once
        return (self._runs[start : start + size] for start in range(0, len(self._runs), size))

    def _one_run(self, group: list[Run]) -> Run:
        together = Run(next(self._paths))
        for batch in merged(group):
            together.append(batch)
        together.close()
        for run in group:
            run.remove()
        return together
