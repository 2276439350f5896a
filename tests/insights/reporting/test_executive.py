"""A report of any period is well-formed, says what its numbers say, and never nonsense."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING, NoReturn

import numpy as np
import pytest
from hypothesis import given, settings

from insights.reporting.executive.as_html import as_html
from insights.reporting.executive.as_json import as_json
from insights.reporting.executive.as_markdown import as_markdown
from insights.reporting.executive.figures import figures_of
from insights.reporting.executive.making import make_report
from insights.reporting.executive.report import Period
from insights.reporting.executive.segments import LEAST_CUSTOMERS
from insights.reporting.executive.spending import spent_between
from tests.insights.reporting.messages import refs_of
from tests.insights.reporting.stories import NAMES, Shop, shops, story

if TYPE_CHECKING:
    from insights.reporting.executive.report import Report, SegmentPart
    from insights.reporting.executive.seen import Seen

NONSENSE = re.compile(
    r"\b(nan|NaN|inf|None|Infinity)\b"
    r"|(?<![\d.,−-])1 (customers|orders|days|pieces|points|things|lines|weeks)\b"
    r"|\b1 customer are\b"
    r"|[+−-]0(\.0+)?(?![\d.,])"
    r"|(?<![\d.,])0 % (more|less)"
    r"|\.\.|,,| ,| \.( |$)|  "
    r"|\(\)|\[\]"
)
VOID = {"meta", "br"}


class Page(HTMLParser):
    """What is said, element by element; open ones are closed in order, and nothing is fetched."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        assert not {name for name, _ in attrs} & {"src", "href", "action", "onload", "onclick"}
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if data.strip() and "style" not in self.open:
            self.texts.append(data.replace("\u00a0", " "))


def page_of(report: Report) -> Page:
    page = Page()
    page.feed(as_html(report))
    assert not page.open
    return page


def said_by(report: Report) -> str:
    return "\n".join(page_of(report).texts)


def parts_of(report: Report) -> dict[str, SegmentPart]:
    return {one.id: one for one in report.lenses[0].segments}


def refused(constant: str) -> NoReturn:
    raise AssertionError(f"{constant} in the JSON")


@settings(max_examples=120, deadline=None)
@given(shop=shops)
def test_no_period_makes_nonsense(shop: Shop) -> None:
    report = make_report(story(shop))
    page = page_of(report)
    assert not page.tags & {"script", "link", "img", "i"}
    for text in page.texts:
        assert not NONSENSE.search(text), text
    markdown = as_markdown(report)
    for line in markdown.splitlines():
        if not line.startswith("| ---"):
            assert not NONSENSE.search(line), line
    read = json.loads(as_json(report), parse_constant=refused)
    assert read["type"] == "customer_report"
    assert [one["name"] for one in read["figures"]] == [one.name for one in report.figures]


@settings(max_examples=40, deadline=None)
@given(shop=shops)
def test_every_form_says_the_same_sentences(shop: Shop) -> None:
    report = make_report(story(shop))
    said, markdown = " ".join(page_of(report).texts), as_markdown(report).replace("\\", "")
    heard = [*report.purchase_times.sentences, report.purchase_times.note]
    if report.experiments:
        heard += [line for part in report.experiments.parts for line in part.sentences]
    if report.pictures.by_k:
        heard += report.pictures.by_k.sentences
    for sentence in (*report.summary, *report.alerts, *report.expectations, *heard):
        assert sentence in said
        assert sentence.replace("\\", "") in markdown


def test_revenue_is_what_customers_left_in_the_shop_since_the_beginning() -> None:
    told = story()
    report = make_report(told)
    assert told.before is not None
    before, now = (spend_of(seen) for seen in (told.before, told.now))
    gained = {customer: spend - before.get(customer, 0.0) for customer, spend in now.items()}
    assert report.figure("revenue").value == pytest.approx(sum(gained.values()))
    ids, lens = told.now.moment.table.ids, told.now.moment.lenses["value"]
    for code, ref in enumerate(lens.segments):
        there = [gained[ids[row]] for row in np.flatnonzero(lens.published == code).tolist()]
        assert parts_of(report)[ref.id].revenue == pytest.approx(sum(there))


def spend_of(seen: Seen) -> dict[str, float]:
    table = seen.moment.table
    return dict(zip(table.ids, table.columns(["spend"])[:, 0].tolist(), strict=True))


def test_an_empty_week_says_that_nobody_bought_anything() -> None:
    report = make_report(story(Shop(customers=(100, 100, 100), buys=0.0)))
    assert report.summary[0] == "Nobody bought anything in this week."
    assert report.figure("order_value").value is None
    assert report.figure("order_value").note == "There were no orders."
    assert report.figure("revenue").value == 0.0


def test_the_first_snapshot_ever_has_nothing_to_compare_with() -> None:
    report = make_report(story(Shop(snapshots=1)))
    assert report.begins is None
    assert report.figure("revenue").value is None
    assert all(figure.change is None for figure in report.figures)
    assert "This is the first snapshot" in said_by(report)


def test_a_week_with_one_customer_is_told_of_one() -> None:
    report = make_report(story(Shop(customers=(1, 1, 1), buys=1.0)))
    said = said_by(report)
    assert "1 customer bought something" in said
    assert "1 customer is known" in said


def test_no_claim_is_made_of_a_segment_with_few_customers() -> None:
    report = make_report(story(Shop(customers=(LEAST_CUSTOMERS + 20, 40, 40), segments=5)))
    few = [one for one in report.lenses[0].segments if one.customers < LEAST_CUSTOMERS]
    assert few
    for one in few:
        assert (one.persona, one.clv, one.churn_risk, one.effects) == ("", None, None, ())
        assert one.remark.startswith("Only ") or not one.customers


def test_a_segment_with_many_is_a_person_with_expectations() -> None:
    told = story(Shop(customers=(400, 380, 360), segments=2, known=1.0))
    one = make_report(told).lenses[0].segments[0]
    assert one.persona.startswith("Has ")
    assert one.description.startswith(f"{one.customers} customers, ")
    lens = told.now.moment.lenses["value"]
    assert told.now.scores is not None
    expected = told.now.scores["clv"][lens.published == 0].mean()
    assert one.clv == pytest.approx(expected)
    assert one.recommended == ("<i>tea</i>", "mug")


def test_whose_value_is_not_known_is_taken_to_spend_nothing_more() -> None:
    told = story(Shop(customers=(400, 380, 360), segments=2, known=0.5))
    inside = told.now.moment.lenses["value"].published == 0
    assert told.now.scores is not None
    scores = told.now.scores["clv"][inside]
    assert 0 < np.isnan(scores).sum() < len(scores)
    one = make_report(told).lenses[0].segments[0]
    assert one.clv == pytest.approx(np.nansum(scores) / len(scores))


def test_new_and_vanished_segments_are_said_to_be() -> None:
    report = make_report(story(Shop(born=True)))
    lens = report.lenses[0]
    assert [one.id for one in lens.segments if one.is_new] == ["value-3"]
    assert [one.id for one in lens.gone] == ["value-4"]
    said = said_by(report)
    assert "is no more; it had" in said
    assert "it is new" in said


def test_what_is_not_known_of_older_snapshots_is_said_not_to_be() -> None:
    report = make_report(story(Shop(scored=False)))
    assert report.figure("clv").value is None
    assert "Expected spend is not known at this snapshot." in said_by(report)
    assert "What customers are expected to do is not known" in said_by(report)


def test_a_difference_within_chance_is_not_sold_as_one() -> None:
    """The noise of many like weeks is what the report says that chance makes."""
    report = make_report(story(Shop(customers=(150, 150, 150), buys=0.5)))
    change = report.figure("buyers").change
    assert change is not None
    assert change.noise is not None
    differences = [more_buyers(seed) for seed in range(150)]
    assert np.std(differences) * 1.96 == pytest.approx(change.noise, rel=0.35)


def more_buyers(seed: int) -> float:
    """How many more bought than the week before, of 150 who each do with one half."""
    told = story(Shop(customers=(150, 150, 150), buys=0.5, seed=seed))
    assert told.before is not None
    figures = figures_of(told, spent_between(told.before, told.now))
    change = next(one.change for one in figures if one.name == "buyers")
    assert change is not None
    return change.difference


def test_names_are_text_never_markup() -> None:
    shop = Shop(names=("<b>x</b>", "<script>alert(1)</script>", "a|b", "*c*"))
    report = make_report(story(shop))
    page = page_of(report)
    assert "script" not in page.tags
    assert any("<script>alert(1)</script>" in text for text in page.texts)
    names = {ref.name for ref in refs_of(shop)}
    assert {one.name for one in report.lenses[0].segments} == names
    for line in as_markdown(report).splitlines():
        assert not re.search(r"(?<!\\)<", line)


def test_the_markdown_tables_have_as_many_cells_in_each_row() -> None:
    width = 0
    for line in as_markdown(make_report(story())).splitlines():
        if not line.startswith("|"):
            width = 0
            continue
        cells = len(re.findall(r"(?<!\\)\|", line))
        assert cells == (width or cells), line
        width = cells


def test_every_chart_of_the_list_is_drawn() -> None:
    page = as_html(make_report(story(Shop(customers=(400, 380, 360), segments=2))))
    for title in (
        "How many there are",
        "Customers",
        "Revenue in the period",
        "Expected spend of one customer",
        "Recency and money",
        "Customers, as far apart as can be",
        "What an order brings",
        "Purchases at the weekend",
        "Purchases from 22 to 6 o",
        "Orders by month of the year",
        "What goes together",
    ):
        assert f"<title>{title}" in page, title
    assert page.count('stroke-dasharray="3 3"') == 2 + 1


def test_hours_are_drawn_where_the_log_is_at_hand_and_said_not_to_be_known_elsewhere() -> None:
    title = "<title>Purchases by the hour, on an average day"
    report = make_report(story(Shop(purchases=4000, seed=1, known=1.0)))
    hours = report.purchase_times.hours
    assert hours is not None
    assert hours.purchases == 4000
    assert title in as_html(report)
    read = json.loads(as_json(report))["purchase_times"]["hours"]
    assert sum(read["workdays"]) + sum(read["weekends"]) == 4000
    without = make_report(story())
    assert title not in as_html(without)
    said = "Purchases by hour are not known here: there is no log to count them from."
    assert said in said_by(without)
    assert said in as_markdown(without)


def test_a_few_customers_habits_are_not_shown() -> None:
    report = make_report(story(Shop(purchases=29, known=1.0)))
    assert report.purchase_times.hours is None
    assert "fewer than 30 purchases" in report.purchase_times.note


def test_the_curve_over_k_marks_the_number_in_use() -> None:
    report = make_report(story(Shop(customers=(400, 380, 360), segments=3)))
    by_k = report.pictures.by_k
    assert by_k is not None
    assert [one.k for one in by_k.tried] == list(range(2, 9))
    inertia = [one.inertia for one in by_k.tried]
    assert inertia == sorted(inertia, reverse=True)
    assert by_k.in_use == 3
    page = as_html(report)
    assert "<title>Inertia by the number of segments" in page
    assert "<title>Silhouette by the number of segments" in page
    assert "| 3 (in use" in as_markdown(report).replace("\\", "")
    assert make_report(story(Shop(customers=(400, 380, 360)))).pictures.by_k == by_k


def test_of_experiments_nothing_is_said_where_there_is_none() -> None:
    none, one = (make_report(story(Shop(purchases=31, experiments=n))) for n in (0, 1))
    assert "xperiment" not in said_by(none) + as_markdown(none)
    assert one.experiments is not None
    assert "Experiments under way" in said_by(one)
    assert "treatment" not in said_by(one)
    numbers = json.loads(as_json(one))["experiments"]["parts"][0]["numbers"]
    assert numbers["lifts"] == [{"difference": 0.045, "low": None}]


def test_a_month_is_told_as_one_and_compares_like_with_like() -> None:
    report = make_report(story(Shop(period=Period.MONTH)))
    assert report.begins is not None
    assert report.compared_since is not None
    assert (report.ends - report.begins).days == 28
    assert report.begins - report.compared_since == report.ends - report.begins
    assert "the month to" in report.title
    assert "month" in report.summary[0]


def test_a_snapshot_without_spend_still_makes_a_report() -> None:
    shop = replace(Shop(), features=3)
    assert "spend" not in NAMES[:3]
    assert make_report(story(shop)).figure("revenue").note == "The snapshots don't have it."


def test_the_main_lens_comes_first_and_the_others_after_it_in_short() -> None:
    report = make_report(story(Shop(habits=True)))
    assert [one.lens for one in report.lenses] == ["value", "habits"]
    said = said_by(report)
    assert said.index("Value: how often") < said.index("Habits: when and how")
    assert as_html(report).count('class="card"') == len(report.lenses[0].segments) + 3
    alone = make_report(story())
    assert report.advice == alone.advice
    assert report.figures == alone.figures
