from __future__ import annotations

import os
import signal

import pytest

from app.stopping import Stopping


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_wakes_whoever_waits(number: int) -> None:
    with Stopping() as stopping:
        assert not stopping.wait(0)
        os.kill(os.getpid(), number)
        assert stopping.wait(30)
        assert stopping.asked


def test_a_second_one_interrupts_at_once() -> None:
    with Stopping() as stopping:
        os.kill(os.getpid(), signal.SIGINT)
        assert stopping.wait(30)
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)


def test_afterwards_signals_are_as_they_were() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with Stopping():
        assert signal.getsignal(signal.SIGTERM) != before
    assert signal.getsignal(signal.SIGTERM) == before
