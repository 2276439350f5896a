"""What docs/profile-blocks.md says of heads and tables is so, and its programs run."""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow
import pytest

from stream.blocks.head import Head, LensHead
from stream.log.embedded import EmbeddedLog
from stream.profile.layout import PROFILE
from stream.profile.tables import (
    IDS_SCHEMA,
    RECORDS,
    REMOVED_SCHEMA,
    WORDS_SCHEMA,
    customers_schema,
)
from stream.topics import Topics
from tests.stream.blocks.live import FEATURES, Live
from tests.stream.blocks.written import write

TEXT = (Path(__file__).parents[3] / "docs/profile-blocks.md").read_text(encoding="utf-8")
PROGRAM, WITH_PYARROW = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
TOPICS = Topics()


def cells(heading: str) -> dict[str, str]:
    """The first two columns of the table below a heading."""
    section = TEXT.split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (`.*?) \| (.*?) \|", section, re.MULTILINE)
    return dict(rows)


def names(cell: str) -> list[str]:
    return re.findall(r"`([\w.]+)`", cell)


def test_every_field_of_the_head_is_explained() -> None:
    rows = cells("The head")
    assert {name for row in rows for name in names(row)} == set(Head.__struct_fields__)
    assert set(names(rows["`lenses`"])) == set(LensHead.__struct_fields__) - {"name"}


def test_every_table_is_there_with_its_columns() -> None:
    tables = {names(name)[0]: names(columns) for name, columns in cells("The tables").items()}
    assert {name: tuple(tables.pop(name)) for name in RECORDS} == {
        name: fields for name, (_, fields) in RECORDS.items()
    }
    assert tables.pop("ids") == IDS_SCHEMA.names
    assert tables.pop("removed") == REMOVED_SCHEMA.names
    assert tables.pop("words") == WORDS_SCHEMA.names
    lens = [name.replace("LENS", "") for name in tables.pop("customers")]
    expected = [name.removeprefix("value") for name in customers_schema((("value", 3),)).names]
    assert lens == expected
    assert not tables


def test_a_profile_has_as_many_words_as_the_decision_says() -> None:
    decision = Path(__file__).parents[3] / "docs/decisions/0008-blocks-without-zeros.md"
    text = decision.read_text(encoding="utf-8")
    assert f"one record of {PROFILE.itemsize} bytes" in text
    assert f"its {PROFILE.itemsize // 4} words" in text


@pytest.fixture
def values(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Blocks of the first partition, in shoal.db of the folder that programs run in."""
    monkeypatch.chdir(tmp_path)
    live = Live()
    live.head_changes = {"partition": 0, "partitions": TOPICS.partitions}
    live.fold([{"customer": 1}, {"customer": 2, "order": 7}])
    live.promote("ab", FEATURES, {"value"})
    live.block()
    with EmbeddedLog("shoal.db") as log:
        log.create_topics(TOPICS.specs())
        write(log, live.values, partition=0)
    return live.values


def test_the_program_prints_customers(
    values: list[bytes], capsys: pytest.CaptureFixture[str]
) -> None:
    exec(compile(PROGRAM, "docs/profile-blocks.md", "exec"), {})
    assert capsys.readouterr().out.startswith("kundin 1 ü [")
    assert values


def test_a_record_can_be_read_with_pyarrow_alone(values: list[bytes]) -> None:
    names_of_columns = {"pyarrow": pyarrow, "value": values[0]}
    exec(compile("import pyarrow.ipc\n" + WITH_PYARROW, "docs", "exec"), names_of_columns)
    batch = names_of_columns["batch"]
    assert isinstance(batch, pyarrow.RecordBatch)
    assert batch.schema.metadata[b"table"] == b"customers"
