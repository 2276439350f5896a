"""`shoal dashboard`: the segments in a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli.options import ConfigOption, LogOption


def dashboard(
    *,
    db: Annotated[
        str | None,
        typer.Option(
            "--db",
            metavar="URL",
            help="The database that `shoal sink` writes.",
            show_default="sink.db of the settings, else tables beside an embedded log",
        ),
    ] = None,
    log: LogOption = None,
    config: ConfigOption = None,
    host: Annotated[
        str | None, typer.Option(help="Listen there.", show_default="127.0.0.1")
    ] = None,
    port: Annotated[
        int | None, typer.Option(min=1, max=65_535, help="And on this port.", show_default="8501")
    ] = None,
    demo: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Show the demonstration in this folder, and let its shop go on."
        ),
    ] = None,
    open_browser: Annotated[
        bool, typer.Option("--open", help="Open it in this machine's browser.")
    ] = False,
) -> None:
    """Show segments, customers, changes and drift in a browser, as they are at the moment.

    Reads the tables that a sink writes. With an embedded log and no --db it writes them itself,
    into a file beside the log. Runs until Ctrl-C or SIGTERM.

    Examples:

      shoal dashboard --log sqlite:///shoal.db
      shoal dashboard --demo shoal-demo
      shoal dashboard --db postgresql+psycopg://shoal@localhost/shop --port 8600
    """
    from app.dashboarding import Wanted, run

    run(Wanted(db, log, config, host, port, open_browser, demo))
