"""`shoal doctor`: one line a thing that has to be right, each with its remedy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from app.cli.options import ConfigOption, LogOption

if TYPE_CHECKING:
    from app.checkup import Finding


def doctor(log: LogOption = None, config: ConfigOption = None) -> None:
    """Check settings, packages, the log and its topics. Exit code 1 where something is wrong.

    [bold]Examples[/bold]

      shoal doctor

      shoal doctor --log kafka://localhost:9092
    """
    from rich.console import Console

    from app.checkup import checkup

    console, wrong = Console(highlight=False), 0
    for finding in checkup(log, config):
        wrong += not finding.fine
        console.print(_line(finding), soft_wrap=True)
    raise typer.Exit(1 if wrong else 0)


def _line(finding: Finding) -> str:
    from rich.markup import escape

    mark = "[green]ok   [/green]" if finding.fine else "[red]wrong[/red]"
    remedy = f" → {escape(finding.remedy)}" if finding.remedy else ""
    return f"{mark} {finding.thing:9} {escape(finding.fact)}{remedy}"
