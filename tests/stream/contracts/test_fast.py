"""The fast way against the judge: same lines accepted, same values, same refusals."""

import json
from datetime import datetime, timedelta, timezone
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from stream.contracts.bounds import MAX_MONEY, MAX_QUANTITY
from stream.contracts.commands import Tick
from stream.contracts.fast import Line, decode, decode_all, encode, judged, line_of
from stream.contracts.judge import diagnose
from stream.contracts.refusal import RefusalReason, Refused
from stream.contracts.transaction import Transaction
from stream.log.batch import Record, Records, Spans

PLAIN = b'{"customer_id":"c1","occurred_at":"2011-03-04T05:06:07Z","unit_price":2.5}'

offsets = st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))
FIRST, LAST = datetime.fromisoformat("1969-12-30"), datetime.fromisoformat("2200-01-03")
instants = st.datetimes(FIRST, LAST, timezones=offsets)
good_texts = st.text(min_size=1, max_size=12)
texts = st.one_of(
    good_texts,
    st.text(max_size=3),
    st.sampled_from(["", "\x1f", "a\nb", "\x7f", "\x85", "é" * 256, "x" * 257, "\u2028", "𝄞"]),
)
numbers = st.one_of(
    st.floats(-100, 100),
    st.integers(-10, 10),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([0.0, -0.0, MAX_MONEY, MAX_QUANTITY, MAX_MONEY * 1.1, 10**400, 1e-300]),
)
instant_texts = st.one_of(
    instants.map(datetime.isoformat),
    st.builds(
        "{}-{:02}-{:02}{}{:02}:{:02}{}{}".format,
        st.integers(1968, 2201),
        st.integers(0, 13),
        st.integers(0, 32),
        st.sampled_from(["T", "t", " ", "_"]),
        st.integers(0, 24),
        st.integers(0, 60),
        st.sampled_from(["", ":07", ":60", ":07.1234567", ":07.9999999", ":07,5", ":07.0000005"]),
        st.sampled_from(["Z", "z", "", "+01:00", "-0330", "+01", "+24:00", "+01:00:30", " Z"]),
    ),
    st.sampled_from(["1291192000", "2010-12-01", "20101201T082600Z", "2010-W48-3T08:00Z", "now"]),
)
oddities = st.one_of(
    st.none(), st.booleans(), numbers, texts, st.lists(st.integers(), max_size=2), st.just({})
)
KINDS: dict[str, st.SearchStrategy[Any]] = {
    "customer_id": texts,
    "occurred_at": instant_texts,
    "event_id": texts,
    "order_id": texts,
    "product_id": texts,
    "category": texts,
    "country": texts,
    "quantity": numbers,
    "unit_price": numbers,
    "discount": numbers,
    "amount": numbers,
    "time_known": st.booleans(),
    "schema_version": st.integers(-1, 3),
    "type": st.sampled_from(["transaction", "tick", "sale"]),
    "something new": oddities,
}
good_fields = st.fixed_dictionaries(
    {
        "customer_id": good_texts,
        "occurred_at": instants.map(datetime.isoformat),
        "unit_price": st.floats(0, 100),
    },
    optional={
        "event_id": good_texts,
        "order_id": good_texts,
        "product_id": st.none() | good_texts,
        "category": st.none() | good_texts,
        "country": good_texts,
        "quantity": st.floats(-100, 100) | st.integers(-9, 9),
        "discount": st.floats(0, 9),
        "amount": st.none() | st.floats(-100, 100),
        "time_known": st.booleans(),
        "something new": oddities,
    },
)
any_fields = st.fixed_dictionaries(
    {"customer_id": texts, "occurred_at": instant_texts},
    optional={name: strategy for name, strategy in KINDS.items() if name[:2] not in {"cu", "oc"}},
)
odd_fields = st.dictionaries(st.sampled_from(list(KINDS)), oddities, max_size=6)


@st.composite
def nearly_good_fields(draw: st.DrawFn) -> dict[str, Any]:
    """One field of a good line replaced by something, so that each check is met alone."""
    fields = draw(good_fields)
    name = draw(st.sampled_from(list(KINDS)))
    fields[name] = draw(KINDS[name] | oddities)
    return fields


values = st.builds(
    lambda fields, ascii_only: json.dumps(fields, ensure_ascii=ascii_only).encode(
        errors="surrogatepass"
    ),
    good_fields | nearly_good_fields() | any_fields | odd_fields,
    st.booleans(),
)


@st.composite
def mangled_values(draw: st.DrawFn) -> bytes:
    """A line's bytes with a piece cut out or put in."""
    value = draw(values)
    start = draw(st.integers(0, len(value)))
    stop = draw(st.integers(start, min(start + 3, len(value))))
    pieces = st.binary(max_size=3) | st.sampled_from([b"\\", b'"', b"\\u0000", b"\x00", b"}{"])
    return value[:start] + draw(pieces) + value[stop:]


@settings(max_examples=1500, deadline=None)
@given(values | mangled_values())
@example(PLAIN)
@example(b"")
@example(b'{"a":"\xff",' + PLAIN[1:])
@example(b'{"a\xff":1,' + PLAIN[1:])
@example(b'{"a":1e999,' + PLAIN[1:])
@example(b'{"a":' + b"[" * 400 + b"]" * 400 + b"," + PLAIN[1:])
@example(b'{"a":' + b"[" * 9000 + b"]" * 9000 + b"," + PLAIN[1:])
@example(b'{"quantity":' + b"9" * 5000 + b"," + PLAIN[1:])
@example(b'{"schema_version":' + b"9" * 5000 + b"," + PLAIN[1:])
@example(b'{"schema_version":1.0,' + PLAIN[1:])
@example(b'{"schema_version":1e0,' + PLAIN[1:])
@example(b'{"customer_id":5,' + PLAIN[1:])
@example(b'{"type":"tick",' + PLAIN[1:-1] + b',"type":"transaction"}')
@example(b'{"type":"transaction",' + PLAIN[1:-1] + b',"type":"tick"}')
@example(b'{"type":"\\ud800",' + PLAIN[1:])
@example(b'{"type":null,' + PLAIN[1:])
@example(b'{"cou\\u006etry":"a\\u0001",' + PLAIN[1:])
@example(PLAIN.replace(b"c1", b"c\x7f"))
@example(PLAIN.replace(b"c1", "c\x9f".encode()))
@example(PLAIN.replace(b"c1", b"c\\u001f"))
@example(PLAIN.replace(b"c1", b"c\\ud83d\\ude00"))
@example(PLAIN.replace(b"2.5", b"NaN"))
@example(PLAIN.replace(b"2.5", b"-0.0"))
@example(PLAIN.replace(b"2.5", b"1e999"))
@example(b"\xef\xbb\xbf" + PLAIN)
@example(b" \n" + PLAIN + b"\r\n")
@example(PLAIN + b"x")
@example(PLAIN + PLAIN)
@example(b"[" + PLAIN + b"]")
def test_the_fast_way_finds_what_the_judge_finds(value: bytes) -> None:
    fast, slow = decode(value), judged(value)
    assert fast == slow
    assert repr(fast) == repr(slow)  # the same zone, the same sign of zero


@settings(max_examples=500, deadline=None)
@given(good_fields)
def test_both_ways_of_encoding_decode_to_the_same(fields: dict[str, Any]) -> None:
    line = decode(json.dumps(fields).encode())
    if not isinstance(line, Line):
        return
    transaction = diagnose(encode(line))
    assert isinstance(transaction, Transaction)
    assert line_of(transaction) == line
    assert decode(encode(line)) == decode(transaction.to_json()) == line


@settings(deadline=None)
@given(good_fields)
def test_canonical_bytes_stay_the_same_through_decoding(fields: dict[str, Any]) -> None:
    line = decode(json.dumps(fields).encode())
    if isinstance(line, Line):
        again = decode(encode(line))
        assert isinstance(again, Line)
        assert encode(again) == encode(line)


@settings(deadline=None)
@given(good_fields.filter(lambda fields: "amount" not in fields))
def test_good_lines_are_accepted(fields: dict[str, Any]) -> None:
    decoded = decode(json.dumps(fields).encode())
    first, last = "1970-01-01T00:00:00+00:00", "2199-12-31T23:59:59.999999+00:00"
    in_time = (
        datetime.fromisoformat(first)
        <= datetime.fromisoformat(fields["occurred_at"])
        <= datetime.fromisoformat(last)
    )
    texts = [fields.get(name) for name in ("customer_id", "event_id", "order_id", "country")]
    texts += [fields.get(name) for name in ("product_id", "category")]
    readable = all(
        not any(ord(c) < 32 or 127 <= ord(c) < 160 for c in text) for text in texts if text
    )
    assert isinstance(decoded, Line) == (in_time and readable)


def test_a_plain_line_never_needs_the_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stream.contracts.fast.judged", None)
    assert isinstance(decode(PLAIN), Line)
    assert isinstance(decode(PLAIN.replace(b"c1", "Müller · “Łódź” °".encode())), Line)
    assert isinstance(decode(PLAIN.replace(b"c1", b'a \\"b\\"')), Line)
    assert isinstance(decode(b'{"unknown":[1,{"x":null}],' + PLAIN[1:]), Line)


def test_a_batch_is_decoded_as_its_values_one_by_one() -> None:
    tick = Tick(instant=datetime.fromisoformat("2011-01-01T00:00:00+00:00")).to_json()
    values = [PLAIN, tick, None, b"", b"nonsense", PLAIN.replace(b"c1", "ü\\n".encode()), PLAIN]
    records = Records.of([Record(b"k\x7f\xff\\", value, 0) for value in values])
    assert decode_all(records) == [decode(value) for value in values]
    backwards = records.take(np.arange(len(values))[::-1])
    assert decode_all(backwards) == [decode(value) for value in reversed(values)]


def test_an_empty_batch_is_decoded_to_nothing() -> None:
    none = np.zeros(0, np.int64)
    spans = Spans(none, none)
    assert decode_all(Records(np.zeros(0, np.uint8), spans, spans, spans, none)) == []


def test_a_line_made_by_hand_is_filled_in_and_checked() -> None:
    at = datetime.fromisoformat("2011-03-04T05:06:07+00:00")
    line = Line(customer_id="c1", occurred_at=at, quantity=2, unit_price=2.5)
    assert line == decode(PLAIN.replace(b"}", b',"quantity":2}'))
    with pytest.raises(ValueError, match="unit_price or amount is missing"):
        Line(customer_id="c1", occurred_at=at)


def test_a_refusal_can_be_raised() -> None:
    refused = decode(b"[]")
    assert refused == Refused(RefusalReason.NOT_JSON, "the value is JSON, but not an object")
    assert isinstance(refused, Refused)
    assert str(refused.error()) == "not_json: the value is JSON, but not an object"


def test_a_slice_of_a_batch_is_decoded_as_that_slice() -> None:
    values = [PLAIN.replace(b"c1", b"c%d" % number) for number in range(9)] + [None, None]
    records = Records.of([Record(None, value, 0) for value in values])
    for start, stop in ((0, 11), (3, 5), (8, 10), (9, 11), (4, 4)):
        assert decode_all(records.slice(start, stop)) == [
            decode(value) for value in values[start:stop]
        ]
