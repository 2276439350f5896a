"""Flags that many commands share, under the same names everywhere."""

from pathlib import Path
from typing import Annotated

import typer

LogOption = Annotated[
    str | None,
    typer.Option(
        "--log",
        metavar="URL",
        help="sqlite:///FILE or kafka://HOST:PORT.",
        show_default="sqlite:///shoal.db",
    ),
]

ConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="FILE",
        help="Settings file.",
        show_default="shoal.toml, where there is one",
    ),
]
