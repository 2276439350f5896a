"""`shoal dead-letters` on letters as tasks leave them, and on some that nobody should have made."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import uuid
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pytest
from typer.testing import CliRunner

from app.cli import run as run_command
from app.cli.main import app
from app.dead_letters import Letter, letter_of_json, read_letter
from stream.contracts.dead_letter import DeadLetter
from stream.contracts.fast import Line, decode
from stream.contracts.refusal import RefusalReason, Refused
from stream.log.batch import Record, Records
from stream.log.open import open_log
from stream.log.partitioning import partition_of
from stream.model.change import instant
from stream.topics import Topics
from tests.producers.replays import everything

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.kafka_broker import Broker

PARTITIONS = 4
NOW_MS = time.time_ns() // 1_000_000
"""Not a date in the past: a broker drops what was written too long ago."""

GOOD = b'{"customer_id":"c1","occurred_at":"2010-12-01T08:26:00+00:00","unit_price":2.5}'
NEGATIVE = b'{"customer_id":"c2","occurred_at":"2010-12-01T08:26:00+00:00","unit_price":-2.5}'
NO_JSON = b"\xff\xfe not text"
ERASURE = b'{"type":"erasure","customer_id":"c3"}'
TICK = b'{"type":"tick","instant":"2010-12-01T08:26:00+00:00"}'
OWN = (("shoal-row", b"9"), ("trace", b"t1"))


def letter(value: bytes | None, reason: RefusalReason, key: bytes | None = b"c1") -> Record:
    """As a task writes it, after the headers that the record came with."""
    found = decode(value)
    detail = found.detail if isinstance(found, Refused) else "as it was"
    about = DeadLetter(
        reason=reason,
        detail=detail,
        topic="shoal.transactions",
        partition=2,
        offset=9,
        refused_at=instant(NOW_MS),
    )
    return Record(key, value, NOW_MS, (*OWN, *about.to_headers()))


class Place(NamedTuple):
    """A log with letters, each on a partition of its own."""

    url: str
    topics: Topics

    def run(self, *words: str, stdin: str | None = None) -> tuple[int, str, str]:
        log = ["--log", self.url]
        done = CliRunner(env={"SHOAL_TOPICS__PREFIX": self.topics.prefix}).invoke(
            app, ["dead-letters", *words, *log], catch_exceptions=False, input=stdin
        )
        return done.exit_code, done.stdout, done.stderr

    def listed(self, *words: str) -> list[dict[str, Any]]:
        code, out, _ = self.run("list", "--json", *words)
        assert code == 0
        return [json.loads(line) for line in out.splitlines()]

    def sent(self) -> dict[int, list[Record]]:
        with open_log(self.url) as log:
            found = everything(log, self.topics.transactions)
        return {partition: records for partition, records in enumerate(found) if records}


LETTERS = [
    letter(GOOD, RefusalReason.WRONG_KEY, key=None),
    letter(NEGATIVE, RefusalReason.NEGATIVE_PRICE, key=b"c2"),
    letter(NO_JSON, RefusalReason.NOT_JSON, key=b"\xff"),
    letter(ERASURE, RefusalReason.WRONG_PARTITION, key=b"c3"),
]


def filled(url: str, prefix: str, letters: Sequence[Record]) -> Place:
    topics = Topics(prefix, partitions=PARTITIONS)
    with open_log(url) as log:
        log.create_topics(topics.specs())
        with log.writer() as writer:
            for number, record in enumerate(letters):
                writer.append(topics.dead_letters, number % PARTITIONS, Records.of([record]))
            writer.flush()
    return Place(url, topics)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return filled(f"sqlite:///{tmp_path / 'shoal.db'}", "shoal.", LETTERS)


@pytest.fixture(params=["embedded", "kafka"])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    if request.param == "embedded":
        yield filled(f"sqlite:///{tmp_path / 'shoal.db'}", "shoal.", LETTERS)
    else:
        broker: Broker = request.getfixturevalue("broker")
        url = f"kafka://{broker.bootstrap}"
        yield filled(url, f"dead-{uuid.uuid4().hex[:8]}.", LETTERS)


def test_a_list_for_people_says_where_when_why_and_what(place: Place) -> None:
    code, out, err = place.run("list")
    lines = dict(line.split(maxsplit=1) for line in out.splitlines())
    assert code == 0
    assert set(lines) == {"0:0", "1:0", "2:0", "3:0"}
    assert lines["1:0"].startswith(f"{instant(NOW_MS):%Y-%m-%d %H:%M}  negative_price")
    assert "unit_price" in lines["1:0"]
    assert "(11 bytes that are no text)" in lines["2:0"]
    assert err.startswith("4 dead letters: 1 ")


def test_a_list_for_programs_can_be_sent_back_line_by_line(place: Place) -> None:
    told = sorted(place.listed(), key=lambda line: int(line["partition"]))
    assert [line["reason"] for line in told] == [
        "wrong_key",
        "negative_price",
        "not_json",
        "wrong_partition",
    ]
    assert told[1]["value"]["unit_price"] == -2.5
    for line, record in zip(told, LETTERS, strict=True):
        back = letter_of_json(json.dumps(line), 1)
        assert back.key == record.key
        same = back.value == record.value
        assert same or json.loads(back.value or b"") == json.loads(record.value or b"")


def test_reasons_offsets_and_a_limit_choose(place: Place) -> None:
    assert [line["partition"] for line in place.listed("--reason", "not_json")] == [2]
    two = place.listed("--offsets", "0:0-5,3:0")
    assert sorted(line["partition"] for line in two) == [0, 3]
    assert len(place.listed("--limit", "3")) == 3


def test_those_to_come_are_waited_for_until_it_is_told_to_stop(place: Place) -> None:
    words = [sys.executable, "-m", "app.cli", "dead-letters", "list", "--follow"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [*words, "--log", place.url], env=environment, stdout=pipe, stderr=pipe, text=True
    ) as process:
        try:
            assert process.stdout is not None
            assert len([process.stdout.readline() for _ in LETTERS]) == 4
            with open_log(place.url) as log, log.writer() as writer:
                writer.append(place.topics.dead_letters, 0, Records.of([LETTERS[1]]))
                writer.flush()
            assert process.stdout.readline().startswith("0:1 ")
            process.send_signal(signal.SIGINT)
            assert process.wait(60) == 0
        finally:
            process.kill()


def test_none_is_said_in_words(tmp_path: Path) -> None:
    empty = filled(f"sqlite:///{tmp_path / 'shoal.db'}", "shoal.", [])
    assert empty.run("list") == (0, "", "no dead letters on shoal.transactions.dead-letter\n")


@pytest.mark.parametrize(
    "headers",
    [
        (),
        (("shoal-reason", None),),
        (("shoal-reason", b"\xff\x1b[2J"), ("shoal-offset", b"minus one")),
        (*LETTERS[0].headers, ("shoal-reason", b"no reason at all")),
        (("shoal-refused-at", b"the year 0"), ("", b""), ("shoal-", None)),
    ],
)
def test_odd_headers_are_shown_as_well_as_can_be(
    tmp_path: Path, headers: tuple[tuple[str, bytes | None], ...]
) -> None:
    odd = Record(b"\x1b[2Jc", b"\x07", -(2**62), headers)
    place = filled(f"sqlite:///{tmp_path / 'shoal.db'}", "shoal.", [odd])
    code, out, _ = place.run("list")
    assert code == 0
    assert "\x1b" not in out
    assert len(place.listed()) == 1


def test_a_headers_name_that_is_no_text_is_shown_and_sent_back_all_the_same(
    tmp_path: Path,
) -> None:
    place = filled(f"sqlite:///{tmp_path / 'shoal.db'}", "shoal.", [])
    records = Records.of([letter(GOOD, RefusalReason.WRONG_KEY)])
    broken = np.frombuffer(records.buffer.tobytes().replace(b"trace", b"\xff\xfeace"), np.uint8)
    with open_log(place.url) as log, log.writer() as writer:
        writer.append(place.topics.dead_letters, 0, replace(records, buffer=broken))
        writer.flush()
    assert len(place.listed()) == 1
    assert place.run("replay", "--all")[0] == 0
    [[sent]] = place.sent().values()
    assert sent.headers[0] == ("\\xff\\xfeace", b"t1")


def test_repaired_ones_go_back_under_their_customers_key(either: Place, tmp_path: Path) -> None:
    lines = either.listed("--reason", "negative_price", "--reason", "wrong_key")
    for line in lines:
        line["value"]["unit_price"] = 7.5
    file = tmp_path / "repaired.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    code, out, err = either.run("replay", "--from-json", str(file))
    assert (code, err) == (0, "")
    assert out == f"2 sent to {either.topics.transactions}\n"
    sent = [(partition, one) for partition, many in either.sent().items() for one in many]
    assert sorted(one.key or b"" for _, one in sent) == [b"c1", b"c2"]
    for partition, one in sent:
        assert partition == partition_of(one.key or b"", PARTITIONS)
        line_sent = decode(one.value)
        assert isinstance(line_sent, Line)
        assert line_sent.unit_price == 7.5
        assert [name for name, _ in one.headers] == ["shoal-replayed-from"]


def test_those_chosen_go_back_as_they_are_with_a_note_where_from(place: Place) -> None:
    code, out, err = place.run("replay", "--reason", "wrong_key", "--reason", "wrong_partition")
    assert (code, err) == (0, "")
    assert out.startswith("2 sent")
    sent = {one.key: one for many in place.sent().values() for one in many}
    assert sent[b"c1"].value == GOOD
    assert sent[b"c3"].value == ERASURE
    note = b"shoal.transactions.dead-letter/0/0"
    assert sent[b"c1"].headers == (("trace", b"t1"), ("shoal-replayed-from", note))


def test_sent_twice_they_are_the_same_event(place: Place) -> None:
    for _ in range(2):
        place.run("replay", "--reason", "wrong_key")
    [both] = place.sent().values()
    ids = {
        line.event_id for line in map(decode, (one.value for one in both)) if isinstance(line, Line)
    }
    assert (len(both), len(ids)) == (2, 1)


def test_what_is_still_nothing_stays_and_is_named(place: Place) -> None:
    code, out, err = place.run("replay", "--all")
    assert code == 1
    assert out == "2 sent to shoal.transactions, 2 not fit to be\n"
    assert "not sent: 1:0 negative_price: unit_price" in err
    assert "not sent: 2:0 not_json" in err


def test_a_dry_run_sends_nothing(place: Place) -> None:
    code, out, _ = place.run("replay", "--reason", "wrong_key", "--dry-run")
    assert (code, out) == (0, "1 would be sent to shoal.transactions\n")
    assert place.sent() == {}


def test_more_than_fit_into_one_append_all_go(tmp_path: Path) -> None:
    many = [
        letter(GOOD.replace(b"c1", b"c%d" % number), RefusalReason.WRONG_KEY)
        for number in range(1300)
    ]
    topics = Topics(partitions=2)
    url = f"sqlite:///{tmp_path / 'shoal.db'}"
    with open_log(url) as log:
        log.create_topics(topics.specs())
        with log.writer() as writer:
            writer.append(topics.dead_letters, 0, Records.of(many))
            writer.flush()
    place = Place(url, topics)
    assert place.run("replay", "--all")[1] == "1,300 sent to shoal.transactions\n"
    assert sum(map(len, place.sent().values())) == 1300


def test_shoals_own_commands_are_not_sent_again(tmp_path: Path) -> None:
    place = filled(
        f"sqlite:///{tmp_path / 'shoal.db'}", "shoal.", [letter(TICK, RefusalReason.WRONG_KEY)]
    )
    code, _, err = place.run("replay", "--all")
    assert code == 1
    assert "a tick is Shoal's own to write" in err


def test_the_file_may_be_the_input(place: Place) -> None:
    line = {"partition": 1, "offset": 0, "value": json.loads(GOOD)}
    code, out, _ = place.run("replay", "--from-json", "-", stdin=json.dumps(line) + "\n\n")
    assert (code, out) == (0, "1 sent to shoal.transactions\n")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("replay",), "say which: --from-json FILE, --reason, --offsets, or --all"),
        (("replay", "--from-json", "gone.jsonl"), "gone.jsonl can't be read"),
        (("list", "--reason", "ugly"), "--reason ugly is none: there are in_the_future"),
        (("list", "--offsets", "1-x"), "--offsets 1-x is no list of offsets"),
    ],
)
def test_a_mistake_is_one_clear_message(
    place: Place,
    words: tuple[str, ...],
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "argv", ["shoal", "dead-letters", *words, "--log", place.url])
    assert run_command() == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    "line",
    ["", "[]", "{}", '{"partition":0}', '{"partition":"x","offset":1,"value":""}', "\x00", '"x"',
     '{"partition":0,"offset":0,"value":7}', '{"partition":0,"offset":0,"value":[1]}'],
)  # fmt: skip
def test_a_line_that_is_none_names_its_number(
    place: Place, line: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", StringIO(f"\n{line or ','}\n"))
    words = ["shoal", "dead-letters", "replay", "--from-json", "-", "--log", place.url]
    monkeypatch.setattr(sys, "argv", words)
    assert run_command() == 2
    assert "line 2 is no dead letter" in capsys.readouterr().err


def test_a_value_that_looks_like_base64_but_is_not_stays_text() -> None:
    told = {"partition": 0, "offset": 0, "value": "base64:###"}
    assert letter_of_json(json.dumps(told), 1).value == b"base64:###"


def test_one_that_was_cut_off_says_so() -> None:
    record = letter(GOOD, RefusalReason.WRONG_KEY)
    cut = record._replace(headers=(*record.headers, ("shoal-cut-off-at", b"17")))
    found: Letter = read_letter(0, 0, cut)
    assert found.is_cut_off
