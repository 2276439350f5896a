"""What docs/datasets-in.md promises about names and reasons has to be so."""

from __future__ import annotations

import re
from pathlib import Path

from producers.reading.aliases import ALIASES
from producers.reading.columns import plain
from producers.reading.reasons import Reason

TEXT = (Path(__file__).parents[2] / "docs/datasets-in.md").read_text(encoding="utf-8")


def rows_of(heading: str) -> list[list[str]]:
    section = TEXT.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| `(.+?)` \| (.+) \|$", section, re.MULTILINE)
    assert rows
    return [list(row) for row in rows]


def test_every_name_in_the_table_of_columns_is_known_as_that_field() -> None:
    for field, names in rows_of("Columns"):
        known = frozenset[str]().union(*ALIASES[field])
        assert {plain(name) for name in names.split(", ")} <= known


def test_every_reason_is_explained() -> None:
    explained = {reason for reason, _ in rows_of("Rejected rows")}
    labels = {reason.label for reason in Reason}
    assert {label.split(":")[0] for label in labels} == {label.split(":")[0] for label in explained}
