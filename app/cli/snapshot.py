"""`shoal snapshot`: reconcile the running segments with a batch clustering, and keep the moment."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli.options import ConfigOption, LogOption


def snapshot(
    *,
    log: LogOption = None,
    config: ConfigOption = None,
    every: Annotated[
        str | None,
        typer.Option(
            metavar="15m|7d",
            help="Go on: 15m and 2h by the clock, 7d and 1w in event time.",
            show_default="one snapshot",
        ),
    ] = None,
    until_end: Annotated[
        bool, typer.Option("--until-end", help="End once no midnight is due any more.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="A JSON object a snapshot.")] = False,
    metrics_port: Annotated[
        int | None, typer.Option(min=0, max=65_535, help="Serve /metrics there.")
    ] = None,
    json_logs: Annotated[bool, typer.Option("--json-logs", help="Log lines as JSON.")] = False,
    report: Annotated[
        Path | None,
        typer.Option(metavar="FILE.html", help="Write each snapshot's page there, for people."),
    ] = None,
    textfile: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.prom", help="Write its metrics there, for node_exporter's textfiles."
        ),
    ] = None,
) -> None:
    """Take a snapshot: compare, say what drifts, renew the model, keep the moment.

    Of all customers at one midnight of event time. Runs beside `shoal consume`; killed at any
    step it leaves nothing half done and goes on where it was.

    Examples:

      shoal snapshot
      shoal snapshot --every 15m --report segments.html
      shoal snapshot --every 7d --log kafka://localhost:9092
      shoal snapshot --every 7d --until-end --json
      shoal snapshot --textfile /var/lib/node_exporter/shoal.prom
    """
    from app.snapshotting import Wanted, run
    from app.wiring import Wiring

    wanted = Wanted(every, until_end, as_json, metrics_port, json_logs, report, textfile)
    run(Wiring.of(log, config), wanted)
