"""`shoal generate`: a synthetic shop into a file, every value of its plan a flag."""

from __future__ import annotations

import inspect
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from producers.synthetic.plan import Plan, changed, read_plan

if TYPE_CHECKING:
    from collections.abc import Callable

    from producers.synthetic.answers import Truth
    from producers.synthetic.files import Written

RENAMED = {"shares": "--share", "drift_kinds": "--drift-kind"}


def generate(out: Path, plan_file: Path | None, force: bool, **values: Any) -> None:
    """Make a synthetic shop whose customers, drifts and dirt are known.

    Its truth is written beside it: SHOP.truth.json counts everything planted, and
    SHOP.truth.parquet says which kind each customer was, and when.

    Examples:

      shoal generate --out shop.csv
      shoal generate --transactions 1000000 --out shop.parquet
      shoal generate --out drift.csv.gz --drift-mix 0.2 --drift-from-day 200
      shoal generate --out dirty.jsonl --late 0.01 --no-customer 0.002
    """
    from producers.synthetic.files import write_shop

    given = {name: value for name, value in values.items() if value not in (None, [])}
    plan = changed(read_plan(plan_file) if plan_file else Plan(), given)
    if plan.transactions and "customers" not in given and not plan_file:
        from producers.synthetic.sizing import with_customers_for

        plan = with_customers_for(plan, plan.transactions)
    with _Bar(plan) as bar:
        files, truth = write_shop(plan, out, force=force, progress=bar.show)
    _say(files, truth)


class _Bar:
    """Progress by days, or by lines where the plan stops after so many."""

    def __init__(self, plan: Plan) -> None:
        from rich.console import Console
        from rich.progress import Progress

        self._lines = plan.transactions
        console = Console(stderr=True)
        self._progress = Progress(console=console, transient=True, disable=not console.is_terminal)
        self._task = self._progress.add_task("generating", total=plan.transactions or plan.days)

    def __enter__(self) -> _Bar:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def show(self, days: int, rows: int) -> None:
        self._progress.update(self._task, completed=rows if self._lines else days)


def _say(files: Written, truth: Truth) -> None:
    summary = truth.summary()
    typer.echo(
        f"{files.data}: {summary['lines']:,} lines of {summary['orders']:,} orders by "
        f"{summary['customers']:,} customers in {summary['days']:,} days"
        + _and_dirty(summary["rows"] - summary["lines"])
    )
    if truth.lines < truth.plan.transactions:
        typer.echo(
            f"The plan's days ended before {truth.plan.transactions:,} lines: "
            "give more --customers or --days."
        )
    typer.echo(f"Its truth: {files.summary}, {files.stints}")
    typer.echo(f"Next: shoal replay {files.data}")


def _and_dirty(rows: int) -> str:
    return f", and {rows:,} rows that are no lines" if rows else ""


def _with_flags(command: Callable[..., None]) -> Callable[..., None]:
    """The command with a flag for every field of a plan, so that none can be forgotten."""
    out = typer.Option("--out", "-o", help="The file: .csv, .jsonl (either with .gz) or .parquet.")
    plan_file = typer.Option("--plan", help="A TOML file of these values; flags win over it.")
    force = typer.Option("--force", help="Write over files that are there.")
    flags = [
        _flag("out", Annotated[Path, out], inspect.Parameter.empty),
        _flag("plan_file", Annotated[Path | None, plan_file], None),
        *(_plan_flag(each.name, each.metadata["says"]) for each in fields(Plan)),
        _flag("force", Annotated[bool, force], default=False),
    ]
    # typer reads both: the order from the one, the types from the other.
    command.__signature__ = inspect.Signature(flags)  # type: ignore[attr-defined]  # by design
    command.__annotations__ = {flag.name: flag.annotation for flag in flags}
    return command


def _plan_flag(name: str, says: str) -> inspect.Parameter:
    default = getattr(Plan(), name)
    flag = RENAMED.get(name, "--" + name.replace("_", "-"))
    several = isinstance(default, dict | tuple)
    option = typer.Option(flag, help=says, show_default=False if several else str(default))
    kind = list[str] if several else str if isinstance(default, date) else type(default)
    return _flag(name, Annotated[kind | None, option], None)


def _flag(name: str, annotation: Any, default: Any) -> inspect.Parameter:
    keyword = inspect.Parameter.KEYWORD_ONLY
    return inspect.Parameter(name, keyword, default=default, annotation=annotation)


_with_flags(generate)
