"""All that `docs/features.md` says there is, is there: its lines are typed, and looked at."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

from tests.docs.features_page import DOCS, IDS, Row, page
from tests.docs.shop import prepared_shop
from tests.docs.to_be_seen import MADE, REFUSED, SEEN
from tests.docs.typing_in import Place, typed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PAGE = page()
ROWS = {row.id: row for row in PAGE.rows}
NO_WAY_OUT = "http://127.0.0.1:9"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """One for all lines, which are typed in the page's order."""
    said = {"COLUMNS": "160", "https_proxy": NO_WAY_OUT, "HTTPS_PROXY": NO_WAY_OUT}
    with (
        patch.dict(os.environ, said),
        prepared_shop(tmp_path_factory.mktemp("shop"), PAGE) as place,
    ):
        yield place


def test_every_row_is_there_once_with_lines_and_something_to_be_seen() -> None:
    assert tuple(row.id for row in PAGE.rows) == IDS
    assert tuple(SEEN) == IDS
    for row in PAGE.rows:
        assert row.lines, row.id
        assert SEEN[row.id] or row.id in MADE or row.id == "F36", row.id


@pytest.mark.parametrize("row", PAGE.rows, ids=lambda row: row.id)
def test_where_it_is_said_to_be_there_is_something(row: Row) -> None:
    assert row.where
    for file, heading in row.where:
        text = (DOCS / file).resolve().read_text("utf-8")
        headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
        assert not heading or heading in {_anchor(each) for each in headings}, (file, heading)


@pytest.mark.parametrize("name", IDS)
def test_its_lines_show_it(name: str, shop: Place) -> None:
    said = ""
    for line in ROWS[name].lines:
        seen = typed(line, shop)
        said += f"\n{seen.text}"
        assert (seen.code != 0) == (line == REFUSED.get(name)), f"{line}\n{seen.text[-4000:]}"
        assert "Traceback" not in seen.text
    for pattern in SEEN[name]:
        assert re.search(pattern, said), f"{pattern} is not in\n{said[-4000:]}"
    for file, patterns in MADE.get(name, {}).items():
        _has(shop.folder / file, patterns)


def _has(file: Path, patterns: tuple[str, ...]) -> None:
    text = file.read_text("utf-8")
    for pattern in patterns:
        assert re.search(pattern, text), f"{pattern} is not in {file.name}"


def _anchor(heading: str) -> str:
    """As GitHub makes them."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
