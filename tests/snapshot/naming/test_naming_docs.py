"""docs/naming.md names every archetype, and its figures and examples are the code's."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from snapshot.explaining.significance import MOST_CUSTOMERS
from snapshot.naming.archetypes import ARCHETYPES
from snapshot.naming.aspects import HABITS
from snapshot.naming.keeping import MOVED
from stream.settings import Settings
from stream.settings.names import LONGEST

TEXT = (Path(__file__).parents[3] / "docs/naming.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (.+?) \| .+? \| (value|habits) \|$", TEXT, re.MULTILINE)


def test_every_archetype_is_there_once_and_with_its_lenses() -> None:
    listed = [(name, lens) for names, lens in ROWS for name in names.split(", ")]
    assert sorted(listed) == sorted(
        (archetype.name, "habits" if HABITS & archetype.bounds.keys() else "value")
        for archetype in ARCHETYPES
    )


def test_figures_are_the_codes() -> None:
    assert MOVED == 0.5
    assert "half a standard" in TEXT
    assert f"1 to {LONGEST} characters" in TEXT
    assert f"{MOST_CUSTOMERS:,} customers" in TEXT


def test_the_settings_can_be_loaded_and_the_example_runs() -> None:
    (settings,) = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)
    assert len(Settings.model_validate(tomllib.loads(settings)).names) == 3
    (example,) = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    made: dict[str, Any] = {}
    exec(example, made)
    assert made["svg"] in made["page"]
