"""Every message ever published stays readable, and means what it meant."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from stream.contracts.base import Message
from stream.contracts.change import SegmentChange
from stream.contracts.commands import Erasure, Promote, Tick
from stream.contracts.dead_letter import DeadLetter
from stream.contracts.drift import DriftReport
from stream.contracts.fast import Line, decode, encode, line_of
from stream.contracts.judge import diagnose
from stream.contracts.model import SegmentModel
from stream.contracts.segment_event import SegmentEvent
from stream.contracts.transaction import Transaction

GOLDEN = Path(__file__).parent / "golden"
FILES = sorted([*GOLDEN.glob("*.full.json"), *GOLDEN.glob("*.minimal.json")])
TRANSACTIONS = [file for file in FILES if file.name.startswith("transaction.")]
MODELS: dict[str, type[Message]] = {
    "transaction": Transaction,
    "erasure": Erasure,
    "tick": Tick,
    "promote": Promote,
    "segment-change": SegmentChange,
    "segment-event": SegmentEvent,
    "segment-model": SegmentModel,
    "drift-report": DriftReport,
}


def model_of(file: Path) -> type[Message]:
    return MODELS[file.name.partition(".")[0]]


def read_back(file: Path) -> Any:
    return json.loads(file.with_suffix(".read.json").read_text("utf-8"))


def said_by(message: Message, expected: dict[str, Any]) -> dict[str, Any]:
    """What the message says in the fields that there were then."""
    said = json.loads(message.model_dump_json())
    return {name: said[name] for name in expected}


@pytest.mark.parametrize("name", MODELS)
def test_every_message_has_its_golden_files(name: str) -> None:
    newest = MODELS[name].model_fields["schema_version"].default
    wanted = {
        f"{name}.v{version}.{kind}.json"
        for version in range(1, newest + 1)
        for kind in ("full", "minimal")
    }
    assert wanted <= {file.name for file in FILES}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_golden_file_is_read_as_it_was_meant(file: Path) -> None:
    expected = read_back(file)
    assert said_by(model_of(file).from_json(file.read_bytes()), expected) == expected


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_the_canonical_form_is_written_again_byte_for_byte(file: Path) -> None:
    message = model_of(file).from_json(file.read_bytes())
    again = encode(line_of(message)) if isinstance(message, Transaction) else message.to_json()
    assert model_of(file).from_json(again) == message
    version = int(re.findall(r"\.v(\d+)\.", file.name)[0])
    newest = model_of(file).model_fields["schema_version"].default
    if "full" in file.name and version == newest:
        assert again == file.read_bytes()


@pytest.mark.parametrize("file", TRANSACTIONS, ids=lambda file: file.name)
def test_the_fast_way_reads_transactions_as_they_were_meant(file: Path) -> None:
    line = decode(file.read_bytes())
    assert isinstance(line, Line)
    expected = read_back(file)
    assert said_by(Transaction.from_json(encode(line)), expected) == expected


@pytest.mark.parametrize("kind", ["full", "minimal"])
@pytest.mark.parametrize("name", ["erasure", "tick", "promote"])
def test_commands_are_found_among_transactions(name: str, kind: str) -> None:
    value = (GOLDEN / f"{name}.v1.{kind}.json").read_bytes()
    assert diagnose(value) == decode(value) == MODELS[name].from_json(value)


def test_a_dead_letters_headers_are_read_as_they_were_meant() -> None:
    headers = json.loads((GOLDEN / "dead-letter.v1.headers.json").read_text("utf-8"))
    letter = DeadLetter.from_headers([(name, text.encode()) for name, text in headers.items()])
    assert dict(letter.to_headers()) == {name: text.encode() for name, text in headers.items()}
    assert (letter.reason, letter.partition, letter.offset) == ("negative_price", 3, 12345)
