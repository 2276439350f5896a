"""A snapshot to one file for other programs, customer by customer: CSV or Parquet."""

from __future__ import annotations

import json
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from snapshot.history.reading import parts
from stream.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    from snapshot.history.manifest import Manifest

FORMS = (".csv", ".parquet")


def check_form(out: Path) -> None:
    """Before the work, not after it."""
    if out.suffix.lower() not in FORMS:
        raise InputError(f"{out} should end in {' or '.join(FORMS)}: that says what is written")


def export(folder: Path, manifest: Manifest, out: Path) -> None:
    """Every column. The file takes its name when all of it is there."""
    check_form(out)
    unfinished = out.with_name(out.name + ".unfinished")
    try:
        _write(folder, manifest, unfinished, out.suffix.lower())
        unfinished.replace(out)
    except FileNotFoundError:
        if unfinished.parent.is_dir():
            raise  # a file of the snapshot has gone: whoever called knows what to do
        raise InputError(f"{out} can't be written: there is no folder {out.parent}") from None
    except OSError as error:
        raise InputError(f"{out} can't be written: {error.strerror or error}") from None
    finally:
        unfinished.unlink(missing_ok=True)


def _write(folder: Path, manifest: Manifest, file: Path, form: str) -> None:
    with ExitStack() as stack:
        writer = None
        for _, part in parts(folder, manifest):
            plain = _plain(part, form)
            if writer is None:
                made = pa.csv.CSVWriter if form == ".csv" else pq.ParquetWriter
                writer = stack.enter_context(made(str(file), plain.schema))
            writer.write_table(plain)


def _plain(part: pa.Table, form: str) -> pa.Table:
    """Texts as texts: not every program knows dictionaries, and CSV no lists."""
    types = (
        pa.field(field.name, pa.string()) if pa.types.is_dictionary(field.type) else field
        for field in part.schema
    )
    plain = part.cast(pa.schema(types))
    for place, field in enumerate(plain.schema):
        if form == ".csv" and pa.types.is_list(field.type):
            lists = plain[field.name].to_pylist()
            texts = [json.dumps(one, ensure_ascii=False) for one in lists]
            plain = plain.set_column(place, field.name, pa.array(texts, pa.string()))
    return plain
