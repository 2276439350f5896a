"""The README's picture: what the demonstration comes to, as an SVG. `make docs` draws it."""

from __future__ import annotations

import contextlib
import io
import re
import tempfile
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI

from app.demo.steps import Demo

WIDTH = 100


def draw(picture: Path) -> None:
    """Runs the demonstration aside and draws its second half, which says no times that vary."""
    console = Console(
        record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, highlight=False
    )
    with tempfile.TemporaryDirectory() as aside, contextlib.chdir(aside):
        demo = Demo(Path("shoal-demo"), customers=1_500, seed=7, console=console)
        lens = demo.begin()
        console.export_text(clear=True)
        demo.go_on(lens)
    svg = console.export_svg(title="shoal demo", theme=MONOKAI)
    picture.parent.mkdir(parents=True, exist_ok=True)
    # The page that shows it has a monospaced font; nothing is fetched from elsewhere.
    picture.write_text(re.sub(r"@font-face\s*{[^}]*}", "", svg))


if __name__ == "__main__":
    draw(Path(__file__).parents[2] / "docs" / "images" / "demo.svg")
