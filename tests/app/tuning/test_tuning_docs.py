"""docs/tuning.md types commands that are there, and says the bounds of tree and search."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import typer
from typer.testing import CliRunner

from app.cli.tune import tune
from app.tuning.search import KEPT, LARGEST, ROUNDS
from app.tuning.tuned import TREE_OF

TEXT = (Path(__file__).parents[3] / "docs/tuning.md").read_text(encoding="utf-8")
WORDS = " ".join(TEXT.split())


def test_commands_and_flags_are_there() -> None:
    alone = typer.Typer()
    alone.command()(tune)
    told = CliRunner(env={"COLUMNS": "200", "NO_COLOR": "1"}).invoke(alone, ["--help"])
    known = set(re.findall(r"--[a-z-]+", re.sub(r"\x1b\[[0-9;]*m", "", told.stdout)))
    commands = re.findall(r"^    (shoal tune.*)$", TEXT, re.MULTILINE)
    assert len(commands) == 3
    typed = [word for line in commands for word in shlex.split(line) if word.startswith("--")]
    typed += re.findall(r"`(--(?!k`)[a-z-]+)", TEXT)
    assert set(typed) <= known


def test_the_bounds_are_those_that_hold() -> None:
    assert f"the tree of a sample of {TREE_OF:,}" in WORDS
    assert f"on a sample of {LARGEST:,} customers" in WORDS
    assert f"at least {KEPT * 100:g} % of customers" in WORDS
    assert f"and {ROUNDS} bootstrap samples" in WORDS
