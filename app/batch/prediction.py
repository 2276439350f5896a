"""One run of `shoal predict`: a model, and a file, standard input or one customer to place."""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import pyarrow.csv

from app.batch.actions import advised
from app.batch.by_lens import ByLens
from app.batch.by_table import ByTable
from app.batch.model_files import read_any_model
from app.batch.placed import as_table
from app.batch.written import PLAIN, write_table
from app.replay_memory import keep_arrow_small
from insights.playbook.plays import playbook
from producers.attributes.reading import read_customers
from producers.sources.limits import Limits
from snapshot.attributes.contract import TableModel
from snapshot.naming.words import percent
from stream.errors import InputError, SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import BinaryIO

    import pyarrow as pa

    from app.batch.placed import Placer, Predicted
    from stream.contracts.model import SegmentModel

STANDARD_INPUT = "-"
MOST_INPUT_BYTES = 1 << 30
CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is to be placed, and how it is told."""

    model: Path
    sources: tuple[str, ...]
    """A file or `-`; none: the customer of `values`."""

    values: Mapping[str, str]
    lens: str | None = None
    out: Path | None = None
    as_json: bool = False
    playbook: Path | None = None
    date_format: str | None = None
    limits: Limits = Limits()  # noqa: RUF009 (frozen)


def run(asked: Asked) -> None:
    """Reads, places, tells."""
    _require_one_way(asked)
    keep_arrow_small()
    book = playbook(asked.playbook)
    placer = placer_of(read_any_model(asked.model), asked.lens, asked.date_format)
    actions = {one.segment_id: one.action for one in advised(book, placer.named)}
    if not asked.sources:
        found = placer.of_one(asked.values)
        told = _one_json(found, actions) if asked.as_json else _one(found, actions, placer)
        sys.stdout.write(told)
        return
    read = _read(asked)
    found = placer.of_table(read)
    _tell(asked, as_table(found, actions))
    for remark in (*found.remarks, *([f"assigned {placer.how}"] if placer.how else [])):
        sys.stderr.write(f"{remark}\n")


def placer_of(
    model: SegmentModel | TableModel, lens: str | None, date_format: str | None = None
) -> Placer:
    """By the model of a table, or by a lens of profiles: the one asked for, else the main one."""
    if isinstance(model, TableModel):
        if lens is not None:
            raise SettingsError(f"--lens {lens}: the model of a table has no lenses: leave it out")
        return ByTable(model, date_format)
    return ByLens(model, lens or model.main_lens.lens)


def _require_one_way(asked: Asked) -> None:
    if len(asked.sources) > 1:
        raise SettingsError(f"one file at a time, not {', '.join(asked.sources)}")
    if asked.sources and asked.values:
        raise SettingsError("give a file, or one customer as name=value: not both")
    if not asked.sources and not asked.values:
        raise SettingsError("say who: a file, - for standard input, or name=value …")


def _read(asked: Asked) -> pa.Table:
    (source,) = asked.sources
    if source != STANDARD_INPUT:
        return read_customers(source, asked.limits, asked.date_format).table
    with tempfile.TemporaryDirectory(prefix="shoal-predict-") as folder:
        file = Path(folder) / "standard input"
        _spool(sys.stdin.buffer, file)
        return read_customers(file, asked.limits, asked.date_format).table


def _spool(stream: BinaryIO, file: Path) -> None:
    """Formats are told by their beginning and read twice, which a pipe doesn't allow."""
    with file.open("wb") as kept:
        left = MOST_INPUT_BYTES
        while chunk := stream.read(CHUNK_BYTES):
            left -= len(chunk)
            if left < 0:
                raise InputError(
                    f"standard input has more than {MOST_INPUT_BYTES >> 30} GiB: give it in parts"
                )
            kept.write(chunk)


def _tell(asked: Asked, table: pa.Table) -> None:
    if asked.out is not None:
        write_table(asked.out, table)
        sys.stdout.write(f"{table.num_rows:,} customers; {asked.out} is written\n")
    elif asked.as_json:
        for batch in table.to_batches(max_chunksize=10_000):
            lines = [msgspec.json.encode(row) for row in batch.to_pylist()]
            sys.stdout.write(b"".join(line + b"\n" for line in lines).decode())
    else:
        sys.stdout.flush()
        pyarrow.csv.write_csv(table, sys.stdout.buffer, PLAIN)
        sys.stdout.flush()


def _one_json(found: Predicted, actions: Mapping[str, str]) -> str:
    (row,) = as_table(found, actions).to_pylist()
    del row[found.id_column]
    return msgspec.json.encode(row).decode() + "\n"


def _one(found: Predicted, actions: Mapping[str, str], placer: Placer) -> str:
    """For people: where they are, how sure that is, how far the others are, what to do."""
    segment = found.segment(0)
    sure = float(found.confidence[0])
    if segment is None:
        lines = ["in no segment: nobody of the fit is near enough"]
    else:
        known = "" if np.isnan(sure) else f", {percent(sure)} sure"
        lines = [f"{segment.name} ({segment.id}){known}", f"  do: {actions[segment.id]}"]
    order = np.argsort(found.distances[0], kind="stable").tolist()
    lines.append("  distances:")
    lines += [_distance(found, place) for place in order]
    lines += [f"  {remark}" for remark in found.remarks]
    if placer.how:
        lines.append(f"  assigned {placer.how}")
    return "\n".join(lines) + "\n"


def _distance(found: Predicted, place: int) -> str:
    one = found.segments[place]
    return f"    {found.distances[0, place]:8.2f}  {one.name} ({one.id})"


def pairs(arguments: Sequence[str]) -> tuple[tuple[str, ...], dict[str, str]]:
    """What was typed as files, and as name=value.

    >>> pairs(["people.csv"]), pairs(["age=31", "gender=Female"])
    ((('people.csv',), {}), ((), {'age': '31', 'gender': 'Female'}))
    """
    sources: list[str] = []
    values: dict[str, str] = {}
    for one in arguments:
        name, equals, value = one.partition("=")
        if not equals or Path(one).exists():
            sources.append(one)
        elif not name.strip():
            raise SettingsError(f"{one}: write name=value")
        elif name.strip() in values:
            raise SettingsError(f"{name.strip()} is said twice: say it once")
        else:
            values[name.strip()] = value.strip()
    return tuple(sources), values
