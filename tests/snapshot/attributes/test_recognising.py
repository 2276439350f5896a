"""Which columns are used, and what is said of the others."""

from __future__ import annotations

import pyarrow as pa
import pytest

from snapshot.attributes.recognising import Chosen, recognised
from stream.errors import InputError

COUNT = 60
TABLE = pa.table(
    {
        "id": [f"c{number}" for number in range(COUNT)],
        "age": list(range(COUNT)),
        "country": ["UK"] * COUNT,
        "note": [f"note {number}" for number in range(COUNT)],
        "rare": [1.0, 2.0] + [None] * (COUNT - 2),
        "account_id": list(range(1000, 1000 + COUNT)),
        "nothing": pa.nulls(COUNT),
        "tags": [["a"]] * COUNT,
        "kind": ["a", "b", "c"] * (COUNT // 3),
    }
)


def test_what_says_nothing_is_left_out_and_said() -> None:
    found = recognised(TABLE, Chosen())
    assert list(found.used) == ["age", "kind"]
    reasons = "\n".join(found.remarks)
    for name, why in {
        "country": "the same for everybody",
        "note": "60 different texts are names or notes",
        "rare": "97% of it is missing",
        "account_id": "as an id is",
        "nothing": "all of it is missing",
        "tags": "neither numbers nor dates nor texts",
    }.items():
        assert f"the column {name!r} is left out: " in reasons
        assert why in reasons
    assert "id" not in found.shown.column_names
    assert found.shown.num_columns == TABLE.num_columns - 1


def test_only_the_columns_that_were_named() -> None:
    assert list(recognised(TABLE, Chosen(columns=("Kind",))).used) == ["kind"]
    assert list(recognised(TABLE, Chosen(leave_out=("kind",))).used) == ["age"]


@pytest.mark.parametrize(
    ("table", "chosen", "said"),
    [
        (TABLE, Chosen(columns=("agee",)), "--columns agee.*did you mean 'age'"),
        (TABLE, Chosen(leave_out=("x",)), "--leave-out x"),
        (TABLE, Chosen(columns=("country",)), "no column is left.*'country' is left out"),
        (pa.table({}), Chosen(), "the table is empty"),
        (pa.table({"a": pa.array([], pa.int64())}), Chosen(), "the table is empty"),
        (pa.table([[1], [2]], names=["a", "a"]), Chosen(), "columns of the same name"),
        (pa.table({f"c{n}": [1] for n in range(1001)}), Chosen(), "1,001 columns"),
    ],
)
def test_what_cannot_be_compared(table: pa.Table, chosen: Chosen, said: str) -> None:
    with pytest.raises(InputError, match=said):
        recognised(table, chosen)
