"""What a row of a file is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.batch.kind import Kind, kind_of
from producers.reading.dataset import ReadOptions
from stream.errors import SettingsError

if TYPE_CHECKING:
    from pathlib import Path

OPTIONS = ReadOptions()


@pytest.mark.parametrize(
    ("head", "row", "kind"),
    [
        ("customer_id,occurred_at,amount", "c{n},2024-01-01,5", Kind.TRANSACTIONS),
        ("CustomerID,InvoiceDate,UnitPrice,note", "c1,2024-01-01,5,x", Kind.TRANSACTIONS),
        (
            "CustomerID,InvoiceNo,InvoiceDate,Quantity,Price",
            "c{n},1,2024-01-01,2,5",
            "transactions",
        ),
        ("CustomerID,Age,Income", "c{n},30,400", Kind.CUSTOMERS),
        ("customer_id,date,total,age", "c{n},2024-01-01,5,30", Kind.CUSTOMERS),
    ],
)
def test_it_is_told_by_the_columns_and_the_first_rows(
    tmp_path: Path, head: str, row: str, kind: str
) -> None:
    file = tmp_path / "file.csv"
    file.write_text("\n".join([head, *(row.format(n=n) for n in range(5))]), "utf-8")
    assert kind_of([str(file)], Kind.AUTO, OPTIONS).kind == kind


def test_synthetic_shops_and_several_files_are_transactions() -> None:
    assert kind_of(["synthetic:customers=3"], Kind.AUTO, OPTIONS).kind is Kind.TRANSACTIONS
    assert kind_of(["a.csv", "b.csv"], Kind.AUTO, OPTIONS).kind is Kind.TRANSACTIONS
    with pytest.raises(SettingsError, match="takes one file"):
        kind_of(["a.csv", "b.csv"], Kind.CUSTOMERS, OPTIONS)


def test_what_was_said_is_believed() -> None:
    assert kind_of(["a.csv"], Kind.TRANSACTIONS, OPTIONS).kind is Kind.TRANSACTIONS
