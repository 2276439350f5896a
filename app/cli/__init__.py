"""The command line: one file a command, one line an error."""

from app.cli.main import main, run

__all__ = ["main", "run"]
