"""What came of an experiment, printed: sentences, then a row a segment and arm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from app.experimenting.reading_words import headers, rows, told

if TYPE_CHECKING:
    from app.experimenting.reading import Result


def print_result(result: Result) -> None:
    console = Console(highlight=False)
    for line in told(result):
        console.print(escape(line), soft_wrap=True)
    table = Table(box=None, pad_edge=False)
    for place, header in enumerate(headers(result)):
        table.add_column(header, justify="right" if place else "left", overflow="fold")
    for row in rows(result):
        table.add_row(*map(escape, row))
    console.print(table)
