"""`shoal consume`: the workers that turn transactions into profiles, segments and changes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.options import ConfigOption, LogOption
from stream.errors import SettingsError

if TYPE_CHECKING:
    from app.wiring import Wiring

WORKER = (sys.executable, "-P", "-m", "app.cli", "consume")
"""-P: a folder called app where the command is given is not ours."""


def consume(
    *,
    log: LogOption = None,
    config: ConfigOption = None,
    workers: Annotated[
        int | None,
        typer.Option(min=1, max=1000, help="So many processes, kept alive.", show_default="1"),
    ] = None,
    group: Annotated[
        str | None, typer.Option(help="The consumer group.", show_default="named for the prefix")
    ] = None,
    name: Annotated[
        str | None,
        typer.Option(
            help="This machine's name in the group, the same after each restart.",
            show_default="the host's name",
        ),
    ] = None,
    slot: Annotated[int, typer.Option(min=0, help="Which of this machine's workers it is.")] = 0,
    until_end: Annotated[
        bool, typer.Option("--until-end", help="End once all that is there now is committed.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Its closing account as JSON.")] = False,
    metrics_port: Annotated[
        int | None,
        typer.Option(min=0, max=65_535, help="Serve /metrics there; worker 1 one port higher …"),
    ] = None,
    json_logs: Annotated[bool, typer.Option("--json-logs", help="Log lines as JSON.")] = False,
    supervised: Annotated[bool, typer.Option("--supervised", hidden=True)] = False,
) -> None:
    """Keep profiles and segments, and say who changes segment.

    Runs until Ctrl-C or SIGTERM: then it finishes its batch, commits and leaves. Killed, it
    goes on exactly where it committed last. Topics are made where they are missing.

    Examples:

      shoal consume
      shoal consume --until-end
      shoal consume --log kafka://localhost:9092 --workers 4 --metrics-port 9464
    """
    wiring = _wiring(log, config, group, name, metrics_port)
    chosen_name = wiring.settings.consume.worker or host_name()
    if workers is None or workers == 1:
        from app.consuming import Wanted, run

        run(wiring, Wanted(chosen_name, slot, until_end, as_json, json_logs, supervised))
        return
    from app.crew import Crew, run_crew

    words = _flags(
        ("--log", log),
        ("--config", config),
        ("--group", group),
        ("--name", chosen_name),
        ("--metrics-port", metrics_port),
        ("--json-logs", json_logs or None),
        ("--until-end", until_end or None),
    )
    crew = Crew(workers, slot, (*WORKER, "--supervised", *words), until_end, as_json, json_logs)
    raise typer.Exit(run_crew(wiring, crew))


def _wiring(
    log: str | None,
    config: Path | None,
    group: str | None,
    name: str | None,
    metrics_port: int | None,
) -> Wiring:
    """The settings, with these flags over them."""
    from app.wiring import Wiring
    from stream.settings import load_settings

    said = {"group": group, "worker": name, "metrics_port": metrics_port}
    flags = {"consume": {key: value for key, value in said.items() if value is not None}}
    return Wiring(load_settings(config, flags | ({"log": {"url": log}} if log else {})))


def host_name() -> str:
    """The host's name, made of what a group's member may be called."""
    import re
    import socket

    name = re.sub(r"[^a-zA-Z0-9._-]", "-", socket.gethostname())[:100]
    if not name:
        raise SettingsError("this host has no name: give its workers one with --name")
    return name


def _flags(*flags: tuple[str, object]) -> tuple[str, ...]:
    """Those that were given; never anything secret, which is in settings and variables.

    >>> _flags(("--log", "sqlite:///a"), ("--group", None), ("--until-end", True))
    ('--log', 'sqlite:///a', '--until-end')
    """
    words: list[str] = []
    for flag, value in flags:
        if value is not None:
            words += [flag] if value is True else [flag, str(value)]
    return tuple(words)
