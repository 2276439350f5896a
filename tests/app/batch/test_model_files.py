"""`model.json` is checked before anybody is assigned by it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from app.batch import model_files
from app.batch.model_files import read_any_model
from snapshot.attributes.fitting import Wish, fit_table
from stream.errors import InputError
from tests.snapshot.attributes.people import people
from tests.snapshot.logs import made_by_hand

if TYPE_CHECKING:
    from pathlib import Path

TABLE_MODEL = fit_table(people()[0], Wish(k=3)).model


def test_either_kind_comes_back(tmp_path: Path) -> None:
    for model in (TABLE_MODEL, made_by_hand(version=3)):
        (tmp_path / "model.json").write_bytes(model.to_json())
        assert read_any_model(tmp_path / "model.json") == model


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is no model"),
        (b"hello", "is no model"),
        (b"\xff\xfe", "is no model"),
        (b"[" * 100_000, "is no model"),
        (b'{"type": "cake"}', "says that it is a 'cake'"),
        (b'{"type": "table_model"}', "columns is missing"),
        (b'{"type": "table_model", "schema_version": 2}', "has form 2"),
        (b'{"schema_version": "x"}', "is no model"),
    ],
)
def test_what_is_no_model_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "model.json").write_bytes(content)
    with pytest.raises(InputError, match=said):
        read_any_model(tmp_path / "model.json")


def test_a_centroid_beyond_all_bounds_is_refused(tmp_path: Path) -> None:
    for model, lens in ((TABLE_MODEL, "lens"), (made_by_hand(version=3), None)):
        made = json.loads(model.to_json())
        shape = made[lens] if lens else made["lenses"][0]
        shape["centroids"][0]["position"][0] = 1e200
        (tmp_path / "model.json").write_text(json.dumps(made))
        with pytest.raises(InputError):
            read_any_model(tmp_path / "model.json")


def test_a_file_that_is_not_there_or_too_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(InputError, match="there is no file"):
        read_any_model(tmp_path / "none.json")
    with pytest.raises(InputError, match="can't be read"):
        read_any_model(tmp_path)
    monkeypatch.setattr(model_files, "MOST_BYTES", 3)
    (tmp_path / "large.json").write_text("{    }")
    with pytest.raises(InputError, match="is larger"):
        read_any_model(tmp_path / "large.json")
