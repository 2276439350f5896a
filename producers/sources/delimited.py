"""CSV, TSV and the like, streamed through Arrow's reader with every cell as a string."""

from __future__ import annotations

from collections import deque
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.csv as arrow_csv

from producers.sources.arrow_reading import arrow_reading
from producers.sources.broken_rows import BrokenRows
from producers.sources.damage import DAMAGE
from producers.sources.encoding import Utf8Stream
from producers.sources.quotes import QuoteCount, ends_inside_a_cell
from producers.sources.sniff import Dialect, dialect_of
from stream.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from producers.sources.seam import RawBatch
    from producers.sources.stored import Stored

SNIFFED_BYTES = 1 << 18
# Large enough for any row of a shop, small enough that a few in flight are no memory at all.
BLOCK_BYTES = 1 << 20
# Spreadsheets cut at semicolons where the comma is the decimal point.
DECIMAL_COMMA_DELIMITER = ";"
EMPTY_CELLS = ["", "NULL", "null", "NaN", "nan", "None", "N/A", "#N/A"]


class DelimitedSource:
    """One delimited text; see `Source` for what it promises."""

    def __init__(self, stored: Stored) -> None:
        self._stored = stored
        self.name = stored.name
        self._dialect, self._encoding = self._sniff()
        self.columns = self._dialect.columns
        self.may_use_decimal_comma = self._dialect.delimiter == DECIMAL_COMMA_DELIMITER

    def described(self) -> str:
        kind, _, rest = self._dialect.described().partition(", ")
        return f"{kind}, {self._encoding}, {rest}"

    def batches(self) -> Iterator[RawBatch]:
        """The last batch is held back until the text has ended as it should."""
        broken = BrokenRows(self.name, self._dialect)
        with closing(QuoteCount(self._stored.open())) as stream:
            try:
                yield from self._placed(stream, broken)
            except DAMAGE as error:
                broken.check_not_flooded()
                raise self._unreadable(error, broken.next_row) from error
            finally:
                self._encoding = stream.encoding

    def _placed(self, stream: QuoteCount, broken: BrokenRows) -> Iterator[RawBatch]:
        held: deque[RawBatch] = deque()
        with arrow_reading(stream, lambda file: self._reader(file, broken)) as reading:
            for rows in reading:
                if held:
                    yield held.popleft()
                held.append(broken.place(rows))
        if held and stream.is_odd and ends_inside_a_cell(held[0].rows):
            raise SourceError(
                f"{self.name}, row {held[0].end_row - 1}: a quote is opened and never closed, so "
                "everything after it is one cell. Close it, or remove it"
            )
        yield from held
        if rest := broken.remaining(self.columns):
            yield rest

    def _reader(self, stream: Any, broken: BrokenRows) -> Any:
        """Without threads: only then does Arrow say which row is the broken one."""
        text = pa.string()
        return arrow_csv.open_csv(
            stream,
            read_options=arrow_csv.ReadOptions(
                column_names=list(self.columns),
                skip_rows_after_names=int(self._dialect.has_header),
                block_size=BLOCK_BYTES,
                use_threads=False,
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=self._dialect.delimiter,
                newlines_in_values=True,
                invalid_row_handler=broken.remember,
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(self.columns, text),
                null_values=EMPTY_CELLS,
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
            ),
        )

    def _sniff(self) -> tuple[Dialect, str]:
        stream = Utf8Stream(self._stored.open())
        try:
            with closing(stream):
                text = stream.read(SNIFFED_BYTES).decode("utf-8", "ignore")
        except DAMAGE as error:
            raise SourceError(f"{self.name} can't be read: {error}") from error
        if not text.strip():
            raise SourceError(f"{self.name} is empty: nothing to read")
        if "\x00" in text:
            raise SourceError(
                f"{self.name} is neither text nor a format that is known here: "
                "save it as CSV (UTF-8), Excel, Parquet or JSON lines"
            )
        return dialect_of(text), stream.encoding

    def _unreadable(self, error: Exception, row: int) -> SourceError:
        if "straddling" in str(error):
            return SourceError(
                f"{self.name}, after row {row - 1}: a row is longer than {BLOCK_BYTES >> 20} MiB, "
                "most likely because a quote is opened and never closed. Close it, or remove it"
            )
        return SourceError(f"{self.name} can't be read after row {row - 1}: {error}")
