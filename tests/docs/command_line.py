"""What Shoal's command line makes of words, without running anything."""

from __future__ import annotations

from typing import Any

import typer

from app.cli.main import app


def parsed(words: list[str]) -> None:
    """Raises what a slip would raise: no such command, no such option, no such value."""
    command: Any = typer.main.get_command(app)
    context = command.make_context("shoal", list(words))
    while hasattr(command, "resolve_command"):
        name, command, rest = command.resolve_command(context, _left_of(context))
        context = command.make_context(name, rest, parent=context)


def _left_of(context: Any) -> list[str]:
    """Click keeps the first word of a group's command apart."""
    return [*getattr(context, "_protected_args", ()), *context.args]
