"""The report is one well-formed page that needs nothing else, and says what the snapshot says."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import numpy as np
import pytest

from insights.snapshot_report import snapshot_report
from snapshot.history.migrating import Migrations
from snapshot.naming import name_segments
from stream.contracts.alert import Alert, AlertKind, Decision, Outcome
from stream.contracts.drift import (
    Agreement,
    Decomposition,
    DriftReport,
    FeatureDrift,
    LensDrift,
    SegmentDrift,
)
from stream.contracts.segment import SegmentRef
from stream.contracts.segment_event import Happened, Kinship, SegmentEvent
from tests.snapshot.naming.planted import (
    NOW_MS,
    Group,
    fit_of_groups,
    fit_of_labels,
    moment_of_groups,
)

if TYPE_CHECKING:
    from snapshot.batch_fit import BatchFit
    from snapshot.moment import Moment

NOW = datetime.fromtimestamp(NOW_MS / 1000, UTC)
GROUPS = [Group(60, 22, 130, 3, 380), Group(140, 4, 90, 20, 300), Group(100, 1, 40, 80, 150)]
BEST, MIDDLE = SegmentRef(id="value-1", name="Champions"), SegmentRef(id="value-2", name="Regulars")


class Outline(HTMLParser):
    """Which elements are open, and every attribute that could fetch something."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.fetched: list[str] = []
        self.text: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.fetched += [name for name, _ in attrs if name in {"src", "href", "action"}]
        assert not [name for name, _ in attrs if name.startswith("on")]
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def read(page: str) -> Outline:
    outline = Outline()
    outline.feed(page)
    assert not outline.open
    return outline


def words_of(page: str) -> str:
    return " ".join(" ".join(read(page).text).replace("\u00a0", " ").split())


def found(lens: str = "value", names: dict[str, str] | None = None) -> tuple[Moment, BatchFit]:
    moment = moment_of_groups(GROUPS)
    fit = fit_of_groups(moment, GROUPS, lens)
    return moment, replace(fit, lens=name_segments(moment, fit, None, names or {}))


def drift_report(**fields: object) -> DriftReport:
    lens = LensDrift(
        lens="value",
        active_customers=300,
        agreement=Agreement(share=0.981, ari=0.95),
        tracking_gain=-0.012,
        features=(FeatureDrift(feature="spend_d90", before=4.0, after=4.5, psi=0.02),),
        segments=(
            SegmentDrift(
                segment=BEST,
                customers=60,
                share=0.2,
                share_before=0.17,
                share_split=Decomposition(mix=0.02, behaviour=0.015, model=-0.005),
                order_value_effect=0.4,
            ),
        ),
    )
    return DriftReport.model_validate(
        {
            "instant": NOW,
            "created_at": NOW,
            "model_version": 3,
            "customers": 300,
            "lenses": (lens,),
            "decision": Decision(outcome=Outcome.KEPT, reasons=("it is no week since version 3",)),
            **fields,
        }
    )


def test_a_report_of_everything_is_well_formed_and_fetches_nothing() -> None:
    moment, value = found()
    _, habits = found("habits")
    counts = np.array([[50, 4], [7, 120]])
    moves = Migrations("value", NOW_MS - 7, NOW_MS, (BEST, MIDDLE), (BEST, MIDDLE), counts)
    born = SegmentEvent(
        lens="value",
        segment=BEST,
        happened=Happened.BORN,
        came_from=(Kinship(segment=MIDDLE, customers=40, share=0.5, jaccard=0.3),),
        customers=60,
        model_version=4,
        occurred_at=NOW,
        observed_at=NOW,
    )
    page = snapshot_report(
        moment, {"value": value, "habits": habits}, drift_report(), [moves], [born]
    )
    outline = read(page)
    assert outline.fetched == []
    assert "script" not in outline.tags
    assert not re.search(r"url\(|@import|https?://(?!www\.w3\.org/2000/svg)", page)
    said = words_of(page)
    assert f"Customer segments, {NOW.date()}" in said
    assert "98.1 %" in said
    assert "11 of 181 customers went to another segment (6 %)." in said
    assert "Champions is new, with 60 customers from Regulars (40)." in said
    assert "The running version stays. It is no week since version 3." in said
    assert "−1.2 points" in said
    assert not re.search(r"\bnan\b|\binf\b|None", said)


def test_each_segment_is_there_with_its_name_size_and_words() -> None:
    moment, fit = found(names={"value-3": "Sleeping Beauties"})
    said = words_of(snapshot_report(moment, {"value": fit}, None, None, ()))
    for centroid in fit.lens.centroids:
        assert centroid.description in said
    assert "Sleeping Beauties 100 33 %" in said
    assert "Dormant 0" in said
    assert "300 customers 300 of them active 3 learned segments" in said


def test_alerts_stand_first() -> None:
    moment, fit = found()
    alert = Alert(
        kind=AlertKind.SEGMENT_SHARE,
        subject="value-1",
        value=0.16,
        threshold=0.1,
        reason="the share of Champions grew by 18 % within a week",
    )
    report = drift_report(alerts=(alert,))
    said = words_of(snapshot_report(moment, {"value": fit}, report, (), ()))
    assert "1 thing calls for a look: The share of Champions grew by 18 % within a week." in said
    assert said.index("calls for a look") < said.index("Value: how often")
    calm = words_of(snapshot_report(moment, {"value": fit}, drift_report(), (), ()))
    assert "Nothing calls for a look." in calm


def test_names_are_text_never_markup() -> None:
    moment, fit = found(names={"value-1": "<script>alert('x')</script>", "value-2": 'A & B "C"'})
    page = snapshot_report(moment, {"value": fit}, None, None, ())
    assert "script" not in read(page).tags
    assert "A &amp; B" in page
    assert "<script>alert('x')</script>" in words_of(page)


@pytest.mark.parametrize("customers", [0, 1, 2])
def test_very_few_customers_make_a_page(customers: int) -> None:
    moment = moment_of_groups([Group(3)])
    moment = moment.of(np.arange(3) < customers)
    fits = {}
    if customers:
        fit = fit_of_labels(moment, np.zeros(customers, np.int64), "value", [1, 2])
        fits = {"value": replace(fit, lens=name_segments(moment, fit, None, {}))}
    said = words_of(snapshot_report(moment, fits, None, None, ()))
    assert f"{customers} customer{'' if customers == 1 else 's'} " in said
    assert ("No lens could be fitted" in said) == (not fits)
    assert not re.search(r"\bnan\b|\binf\b|None", said)


def test_a_fit_without_names_is_shown_by_what_it_has() -> None:
    moment = moment_of_groups(GROUPS)
    fits = {"mine": fit_of_groups(moment, GROUPS)}
    said = words_of(snapshot_report(moment, fits, None, None, ()))
    assert "Lens mine" in said
    assert "Rank 1" in said
    assert "140 customers, 47 % of those active." in said


@pytest.mark.parametrize(
    ("happened", "said"),
    [
        (Happened.RETIRED, "Champions is no more; its 60 customers went to Regulars (40)."),
        (Happened.SPLIT, "Champions was split; its 60 customers are now in Regulars (40)."),
        (Happened.MERGED, "Champions took up Regulars (40) and has 60 customers now."),
        (Happened.RENAMED, "Loyal is called Champions now."),
    ],
)
def test_what_happened_is_a_sentence(happened: Happened, said: str) -> None:
    kin = (Kinship(segment=MIDDLE, customers=40, share=0.5, jaccard=0.3),)
    event = SegmentEvent(
        lens="value",
        segment=BEST,
        happened=happened,
        previous_name="Loyal" if happened is Happened.RENAMED else None,
        came_from=kin,
        went_to=kin,
        customers=60,
        model_version=4,
        occurred_at=NOW,
        observed_at=NOW,
    )
    moment, fit = found()
    assert said in words_of(snapshot_report(moment, {"value": fit}, None, None, [event]))
