"""The program in docs/segmenting.md runs, and what the document says of bounds and names holds."""

from __future__ import annotations

import re
from pathlib import Path

from producers.attributes.reading import MOST_CELLS, MOST_COLUMNS
from snapshot.algorithms import ALGORITHMS
from snapshot.attributes.fitting import OUTLIERS
from snapshot.attributes.modelling import MOST_MEMBERS
from snapshot.attributes.preparing import MOST_LEVELS, WEIGHT
from tests.snapshot.attributes.people import people

TEXT = (Path(__file__).parents[2] / "docs" / "segmenting.md").read_text("utf-8")


def test_the_program_runs_as_it_stands() -> None:
    (program,) = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    names: dict[str, object] = {"frame": people()[0].to_pandas()}
    exec(program, names)  # the document's own words
    assert len(names["result"].segments) >= 3  # type: ignore[attr-defined] # as the program made it


def test_the_document_names_every_algorithm_and_bound() -> None:
    for name in ALGORITHMS:
        assert f"`{name}`" in TEXT
    assert f"{MOST_COLUMNS:,} columns and {MOST_CELLS // 1_000_000} million cells" in TEXT
    assert f"the {MOST_LEVELS - 1} or {MOST_LEVELS} commonest" in TEXT
    assert f"({OUTLIERS:.0%})".replace("%", " %") in TEXT
    assert f"up to {MOST_MEMBERS:,} positions" in TEXT
    assert WEIGHT == 0.5
