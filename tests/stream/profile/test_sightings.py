"""Answers are remembered, within bounds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stream.log.batch import Spans
from stream.profile.sightings import Sightings

DIGITS = np.frombuffer(b"0123456789", np.uint8)


class Asked:
    """Says yes to even digits, and keeps what it was asked."""

    def __init__(self) -> None:
        self.questions: list[tuple[int, str]] = []

    def __call__(self, key: int, text: str) -> bool:
        self.questions.append((key, text))
        return int(text) % 2 == 0


def answers(sightings: Sightings, digits: list[int]) -> list[bool]:
    spans = Spans(np.array(digits, np.int64), np.ones(len(digits), np.int64))
    keys = np.array([100 + digit for digit in digits], np.uint64)
    return [bool(answer) for answer in sightings.answers(keys, DIGITS, spans)]


@given(st.lists(st.lists(st.integers(0, 9), max_size=20), max_size=5), st.integers(1, 12))
def test_the_answer_is_the_same_however_little_is_remembered(
    batches: list[list[int]], most: int
) -> None:
    sightings = Sightings(Asked(), most)
    for digits in batches:
        assert answers(sightings, digits) == [digit % 2 == 0 for digit in digits]


def test_each_text_is_asked_about_once() -> None:
    asked = Asked()
    sightings = Sightings(asked)
    answers(sightings, [3, 4, 3, 3])
    answers(sightings, [4, 5, 3])
    assert asked.questions == [(103, "3"), (104, "4"), (105, "5")]


def test_when_too_many_were_met_all_are_forgotten() -> None:
    asked = Asked()
    sightings = Sightings(asked, most=2)
    answers(sightings, [1, 2, 1, 3, 1, 3])
    assert [text for _, text in asked.questions] == ["1", "2", "3", "1"]


def test_no_text_is_a_yes_without_a_question() -> None:
    spans = Spans(np.array([0]), np.array([-1]))
    asked = Asked()
    assert Sightings(asked).answers(np.zeros(1, np.uint64), DIGITS, spans).tolist() == [True]
    assert asked.questions == []


@pytest.mark.parametrize("most", [3_000, 10_000])
def test_thousands_are_remembered_once_there_is_room(most: int) -> None:
    asked = Asked()
    sightings = Sightings(asked, most)
    keys = np.arange(1, 6_001).astype(np.uint64)
    spans = Spans(np.zeros(6_000, np.int64), np.ones(6_000, np.int64))
    for _ in range(2):
        assert sightings.answers(keys, DIGITS, spans).all()
    assert (len(asked.questions) == 6_000) == (most == 10_000)
