"""Customer: found by id, with profile, segment and why, and every change so far on a time line."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from app.customer_words import groups
from app.dashboard import said
from app.dashboard.chart import draw
from app.dashboard.engaging import SAYS, engagement_of
from app.dashboard.expecting import customer_part
from app.dashboard.pictures.distances import distance_bars
from app.dashboard.pictures.story import reason_bars, story
from app.dashboard.pictures.words import plainly
from app.dashboard.source import Source, source
from app.dashboard.states import empty
from app.predicting import Predictor
from app.queries.changes import Filters, changes, history
from app.queries.customers import customer, find_customers
from app.queries.freshness import freshness
from app.queries.models import current_model, model
from app.queries.sample import sample
from consumers.sink.schema import column_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.predicting import Prediction
    from app.queries.views import ChangeView, CustomerView, StandingView
    from stream.contracts.model import SegmentModel

FOUND_AT_MOST, CHANGES_AT_MOST = 12, 200
LABELS = {"country": "last bought in", "preferred_category": "buys most"}
PREDICTOR_SECONDS = 600.0
FIGURES = ("orders", "spend", "average_order_value", "recency_days", "tenure_days")


def page() -> None:
    st.title("Customer")
    found = source()
    customer_id = _chosen(found)
    if customer_id is None:
        return
    view = found.ask(customer, customer_id)
    if view is None:
        empty(f"There is no customer {said.plain(customer_id)}.", "They may just have been erased.")
        return
    standing = next((one for one in view.standings if one.lens == found.lens), None)
    st.html(_heading(view, standing))
    with st.container(horizontal=True):
        for name in FIGURES:
            st.metric(plainly(name).capitalize(), said.amount(name, view.features[name]))
        engaged = engagement_of(found.ask(sample, found.lens), view.features)
        st.metric("Engagement", f"{engaged:.0f}", help=SAYS)
    told = found.ask(history, customer_id, found.lens, limit=CHANGES_AT_MOST).items
    _why(found, view, standing)
    customer_part(found, view)
    _story(found, told)
    _profile(view)


def _chosen(found: Source) -> str | None:
    """By what is typed, or the address says."""
    typed = st.text_input(
        "Customer id",
        value=st.query_params.get("id", ""),
        placeholder="the id, or how it begins",
        key="customer-typed",
        max_chars=200,
    ).strip()
    if not typed:
        _suggest(found)
        return None
    matching = found.ask(find_customers, typed, FOUND_AT_MOST)
    if typed in matching:
        st.query_params["id"] = typed
        return typed
    if not matching:
        empty(
            f"No customer's id begins with {said.plain(typed)}.",
            "Ids are written as the transactions have them, capitals included.",
        )
        return None
    more = " (the first of more)" if len(matching) == FOUND_AT_MOST else ""
    return st.pills(f"Begin so{more}", matching, key=f"customer-of-{typed}")


def _suggest(found: Source) -> None:
    newest = found.ask(changes, Filters(lens=found.lens), limit=FOUND_AT_MOST).items
    ids = list(dict.fromkeys(one.customer_id for one in newest))
    if ids:
        links = "&ensp;".join(said.customer_html(one) for one in ids)
        st.html(f"<p>Changed segment last: {links}</p>")
    else:
        empty("Nobody has changed segment yet.", "Type an id to look one customer up.")


def _heading(view: CustomerView, standing: StandingView | None) -> str:
    where = "in no segment"
    if standing is not None and standing.segment is not None:
        since = said.day(standing.since)
        where = f"{said.segment_html(standing.segment)} since {since}"
    labels = [f"{LABELS[name]} {escape(value)}" for name, value in view.labels.items() if value]
    told = " · ".join(labels)
    return (
        f"<h2>{escape(view.customer_id)}</h2>"
        f'<p>{where}<span class="shoal-quiet">{" · " if told else ""}{told}</span></p>'
    )


def _why(found: Source, view: CustomerView, standing: StandingView | None) -> None:
    newest = found.ask(current_model)
    if standing is None or standing.segment is None or newest is None:
        empty(
            "This customer is in no segment of this lens.",
            "They get one when `shoal consume` looks at them under a model.",
        )
        return
    judged_by = found.ask(model, standing.model_version) or newest
    name = ("predictor", judged_by.version, judged_by.created_at, found.lens)
    predictor = found.keep(name, lambda: Predictor(judged_by, found.lens), PREDICTOR_SECONDS)
    predicted = predictor.predict(view.features)
    st.subheader(f"Why {standing.segment.name}")
    if predicted.rule is not None or standing.confidence is None:
        _by_rule(judged_by, found.lens, standing)
        return
    st.markdown(said.plain(in_words(standing, predicted)))
    left, right = st.columns(2, gap="large")
    with left:
        st.caption("How far the customer is from each segment")
        alt = "; ".join(
            f"{one.distance:.2f} from {one.segment.name}" for one in predicted.distances
        )
        draw(distance_bars(predicted.distances), "customer-distances", alt)
    with right:
        nearest, *others = [one.segment.name for one in predicted.distances]
        if others and predicted.reasons:
            st.caption(f"What speaks for {nearest} rather than {others[0]}")
            names = [_against(one.feature, one.value) for one in predicted.reasons]
            alt = "; ".join(
                f"{name} {one.contribution:.0%}"
                for name, one in zip(names, predicted.reasons, strict=True)
            )
            draw(reason_bars(predicted.reasons, names), "customer-reasons", alt)


def in_words(standing: StandingView, predicted: Prediction) -> str:
    """Whether it is the nearest, and how sure that is."""
    assert standing.segment is not None
    first = predicted.distances[0]
    sure = f"{said.sure(standing.confidence)} likely" if standing.confidence else "by its rule"
    if standing.segment.id == first.segment.id:
        following = ""
        if len(predicted.distances) > 1 and first.distance > 0:
            second = predicted.distances[1]
            farther = second.distance / first.distance - 1
            following = f" {second.segment.name} is {farther:.0%} farther."
        return f"{standing.segment.name} is nearest, and {sure}.{following}"
    return (
        f"{standing.segment.name} ({sure}). {first.segment.name} is nearer by now, but not by "
        "enough to move, or too soon after the last move."
    )


def _by_rule(judged_by: SegmentModel, lens: str, standing: StandingView) -> None:
    found = judged_by.lens(lens)
    rules = {one.segment.id: one for one in found.rule_segments} if found else {}
    assert standing.segment is not None
    rule = rules.get(standing.segment.id)
    st.markdown(rule.description if rule and rule.description else "By its rule.")


def _against(feature: str, value: float) -> str:
    return f"{plainly(feature)} {said.amount(feature, value)}"


def _story(found: Source, told: Sequence[ChangeView]) -> None:
    st.subheader("How it came about")
    newest = found.ask(freshness).newest
    if not told or newest is None:
        empty("No change so far.", "The first one comes with the first model.")
        return
    last = max(newest, told[0].occurred_at)
    alt = "; ".join(
        f"{said.day(one.occurred_at)}: {one.current.name if one.current else 'gone'}"
        for one in told[::-1]
    )
    draw(story(told[::-1], last), "customer-story", alt)
    st.html(history_html(told))


def history_html(told: Sequence[ChangeView]) -> str:
    """The newest first."""
    rows = "".join(
        f'<tr><td class="quiet whole">{said.minute(one.occurred_at)}</td>'
        f'<td class="whole">{said.segment_html(one.previous, "new")} '
        f'<span class="quiet">→</span> {said.segment_html(one.current, "gone")}</td>'
        f'<td class="quiet">{escape(said.because(one))}</td></tr>'
        for one in told
    )
    return f'<table class="shoal changes"><tbody>{rows}</tbody></table>'


def _profile(view: CustomerView) -> None:
    with st.expander("The whole profile"):
        columns = st.columns(2, gap="large")
        for place, (title, features) in enumerate(groups(view.half_life_days)):
            with columns[place % 2]:
                st.markdown(f"**{title.capitalize()}**")
                values = {one.name: view.features[column_of(one.name)] for one in features}
                st.html(profile_html(values))


def profile_html(values: Mapping[str, float]) -> str:
    """Of twelve months only those with something in them."""
    rows = "".join(
        f"<tr><td>{escape(plainly(name))}</td>"
        f'<td class="number">{said.amount(name, value)}</td></tr>'
        for name, value in values.items()
        if value or not name.startswith("month_")
    )
    return f'<table class="shoal"><tbody>{rows}</tbody></table>'
