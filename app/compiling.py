"""`python -m app.compiling`: compiles every loop now, so that nothing waits for it later.

For `make`, and for whoever builds an image. Where all is compiled already it takes seconds.
"""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

from rich.console import Console

from app.demo.steps import Demo

CUSTOMERS = 300
"""Enough for a run to meet what seldom happens, such as old ids being put away."""


def compile_all() -> None:
    """The demonstration goes through everything: here on a small shop, with nobody looking."""
    with tempfile.TemporaryDirectory() as aside:
        Demo(Path(aside), CUSTOMERS, seed=7, console=Console(file=io.StringIO())).run()


if __name__ == "__main__":
    compile_all()
