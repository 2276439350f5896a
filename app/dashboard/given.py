"""What a visitor hands in to be tried: a file, or a shop that is made up.

A file lies on disk only while it is read, in a folder that nobody else can look into.
"""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from app.backtest.source import Source
from producers.reading.aliases import ALIASES
from producers.reading.columns import plain
from producers.reading.dataset import ReadOptions
from producers.replaying.prepared import Choices
from producers.sources.limits import GIB, Limits
from producers.sources.open import open_source

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

KINDS = ("csv", "tsv", "txt", "gz", "zip", "xlsx", "xls", "parquet", "json", "jsonl")
LIMITS = Limits(unpacked_bytes=GIB, ratio=100, excel_cells=10_000_000)
NEEDED = ("customer_id", "occurred_at")
PAID = ("unit_price", "amount")
EXAMPLE = "synthetic:customers=800,days=180,seed=11"


@dataclass(frozen=True, slots=True)
class Given:
    """Transactions to be tried."""

    name: str
    content: bytes | None
    """None for the shop that is made up."""

    options: ReadOptions = field(default_factory=lambda: ReadOptions(limits=LIMITS))

    @contextmanager
    def source(self) -> Iterator[Source]:
        """As runs take it; the file is gone in the end."""
        with tempfile.TemporaryDirectory(prefix="shoal-") as folder:
            place = EXAMPLE if self.content is None else str(_put(self, Path(folder)))
            yield Source((place,), self.options, Choices(), temp_folder=Path(folder))

    def columns(self) -> tuple[str, ...]:
        """What the file calls its columns."""
        with self.source() as source:
            return open_source(source.names[0], self.options.limits).columns

    def read_by(
        self, columns: dict[str, str], timezone: str = "UTC", date_format: str | None = None
    ) -> Given:
        """The same, with these columns as these fields; a field without one is left out."""
        mapping = tuple((name, columns.get(name, "")) for name in ALIASES)
        options = replace(self.options, mapping=mapping, timezone=timezone, date_format=date_format)
        return replace(self, options=options)


def guessed(columns: Sequence[str]) -> dict[str, str]:
    """The usual names among these: for each field a column, where there is one for it.

    >>> guessed(["InvoiceDate", "Customer ID", "Price", "Colour"])
    {'customer_id': 'Customer ID', 'occurred_at': 'InvoiceDate', 'unit_price': 'Price'}
    """
    found: dict[str, str] = {}
    for name, ranks in ALIASES.items():
        named = (column for rank in ranks for column in columns if plain(column) in rank)
        first = next(named, None)
        if first is not None:
            found[name] = first
    return found


def missing(columns: dict[str, str]) -> list[str]:
    """What has to be said before anything can be read.

    >>> missing({"customer_id": "Client", "amount": "Total"})
    ['occurred_at']
    """
    lacking = [name for name in NEEDED if not columns.get(name)]
    return lacking if any(columns.get(name) for name in PAID) else [*lacking, "unit_price"]


def _put(given: Given, folder: Path) -> Path:
    """Under a name of ours, with an ending of theirs: their name is for people only."""
    assert given.content is not None
    suffix = PurePath(given.name).suffix.lower()
    file = folder / f"upload{suffix if suffix.removeprefix('.') in KINDS else ''}"
    file.write_bytes(given.content)
    return file
