"""Who is who in a table."""

from __future__ import annotations

import pyarrow as pa
import pytest

from snapshot.attributes.identifying import identified
from stream.errors import InputError


def test_the_usual_name_is_found_whatever_its_case() -> None:
    found = identified(pa.table({"age": [1, 2], "Customer ID": [7.0, 8.0]}), None)
    assert (found.column, found.ids) == ("Customer ID", ("7", "8"))


def test_long_numbers_as_text_and_leading_zeros_stay_what_they_are() -> None:
    ids = ["12345678901234567890", "00123"]
    assert identified(pa.table({"id": ids}), None).ids == tuple(ids)


def test_of_two_names_the_one_that_tells_customers_apart() -> None:
    table = pa.table({"member": [True, True, False], "id": ["a", "b", "c"]})
    assert identified(table, None).column == "id"


def test_the_first_column_where_all_its_texts_are_different() -> None:
    table = pa.table({"Kunde": ["Ada", "Bo"], "Alter": [1, 2]})
    assert identified(table, None).column == "Kunde"


def test_without_one_rows_have_their_numbers_and_it_is_said() -> None:
    found = identified(pa.table({"age": [30, 40]}), None)
    assert found.ids == ("row 1", "row 2")
    assert "--id" in found.remarks[0]


def test_rows_without_an_id_are_left_out_and_said() -> None:
    found = identified(pa.table({"id": ["a", None, "b"], "x": [1, 2, 3]}), None)
    assert found.rows.tolist() == [0, 2]
    assert found.remarks == ("1 of 3 rows have no id and are left out",)


@pytest.mark.parametrize(
    ("table", "told", "said"),
    [
        ({"customer_id": [1, 1, 2]}, None, "1 values of 'customer_id' are there more than once"),
        ({"a": [1, 2]}, "b", "--id b: the table has no such column"),
        ({"a": [None, None]}, "a", "the column 'a' is empty"),
        ({"a": [[1], [2]]}, "a", "no texts"),
    ],
)
def test_what_cannot_tell_customers_apart(
    table: dict[str, list[object]], told: str | None, said: str
) -> None:
    with pytest.raises(InputError, match=said):
        identified(pa.table(table), told)
