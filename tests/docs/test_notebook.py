"""The walk-through as it is stored; `test_features.py` runs it (F36)."""

from __future__ import annotations

import json
import re
import shlex

import nbformat
import pytest

from tests.docs.command_line import parsed
from tests.docs.features_page import DOCS, LINK

FILE = DOCS / "notebooks" / "walk-through.ipynb"
NOTEBOOK = json.loads(FILE.read_text("utf-8"))
CELLS = [(cell["cell_type"], "".join(cell["source"])) for cell in NOTEBOOK["cells"]]
COMMANDS = [
    found
    for kind, source in CELLS
    if kind == "code"
    for found in re.findall(r"^(?:\w+ = )?!?(shoal [^|>&\n]+)", source, re.MULTILINE)
]


def test_it_is_a_notebook_without_anything_that_a_run_left() -> None:
    nbformat.validate(NOTEBOOK)
    for cell in NOTEBOOK["cells"]:
        assert cell.get("outputs", []) == []
        assert cell.get("execution_count") is None
    assert FILE.stat().st_size < 30_000


@pytest.mark.parametrize("command", COMMANDS)
def test_its_commands_are_shoals(command: str) -> None:
    parsed(shlex.split(re.sub(r"\{[^}]*\}", "c1", command))[1:])


def test_every_piece_of_code_is_introduced_and_links_lead_somewhere() -> None:
    assert CELLS[0][0] == "markdown"
    assert len(COMMANDS) >= 8
    for kind, source in CELLS:
        if kind == "markdown":
            for file, _ in LINK.findall(source):
                assert (FILE.parent / file).resolve().exists(), file
