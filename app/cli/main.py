"""`shoal`: the list of its commands, and how every one of them fails.

Each command's file registers it here by name and is otherwise on its own. What a command
needs is imported when it runs, so that `--help` and completion stay quick.
"""

from __future__ import annotations

import logging
import os
import sys
from contextlib import suppress
from importlib import metadata
from typing import Annotated

import typer

from app.cli.api import api
from app.cli.backtest import backtest
from app.cli.bridge import bridge
from app.cli.check import check
from app.cli.consume import consume
from app.cli.customer import customer
from app.cli.dashboard import dashboard
from app.cli.datasets import datasets
from app.cli.dead_letters import dead_letters
from app.cli.demo import demo
from app.cli.doctor import doctor
from app.cli.drift import drift
from app.cli.erase import erase
from app.cli.experiment import experiment_app
from app.cli.generate import generate
from app.cli.history import at, migrations
from app.cli.models import models
from app.cli.predict import predict
from app.cli.rebuild import rebuild
from app.cli.replay import replay
from app.cli.report import report
from app.cli.roi import roi
from app.cli.segment import segment
from app.cli.sink import sink
from app.cli.snapshot import snapshot
from app.cli.topics import topics
from app.cli.tune import tune
from app.cli.watch import watch
from app.cli.webhooks import webhooks
from stream.errors import ShoalError

app = typer.Typer(
    name="shoal",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.command()(demo)
app.command()(generate)
app.command()(check)
app.command()(replay)
app.command()(bridge)
app.command()(watch)
app.command()(webhooks)
app.command()(sink)
app.command()(api)
app.command()(dashboard)
app.command()(consume)
app.command()(snapshot)
app.command()(customer)
app.command()(drift)
app.command()(at)
app.command()(migrations)
app.command()(report)
app.command()(segment)
app.command()(predict)
app.command()(backtest)
app.command()(tune)
app.command()(roi)
app.command()(erase)
app.command()(rebuild)
app.add_typer(experiment_app, name="experiment")
app.add_typer(dead_letters, name="dead-letters")
app.add_typer(datasets, name="datasets")
app.add_typer(topics, name="topics")
app.add_typer(models, name="models")
app.command()(doctor)


@app.callback(invoke_without_command=True)
def shoal(
    version: Annotated[bool, typer.Option("--version", help="Say which version this is.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", help="Let libraries log.")] = False,
) -> None:
    """Customer segments kept alive on a stream."""
    if version:
        typer.echo(f"shoal {metadata.version('shoal')}")
        raise typer.Exit
    if verbose:
        logging.basicConfig(level=logging.INFO)
    else:  # what kafka-python logs on its way to an error, Shoal says in the error itself
        logging.getLogger().addHandler(logging.NullHandler())


def main() -> None:
    """Runs a command and ends; where it failed, at once, without taking Python down.

    Everything that had to be closed is by then. A reader that was stopped in the middle of a
    file may have threads that are about to call Python, and one that does so while Python goes
    down aborts the process.
    """
    code = run()
    with suppress(OSError):  # whoever read our output may be gone
        sys.stdout.flush()
        sys.stderr.flush()
    if code:
        os._exit(code)


def run() -> int:
    """The exit code. What Shoal raises on purpose is one message, never a traceback."""
    try:
        app()
    except ShoalError as error:
        typer.echo(f"shoal: {error}", err=True)
        return error.exit_code
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0
