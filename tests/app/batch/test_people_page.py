"""The report on a table: whatever people named is text in it, and every column is drawn."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from app.batch.distributions import MOST_COLUMNS
from app.batch.people import advice_of, customers_of
from app.batch.people_page import people_page
from insights.playbook.plays import playbook
from producers.attributes.reading import read_customers
from snapshot.attributes.fitting import Wish, fit_table
from tests.snapshot.attributes.people import people

MALL = Path(__file__).parents[4] / "shared" / "data" / "Mall_Customers.csv"
EVIL = "<script>alert('x')</script>\"&"


def page_of(table: pa.Table, wish: Wish, name: str = "people.csv") -> str:
    found = fit_table(table, wish)
    return people_page(name, found, advice_of(found, playbook()), found.remarks)


def test_names_and_levels_are_text() -> None:
    table, _ = people()
    likes = [EVIL if like == "books" else like for like in table["favourite"].to_pylist()]
    evil = table.set_column(5, EVIL, pa.array(likes))
    page = page_of(evil, Wish(k=3), EVIL)
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_every_column_has_a_chart_and_every_segment_a_card() -> None:
    table, _ = people()
    page = page_of(table, Wish())
    found = fit_table(table, Wish())
    for column in found.model.columns:
        assert f"<title>{column.name}</title>" in page
    for one in found.model.lens.centroids:
        assert f"<h4>{one.segment.name}</h4>" in page
    assert "Customers on a plane (PCA)" in page
    assert re.search(r"taken", page)
    assert not re.search(r"\bnan\b|\binf\b", page)


def test_a_wide_table_is_drawn_in_part_and_that_is_said() -> None:
    rng = np.random.default_rng(0)
    columns = {f"c{number}": rng.normal(size=60) for number in range(MOST_COLUMNS + 5)}
    page = page_of(pa.table({"id": [str(n) for n in range(60)], **columns}), Wish(k=2))
    assert "5 more columns are not drawn." in page


def test_noise_has_a_row_without_a_segment() -> None:
    table, _ = people()
    found = fit_table(table, Wish("hdbscan"))
    written = customers_of(found, advice_of(found, playbook())).to_pydict()
    rows = [row for row, label in enumerate(found.placed.labels.tolist()) if label < 0]
    assert rows
    for row in rows:
        assert written["segment_id"][row] is written["marketing_action"][row] is None
        assert written["outlier"][row]
    assert "in no segment" in people_page("x", found, advice_of(found, playbook()), ())


@pytest.mark.skipif(not MALL.exists(), reason="the mall's customers are not in ../shared/data")
def test_the_malls_customers() -> None:
    found = fit_table(read_customers(MALL).table, Wish())
    assert found.ids == tuple(str(number) for number in range(1, 201))
    assert [one.name for one in found.model.columns] == [
        *("Gender", "Age", "Annual Income (k$)", "Spending Score (1-100)")
    ]
    assert 3 <= len(found.model.lens.centroids) <= 8
    assert found.measures.silhouette is not None
    assert found.measures.silhouette > 0.3
