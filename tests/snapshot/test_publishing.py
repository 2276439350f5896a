"""A model and its promotes are there together or not at all, and one publisher at a time."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from snapshot.numbering import numbered
from snapshot.published import model_of, published_models
from snapshot.publishing import Publication, Publisher
from stream.contracts.alert import Decision, Outcome
from stream.contracts.commands import Promote
from stream.contracts.drift import DriftReport
from stream.contracts.model import SegmentModel
from stream.contracts.segment import SegmentRef
from stream.contracts.segment_event import Happened, SegmentEvent
from stream.errors import Fenced, InputError, InvalidMessage, TopicMissing
from stream.log.batch import Record, Records
from stream.log.open import open_log
from stream.log.partitioning import partition_of
from stream.topics import Topics
from tests.snapshot.crashing import Overtaken
from tests.snapshot.logs import NOW, START, made_by_hand, promotes, values

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from stream.log.seam import Log

PARTITIONS = 3


REPORT = DriftReport(
    instant=START,
    created_at=NOW,
    model_version=None,
    customers=7,
    decision=Decision(outcome=Outcome.KEPT, reasons=("too soon",)),
)


def event(segment: str) -> SegmentEvent:
    return SegmentEvent(
        lens="value",
        segment=SegmentRef(id=segment, name="New"),
        happened=Happened.BORN,
        customers=3,
        model_version=1,
        occurred_at=START,
        observed_at=NOW,
    )


class Crash(Exception):
    """The publisher's process ends in the middle."""


@pytest.fixture(params=["embedded", "kafka"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "embedded":
        return f"sqlite:///{tmp_path / 'shoal.db'}"
    return f"kafka://{request.getfixturevalue('broker').bootstrap}"


@pytest.fixture
def log(url: str) -> Iterator[Log]:
    with open_log(url) as opened:
        yield opened


@pytest.fixture
def topics(log: Log) -> Topics:
    """The shop's topics; that of the models is not made yet."""
    named = Topics(f"shop.{uuid.uuid4().hex[:8]}.", PARTITIONS)
    log.create_topics([spec for spec in named.specs() if spec.name == named.transactions])
    return named


def test_every_partition_is_told_of_the_version_that_is_published(log: Log, topics: Topics) -> None:
    with Publisher(log, topics) as publisher:
        assert publisher.last is None
        version = publisher.publish(made_by_hand(version=17), NOW)
    assert version == made_by_hand(version=1)
    (value,) = values(log, topics.models, 0)
    assert SegmentModel.from_json(value) == version
    for partition in range(PARTITIONS):
        (command,) = values(log, topics.transactions, partition)
        assert Promote.from_json(command) == Promote(version=1, instant=version.instant)


def test_all_that_a_snapshot_came_to_is_published_and_read_again(log: Log, topics: Topics) -> None:
    """Events lie by their segments, as changes do by their customers."""
    born = [event(f"value-{number}") for number in range(9)]
    with Publisher(log, topics) as publisher:
        model = numbered(made_by_hand(), publisher.last, NOW)
        publisher.publish_all(Publication(REPORT, model, born), NOW)
        publisher.publish_all(Publication(REPORT), NOW)
        assert publisher.reports == [REPORT, REPORT]
    with Publisher(log, topics) as publisher:
        assert publisher.reports == [REPORT, REPORT]
        assert publisher.models == [model]
    assert promotes(log, topics.transactions) == [[1]] * PARTITIONS
    found = [
        [SegmentEvent.from_json(value) for value in values(log, topics.changes, partition)]
        for partition in range(PARTITIONS)
    ]
    assert sorted(one.segment.id for part in found for one in part) == [
        one.segment.id for one in born
    ]
    for partition, part in enumerate(found):
        for one in part:
            assert partition_of(one.segment.id.encode(), PARTITIONS) == partition


def test_versions_count_up_whatever_files_say(log: Log, topics: Topics) -> None:
    with Publisher(log, topics) as publisher:
        assert publisher.publish(made_by_hand(version=9, based_on=8), NOW).based_on is None
    later = NOW + timedelta(hours=1)
    with Publisher(log, topics) as publisher:
        assert publisher.last == made_by_hand()
        second = publisher.publish(made_by_hand(version=1, based_on=1, shape_of=1), later)
        third = publisher.publish(made_by_hand(version=1, based_on=4, shape_of=7), later)
    assert [(one.version, one.based_on, one.shape_of) for one in (second, third)] == [
        (2, 1, 1),
        (3, None, None),
    ]
    assert second.created_at == later
    assert published_models(log, topics.models) == [made_by_hand(), second, third]
    assert promotes(log, topics.transactions) == [[1, 2, 3]] * PARTITIONS


def test_of_two_publishers_the_one_who_came_last_publishes(
    log: Log, topics: Topics, url: str
) -> None:
    with (
        Publisher(log, topics) as first,
        open_log(url) as other,
        Publisher(other, topics) as second,
    ):
        second.publish(made_by_hand(note="second"), NOW)
        with pytest.raises(Fenced, match="nothing of this was published"):
            first.publish(made_by_hand(note="first"), NOW)
    assert [model.note for model in published_models(log, topics.models)] == ["second"]
    assert promotes(log, topics.transactions) == [[1]] * PARTITIONS
    with Publisher(log, topics) as publisher:
        assert publisher.publish(made_by_hand(), NOW).version == 2


def test_versions_are_read_once_nobody_else_can_publish_any_more(
    log: Log, topics: Topics, url: str
) -> None:
    """Rule 22: what is read before the name is taken over may be stale."""

    def others() -> None:
        with open_log(url) as other, Publisher(other, topics) as quicker:
            quicker.publish(made_by_hand(note="quicker"), NOW)

    late: Any = Overtaken(log, others)
    with Publisher(late, topics) as publisher:
        assert publisher.publish(made_by_hand(note="late"), NOW).version == 2
    assert [one.note for one in published_models(log, topics.models)] == ["quicker", "late"]


def test_a_crash_in_the_middle_shows_nothing(
    log: Log, topics: Topics, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last promote is not written any more: neither is anything before it."""
    with Publisher(log, topics) as publisher:
        written = Records.of
        count = 0

        def crashing(records: list[Record]) -> Records:
            nonlocal count
            count += 1
            if count > PARTITIONS:
                raise Crash
            return written(records)

        with monkeypatch.context() as patched:
            patched.setattr(Records, "of", crashing)
            with pytest.raises(Crash):
                publisher.publish(made_by_hand(), NOW)
    assert published_models(log, topics.models) == []
    assert promotes(log, topics.transactions) == [[]] * PARTITIONS


def test_numbers_of_segments_are_never_given_twice(log: Log, topics: Topics) -> None:
    lens = made_by_hand().lenses[0]
    with Publisher(log, topics) as publisher:
        for mine, published in ((9, 9), (4, 9), (12, 12)):
            lenses = (lens.model_copy(update={"next_segment": mine}),)
            version = publisher.publish(made_by_hand(lenses=lenses), NOW)
            assert version.lenses[0].next_segment == published


def test_without_transactions_there_is_nothing_to_promote_on(log: Log) -> None:
    with pytest.raises(TopicMissing):
        Publisher(log, Topics(f"none.{uuid.uuid4().hex[:8]}."))


def test_a_record_that_is_no_model_is_named(log: Log, topics: Topics) -> None:
    with Publisher(log, topics) as publisher:
        publisher.publish(made_by_hand(), NOW)
    with log.writer() as writer:
        writer.append(topics.models, 0, Records.of([Record(None, b"{}", 0)]))
        writer.flush()
    with pytest.raises(InvalidMessage, match=r"segment-models, record \d: no SegmentModel"):
        published_models(log, topics.models)


def test_versions_out_of_order_are_refused(log: Log, topics: Topics) -> None:
    log.create_topics(topics.specs())
    with log.writer() as writer:
        written = Records.of([Record(None, made_by_hand(3).to_json(), 0)])
        writer.append(topics.models, 0, written)
        writer.flush()
    with pytest.raises(InvalidMessage, match="has the versions 3, and should have 1, 2, 3"):
        published_models(log, topics.models)


def test_a_version_that_is_not_there_is_told_with_those_that_are() -> None:
    models = [made_by_hand(1), made_by_hand(2)]
    assert model_of(models, 2).version == 2
    for missing in (0, 3):
        with pytest.raises(InputError, match=f"no version {missing}: 1 to 2 are there"):
            model_of(models, missing)
    with pytest.raises(InputError, match="no model yet"):
        model_of([], 1)
