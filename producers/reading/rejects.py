"""What becomes of the rows that are no transactions: counted, written to a file, or fatal."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TextIO

import numpy as np
import pyarrow as pa

from producers.reading.reasons import Reason
from stream.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from types import TracebackType

    from numpy.typing import NDArray

    from producers.reading.columns import ColumnMap
    from producers.sources.seam import RawBatch

BEGINNING = b"row,reason,"


@dataclass(slots=True)
class Tally:
    """Every row of a pass is in exactly one of these counts."""

    accepted: int = 0
    by_reason: Counter[Reason] = field(default_factory=Counter)

    def add(self, raw: RawBatch, codes: NDArray[np.int8]) -> None:
        counts = np.bincount(codes, minlength=len(Reason) + 1)
        self.accepted += int(counts[0])
        self.by_reason.update({reason: int(counts[reason]) for reason in Reason if counts[reason]})
        if raw.broken:
            self.by_reason[Reason.MALFORMED_ROW] += len(raw.broken)

    @property
    def rejected(self) -> int:
        return self.by_reason.total()

    @property
    def rows(self) -> int:
        return self.accepted + self.rejected

    def counts(self) -> dict[str, int]:
        """By reason, the most frequent first."""
        return {reason.label: count for reason, count in self.by_reason.most_common()}


@dataclass(frozen=True, slots=True)
class Reject:
    """One row that is no transaction, and its cells as they came."""

    number: int
    reason: Reason
    cells: Sequence[object]


def rejected_rows(raw: RawBatch, codes: NDArray[np.int8]) -> Iterator[Reject]:
    """In the order of the source."""
    places = np.flatnonzero(codes)
    chosen = raw.rows.take(pa.array(places))
    cells = zip(*(column.to_pylist() for column in chosen.columns), strict=True)
    numbers = raw.numbers()[places].tolist()
    bad = [
        Reject(number, Reason(code), row)
        for number, code, row in zip(numbers, codes[places].tolist(), cells, strict=True)
    ]
    broken = [Reject(row.number, Reason.MALFORMED_ROW, row.cells) for row in raw.broken]
    return iter(sorted(bad + broken, key=lambda reject: reject.number) if broken else bad)


class RejectsFile:
    """A CSV of the rows left out: row number, reason, and the row as it came."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: TextIO | None = None

    def __enter__(self) -> RejectsFile:
        """An older rejects file is replaced; any other file, such as the source, is not."""
        try:
            if self._path.exists() and not self._is_replaceable():
                raise SourceError(f"{self._path} is there and no rejects file: choose another name")
            self._file = self._path.open("w", encoding="utf-8", newline="")
        except OSError as error:
            raise SourceError(f"{self._path} can't be written: {error.strerror}") from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file is not None:
            self._file.close()

    def start(self, columns: Sequence[str]) -> None:
        """Begins anew: a second pass replaces what the first one wrote."""
        file = self._opened()
        file.seek(0)
        file.truncate()
        csv.writer(file).writerow(["row", "reason", *columns])

    def write(self, rejects: Iterator[Reject]) -> None:
        rows = ([reject.number, reject.reason.label, *reject.cells] for reject in rejects)
        csv.writer(self._opened()).writerows(rows)

    def _is_replaceable(self) -> bool:
        with self._path.open("rb") as file:
            return file.read(len(BEGINNING)) in (b"", BEGINNING)

    def _opened(self) -> TextIO:
        assert self._file is not None, "use it in a with statement"
        return self._file


def refuse(source: str, columns: Sequence[str], used: ColumnMap, reject: Reject) -> SourceError:
    """What `--strict` says about the first row that is no transaction."""
    cells = dict(zip(columns, reject.cells, strict=False))
    looked_at = [column for name in reject.reason.fields for column in used.of(name)]
    shown = ", ".join(f"{column} is {cells.get(column)!r}" for column in looked_at)
    found = f" ({shown})" if shown else f" ({len(reject.cells)} cells, not {len(columns)})"
    return SourceError(
        f"{source}, row {reject.number}: {reject.reason.explanation}{found}. "
        "Correct the row, or leave --strict away to have such rows counted and left out"
    )
