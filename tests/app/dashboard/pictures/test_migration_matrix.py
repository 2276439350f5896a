"""Everybody is in one cell; who stayed is on the diagonal."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.dashboard.pictures.migration_matrix import matrix_of, matrix_picture

NAMES = ["Loyal", "Champions", "Dormant"]
NEW = "not there yet"
ends = st.tuples(st.sampled_from([*NAMES, NEW]), st.sampled_from(NAMES))


@given(st.dictionaries(ends, st.integers(1, 500)))
def test_nobody_is_lost_and_whoever_changed_rows_moved(counts: dict[tuple[str, str], int]) -> None:
    matrix = matrix_of(counts, NAMES)
    assert int(matrix.counts.sum()) == sum(counts.values())
    assert matrix.moved == sum(many for (row, column), many in counts.items() if row != column)
    for (row, column), many in counts.items():
        assert matrix.counts[matrix.rows.index(row), matrix.columns.index(column)] == many


def test_rows_and_columns_have_the_same_order_and_newcomers_come_last() -> None:
    matrix = matrix_of({(NEW, "Loyal"): 1, ("Champions", "Dormant"): 2}, NAMES)
    assert matrix.columns == ("Loyal", "Champions", "Dormant")
    assert matrix.rows == (*matrix.columns, NEW)


def test_cells_with_somebody_have_a_number() -> None:
    figure = matrix_picture(matrix_of({("Loyal", "Dormant"): 1200, ("Loyal", "Loyal"): 3}, NAMES))
    assert {one.text for one in figure.layout.annotations} == {"1,200", "3"}
    assert list(figure.data[0].x) == ["A", "B"]
