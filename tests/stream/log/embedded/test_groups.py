"""The one place of a group: told who has it, and free as soon as that process is gone."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from stream.errors import Fenced, GroupBusy, LogError
from stream.log.embedded import EmbeddedLog
from stream.log.seam import TopicSpec
from tests.stream.log.opened import CRASH, Noted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EmbeddedLog]:
    with EmbeddedLog(str(tmp_path / "shoal.db")) as log:
        log.create_topics([TopicSpec("topic", 2), TopicSpec("other", 1)])
        yield log


def test_the_second_worker_is_told_who_the_first_is_and_what_to_do(log: EmbeddedLog) -> None:
    with log.subscribe("topic", "shoal", "worker-1", Noted()):
        told = rf"group 'shoal' .*'worker-1' \(process {os.getpid()}\).*Stop that one, or use kafka"
        for topic, member in (("topic", "worker-2"), ("topic", "worker-1"), ("other", "x")):
            with pytest.raises(GroupBusy, match=told):
                log.subscribe(topic, "shoal", member, Noted())
        with pytest.raises(GroupBusy, match=told):
            EmbeddedLog(log.name.removeprefix("sqlite:///")).subscribe(
                "topic", "shoal", "worker-2", Noted()
            )


def test_the_place_is_free_once_its_holder_was_killed_for_any_member(log: EmbeddedLog) -> None:
    with subprocess.Popen(
        [sys.executable, str(CRASH), log.name, "in_a_group", "topic", "shoal", "one"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        with pytest.raises(GroupBusy, match=rf"'one' \(process {child.pid}\)"):
            log.subscribe("topic", "shoal", "two", Noted())
        child.kill()
        child.wait()
    log.subscribe("topic", "shoal", "two", Noted()).close()


def test_groups_whose_names_are_long_or_alike_are_different_ones(log: EmbeddedLog) -> None:
    names = ["shoal", "Shoal", "a/b", "../b", "x" * 1000, "größe", ""]
    held = [log.subscribe("topic", name, "one", Noted()) for name in names]
    for subscription in held:
        subscription.close()


def test_a_membership_ends_with_its_subscription(log: EmbeddedLog) -> None:
    with log.subscribe("topic", "shoal", "one", Noted()) as subscription:
        membership = subscription.membership()
    with (
        pytest.raises(Fenced, match="group 'shoal' has gone on"),
        log.producer("p") as producer,
        producer.transaction() as transaction,
    ):
        transaction.advance(membership, {0: 1})


def test_a_topic_made_anew_has_no_positions(log: EmbeddedLog) -> None:
    with log.subscribe("topic", "shoal", "one", Noted()) as subscription:
        with log.producer("p") as producer, producer.transaction() as transaction:
            transaction.advance(subscription.membership(), {0: 1})
        log.delete_topics(["topic"])
        log.create_topics([TopicSpec("topic", 2)])
        assert log.committed("shoal", "topic") == {}


def test_a_start_before_the_first_poll_is_refused(log: EmbeddedLog) -> None:
    with (
        log.subscribe("topic", "shoal", "one", Noted()) as subscription,
        pytest.raises(LogError, match="nothing is assigned before the first poll"),
    ):
        subscription.start(0, 0)
