"""`shoal drift`: what snapshots found, as tables, as JSON, and drawn over time."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli.options import ConfigOption, LogOption


def drift(
    log: LogOption = None,
    config: ConfigOption = None,
    last: Annotated[
        int, typer.Option(min=1, help="So many of the last reports; one is told in full.")
    ] = 1,
    lens: Annotated[str | None, typer.Option(help="Only this lens.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As they were published.")] = False,
    plot: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Draw all reports over time: a .svg or .html file."),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Write over a file that is there.")
    ] = False,
) -> None:
    """What changed: agreement, shares, order values, features, and what to look at.

    docs/drift.md says how each figure comes about.

    [bold]Examples[/bold]

      shoal drift

      shoal drift --last 12 --lens value

      shoal drift --json | jq .alerts

      shoal drift --plot drift.html
    """
    from app.drift_words import print_report, print_reports
    from app.drifting import reports_of, require_plot, write_plot
    from app.wiring import Wiring

    if plot is not None:
        require_plot(plot, force)
    reports = reports_of(Wiring.of(log, config), lens)
    if as_json:
        for report in reports[-last:]:
            typer.echo(report.to_json())
    elif last == 1:
        print_report(reports[-1])
    else:
        print_reports(reports[-last:])
    if plot is not None:
        write_plot(plot, reports)
        typer.echo(f"drawn in {plot}", err=as_json)
