"""What docs/history.md says of files, columns, settings and commands is so."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq

from snapshot.enriching import enriched
from snapshot.history import History
from snapshot.history.customer_files import CUSTOMERS_A_FILE
from stream.settings.history import HistorySettings
from tests.snapshot.enrichers import Worth
from tests.snapshot.history.moments import (
    FEATURES,
    JUNE_MS,
    fit_of,
    moment,
    published,
    reconciled,
)
from tests.snapshot.logs import NOW

if TYPE_CHECKING:
    import pyarrow as pa

TEXT = (Path(__file__).parents[3] / "docs/history.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `([A-Za-z_.]+)` \| (.+?) \| (.+) \|$", TEXT, re.MULTILINE)
FOLDER = "2011-06-01T000000.000Z"


def written(tmp_path: Path) -> Path:
    of = moment()
    told = enriched(of, [Worth()], NOW)
    History(tmp_path).write(of, reconciled(of, fit_of(of), published()), told)
    return tmp_path / "snapshots" / FOLDER


def test_every_column_stands_there_with_its_type(tmp_path: Path) -> None:
    (file,) = written(tmp_path).glob("customers-*.parquet")
    table = pq.read_table(file)
    said = {name: kind for name, kind, _ in ROWS if "." not in name}
    columns = [name for name in table.column_names if name not in FEATURES]
    assert list(said) == [name.replace("value__", "LENS__") for name in columns]
    for name, kind in zip(columns, said.values(), strict=True):
        assert kind == in_words(table.schema.field(name).type), name
    assert {str(table.schema.field(name).type) for name in FEATURES} == {"double"}


def in_words(kind: pa.DataType) -> str:
    words = {
        "timestamp[ms, tz=UTC]": "timestamp, UTC",
        "list<element: string>": "list of texts",
    }
    text = str(kind)
    if text in words:
        return words[text]
    return "text" if "string" in text else text


def test_the_files_are_called_so(tmp_path: Path) -> None:
    names = {re.sub(r"-[0-9a-f]{16}\.", "-….", file.name) for file in written(tmp_path).iterdir()}
    assert FOLDER in TEXT
    assert f"{CUSTOMERS_A_FILE:,} customers each" in TEXT
    for name in names - {"customers-0000-….parquet"}:
        assert re.search(rf"^        {re.escape(name)}\b", TEXT, re.MULTILINE), name


def test_every_setting_stands_there_with_its_default() -> None:
    said = {name.partition(".")[2]: default for name, default, _ in ROWS if "." in name}
    defaults = {
        name: "unset" if field.default is None else json.dumps(field.default)
        for name, field in HistorySettings.model_fields.items()
    }
    assert said == defaults


def test_the_examples_in_code_run(tmp_path: Path) -> None:
    written(tmp_path)
    names: dict[str, Any] = {}
    for example in re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL):
        exec(example.replace('"history/shoal"', repr(str(tmp_path))), names)
    assert names["table"].column_names == ["customer_id", "value__segment"]
    assert len(names["table"]) == 240
    assert (names["june"], names["july"]) == (JUNE_MS, JUNE_MS)
