"""What the guide says of the kinds and the flags is what the code has."""

import re
from pathlib import Path

import pytest

from producers.synthetic.kinds import KINDS, Kind
from producers.synthetic.plan import Plan

GUIDE = Path(__file__).parents[3] / "docs" / "synthetic-data.md"
TEXT = GUIDE.read_text("utf-8")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_the_table_of_kinds_is_the_code_s(kind: Kind) -> None:
    row = next(line for line in TEXT.splitlines() if line.startswith(f"| {kind.name} |"))
    _, share, orders, lines = (cell.strip() for cell in row.strip("|").split("|")[1:])
    assert share == f"{kind.share:.0%}".replace("%", " %")
    assert (float(orders), float(lines)) == (kind.orders_per_month, kind.lines_per_order)


@pytest.mark.parametrize("dirt", ["returns", "cancellations", "duplicates", "late", "out_of_order"])
def test_the_table_of_dirt_has_the_default_rates(dirt: str) -> None:
    row = next(
        line for line in TEXT.splitlines() if line.startswith(f"| `--{dirt.replace('_', '-')}`")
    )
    said = re.search(r"\| ([\d.]+) %", row)
    assert said
    assert float(said[1]) / 100 == pytest.approx(getattr(Plan(), dirt))
