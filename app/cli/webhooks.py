"""`shoal webhooks`: send segment changes to addresses, signed, until they were taken."""

from __future__ import annotations

from typing import Annotated

import typer

from app.cli.options import ConfigOption, LogOption


def webhooks(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="NAME", help="Only these webhooks.", show_default="all"),
    ] = None,
    *,
    log: LogOption = None,
    config: ConfigOption = None,
    name: Annotated[
        str | None,
        typer.Option(
            help="This machine's name among those that send, the same after each restart.",
            show_default="the host's name",
        ),
    ] = None,
    metrics_port: Annotated[
        int | None, typer.Option(min=0, max=65_535, help="Serve /metrics there.")
    ] = None,
    json_logs: Annotated[bool, typer.Option("--json-logs", help="Log lines as JSON.")] = False,
) -> None:
    """Send changes to the addresses of \\[webhooks.NAME] in the settings.

    Each webhook has its own place on the log: one that is away is tried again until it takes
    its changes, and holds up no other. Runs until Ctrl-C or SIGTERM, and goes on where it was.

    Examples:

      shoal webhooks
      shoal webhooks crm
      shoal webhooks --log kafka://localhost:9092 --metrics-port 9466
    """
    from app.cli.consume import host_name
    from app.webhooks.running import Wanted, run
    from app.wiring import Wiring

    wanted = Wanted(name or host_name(), tuple(names or ()), metrics_port, json_logs)
    run(Wiring.of(log, config), wanted)
