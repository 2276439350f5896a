"""What is said of segments at a refit: who came from whom, and only where something happened."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from snapshot.alignment import align
from snapshot.lineage import Renewal, lineage, renamed_rules
from snapshot.refitting import Present, Refit, refit
from stream.contracts.segment import SegmentRef
from stream.contracts.segment_event import Happened, SegmentEvent
from stream.model.change import instant
from tests.snapshot.crowds import CHOICES, T, moment, reconciled, three, under, value
from tests.stream.model.models import centroids, ref, value_lens

RENEWAL = Renewal(version=5, previous=4, instant=instant(T), created_at=instant(T + 1_000))


def flows(*crowds: tuple[int, int, int], numbers: list[int]) -> Refit:
    """A refit in which so many customers went from one place to another: (how many, before,
    after). `numbers` are those of the new segments, in order; the old ones are 1, 2, 3 …"""
    counts, old, new = np.array(crowds).T
    before, after = np.repeat(old, counts), np.repeat(new, counts)
    (model,) = (reconciled(moment(three())).model,)
    assert model is not None
    made = refit(under(moment(three()), model), value(k=3), Present(model.lenses[0], 1, T), CHOICES)
    where = [(float(number), 0.0, 0.0) for number in range(len(numbers))]
    lens = value_lens(where).model_copy(update={"centroids": tuple(centroids(where, numbers))})
    segments = tuple(ref(number + 1) for number in range(old.max() + 1))
    alignment = align(before, after, len(segments), len(numbers))
    return replace(made.named(lens), before=segments, alignment=alignment)


def said(events: tuple[SegmentEvent, ...]) -> list[tuple[Happened, str]]:
    return [(event.happened, event.segment.id) for event in events]


def kin(event: SegmentEvent) -> dict[str, int]:
    return {one.segment.id: one.customers for one in (*event.came_from, *event.went_to)}


def test_of_segments_that_stay_nothing_is_said() -> None:
    assert lineage(flows((50, 0, 1), (3, 0, 0), (80, 1, 0), numbers=[2, 1]), RENEWAL) == ()


def test_a_split_names_the_parts_and_the_newborn_its_origin() -> None:
    events = lineage(
        flows((60, 0, 0), (40, 0, 1), (9, 1, 1), (70, 1, 2), numbers=[1, 9, 2]), RENEWAL
    )
    assert said(events) == [(Happened.BORN, "value-9"), (Happened.SPLIT, "value-1")]
    born, split = events
    assert kin(born) == {"value-1": 40, "value-2": 9}
    assert [round(one.share, 2) for one in born.came_from] == [0.82, 0.18]
    assert born.came_from[0].jaccard == 40 / 109
    assert (born.customers, born.went_to) == (49, ())
    assert kin(split) == {"value-1": 60, "value-9": 40}
    assert (split.customers, split.came_from) == (100, ())
    assert (split.model_version, split.previous_model_version) == (5, 4)
    assert (split.occurred_at, split.observed_at) == (RENEWAL.instant, RENEWAL.created_at)


def test_a_merger_names_both_and_the_one_that_is_gone() -> None:
    events = lineage(flows((100, 0, 0), (60, 1, 0), (70, 2, 1), numbers=[1, 3]), RENEWAL)
    assert said(events) == [(Happened.MERGED, "value-1"), (Happened.RETIRED, "value-2")]
    merged, retired = events
    assert kin(merged) == {"value-1": 100, "value-2": 60}
    assert (kin(retired), retired.customers) == ({"value-1": 60}, 60)


def test_what_everybody_left_retires_with_nobody() -> None:
    made = flows((100, 0, 0), (60, 1, 1), numbers=[1, 2])
    labels = np.repeat([0, 1], [100, 60])
    gone = replace(made, before=(*made.before, ref(3)), alignment=align(labels, labels, 3, 2))
    (event,) = lineage(gone, RENEWAL)
    assert (event.happened, event.customers, event.went_to) == (Happened.RETIRED, 0, ())


def test_another_name_is_a_renaming_of_the_same_segment() -> None:
    made = flows((50, 0, 0), (80, 1, 1), numbers=[1, 2])
    before = (SegmentRef(id="value-1", name="At Risk"), made.before[1])
    (event,) = lineage(replace(made, before=before), RENEWAL)
    assert (event.happened, event.segment.id) == (Happened.RENAMED, "value-1")
    assert (event.previous_name, event.segment.name) == ("At Risk", "Segment 1")


def test_ids_are_made_of_what_happened_and_events_can_be_read_again() -> None:
    events = lineage(flows((34, 0, 0), (33, 0, 1), (33, 0, 2), numbers=[7, 8, 9]), RENEWAL)
    assert [event.happened for event in events] == [
        *[Happened.BORN] * 3,
        Happened.SPLIT,
        Happened.RETIRED,
    ]
    assert len({event.event_id for event in events}) == 5
    assert [SegmentEvent.from_json(event.to_json()) for event in events] == list(events)


def test_a_rule_segment_of_another_name_is_said_too() -> None:
    before = value_lens()
    dormant, nothing_kept = before.rule_segments
    asleep = dormant.model_copy(update={"segment": SegmentRef(id="value-dormant", name="Asleep")})
    after = before.model_copy(update={"rule_segments": (asleep, nothing_kept)})
    (event,) = renamed_rules(before, after, {"value-dormant": 12}, RENEWAL)
    assert (event.segment.name, event.previous_name, event.customers) == ("Asleep", "Dormant", 12)
    assert renamed_rules(before, before, {}, RENEWAL) == ()
