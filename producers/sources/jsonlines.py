"""JSON lines: one object a line, its members the columns."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import msgspec
import pyarrow as pa

from producers.sources.cells import column_of
from producers.sources.damage import DAMAGE
from producers.sources.encoding import Utf8Stream
from producers.sources.seam import BrokenRow, RawBatch
from stream.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from producers.sources.stored import Stored

BLOCK_BYTES = 1 << 20
LONGEST_LINE_BYTES = 16 << 20
MOST_MEMBERS = 1_000

Row = dict[str, object]
_decode = msgspec.json.Decoder(Row)


class JsonLinesSource:
    """One text of JSON lines; see `Source`.

    The columns are the members of all objects, in the order in which they come up: the
    text is gone through once for them, because a discount may come up only in the last line.
    """

    may_use_decimal_comma = False

    def __init__(self, stored: Stored) -> None:
        self._stored = stored
        self.name = stored.name
        self._encoding = "UTF-8"
        self.columns = self._members()

    def described(self) -> str:
        return f"JSON lines, {self._encoding}"

    def batches(self) -> Iterator[RawBatch]:
        next_row = 1
        for lines in self._blocks():
            batch = self._batch(lines, next_row)
            next_row = batch.end_row
            yield batch

    def _batch(self, lines: list[bytes], first_row: int) -> RawBatch:
        rows, broken = decoded(lines, first_row)
        columns = [column_of([row.get(name) for row in rows]) for name in self.columns]
        batch = pa.RecordBatch.from_arrays(columns, names=list(self.columns))
        return RawBatch(batch, first_row, tuple(broken))

    def _blocks(self) -> Iterator[list[bytes]]:
        """Whole lines, about a block at a time; blank ones are no rows."""
        rest = b""
        with closing(Utf8Stream(self._stored.open())) as stream:
            for block in self._read(stream):
                *lines, rest = (rest + block).split(b"\n")
                if len(rest) > LONGEST_LINE_BYTES:
                    raise SourceError(
                        f"{self.name} has a line of more than {LONGEST_LINE_BYTES >> 20} MiB: "
                        "JSON lines have one small object a line"
                    )
                yield [line for line in lines if line.strip()]
            self._encoding = stream.encoding
        if rest.strip():
            yield [rest]

    def _read(self, stream: Utf8Stream) -> Iterator[bytes]:
        try:
            while block := stream.read(BLOCK_BYTES):
                yield block
        except DAMAGE as error:
            raise SourceError(f"{self.name} can't be read to its end: {error}") from error

    def _members(self) -> tuple[str, ...]:
        names: dict[str, None] = {}
        for lines in self._blocks():
            if not names:
                self._check_is_no_array(lines)
            rows, _ = decoded(lines, 1)
            if not names.keys() >= set().union(*rows):
                names |= dict.fromkeys(name for row in rows for name in row)
            if len(names) > MOST_MEMBERS:
                raise SourceError(
                    f"{self.name} has objects of more than {MOST_MEMBERS:,} different members: "
                    "a table has a few columns, each with one name"
                )
        if not names:
            raise SourceError(f"{self.name} has no line that is a JSON object with members")
        return tuple(names)

    def _check_is_no_array(self, lines: list[bytes]) -> None:
        if lines and lines[0].lstrip().startswith(b"["):
            raise SourceError(
                f"{self.name} is no JSON lines: each line has to be an object. "
                "An array of objects becomes lines with: jq -c '.[]' FILE"
            )


def decoded(lines: list[bytes], first_row: int) -> tuple[list[Row], list[BrokenRow]]:
    """The objects, and the lines that are none."""
    try:
        return [_decode.decode(line) for line in lines], []
    except (msgspec.DecodeError, RecursionError):
        return _one_by_one(lines, first_row)


def _one_by_one(lines: list[bytes], first_row: int) -> tuple[list[Row], list[BrokenRow]]:
    rows: list[Row] = []
    broken: list[BrokenRow] = []
    for number, line in enumerate(lines, start=first_row):
        try:
            rows.append(_decode.decode(line))
        except (msgspec.DecodeError, RecursionError):
            text = line.decode("utf-8", "replace")
            broken.append(BrokenRow(number, text, (text,)))
    return rows, broken
