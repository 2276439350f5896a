"""The data-quality report as tables for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from producers.checking.report import Count, Example, Outliers, Report


def print_report(report: Report, console: Console | None = None) -> None:
    """Prints what there is to say; tables without rows are left out."""
    console = console or Console()
    console.print(f"[bold]{escape(report.source)}[/] ({escape(report.format)})")
    console.print(_table("What is in it", ("", ""), _overview(report)))
    console.print(_table("Columns", ("column", "taken for", "holds", "missing"), _columns(report)))
    if report.rejected:
        console.print(_table("Would be rejected", ("reason", "rows"), _rejected(report)))
    else:
        console.print("Every row can become a transaction.")
    if report.outliers:
        headers = ("field", "usual range", "outside", "smallest", "largest")
        console.print(_table("Outliers", headers, map(_outliers, report.outliers)))
    if report.odd_codes and report.odd_codes.codes:
        title = f"{report.odd_codes.codes} codes that look like no product"
        rows = [(code, f"{lines:,}") for code, lines in report.odd_codes.examples]
        console.print(_table(title, ("code", "lines"), rows))
    for sentence in report.lacks:
        console.print(f"It has {escape(sentence)}.")


def _table(title: str, headers: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    table = Table(title=title, title_justify="left", show_header=any(headers))
    for place, header in enumerate(headers):
        table.add_column(header, overflow="fold", justify="left" if place == 0 else "right")
    for row in rows:
        table.add_row(*map(escape, row))
    return table


def _overview(report: Report) -> list[tuple[str, str]]:
    returns = report.returns
    return [
        ("rows", f"{report.rows:,}"),
        ("of these transactions", _with_share(report.transactions, report.rows)),
        ("from", report.first or "-"),
        ("to", report.last or "-"),
        ("customers", _count(report.customers)),
        ("orders", _count(report.orders)),
        ("products", _count(report.products)),
        ("exact duplicate rows", _count(report.duplicate_rows)),
        ("lines of negative quantity", f"{returns.negative_quantity_lines:,}"),
        ("lines of cancelled orders", f"{returns.cancellation_lines:,}"),
        ("cancelled orders", _count(returns.cancelled_orders)),
        ("lines at price 0", f"{returns.free_lines:,}"),
        ("lines at a price below 0", f"{returns.negative_price_lines:,}"),
        ("lines of no product", f"{report.odd_codes.lines:,}" if report.odd_codes else "-"),
    ]


def _columns(report: Report) -> list[tuple[str, str, str, str]]:
    return [
        (column.name, column.field or "-", column.kind, _with_share(column.missing, report.rows))
        for column in report.columns
    ]


def _rejected(report: Report) -> list[tuple[str, str]]:
    return [(reason, _with_share(rows, report.rows)) for reason, rows in report.rejected.items()]


def _outliers(found: Outliers) -> tuple[str, str, str, str, str]:
    return (
        found.field,
        f"{found.low:,g} to {found.high:,g}",
        _count(found.outside),
        _examples(found.smallest),
        _examples(found.largest),
    )


def _examples(examples: Iterable[Example]) -> str:
    return "\n".join(f"{example.value:,.10g} (row {example.row:,})" for example in examples)


def _count(count: Count) -> str:
    return f"{count.value:,}" if count.is_exact else f"about {count.value:,}"


def _with_share(part: int, whole: int) -> str:
    return f"{part:,} ({part / whole:.2%})" if part and whole else f"{part:,}"
