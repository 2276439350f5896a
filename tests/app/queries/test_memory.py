"""What is kept, for how long, and who waits for it."""

from __future__ import annotations

import threading
from itertools import count

import pytest

from app.queries.memory import MOST_ENTRIES, Memory
from tests.waiting import until


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_an_answer_is_kept_for_as_long_as_was_said() -> None:
    clock, numbers = Clock(), count()
    memory = Memory(clock)
    assert memory.kept("a", 5.0, lambda: next(numbers)) == 0
    clock.now = 4.9
    assert memory.kept("a", 5.0, lambda: next(numbers)) == 0
    clock.now = 5.0
    assert memory.kept("a", 5.0, lambda: next(numbers)) == 1
    assert memory.kept("b", 5.0, lambda: next(numbers)) == 2


def test_a_dear_answer_is_kept_longer() -> None:
    clock = Clock()
    memory = Memory(clock)

    def dear() -> float:
        clock.now += 3.0
        return clock.now

    assert memory.kept("a", 1.0, dear) == 3.0
    clock.now = 62.9
    assert memory.kept("a", 1.0, dear) == 3.0
    clock.now = 63.0
    assert memory.kept("a", 1.0, dear) == 66.0


def test_nothing_is_kept_of_a_failure() -> None:
    memory = Memory()

    def fails() -> int:
        raise KeyError

    for _ in range(2):
        with pytest.raises(KeyError):
            memory.kept("a", 60.0, fails)
    assert memory.kept("a", 60.0, lambda: 7) == 7


def test_one_asks_and_others_have_the_old_answer_meanwhile() -> None:
    clock, memory = Clock(), Memory()
    memory = Memory(clock)
    memory.kept("a", 1.0, lambda: "old")
    clock.now = 2.0
    asking, asked = threading.Event(), threading.Event()

    def slow() -> str:
        asking.set()
        assert asked.wait(30)
        return "new"

    thread = threading.Thread(target=lambda: memory.kept("a", 1.0, slow))
    thread.start()
    assert asking.wait(30)
    assert memory.kept("a", 1.0, lambda: "asked twice") == "old"
    asked.set()
    thread.join(30)
    assert memory.kept("a", 1.0, lambda: "asked twice") == "new"


def test_the_first_answer_is_waited_for_by_all_and_asked_for_once() -> None:
    memory, numbers, told = Memory(), count(), list[int]()
    go = threading.Event()

    def slow() -> int:
        assert go.wait(30)
        return next(numbers)

    threads = [
        threading.Thread(target=lambda: told.append(memory.kept("a", 60.0, slow))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    go.set()
    until(lambda: len(told) == 8, "all to be told")
    assert told == [0] * 8


def test_the_oldest_of_many_questions_are_forgotten() -> None:
    memory, numbers = Memory(), count()
    for key in range(MOST_ENTRIES + 1):
        memory.kept(key, 60.0, lambda: next(numbers))
    assert memory.kept(MOST_ENTRIES, 60.0, lambda: -1) == MOST_ENTRIES
    assert memory.kept(0, 60.0, lambda: -1) == -1
