"""The demonstration runs, twice in the same place, and shows what was planted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typer.testing import CliRunner

from app.cli.main import app

if TYPE_CHECKING:
    from pathlib import Path


def test_the_demo_generates_replays_and_shows(tmp_path: Path) -> None:
    for _ in range(2):
        arguments = ["demo", "--dir", str(tmp_path), "--customers", "200"]
        result = CliRunner().invoke(app, arguments, catch_exceptions=False)
        assert result.exit_code == 0, result.output
        shown = result.output
        assert "sent to shoal.transactions" in shown
        owls = next(line for line in shown.splitlines() if line.strip().startswith("night owls"))
        night = owls.split()[5]
        assert int(night.rstrip("%")) > 50
