"""Changes say what a move was: segments, cause, margin, confidence, reasons, and the same id."""

from __future__ import annotations

from datetime import UTC, datetime
from math import nan

import numpy as np
import pytest

from stream.contracts import identity
from stream.contracts.change import Cause, Reason, SegmentChange
from stream.contracts.instant import milliseconds
from stream.model.arrays import DAY_MS, GONE, NEVER, NONE
from stream.model.change import CAUSES, Changes, erased
from stream.model.changes import Entries, Left, Looks, causes_of, changes
from stream.model.lens import Lens, compile_lens
from stream.model.written import written
from tests.stream.model.models import plain_lens, ref, value_lens
from tests.stream.model.plain_changes import TOPIC, Who, codes_of, together

LENS = compile_lens(plain_lens([[0.0, 0.0], [4.0, 0.0], [0.0, 9.0]]), 3)
VALUE = compile_lens(value_lens(), 1)
OBSERVED = datetime(2026, 1, 2, tzinfo=UTC)
OBSERVED_MS = milliseconds(OBSERVED)
WHO = Who("17850", sequence=4, incarnation=2)


def seen(*features: float, last: int = 0, at: int = DAY_MS) -> Looks:
    return Looks(np.array([features], np.float64), np.array([last]), np.array([at]))


def change(
    lens: Lens,
    previous: int,
    current: int,
    after: Looks,
    before: Looks | None = None,
    *,
    cause: Cause = Cause.MOVED,
    dated_ms: int = DAY_MS,
    left: Left | None = None,
) -> SegmentChange:
    entries = Entries(np.array([previous]), np.array([current]), np.array([dated_ms]))
    made = changes(lens, entries, together([WHO]), codes_of([cause]), after, before, left)
    (message,) = messages(made)
    return message


def messages(made: Changes) -> list[SegmentChange]:
    parts = written(made, TOPIC, OBSERVED_MS)
    return [SegmentChange.from_json(record.value) for records in parts for record in records]


def test_a_move_says_everything() -> None:
    made = change(LENS, 0, 1, seen(3.0, 0.0), seen(1.0, 0.0))
    assert made == SegmentChange(
        customer_id="17850",
        lens="plain",
        incarnation=2,
        sequence=4,
        previous=ref(1),
        current=ref(2),
        cause=Cause.MOVED,
        margin=3.0 / 1.0 - 1.0,
        confidence=made.confidence,
        reasons=(Reason(feature="f0", before=1.0, after=3.0, contribution=1.0),),
        features={"f0": 3.0, "f1": 0.0},
        model_version=3,
        occurred_at=datetime(1970, 1, 2, tzinfo=UTC),
        observed_at=OBSERVED,
    )
    assert made.confidence is not None
    assert made.confidence > 0.9


def test_the_id_is_made_of_lens_customer_incarnation_and_sequence_alone() -> None:
    made = change(LENS, 0, 1, seen(3.0, 0.0))
    assert made.change_id == identity.change_id("plain", "17850", 2, 4)
    assert made.change_id == change(LENS, 1, 2, seen(0.0, 5.0), cause=Cause.LATE).change_id


def test_a_newcomer_has_no_before_and_no_margin() -> None:
    for before in (None, seen(nan, nan)):
        made = change(LENS, NONE, 1, seen(3.0, 1.0), before)
        assert (made.cause, made.previous, made.margin) == (Cause.JOINED, None, None)
        assert [(why.feature, why.before) for why in made.reasons] == [("f0", None)]


def test_a_retired_segment_is_named_though_the_lens_does_not_have_it() -> None:
    here = seen(1.0, 0.0)
    made = change(
        LENS, GONE, 0, here, here, cause=Cause.REFIT, left=Left((ref(7), ref(8)), np.array([1]))
    )
    assert (made.previous, made.margin, made.cause) == (ref(8), None, Cause.REFIT)
    assert made.reasons[0].feature == "f0"


def test_where_there_is_but_one_segment_there_is_nothing_to_compare_with() -> None:
    lens = compile_lens(plain_lens([[0.0]]), 1)
    made = change(lens, NONE, 0, seen(3.0), cause=Cause.FIRST_MODEL)
    assert (made.cause, made.confidence, made.reasons) == (Cause.FIRST_MODEL, 1.0, ())


def test_who_went_dormant_did_so_by_recency_at_the_date_it_began() -> None:
    dated = 90 * DAY_MS
    before, after = seen(1, 1, 1, at=DAY_MS), seen(1, 1, 1, at=dated + DAY_MS)
    made = change(VALUE, 0, 3, after, before, cause=Cause.TIME, dated_ms=dated)
    assert made.current is not None
    assert made.current.name == "Dormant"
    assert (made.margin, made.confidence) == (None, None)
    assert made.occurred_at == datetime(1970, 4, 1, tzinfo=UTC)
    assert made.reasons == (
        Reason(feature="recency_days", before=1.0, after=90.0, contribution=1.0),
    )


def test_who_never_bought_has_no_recency() -> None:
    assert change(VALUE, NONE, 3, seen(0, 0, 0, last=NEVER)).reasons[0].after is None


def test_who_kept_nothing_is_told_by_the_spend() -> None:
    made = change(VALUE, 0, 4, seen(1, -2.5, 1), seen(1, 50, 1))
    assert made.reasons == (Reason(feature="spend_d90", before=50.0, after=-2.5, contribution=1.0),)


def test_the_spend_is_named_with_the_half_life_of_the_lens() -> None:
    model = value_lens()
    features = tuple(
        feature.model_copy(update={"name": feature.name.replace("d90", "d30")})
        for feature in model.features
    )
    lens = compile_lens(model.model_copy(update={"features": features}), 1)
    assert change(lens, 0, 4, seen(1, -2.5, 1)).reasons[0].feature == "spend_d30"


def test_out_of_a_rule_segment_there_is_no_margin() -> None:
    made = change(VALUE, 3, 0, seen(1, 2, 3))
    assert made.previous is not None
    assert (made.previous.name, made.margin) == ("Dormant", None)
    assert made.confidence is not None


def test_a_customer_on_the_centroid_has_a_margin_that_can_be_written() -> None:
    assert change(LENS, 0, 1, seen(4.0, 0.0)).margin == 1e6


def test_an_erased_customer_leaves_nothing_but_the_segment() -> None:
    (made,) = messages(erased("value", "17850", 4, 2, ref(1), 0, 3))
    assert made == SegmentChange(
        customer_id="17850",
        lens="value",
        incarnation=2,
        sequence=4,
        previous=ref(1),
        current=None,
        cause=Cause.ERASED,
        model_version=3,
        occurred_at=datetime(1970, 1, 1, tzinfo=UTC),
        observed_at=OBSERVED,
    )


@pytest.mark.parametrize("occasion", [Cause.LATE, Cause.TIME, Cause.REFIT, Cause.MOVED])
def test_who_had_no_segment_has_joined_whatever_the_occasion(occasion: Cause) -> None:
    causes = causes_of(codes_of([occasion] * 3), np.array([NONE, GONE, 2]))
    assert [CAUSES[code] for code in causes] == [Cause.JOINED, occasion, occasion]


def test_the_first_model_is_its_own_cause() -> None:
    causes = causes_of(codes_of([Cause.FIRST_MODEL]), np.array([NONE]))
    assert CAUSES[causes[0]] is Cause.FIRST_MODEL
