"""What the documents tell people to type is there to be typed."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli.main import app

DOCS = Path(__file__).parents[3] / "docs"
ANSI = re.compile(r"\x1b\[[0-9;]*m")
COMMAND = re.compile(r"^    (shoal [^#|>\n]+)", re.MULTILINE)


def typed(document: str) -> list[str]:
    return [found.strip() for found in COMMAND.findall((DOCS / document).read_text())]


DOCUMENTS = [
    "adopting.md",
    "api.md",
    "backtest.md",
    "bridge.md",
    "consuming.md",
    "dashboard.md",
    "dead-letters.md",
    "drift.md",
    "experiments.md",
    "history.md",
    "operating.md",
    "playbook.md",
    "recommendations.md",
    "reports.md",
    "segmenting.md",
    "snapshot-job.md",
    "sql.md",
    "tuning.md",
    "webhooks.md",
]
GROUPS = {"dead-letters", "models", "topics", "datasets", "experiment"}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_command_and_flag_in_the_documents_exists(document: str) -> None:
    commands = typed(document)
    assert len(commands) >= 3
    for line in commands:
        words = shlex.split(line)[1:]
        flags = [word for word in words if word.startswith("--")]
        path = words[: 2 if words[0] in GROUPS else 1]
        done = CliRunner(env={"COLUMNS": "200"}).invoke(app, [*path, "--help"])
        assert done.exit_code == 0, line
        known = set(re.findall(r"--[a-z-]+", ANSI.sub("", done.stdout)))
        assert set(flags) <= known, line
