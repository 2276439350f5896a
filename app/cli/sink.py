"""`shoal sink`: customers, changes, segments, models and drift as tables of a database."""

from __future__ import annotations

from typing import Annotated

import typer

from app.cli.options import ConfigOption, LogOption


def sink(
    *,
    db: Annotated[
        str | None,
        typer.Option(
            "--db",
            metavar="URL",
            help="sqlite:///FILE or postgresql+psycopg://USER@HOST/DATABASE.",
            show_default="sink.db of the settings",
        ),
    ] = None,
    log: LogOption = None,
    config: ConfigOption = None,
    until_end: Annotated[
        bool, typer.Option("--until-end", help="End once all that is there now is written.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Its closing account as JSON.")] = False,
    metrics_port: Annotated[
        int | None, typer.Option(min=0, max=65_535, help="Serve /metrics there.")
    ] = None,
    json_logs: Annotated[bool, typer.Option("--json-logs", help="Log lines as JSON.")] = False,
) -> None:
    """Keep a database's tables as the log has them: customers, changes, segments, drift.

    Runs until Ctrl-C or SIGTERM. Killed at any moment it goes on where the database stands:
    nothing is missing then and nothing is there twice. Tables are made, and brought up to date.

    Examples:

      shoal sink --db sqlite:///segments.db --until-end
      shoal sink --db postgresql+psycopg://shoal@localhost/shop --log kafka://localhost:9092
    """
    from app.sinking import Wanted, run
    from app.wiring import Wiring
    from stream.settings import load_settings

    flags = {"sink": {"db": db}} if db else {}
    settings = load_settings(config, flags | ({"log": {"url": log}} if log else {}))
    run(Wiring(settings), Wanted(until_end, as_json, metrics_port, json_logs))
