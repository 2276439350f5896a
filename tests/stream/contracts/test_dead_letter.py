"""A dead letter's headers say all there is to say, and can be read again."""

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stream.contracts.dead_letter import MAX_DETAIL, DeadLetter
from stream.contracts.refusal import RefusalReason
from stream.errors import InvalidMessage

AT = datetime.fromisoformat("2026-03-01T12:00:00.25+00:00")


def letter(reason: RefusalReason = RefusalReason.WRONG_KEY, detail: str = "") -> DeadLetter:
    return DeadLetter(
        reason=reason,
        detail=detail,
        topic="shoal.transactions",
        partition=3,
        offset=12345,
        refused_at=AT,
    )


@settings(deadline=None)
@given(st.sampled_from(list(RefusalReason)), st.text(max_size=20))
def test_headers_are_read_as_they_were_written(reason: RefusalReason, detail: str) -> None:
    one = letter(reason, detail)
    assert DeadLetter.from_headers(one.to_headers()) == one


def test_the_records_own_headers_are_left_alone() -> None:
    own = (("trace", b"\xff"), ("note", None), ("shoal-row", b"abc:1"))
    assert DeadLetter.from_headers(own + letter().to_headers()) == letter()


def test_a_letter_refused_again_is_about_the_last_time() -> None:
    first, second = letter(RefusalReason.NOT_JSON), letter(RefusalReason.TOO_LATE)
    assert DeadLetter.from_headers(first.to_headers() + second.to_headers()) == second


def test_a_long_detail_is_cut() -> None:
    assert len(letter(detail="x" * 9999).detail) == MAX_DETAIL


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("shoal-offset", b"-1", "offset"),
        ("shoal-offset", b"many", "offset"),
        ("shoal-reason", b"boredom", "reason"),
        ("shoal-refused-at", b"now", "refused_at"),
        ("shoal-topic", None, "topic is missing"),
    ],
)
def test_other_headers_are_refused_by_name(name: str, value: bytes | None, said: str) -> None:
    headers = dict(letter().to_headers()) | {name: value}
    with pytest.raises(InvalidMessage, match=said):
        DeadLetter.from_headers(list(headers.items()))
