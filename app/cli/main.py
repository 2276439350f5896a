"""`shoal`: the list of its commands, and how every one of them fails.

Each command's file registers it here by name and is otherwise on its own. What a command
needs is imported when it runs, so that `--help` and completion stay quick.
"""

from __future__ import annotations

import typer
from typer.core import TyperGroup

from stream.errors import ShoalError


class Commands(TyperGroup):
    """Prints what Shoal raises on purpose as one message, never as a traceback."""

    def invoke(self, ctx: typer.Context) -> object:
        try:
            return super().invoke(ctx)
        except ShoalError as error:
            typer.echo(f"shoal: {error}", err=True)
            raise typer.Exit(error.exit_code) from error


app = typer.Typer(
    cls=Commands,
    name="shoal",
    help="Customer segments kept alive on a stream.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def main() -> None:
    app()
