"""`shoal report`: what happened in a week or a month, for those who decide."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.history import HistoryOption
from app.cli.options import ConfigOption, LogOption

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.reporting.hearing import Hearing
    from insights.reporting.executive.report import Period
    from snapshot.history import History
    from stream.settings import Settings

PERIOD = "[week|month]"


def report(
    *,
    period: Annotated[
        str | None,
        typer.Option(
            metavar=PERIOD,
            help="How long it looks back; a month is four weeks.",
            show_default="week",
        ),
    ] = None,
    at: Annotated[
        str | None,
        typer.Option(
            metavar="TIME",
            help="Up to the latest snapshot at or before; with --every from there on.",
            show_default="the newest",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Where it goes; with --every a folder.",
            show_default="a page is named for its day; md and json go to standard output",
        ),
    ] = None,
    form: Annotated[
        str | None,
        typer.Option(
            "--format", metavar="[html|md|json]", help="Its form.", show_default="by --out, or html"
        ),
    ] = None,
    every: Annotated[
        str | None,
        typer.Option(metavar=PERIOD, help="Go on: one whenever such a period has ended."),
    ] = None,
    until_end: Annotated[
        bool, typer.Option("--until-end", help="With --every: end once no report is due.")
    ] = False,
    playbook: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Your own plays.", show_default="Shoal's"),
    ] = None,
    history: HistoryOption = None,
    log: LogOption = None,
    config: ConfigOption = None,
) -> None:
    """Write what happened in a week or a month: figures, segments, moves, what to do next.

    Made of the history of snapshots, each figure with what changed and whether chance would do it.
    Purchases by the hour and experiments are read from the log, where it is at hand.
    A page is one file that needs nothing else, and prints.

    Examples:

      shoal report
      shoal report --period month --at 2011-12-01 --out november.html
      shoal report --format md
      shoal report --every week --out reports
    """
    from stream.errors import InputError

    past, settings = _history(history, log, config)
    listen = _listening(settings)
    if every is None:
        if until_end:
            raise InputError("--until-end goes with --every week or --every month")
        _once(past, settings, period, at, out, form, playbook, listen)
        return
    if period is not None and period != every:
        raise InputError(f"--every {every} and --period {period} contradict each other: say one")
    _scheduled(past, settings, every, at, out, form, playbook, listen, until_end=until_end)


def _once(
    history: History,
    settings: Settings,
    period: str | None,
    at: str | None,
    out: Path | None,
    form: str | None,
    playbook: Path | None,
    listen: Callable[[], Hearing],
) -> None:
    from app.reporting.once import report_once

    file = report_once(
        history,
        settings,
        _period("--period", period or "week"),
        at_ms=_milliseconds(at),
        out=out,
        form=form,
        playbook=playbook,
        hearing=listen(),
    )
    if file is not None:
        typer.echo(f"report written to {file}")


def _scheduled(
    history: History,
    settings: Settings,
    every: str,
    at: str | None,
    out: Path | None,
    form: str | None,
    playbook: Path | None,
    listen: Callable[[], Hearing],
    *,
    until_end: bool,
) -> None:
    from app.reporting.forms import form_of
    from app.reporting.scheduled import Scheduled, report_each_period
    from app.saying import say_plainly
    from app.stopping import Stopping

    wanted = Scheduled(
        history=history,
        settings=settings,
        period=_period("--every", every),
        folder=out or Path("reports"),
        form=form_of(form, None),
        since_ms=_milliseconds(at),
        playbook=playbook,
        listen=listen,
    )
    with Stopping() as stopping:
        report_each_period(wanted, stopping, say_plainly, until_end=until_end)


def _history(folder: Path | None, log: str | None, config: Path | None) -> tuple[History, Settings]:
    from snapshot.history import history_of
    from stream.settings import load_settings

    flags = {"history": {"directory": str(folder)}} if folder else {}
    flags |= {"log": {"url": log}} if log else {}
    settings = load_settings(config, flags)
    return history_of(settings), settings


def _listening(settings: Settings) -> Callable[[], Hearing]:
    from app.reporting.hearing import Hearing
    from app.wiring import Wiring

    return lambda: Hearing(Wiring(settings))


def _period(option: str, text: str) -> Period:
    from insights.reporting.executive.report import Period
    from stream.errors import InputError

    try:
        return Period(text)
    except ValueError:
        raise InputError(f"{option} {text} is no period: say week or month") from None


def _milliseconds(text: str | None) -> int | None:
    from app.replay_words import instant_ms

    return None if text is None else instant_ms("--at", text, "UTC")
