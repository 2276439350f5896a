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
from stream.contracts.experiment import ExperimentAssignment, ExperimentPlan
from stream.contracts.fast import Line, decode, encode, line_of
from stream.contracts.insight_report import InsightReport
from stream.contracts.judge import diagnose
from stream.contracts.model import SegmentModel
from stream.contracts.scores import CustomerScores
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
    "customer-scores": CustomerScores,
    "insight-report": InsightReport,
    "experiment-plan": ExperimentPlan,
    "experiment-assignment": ExperimentAssignment,
}


def model_of(file: Path) -> type[Message]:
    return MODELS[file.name.partition(".")[0]]


def read_back(file: Path) -> Any:
    return json.loads(file.with_suffix(".read.json").read_text("utf-8"))


def said_by(message: Message, expected: dict[str, Any]) -> dict[str, Any]:
    """What the message says in the fields that there were then."""
    trimmed: dict[str, Any] = as_then(json.loads(message.model_dump_json()), expected)
    return trimmed


def as_then(said: Any, then: Any) -> Any:
    """Without the fields that were added since, in the message and in all its parts."""
    if isinstance(said, dict) and isinstance(then, dict):
        return {name: as_then(said[name], then[name]) for name in then}
    if isinstance(said, list) and isinstance(then, list) and len(said) == len(then):
        return [as_then(one, other) for one, other in zip(said, then, strict=True)]
    return said


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
    version = int(re.findall(r"\.v(\d+)", file.name)[0])
    newest = model_of(file).model_fields["schema_version"].default
    if "full" in file.name and version == newest:
        then = as_then(json.loads(again), json.loads(file.read_bytes()))
        assert compact(then) == file.read_bytes()
        if file == newest_full(file):
            assert again == file.read_bytes()


def newest_full(file: Path) -> Path:
    """The one with the fields that were added last, which says every field there is."""
    name = file.name.partition(".")[0]
    return max(GOLDEN.glob(f"{name}.v*.full.json"), key=lambda one: len(one.read_bytes()))


def compact(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


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
