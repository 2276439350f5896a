"""`shoal`: the list of its commands, and how every one of them fails.

Each command's file registers it here by name and is otherwise on its own. What a command
needs is imported when it runs, so that `--help` and completion stay quick.
"""

from __future__ import annotations

import sys

import typer

from stream.errors import ShoalError

app = typer.Typer(
    name="shoal",
    help="Customer segments kept alive on a stream.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def main() -> None:
    """What Shoal raises on purpose is printed as one message, never as a traceback."""
    try:
        app()
    except ShoalError as error:
        typer.echo(f"shoal: {error}", err=True)
        sys.exit(error.exit_code)
