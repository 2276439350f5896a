"""A dataset as lines of orders: the one way in for whatever comes after.

dataset = Dataset.open("online_retail.csv.gz", ReadOptions(timezone="Europe/London"))
for lines in dataset.lines(): ...
print(dataset.rejects.counts())
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from producers.reading.clock import Clock
from producers.reading.columns import ColumnMap, find_columns
from producers.reading.lacks import lacks_of
from producers.reading.normalise import Normalised, Reading, normalise
from producers.reading.rejects import Tally, refuse, rejected_rows
from producers.reading.understand import understand
from producers.sources.limits import Limits
from producers.sources.open import open_source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pyarrow as pa

    from producers.reading.rejects import RejectsFile
    from producers.sources.seam import RawBatch, Source


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How a dataset is to be read.

    `mapping` has (field, column) pairs as `--map` takes them, so `("discount", "a+b")` is a
    sum; `date_format` is dmy, mdy or a strptime format; `timezone` is what times without
    an offset mean; `local_timezone` is the shopper's clock where that is another one.
    """

    mapping: tuple[tuple[str, str], ...] = ()
    timezone: str = "UTC"
    local_timezone: str | None = None
    date_format: str | None = None
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True)
class Pass:
    """One batch on its way: as it came, and what became of it."""

    raw: RawBatch
    normalised: Normalised


class Dataset:
    """A source and how it is understood. It can be gone through any number of times."""

    def __init__(self, source: Source, reading: Reading) -> None:
        self._source = source
        self.reading = reading
        self.lacks = lacks_of(source, reading)
        self.rejects = Tally()

    @classmethod
    def open(cls, path_or_url: str | Path, options: ReadOptions | None = None) -> Dataset:
        """Raises SourceError or SettingsError where it can't be read as transactions."""
        options = options or ReadOptions()
        clock = Clock(options.timezone, options.local_timezone)
        source = open_source(path_or_url, options.limits)
        columns = find_columns(source.name, source.columns, options.mapping)
        return cls(source, understand(source, columns, clock, options.date_format))

    @property
    def name(self) -> str:
        return self._source.name

    @property
    def source_columns(self) -> tuple[str, ...]:
        return self._source.columns

    @property
    def columns(self) -> ColumnMap:
        return self.reading.columns

    def described(self) -> str:
        return self._source.described()

    def lines(
        self, *, rejects: RejectsFile | None = None, strict: bool = False
    ) -> Iterator[pa.RecordBatch]:
        """Batches of the LINES schema, in the order of the source.

        After a pass to the end `self.rejects` has its counts. Only the pass that is given a
        `rejects` file writes one; with `strict` the first row that is no transaction is a
        SourceError.
        """
        if rejects is not None:
            rejects.start(self._source.columns)
        tally = Tally()
        for one in self.passes():
            codes = one.normalised.reasons
            tally.add(one.raw, codes)
            if one.raw.broken or codes.any():
                self._set_aside(one, rejects, strict=strict)
            if one.normalised.lines.num_rows:
                yield one.normalised.lines
        self.rejects = tally

    def passes(self) -> Iterator[Pass]:
        """Every batch with what it was made from; `lines` is what one mostly wants."""
        for raw in self._source.batches():
            yield Pass(raw, normalise(raw.rows, self.reading))

    def _set_aside(self, one: Pass, rejects: RejectsFile | None, *, strict: bool) -> None:
        if strict:
            first = next(rejected_rows(one.raw, one.normalised.reasons))
            raise refuse(self.name, self._source.columns, self.columns, first)
        if rejects is not None:
            rejects.write(rejected_rows(one.raw, one.normalised.reasons))
