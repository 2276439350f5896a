"""What all messages promise, and what each of them refuses."""

from copy import deepcopy
from typing import Any, TypeVar

import pytest
from pydantic import ValidationError

from app.generate_docs.catalogue import CATALOGUE
from app.generate_docs.examples import EXAMPLES
from stream.contracts.base import Message
from stream.contracts.change import Cause, SegmentChange
from stream.contracts.cloud_events import cloud_event_headers
from stream.contracts.model import SegmentModel
from stream.contracts.segment_event import SegmentEvent
from stream.errors import InvalidMessage

MODELS = [pytest.param(entry.model, id=entry.name) for entry in CATALOGUE]


M = TypeVar("M", bound=Message)


def read(model: type[M], **changes: Any) -> M:
    return model.model_validate(EXAMPLES[model.__name__] | changes, strict=False)


@pytest.mark.parametrize("model", MODELS)
def test_a_message_survives_its_own_json(model: type[Message]) -> None:
    message = read(model)
    assert model.from_json(message.to_json()) == message


@pytest.mark.parametrize("model", MODELS)
def test_a_message_says_its_version(model: type[Message]) -> None:
    assert b'"schema_version":1' in read(model).to_json()


@pytest.mark.parametrize("model", MODELS)
def test_what_a_later_version_added_is_passed_over(model: type[Message]) -> None:
    later = read(model, schema_version=7, something_new={"a": [1]})
    assert later.schema_version == 7
    assert not hasattr(later, "something_new")


@pytest.mark.parametrize("model", MODELS)
def test_a_message_cannot_be_changed(model: type[Message]) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        read(model).schema_version = 2


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("value", [None, b"", b"{", b"[]", b'{"schema_version":"1"}'])
def test_what_is_no_message_is_refused_by_name(model: type[Message], value: bytes | None) -> None:
    with pytest.raises(InvalidMessage, match=f"no {model.__name__}: "):
        model.from_json(value)


def test_a_change_has_the_same_id_in_every_run() -> None:
    first, again = read(SegmentChange), read(SegmentChange, observed_at="2027-01-01T00:00:00Z")
    assert first.change_id == again.change_id
    others = [
        read(SegmentChange, **other)
        for other in ({"sequence": 4}, {"incarnation": 2}, {"lens": "x"}, {"customer_id": "x"})
    ]
    assert len({first.change_id, *(other.change_id for other in others)}) == 5


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"previous": None, "current": None}, "should not both be null"),
        ({"cause": "erased"}, "current should be null where the cause is erased"),
        ({"cause": "bored"}, "cause should be"),
        ({"sequence": 0}, "sequence should be greater"),
        ({"confidence": 1.5}, "confidence should be less"),
        ({"margin": float("nan")}, "margin should be a finite number"),
        ({"features": {"spend_d90": float("inf")}}, "features.spend_d90 should be a finite"),
        ({"occurred_at": "2011-01-01T00:00:00"}, "occurred_at should say its offset"),
    ],
)
def test_a_change_that_makes_no_sense_is_refused(change: dict[str, Any], said: str) -> None:
    assert said in refusal(SegmentChange, EXAMPLES["SegmentChange"] | change)


def test_an_erased_customer_is_in_no_segment() -> None:
    change = read(SegmentChange, current=None, cause="erased", margin=None, confidence=None)
    assert change.cause is Cause.ERASED
    assert b'"current":null' in change.to_json()


def test_only_a_renamed_segment_has_a_previous_name() -> None:
    assert "previous_name" in refusal(SegmentEvent, EXAMPLES["SegmentEvent"] | {"happened": "born"})


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("centroids", 0, "position"), [1.0], "value-1 should have 2 coordinates"),
        (("centroids", 0, "position"), [], "position"),
        (("centroids", 0, "segment", "name"), "Champions ", None),
        (("centroids", 0, "segment", "id"), "value-3", "should have the same name"),
        (("features", 1, "name"), "steady_orders_d90", "names of their own"),
        (("features", 1, "scale"), 0.0, "scale should be greater than 0"),
        (("features", 1, "transform"), "sqrt", "transform should be"),
        (("pooled_variance",), 0.0, "pooled_variance"),
        (("rule_segments", 0, "after_days"), None, "after_days belongs to the rule dormant"),
        (("rule_segments", 1, "after_days"), 3.0, "after_days belongs to the rule dormant"),
        (("features",), [], "features"),
        (("centroids",), [], "centroids"),
    ],
)
def test_a_model_hangs_together(path: tuple[Any, ...], value: object, said: str | None) -> None:
    model: Any = deepcopy(EXAMPLES["SegmentModel"])
    place = model["lenses"][0]
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    if said is None:
        assert read(SegmentModel, lenses=model["lenses"])
    else:
        assert said in refusal(SegmentModel, model)


def test_a_models_lenses_are_found_by_name() -> None:
    model = read(SegmentModel)
    habits = model.lens("habits")
    assert habits is not None
    assert habits.learning.on is False
    assert model.lens("mood") is None
    assert "lenses should have names" in refusal(
        SegmentModel, model.model_dump(mode="json") | {"lenses": [habits.model_dump()] * 2}
    )


def test_a_change_is_a_cloud_event() -> None:
    change = read(SegmentChange)
    headers = dict(cloud_event_headers(change, "shoal.segment-changes"))
    assert headers == {
        "ce_specversion": b"1.0",
        "ce_id": change.change_id.encode(),
        "ce_type": b"shoal.segment-change.v1",
        "ce_source": b"/shoal/shoal.segment-changes",
        "ce_subject": b"17850",
        "ce_time": b"2011-06-08T10:15:00+01:00",
        "content-type": b"application/json",
    }


def test_a_segment_event_is_a_cloud_event_of_its_own_type() -> None:
    event = read(SegmentEvent)
    headers = dict(cloud_event_headers(event, "shoal.segment-changes"))
    assert headers["ce_type"] == b"shoal.segment-event.renamed.v1"
    assert headers["ce_subject"] == b"value-3"
    assert headers["ce_id"] == event.event_id.encode()


def refusal(model: type[Message], data: dict[str, Any]) -> str:
    from stream.contracts.base import explain

    with pytest.raises(ValidationError) as refused:
        model.model_validate(data, strict=False)
    return explain(refused.value)
