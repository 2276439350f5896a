"""What the pages for operators tell people to type, ask and open is there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli.main import app
from tests.deploy.rules import METRICS, metrics_in, recorded

DOCS = Path(__file__).parents[2] / "docs"
PAGES = [*sorted((DOCS / "runbooks").glob("*.md")), DOCS / "monitoring.md", DOCS / "compose.md"]
GROUPS = {"dead-letters", "models", "topics", "datasets"}
ANSI = re.compile(r"\x1b\[[0-9;]*m")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_command_and_flag_exists(page: Path) -> None:
    for words in commands(page.read_text("utf-8")):
        path = words[: 2 if words[0] in GROUPS else 1]
        done = CliRunner(env={"COLUMNS": "200"}).invoke(app, [*path, "--help"])
        assert done.exit_code == 0, words
        known = set(re.findall(r"--[a-z-]+", ANSI.sub("", done.stdout)))
        assert {word for word in words if word.startswith("--")} <= known, words


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_metric_exists(page: Path) -> None:
    text = page.read_text("utf-8")
    assert set(re.findall(r"shoal:\w+:\w+", text)) <= recorded().keys()
    named = set(re.findall(r"\bshoal_[a-z_]+", text))
    assert metrics_in(" ".join(named)) <= METRICS.keys()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\(([^)#]+)", page.read_text("utf-8")):
        assert link.startswith("http") or (page.parent / link).exists(), link


def commands(text: str) -> list[list[str]]:
    """
    >>> commands("do `shoal drift --last\\n12` and\\n\\n    shoal doctor | less\\n")
    [['doctor'], ['drift', '--last', '12']]
    """
    on_lines = re.findall(r"^    shoal ([^#|>\n]+)", text, re.MULTILINE)
    within = re.findall(r"`shoal ([^`|]+)[^`]*`", text.replace("\n", " "))
    return [shlex.split(words.replace("…", "")) for words in (*on_lines, *within)]
