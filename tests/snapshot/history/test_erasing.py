"""Who is erased is in no snapshot of before and no file of it; who came back is in later ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from snapshot.history import History
from stream.errors import HistoryError
from stream.model.arrays import DAY_MS, NEVER
from stream.profile.events import hash_of
from stream.profile.graves import GRAVE, buried
from tests.snapshot.history.moments import JUNE_MS, WEEK_MS, fit_of, moment, reconciled, same

if TYPE_CHECKING:
    from pathlib import Path

    from stream.profile.layout import Rows

IDS = tuple(f"customer-{number:03}" for number in range(250))


@pytest.fixture
def history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> History:
    """Three weeks, each in three files."""
    monkeypatch.setattr("snapshot.history.writing.CUSTOMERS_A_FILE", 100)
    made = History(tmp_path / "history")
    for week in range(3):
        each = moment(JUNE_MS + week * WEEK_MS, IDS)
        made.write(each, reconciled(each, fit_of(each)))
    return made


def texts(history: History) -> set[str]:
    """Every id, name and text in any file, whether a manifest names it or not."""
    found: set[str] = set()
    for file in history.directory.rglob("*.parquet"):
        table = pq.read_table(file)
        for column in table.itercolumns():
            if pa.types.is_string(column.type) or pa.types.is_dictionary(column.type):
                found |= {str(value) for value in column.unique().to_pylist()}
    return found


def bytes_of(history: History) -> bytes:
    return b"".join(file.read_bytes() for file in history.directory.rglob("*") if file.is_file())


def test_an_erased_customer_is_nowhere_and_the_others_are_as_they_were(history: History) -> None:
    before = [history.read(at) for at in history.instants()]
    assert "customer-123" in texts(history)
    assert b"customer-100" in bytes_of(history)  # the first of its file is in its statistics
    assert history.erase_all(["customer-123", "customer-100", "nobody"]) == 3
    assert not texts(history) & {"customer-123", "customer-100"}
    assert b"customer-100" not in bytes_of(history)
    left = np.array([one not in {"customer-123", "customer-100"} for one in IDS])
    for at, was in zip(history.instants(), before, strict=True):
        same(history.read(at), was.of(left))
    assert history.erase("customer-123") == 0


def test_only_the_file_that_had_them_is_written_anew(history: History) -> None:
    files = history.manifest(JUNE_MS).customer_files
    history.erase("customer-123")
    now = history.manifest(JUNE_MS).customer_files
    assert [file in files for file in now] == [True, False, True]
    assert [file.rows for file in now] == [100, 99, 50]


def test_everybody_of_a_file_may_go(history: History) -> None:
    history.erase_all(IDS[:200])
    same(history.read(JUNE_MS), moment(ids=IDS).of(np.arange(250) >= 200))
    history.erase_all(IDS)
    assert len(history.read(JUNE_MS)) == 0
    assert history.manifest(JUNE_MS).customers == 0
    (lens,) = history.summary(JUNE_MS, ["spend"])
    assert {segment.customers for segment in lens.segments} == {0}


def graves(*of: tuple[str, int]) -> Rows:
    made = np.empty(0, GRAVE)
    for customer, erased_ms in of:
        made = buried(made, hash_of(customer), erased_ms)
    return made


def there(history: History, customer: str) -> list[bool]:
    return [customer in history.read(at).table.ids for at in history.instants()]


def bought(history: History, instant_ms: int, customer: str, last_ms: int) -> None:
    """Another history of this instant, in which a customer last bought then."""
    of = moment(instant_ms, IDS)
    of.table.last_purchase_ms[IDS.index(customer)] = last_ms
    history.write(of, reconciled(of))


def test_who_came_back_stays_in_the_snapshots_after_that(history: History) -> None:
    second, third = JUNE_MS + WEEK_MS, JUNE_MS + 2 * WEEK_MS
    bought(history, third, "customer-007", second + 2 * DAY_MS)
    assert history.obey(graves(("customer-007", second))) == 2
    assert there(history, "customer-007") == [False, False, True]


def test_who_did_not_come_back_goes_however_late_their_partition_was(history: History) -> None:
    """The snapshot's instant is the farthest partition's: theirs had not come to it yet."""
    third = JUNE_MS + 2 * WEEK_MS
    bought(history, third, "customer-007", JUNE_MS)
    bought(history, third - WEEK_MS, "customer-007", NEVER)
    assert history.obey(graves(("customer-007", JUNE_MS + DAY_MS))) == 3
    assert there(history, "customer-007") == [False, False, False]
    assert there(history, "customer-008") == [True, True, True]


def test_graves_that_were_obeyed_are_not_looked_for_again(history: History) -> None:
    dug = graves(("customer-007", JUNE_MS + 3 * WEEK_MS), ("nobody", JUNE_MS))
    assert history.obey(dug) == 3
    for file in history.directory.rglob("customers-*.parquet"):
        file.write_bytes(b"")  # so that whoever reads it notices
    assert history.obey(dug) == 0
    with pytest.raises(HistoryError, match="is not what was written"):
        history.obey(graves(("customer-008", JUNE_MS + WEEK_MS)))


def test_graves_find_ids_of_any_length(tmp_path: Path) -> None:
    ids = tuple("é" * length + "x" for length in range(256))
    history = History(tmp_path / "history")
    history.write(moment(ids=ids), reconciled(moment(ids=ids)))
    history.obey(graves(*((one, JUNE_MS) for one in ids[::2])))
    assert set(history.read(JUNE_MS).table.ids) == set(ids[1::2])
    history.obey(graves(*((one, JUNE_MS) for one in ids)))
    assert history.obey(graves(*((one, JUNE_MS) for one in (*ids, "nobody")))) == 0


def test_without_graves_nothing_is_done(tmp_path: Path) -> None:
    history = History(tmp_path / "none")
    assert history.obey(graves()) == 0
    assert history.obey(graves(("customer-007", JUNE_MS))) == 0
    assert not history.directory.exists()


def test_a_reader_goes_on_with_what_took_the_place_of_its_files(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Erased between the reader's look at the manifest and its look at the files."""
    stale = history.manifest(JUNE_MS)
    history.erase("customer-123")
    fresh = history.manifest(JUNE_MS)
    manifests = iter([stale, fresh])
    monkeypatch.setattr(history, "manifest", lambda _: next(manifests))
    assert len(history.read(JUNE_MS)) == 249
