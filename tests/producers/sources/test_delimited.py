from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from producers.sources.delimited import BLOCK_BYTES, EMPTY_CELLS, DelimitedSource
from producers.sources.stored import Stored
from stream.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from producers.sources.seam import RawBatch


def source(content: bytes) -> DelimitedSource:
    return DelimitedSource(Stored("shop.csv", lambda: io.BytesIO(content), len(content)))


def cells(batches: Sequence[RawBatch]) -> list[list[str | None]]:
    return [list(row.values()) for batch in batches for row in batch.rows.to_pylist()]


def numbered(batches: Sequence[RawBatch]) -> list[int]:
    return [number for batch in batches for number in batch.numbers().tolist()]


letters = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
values = letters.filter(lambda value: value not in EMPTY_CELLS and not value.isspace())


@settings(deadline=None)
@given(
    rows=st.lists(st.lists(values, min_size=3, max_size=3), min_size=1, max_size=30),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    newline=st.sampled_from(["\n", "\r\n"]),
)
def test_what_the_csv_module_writes_is_read_back(
    rows: list[list[str]], delimiter: str, encoding: str, newline: str
) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=newline, quoting=csv.QUOTE_ALL)
    writer.writerows([["customer", "price", "note"], *rows])
    read = source(text.getvalue().encode(encoding))
    assert read.columns == ("customer", "price", "note")
    assert cells(list(read.batches())) == rows


@settings(deadline=None)
@given(st.lists(st.sampled_from([b"1,2,3\n", b"1,2\n", b"1,2,3,4\n", b'1,"2\n2",3\n', b"\n"])))
def test_every_row_is_either_read_or_broken_under_its_own_number(rows: list[bytes]) -> None:
    content = b"a,b,c\n" + b"".join(rows)
    batches = list(source(content).batches())
    counted = [row for row in rows if row != b"\n"]
    good = [n for n, row in enumerate(counted, start=1) if row in (b"1,2,3\n", b'1,"2\n2",3\n')]
    assert numbered(batches) == good
    broken = [row.number for batch in batches for row in batch.broken]
    assert sorted(broken + good) == list(range(1, len(counted) + 1))


def test_numbers_stay_right_over_many_blocks() -> None:
    rows = [b"%d,x,y\n" % n if n % 1_000 else b"%d,too few\n" % n for n in range(1, 400_001)]
    batches = list(source(b"n,b,c\n" + b"".join(rows)).batches())
    assert len(batches) > 2
    assert [int(row[0] or 0) for row in cells(batches)] == numbered(batches)
    assert [int(row.cells[0]) for batch in batches for row in batch.broken] == [
        row.number for batch in batches for row in batch.broken
    ]


def test_an_id_keeps_its_zeros_and_an_empty_cell_is_null() -> None:
    assert cells(list(source(b"a,b\n00123,\n").batches())) == [["00123", None]]


def test_latin_1_is_found_even_when_its_first_letter_comes_late() -> None:
    content = b"id,name\n" + b"1,plain\n" * 200_000 + "2,Müller\n3,Café €\n".encode("cp1252")
    read = source(content)
    assert "ASCII" in read.described()
    assert cells(list(read.batches()))[-2:] == [["2", "Müller"], ["3", "Café €"]]
    assert "Latin-1" in read.described()


def test_utf_8_is_not_taken_for_latin_1_where_a_letter_is_cut_by_a_block() -> None:
    for shift in range(3):
        content = b"id,name\n" + b"1,x\n" * shift + "2,€\n".encode() * 100_000
        names = {row[1] for row in cells(list(source(content).batches()))}
        assert names <= {"x", "€"}


def test_a_stray_byte_in_utf_8_is_read_as_latin_1() -> None:
    assert cells(list(source(b"id,name\n1,Caf\xc3\xa9\n2,Caf\xe9\n").batches())) == [
        ["1", "Café"],
        ["2", "Café"],
    ]


def test_without_a_header_columns_are_numbered() -> None:
    read = source(b"17850,2010-12-01,2.55\n17851,2010-12-02,3.10\n")
    assert read.columns == ("column_1", "column_2", "column_3")
    assert numbered(list(read.batches())) == [1, 2]
    assert "no header" in read.described()


def test_a_quote_within_a_cell_is_a_letter() -> None:
    assert cells(list(source(b'a,b\n5" nail,1\n').batches())) == [['5" nail', "1"]]


@pytest.mark.parametrize("tail", [b"4,5,6\n", b"4,5,6\n" * BLOCK_BYTES])
def test_a_quote_never_closed_is_an_error_that_says_where(tail: bytes) -> None:
    read = source(b'a,b,c\n1,2,3\n1,2,"3\n' + tail)
    with pytest.raises(SourceError, match=r"shop\.csv.*row [12].*never closed"):
        list(read.batches())


def test_a_quote_never_closed_in_the_middle_is_one_broken_row() -> None:
    (*_, last) = source(b'a,b,c\n1,2,3\n4,"5,6\n7,8,9\n').batches()
    assert [row.text for row in last.broken] == ['4,"5,6\n7,8,9']


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf\n \n", "is empty"),
        (b"\x00\x01\x02binary\x00" * 9, "neither text nor"),
    ],
)
def test_what_is_no_table_is_said_to_be_none(content: bytes, said: str) -> None:
    with pytest.raises(SourceError, match=said):
        source(content)


def test_a_header_alone_is_a_table_without_rows() -> None:
    assert cells(list(source(b"a,b\n").batches())) == []


def test_a_flood_of_broken_rows_ends_with_an_error() -> None:
    read = source(b"a,b,c\n1,2,3\n" + b"1,2\n" * 200_000)
    with pytest.raises(SourceError, match="another number of cells"):
        list(read.batches())
