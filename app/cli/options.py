"""Flags that many commands share, under the same names everywhere."""

from pathlib import Path
from typing import Annotated

import typer

LogOption = Annotated[
    str | None,
    typer.Option(
        "--log",
        metavar="URL",
        help="sqlite:///FILE or kafka://HOST:PORT.  [default: sqlite:///shoal.db]",
        show_default=False,
    ),
]

ConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="FILE",
        help="Settings file.  [default: shoal.toml, where there is one]",
        show_default=False,
    ),
]
