"""Records that no producer should write: each has its outcome, and the line after it is folded."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from consumers.task.rules import Identity, TaskRules
from consumers.task.task import Task, new_task
from stream.contracts.commands import Erasure
from stream.contracts.dead_letter import DeadLetter
from stream.contracts.fast import encode
from stream.contracts.refusal import RefusalReason
from stream.log.batch import Record
from stream.log.dead_letter import CUT_OFF
from stream.log.partitioning import partition_of
from tests.consumers.task.records import (
    TOPIC,
    YEARS_LATER_MS,
    Known,
    batch_of,
    line,
    record,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consumers.task.storing import Output

LIMIT = 1_000_000


def task(partitions: int = 1, partition: int = 0, **rules: Any) -> Task:
    identity = Identity("shoal", TOPIC, partitions, partition)
    return new_task(identity, TaskRules("shoal.segment-changes", **rules), Known())


def value(**fields: object) -> bytes:
    plain: dict[str, object] = json.loads(encode(line("17850", 1)))
    return json.dumps(plain | fields).encode()


def run(one: Record, ours: Task | None = None) -> tuple[Task, Output]:
    """This record between two lines that are all right."""
    ours = ours or task()
    ours.take(batch_of([record(line("17850", 0)), one, record(line("17850", 2))]), observed_ms=5)
    return ours, ours.collect(5)


def letters(output: Output) -> list[Record]:
    return [letter for records in output.dead_letters for letter in records]


def about(letter: Record) -> DeadLetter:
    return DeadLetter.from_headers(letter.headers)


POISON: list[tuple[str, bytes | None, str]] = [
    ("no JSON", b"\x00\xff{", "not_json"),
    ("cut off", value()[:-5], "not_json"),
    ("nothing", b"", "not_json"),
    ("null", None, "not_json"),
    ("a list", b"[1, 2]", "not_json"),
    ("broken UTF-8", value().replace(b"85123A", b"85\xc3A"), "not_json"),
    ("NaN", value().replace(b"2.55", b"NaN"), "not_json"),
    ("infinite", value().replace(b"2.55", b"1e999"), "out_of_range"),
    ("a negative price", value(unit_price=-2.0), "negative_price"),
    ("the year 1", value(occurred_at="0001-01-01T00:00:00+00:00"), "out_of_range"),
    ("the year 9999", value(occurred_at="9999-12-31T23:59:59+00:00"), "out_of_range"),
    ("no time zone", value(occurred_at="2011-01-03T21:00:00"), "invalid_field"),
    ("no customer", value(customer_id=""), "invalid_field"),
    ("an id too long", value(customer_id="x" * 5000), "invalid_field"),
    ("no price", value(unit_price=None, amount=None), "missing_field"),
    ("huge", value(quantity=1e300), "out_of_range"),
    ("of another kind", value(type="refund"), "unknown_type"),
    ("a text for a number", value(quantity="six"), "invalid_field"),
    ("deep", b"[" * 100_000, "not_json"),
]


@pytest.mark.parametrize(("what", "poison", "reason"), POISON, ids=[one[0] for one in POISON])
def test_poison_becomes_a_dead_letter_with_its_reason(
    what: str, poison: bytes | None, reason: str
) -> None:
    ours, output = run(Record(b"17850", poison, YEARS_LATER_MS))
    (letter,) = letters(output)
    assert (letter.key, letter.value) == (b"17850", poison)
    said = about(letter)
    assert said.reason == reason
    assert (said.topic, said.partition, said.offset) == (TOPIC, 0, 1)
    assert said.detail
    assert ours.outcomes == {"folded": 2, reason: 1}
    assert output.position == ours.position == 3


def test_an_unknown_field_is_ignored() -> None:
    ours, output = run(Record(b"17850", value(event_id="x", colour="red"), YEARS_LATER_MS))
    assert letters(output) == []
    assert ours.outcomes == {"folded": 3}


@pytest.mark.parametrize("key", [b"", None, b"13047", b"\xff" * 300])
def test_another_key_than_the_customer_s_id_is_a_dead_letter(key: bytes | None) -> None:
    ours, output = run(Record(key, value(event_id="x"), YEARS_LATER_MS))
    (letter,) = letters(output)
    assert about(letter).reason is RefusalReason.WRONG_KEY
    assert ours.outcomes == {"folded": 2, "wrong_key": 1}


def test_a_line_on_another_partition_than_its_key_says_is_a_dead_letter() -> None:
    right = partition_of(b"17850", 8)
    wrong = next(
        customer for customer in ("13047", "12583") if partition_of(customer.encode(), 8) != right
    )
    ours, output = run(
        Record(wrong.encode(), value(customer_id=wrong), YEARS_LATER_MS), task(8, right)
    )
    said = about(letters(output)[0])
    assert said.reason is RefusalReason.WRONG_PARTITION
    assert "murmur2" in said.detail
    assert ours.outcomes == {"folded": 2, "wrong_partition": 1}


def test_an_erasure_that_lies_elsewhere_erases_nobody() -> None:
    erasure = Erasure(customer_id="17850").to_json()
    ours, output = run(Record(b"13047", erasure, YEARS_LATER_MS))
    assert about(letters(output)[0]).reason is RefusalReason.WRONG_KEY
    assert ours.outcomes == {"folded": 2, "wrong_key": 1}


def test_ten_megabytes_are_cut_to_what_the_topic_takes_and_say_so() -> None:
    large = b'{"customer_id": "' + b"x" * 10_000_000
    _, output = run(Record(b"17850", large, YEARS_LATER_MS, (("trace", b"t" * 2_000_000),)))
    (letter,) = letters(output)
    assert letter.value is not None
    headers = dict(letter.headers)
    assert large.startswith(letter.value)
    assert headers[CUT_OFF] == str(len(letter.value)).encode()
    assert about(letter).reason is RefusalReason.NOT_JSON
    assert LIMIT * 0.9 < sum(len(records.buffer) for records in output.dead_letters) < LIMIT


def test_a_long_valid_line_is_folded() -> None:
    ours, output = run(Record(b"17850", value(event_id="x", note="y" * 5_000_000), YEARS_LATER_MS))
    assert letters(output) == []
    assert ours.outcomes == {"folded": 3}


def test_what_is_too_late_is_kept_up_to_a_rate_and_counted_beyond() -> None:
    ours = task(too_late_free=2, too_late_share=0.1)
    late = [record(line("17850", -24 * 30, event_id=f"late {i}")) for i in range(48)]
    ours.take(batch_of([record(line("17850", 0)), *late]), observed_ms=5)
    output = ours.collect(5)
    assert ours.outcomes == {"folded": 1, "too_late": 48}
    assert 2 <= len(letters(output)) <= 8
    assert {about(letter).reason for letter in letters(output)} == {RefusalReason.TOO_LATE}


def test_which_late_lines_are_kept_and_what_is_said_of_them_depends_on_no_batch() -> None:
    lines = [line("17850", i / 10, event_id=f"{i}") for i in range(200)]
    lines[3::3] = [line("17850", -24 * 30, event_id=f"late {i}") for i in range(66)]
    records = [record(one) for one in lines]

    def said(size: int) -> list[tuple[int, str]]:
        ours = task(too_late_free=2, too_late_share=0.3)
        for begin in range(0, len(records), size):
            ours.take(batch_of(records[begin : begin + size], begin), observed_ms=5)
        return [(about(one).offset, about(one).detail) for one in letters(ours.collect(5))]

    assert 10 < len(said(200)) < 40
    assert said(1) == said(7) == said(200)


def test_a_line_ahead_of_its_record_moves_nothing() -> None:
    recorded_ms = int(line("17850", 0).occurred_at.timestamp() * 1000)
    ours = task()
    future = record(line("13047", 30), recorded_ms)
    ours.take(batch_of([record(line("17850", 0), recorded_ms), future]), observed_ms=5)
    (letter,) = letters(ours.collect(5))
    assert about(letter).reason is RefusalReason.IN_THE_FUTURE
    assert ours.event_ms == recorded_ms
    assert len(ours.state.profiles) == 1


def test_the_headers_a_record_came_with_stay() -> None:
    _, output = run(Record(b"17850", b"{}", YEARS_LATER_MS, (("trace", b"1"), ("none", None))))
    (letter,) = letters(output)
    assert letter.headers[:2] == (("trace", b"1"), ("none", None))


def test_letters_keep_the_order_of_their_records() -> None:
    ours = task()
    bad: Sequence[Record] = [Record(b"17850", b"%d" % number, 7) for number in range(20)]
    mixed = [
        each for number, one in enumerate(bad) for each in (one, record(line("17850", number)))
    ]
    ours.take(batch_of(mixed), observed_ms=5)
    assert [letter.value for letter in letters(ours.collect(5))] == [one.value for one in bad]
