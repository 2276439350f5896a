"""A snapshot decided: the first model, the next ones, what is held back, and what is said of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from snapshot.choices import Choices, Guards, choices_of
from snapshot.fitting import Enough
from snapshot.numbering import numbered
from snapshot.reconciling import Known, Reconciled, reconcile
from stream.contracts.alert import Outcome
from stream.contracts.drift import DriftReport
from stream.contracts.model import SegmentModel
from stream.contracts.segment_event import Happened
from stream.errors import SettingsError
from stream.model.arrays import DAY_MS
from stream.model.change import instant
from stream.settings import load_settings
from tests.snapshot.crowds import (
    CHOICES,
    Crowd,
    moment,
    reconciled,
    three,
    under,
    value,
    with_running,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from snapshot.moment import Moment
    from stream.settings.lenses import LensSpec


def first() -> SegmentModel:
    model = reconciled(moment(three())).model
    assert model is not None
    return model


def decided(
    at: Moment,
    known: Known,
    specs: Sequence[LensSpec] | None = None,
    choices: Choices = CHOICES,
) -> Reconciled:
    return reconcile(at, known, specs or [value(k=3)], choices, instant(at.instant_ms))


def a_week_later(choices: Choices = CHOICES, weeks: int = 1, **known: object) -> Reconciled:
    model = first()
    knowing = Known(model, past=[under(moment(three()), model)], **known)  # type: ignore[arg-type]  # named by the test
    return decided(under(moment(three(), weeks=weeks), model), knowing, choices=choices)


def held() -> Choices:
    return replace(CHOICES, guards=Guards(least_separation=1.0))


def test_the_first_model_has_segments_that_are_born_named_and_numbered() -> None:
    made = reconciled(moment(three()), value(k=3))
    assert made.model is not None
    (lens,) = made.model.lenses
    assert made.report.model_version is None
    assert made.report.lenses == ()
    assert made.report.decision.outcome is Outcome.PROMOTED
    assert (made.report.decision.version, made.model.version, made.model.based_on) == (1, 1, None)
    assert [event.happened for event in made.events] == [Happened.BORN] * 3
    assert [event.segment for event in made.events] == [each.segment for each in lens.centroids]
    assert len({each.segment.name for each in lens.centroids}) == 3
    assert lens.centroids[0].description
    assert lens.next_segment == 4
    assert made.fits["value"].lens.fit == lens.fit


def test_before_there_is_enough_it_is_said_what_is_missing() -> None:
    at = moment(three())
    early = decided(at, Known(), choices=Choices(enough=Enough(20, 61)))
    assert early.model is None
    assert early.report.decision.outcome is Outcome.KEPT
    (reason,) = early.report.decision.reasons
    assert "60.0 days of event time, and a first model needs 61" in reason
    few = decided(at, Known(), choices=Choices(enough=Enough(500, 0)))
    assert "360 active customers of 360, and a fit needs 500" in few.report.decision.reasons[0]
    nobody = decided(moment({"few": Crowd(0.0, 0.0, 1)}).of(np.zeros(1, np.bool_)), Known())
    assert nobody.model is None
    assert nobody.report.customers == 0


def test_a_week_later_the_same_customers_are_refitted_warm_with_nothing_to_say_of_segments() -> (
    None
):
    made = a_week_later()
    assert made.model is not None
    assert (made.model.version, made.model.based_on) == (2, 1)
    assert made.events == ()
    assert made.model.note == "value refitted from where it ran"
    (drift,) = made.report.lenses
    assert drift.agreement is not None
    assert (drift.agreement.share, drift.agreement.ari) == (1.0, 1.0)
    assert drift.relabelled == 0.0
    assert drift.fitted_at == first().instant
    assert made.report.alerts == ()


def test_the_next_version_is_numbered_as_a_publisher_would() -> None:
    made = a_week_later()
    assert made.model is not None
    assert numbered(made.model, first(), made.model.created_at) == made.model
    assert SegmentModel.from_json(made.model.to_json()) == made.model
    assert DriftReport.from_json(made.report.to_json()) == made.report


def test_the_same_snapshot_is_the_same_to_the_byte() -> None:
    one, other = a_week_later(), a_week_later()
    assert one.model is not None
    assert other.model is not None
    assert one.model.to_json() == other.model.to_json()
    assert one.report.to_json() == other.report.to_json()


def test_between_two_promotions_snapshots_only_compare() -> None:
    model = first()
    soon = replace(CHOICES, promote_every_days=14)
    made = decided(under(moment(three(), weeks=1), model), Known(model), choices=soon)
    assert made.model is None
    assert made.events == ()
    assert made.report.decision.reasons == (
        "version 1 is 7.0 days old, and a new one comes every 14 days at most",
    )
    assert made.report.lenses[0].agreement is not None
    assert made.fits["value"].labels.size == 360


def test_a_guard_keeps_the_running_version_and_says_why() -> None:
    made = a_week_later(held())
    assert made.model is None
    assert made.report.decision.outcome is Outcome.KEPT
    (reason,) = made.report.decision.reasons
    assert "silhouette 0." in reason
    assert "less than 1.00" in reason


def stirred(at: Moment, name: str = "value") -> Moment:
    """Where most customers were published elsewhere than they lie."""
    lens = at.lenses[name]
    published = replace(lens, published=np.roll(lens.published, 97))
    return replace(at, lenses={**at.lenses, name: published})


def test_too_many_moving_at_once_is_held_back() -> None:
    model = first()
    made = decided(stirred(under(moment(three(), weeks=1), model)), Known(model))
    assert made.model is None
    assert "would move at once, more than 30.0%" in made.report.decision.reasons[0]


def test_a_fit_from_scratch_that_moves_too_many_gives_way_to_one_that_follows() -> None:
    model = reconciled(moment(three()), value()).model
    assert model is not None
    crowds = three() | {
        "few": Crowd(0.7, 3.0, 200, 0.05),
        "poor": Crowd(0.7, 4.4, 190, 0.05),
        "rich": Crowd(0.7, 1.6, 190, 0.05),
    }
    then = under(moment(crowds, weeks=1), model)
    found = decided(then, Known(model), [value()])
    assert found.model is not None
    assert {event.happened for event in found.events} <= {Happened.RENAMED}
    renewed, said = found.report.decision.reasons
    assert renewed == "value refitted from where it ran"
    assert said.startswith("a fit from scratch was not taken: value: ")
    assert said.endswith("% of active customers would move at once, more than 30.0%")
    asked = decided(then, Known(model), [value(k=5)])  # who says so wants them moved
    assert asked.model is not None
    assert len(asked.model.lenses[0].centroids) == 5
    assert {event.happened for event in asked.events} >= {Happened.BORN}
    (drift,) = asked.report.lenses
    assert drift.relabelled is not None
    assert drift.relabelled > 0.3
    assert drift.agreement is not None
    assert drift.agreement.share > 0.9  # with a fit of as many as run


def test_one_lens_held_back_does_not_hold_up_another_and_goes_on_where_it_has_learned_to() -> None:
    specs = [value(k=3), replace(value(k=3, no_net_spend=False), name="other")]
    at = moment(three())
    model = decided(at, Known(), specs).model
    assert model is not None
    learned = np.array([each.position for each in model.lenses[1].centroids]) + 0.01
    then = with_running(under(moment(three(), weeks=1), model), {0: learned}, "other")
    made = decided(stirred(then, "other"), Known(model), specs)
    assert made.model is not None
    kept = made.model.lens("other")
    assert kept is not None
    assert np.array([each.position for each in kept.centroids]) == pytest.approx(learned)
    assert [each.segment for each in kept.centroids] == [
        each.segment for each in model.lenses[1].centroids
    ]
    assert made.model.note == "value refitted from where it ran; other as it runs"
    assert made.report.decision.reasons[0] == made.model.note
    assert all(event.lens == "value" for event in made.events)
    assert "other: " in made.report.decision.reasons[1]
    assert len(made.fits["other"].lens.centroids) == 3


def test_a_lens_that_cannot_be_fitted_is_left_out_until_it_can() -> None:
    flat = replace(
        value(), name="flat", features=(replace(value().features[0], scaler="standard"),)
    )
    specs = [value(k=3), flat]
    crowds = {name: replace(crowd, orders=2.0, spread=0.001) for name, crowd in three().items()}
    made = decided(moment(crowds), Known(), specs)
    assert made.model is not None
    assert [lens.lens for lens in made.model.lenses] == ["value"]
    assert made.model.note == "value fitted afresh; no flat yet"
    assert "lens 'flat' has nothing to compare customers by" in made.report.decision.reasons[1]
    then = under(moment(three(), weeks=1), made.model)
    later = decided(then, Known(made.model), [value(k=3), flat])
    assert later.model is not None
    assert [lens.lens for lens in later.model.lenses] == ["value", "flat"]
    born = [event for event in later.events if event.lens == "flat"]
    assert {event.happened for event in born} == {Happened.BORN}
    assert [each.lens for each in later.report.lenses] == ["value"]


def test_a_slip_in_the_settings_is_raised_not_kept_quiet() -> None:
    with pytest.raises(SettingsError, match="clusterer 'kmeans'"):
        decided(moment(three()), Known(), [value(k=3, clusterer_parameters={"begins": 3})])


def test_a_version_that_tasks_have_not_taken_up_is_not_compared_with_what_they_run() -> None:
    model = first()
    elsewhere = with_running(under(moment(three(), weeks=1), model), {0: np.zeros((3, 3))})
    newest = model.model_copy(update={"version": 2})
    made = decided(elsewhere, Known(newest))
    (drift,) = made.report.lenses
    assert drift.agreement is None
    assert made.model is not None
    assert made.model.version == 3
    assert made.events == ()


def test_names_from_the_settings_are_events_when_they_come() -> None:
    names = {"value-1": "Best friends", "value-dormant": "Asleep"}
    made = a_week_later(replace(CHOICES, names=names))
    assert made.model is not None
    assert made.model.lenses[0].centroids[0].segment.name == "Best friends"
    renamed = {event.segment.id: event for event in made.events}
    assert {event.happened for event in made.events} == {Happened.RENAMED}
    assert renamed["value-1"].previous_name == first().lenses[0].centroids[0].segment.name
    assert renamed["value-1"].customers == 120
    assert (renamed["value-dormant"].previous_name, renamed["value-dormant"].customers) == (
        "Dormant",
        0,
    )


def test_learning_that_did_harm_is_off_in_the_next_model() -> None:
    model = first()
    positions = np.array([each.position for each in model.lenses[0].centroids])
    overshot = positions + 0.45 * (positions[::-1] - positions)
    reports: list[DriftReport] = []
    for week in range(1, 4):
        then = with_running(under(moment(three(), weeks=week), model), {0: overshot})
        made = decided(then, Known(model, reports=reports))
        reports.append(made.report)
        gain = made.report.lenses[0].tracking_gain
        assert gain is not None
        assert gain < 0.0
        assert made.model is not None
        assert made.model.lenses[0].learning.on is (week < 3)
        model = made.model


def test_flaps_are_passed_on_and_fits_cover_everybody_active() -> None:
    made = a_week_later(flaps={"value": 1.5})
    assert made.report.lenses[0].flaps == 1.5
    fit = made.fits["value"]
    assert (len(fit.labels), int(fit.active.sum())) == (360, 360)


def test_settings_say_what_a_snapshot_goes_by() -> None:
    tables = {
        "snapshot": {
            "promote_every_days": 3,
            "least_customers": 50,
            "least_days": 10,
            "fresh_above": 1.2,
            "smallest_share": 0.01,
            "least_separation": 0.2,
            "most_moved": 0.4,
            "agreement_target": 0.95,
            "share_change": 0.2,
            "order_value_effect": 0.5,
        },
        "names": {"value-1": "Best friends"},
    }
    settings = load_settings(None, tables)
    said = choices_of(settings)
    assert said.enough == Enough(50, 10)
    assert said.guards == Guards(0.01, 0.2, 0.4)
    assert (said.promote_every_days, said.fresh_above) == (3, 1.2)
    assert (said.targets.agreement, said.targets.share_log_ratio) == (0.95, 0.2)
    assert said.targets.order_value_effect == 0.5
    assert dict(said.names) == {"value-1": "Best friends"}
    assert said.fingerprint
    defaults = choices_of(load_settings(None, {}))
    assert defaults == replace(Choices(), fingerprint=defaults.fingerprint)


def test_a_day_that_is_not_there_yet_is_no_reason_to_wait_for_the_second_model() -> None:
    model = first()
    then = replace(moment(three(), weeks=1))
    young = replace(then, table=replace(then.table, first_ms=then.instant_ms - DAY_MS))
    made = decided(under(young, model), Known(model), choices=Choices(enough=Enough(20, 30)))
    assert made.model is not None
