"""`shoal api`: what is known of customers and segments, over HTTP."""

from __future__ import annotations

from typing import Annotated

import typer

from app.cli.options import ConfigOption, LogOption


def api(
    *,
    db: Annotated[
        str | None,
        typer.Option(
            "--db",
            metavar="URL",
            help="The database that `shoal sink` writes.",
            show_default="sink.db, or tables beside an embedded log",
        ),
    ] = None,
    log: LogOption = None,
    config: ConfigOption = None,
    host: Annotated[
        str | None,
        typer.Option("--host", help="The address to listen on.", show_default="127.0.0.1"),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            "--port", min=0, max=65_535, help="0 takes any that is free.", show_default="8000"
        ),
    ] = None,
    json_logs: Annotated[bool, typer.Option("--json-logs", help="Log lines as JSON.")] = False,
) -> None:
    """Answer questions about customers, segments, changes and drift; predict; erase.

    Runs until Ctrl-C or SIGTERM. Reads the sink's database; beside an embedded log it keeps
    tables of its own where no database is given. Erasures are written to the log.

    Examples:

      shoal api --log sqlite:///shoal.db
      shoal api --db postgresql+psycopg://shoal@localhost/shop --log kafka://localhost:9092
    """
    from app.serving import Wanted, run
    from app.wiring import Wiring
    from stream.settings import load_settings

    here = {key: value for key, value in (("host", host), ("port", port)) if value is not None}
    flags: dict[str, object] = {"api": here} if here else {}
    flags |= {"sink": {"db": db}} if db else {}
    flags |= {"log": {"url": log}} if log else {}
    settings = load_settings(config, flags)
    run(Wiring(settings), Wanted(json_logs, own_tables=_means_own_tables(db, log)))


def _means_own_tables(db: str | None, log: str | None) -> bool:
    """Who names an embedded log and no database wants to see that log."""
    return db is None and log is not None and log.startswith("sqlite:")
