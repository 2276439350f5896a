from __future__ import annotations

import gzip
import io
import sqlite3
import threading
import zipfile
from contextlib import closing, contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from producers.sources.limits import Limits
from producers.sources.open import open_source
from stream.errors import SourceError
from tests.producers.workbooks import sheet_xml, write_xlsx

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from producers.sources.seam import Source


def rows(source: Source) -> list[dict[str, object]]:
    return [row for batch in source.batches() for row in batch.rows.to_pylist()]


@pytest.fixture
def shop_db(tmp_path: Path) -> Path:
    path = tmp_path / "shop.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute('CREATE TABLE "odd ""name""" (a)')
        connection.execute("CREATE TABLE sales (id, mixed)")
        connection.executemany("INSERT INTO sales VALUES (?, ?)", [(1, 2.5), (2, "x"), (3, b"y")])
    return path


def test_a_table_is_chosen_by_name(shop_db: Path) -> None:
    source = open_source(f"{shop_db}::sales")
    assert source.name == "shop.db::sales"
    assert [row["mixed"] for row in rows(source)] == ["2.5", "x", "y"]


def test_a_table_name_is_never_taken_for_sql(shop_db: Path) -> None:
    assert rows(open_source(f'{shop_db}::odd "name"')) == []
    with pytest.raises(SourceError, match="has no table"):
        open_source(f"{shop_db}::sales; DROP TABLE sales")


def test_without_a_choice_the_tables_are_listed(shop_db: Path) -> None:
    with pytest.raises(SourceError, match=r"odd \"name\", sales.*shop\.db::"):
        open_source(shop_db)


def test_reading_a_database_doesn_t_change_it(shop_db: Path) -> None:
    before = shop_db.read_bytes()
    rows(open_source(f"{shop_db}::sales"))
    assert shop_db.read_bytes() == before
    assert [path.name for path in shop_db.parent.iterdir()] == ["shop.db"]


def test_a_sheet_is_chosen_by_name(tmp_path: Path) -> None:
    book = write_xlsx(tmp_path / "book.xlsx", {"one": [["a"], [1]], "two": [["b"], ["x"], [2]]})
    assert rows(open_source(book)) == [{"a": 1.0}]
    assert rows(open_source(f"{book}::two")) == [{"b": "x"}, {"b": "2"}]
    with pytest.raises(SourceError, match="one, two"):
        open_source(f"{book}::three")


def test_two_cells_in_far_corners_are_refused_before_they_fill_the_memory(tmp_path: Path) -> None:
    book = write_xlsx(tmp_path / "book.xlsx", {"one": [["a"]]})
    far = sheet_xml([["a"]]).replace(
        "</sheetData>", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    )
    with zipfile.ZipFile(book) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(book, "w") as new:
        for name, content in parts.items():
            new.writestr(name, far if "sheet1" in name else content)
    with pytest.raises(SourceError, match="max-excel-cells"):
        open_source(book)


def write_zip(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_members_of_one_shape_are_read_in_the_order_of_their_names(tmp_path: Path) -> None:
    members = {"2.csv": b"a,b\n3,x\n", "1.csv": b"a,b\n1,x\nbroken\n2,x\n"}
    batches = list(open_source(write_zip(tmp_path / "shop.zip", members)).batches())
    read = [
        (number, row["a"])
        for batch in batches
        for number, row in zip(batch.numbers().tolist(), batch.rows.to_pylist(), strict=True)
    ]
    assert read == [(1, "1"), (3, "2"), (4, "3")]


def test_members_of_other_shapes_have_to_be_chosen(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "shop.zip", {"a.csv": b"a,b\n1,2\n", "c.csv": b"c,d\n3,4\n"})
    with pytest.raises(SourceError, match=r"shop\.zip::a\.csv"):
        open_source(path)
    assert rows(open_source(f"{path}::c.csv")) == [{"c": "3", "d": "4"}]


def test_a_bomb_is_refused_and_the_way_round_is_said(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "bomb.zip", {"a.csv": b"a,b\n" + b"0,0\n" * 30_000_000})
    with pytest.raises(SourceError, match="max-unpack-ratio"):
        open_source(path)
    with pytest.raises(SourceError, match="max-unpacked-gib"):
        open_source(path, Limits(unpacked_bytes=1_000_000))
    assert open_source(path, Limits(ratio=100_000)).columns == ("a", "b")


def test_a_zip_in_a_zip_is_not_opened(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("a.csv", b"a,b\n1,2\n")
    with pytest.raises(SourceError, match="archive in an archive"):
        open_source(write_zip(tmp_path / "outer.zip", {"a.csv": inner.getvalue()}))


def test_a_damaged_member_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "shop.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a.csv", b"a,b\n" + b"1,2\n" * 1_000)
    path.write_bytes(path.read_bytes().replace(b"1,2\n1,2\n", b"1,2\n9,9\n", 1))
    with pytest.raises(SourceError, match="CRC"):
        rows(open_source(path))


def test_a_json_line_that_is_no_object_is_a_broken_row(tmp_path: Path) -> None:
    path = tmp_path / "shop.jsonl"
    path.write_bytes(b'{"id": "007", "qty": 1}\n[1]\n\n{"id": 8\n{"id": 8, "more": {"x": [1]}}')
    (batch, *rest) = open_source(path).batches()
    batches = [batch, *rest]
    assert [row["id"] for row in batches[0].rows.to_pylist()] == ["007"]
    assert [row.number for one in batches for row in one.broken] == [2, 3]
    assert batches[-1].rows.to_pylist()[-1]["more"] == '{"x":[1]}'
    assert batches[-1].numbers().tolist()[-1] == 4


def test_a_member_that_comes_up_late_is_a_column_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "shop.jsonl"
    path.write_bytes(b'{"id": 1}\n' * 200_000 + b'{"id": 2, "discount": 0.5}\n')
    source = open_source(path)
    assert source.columns == ("id", "discount")
    (*_, last) = source.batches()
    assert last.rows.to_pylist()[-1] == {"id": 2, "discount": 0.5}


def test_ids_as_members_are_refused_before_they_fill_the_memory(tmp_path: Path) -> None:
    path = tmp_path / "shop.jsonl"
    path.write_text("".join(f'{{"customer{n}": 1}}\n' for n in range(2_000)))
    with pytest.raises(SourceError, match="different members"):
        open_source(path)


def test_a_json_array_is_told_how_to_become_lines(tmp_path: Path) -> None:
    path = tmp_path / "shop.json"
    path.write_bytes(b'[\n{"id": 1},\n{"id": 2}\n]')
    with pytest.raises(SourceError, match="jq"):
        open_source(path)


def test_what_isn_t_there_or_isn_t_a_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="doesn't exist"):
        open_source(tmp_path / "nothing.csv")
    with pytest.raises(SourceError, match="can't be read"):
        open_source(tmp_path)
    with pytest.raises(SourceError, match="one table"):
        path = tmp_path / "a.csv"
        path.write_bytes(b"a,b\n1,2\n")
        open_source(f"{path}::table")


@contextmanager
def served(folder: Path) -> Iterator[str]:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_an_address_is_fetched_once_and_read_as_often_as_wanted(tmp_path: Path) -> None:
    (tmp_path / "shop.csv.gz").write_bytes(gzip.compress(b"a,b\n1,2\n"))
    with served(tmp_path) as address:
        source = open_source(f"{address}/shop.csv.gz")
        with pytest.raises(SourceError, match="404"):
            open_source(f"{address}/nothing.csv")
    assert rows(source) == rows(source) == [{"a": "1", "b": "2"}]


def test_an_address_where_nobody_answers_is_an_error(tmp_path: Path) -> None:
    with served(tmp_path) as address:
        pass
    with pytest.raises(SourceError, match="reachable"):
        open_source(f"{address}/shop.csv")
