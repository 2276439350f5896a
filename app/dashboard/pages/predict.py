"""Predict: one customer made of sliders, and the segment that it would be in at once."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from app.dashboard import said
from app.dashboard.chart import draw
from app.dashboard.descriptions import descriptions
from app.dashboard.pictures.distances import distance_bars
from app.dashboard.pictures.sliding import Slider, slider_of
from app.dashboard.pictures.words import number, plainly
from app.dashboard.source import Source, source
from app.dashboard.states import empty
from app.predicting import RECENCY, Predictor
from app.queries.customers import customer
from app.queries.models import current_model
from app.queries.sample import sample
from app.queries.segments import segments
from app.queries.views import Ref
from consumers.sink.schema import column_of
from snapshot.naming.words import STEADY
from stream.half_life import ending_of, half_life_days

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from app.predicting import Prediction
    from stream.contracts.model import SegmentModel

BEGIN = "Begin with"
ONE = "a customer"
SURE = 0.995
BEYOND_RULE = 1.5


def page() -> None:
    st.title("Predict")
    found = source()
    model = found.ask(current_model)
    if model is None or model.lens(found.lens) is None:
        empty("There is no model yet.", "`shoal snapshot` publishes the first one.")
        return
    st.caption(
        f"Which segment of the lens {found.lens} a customer would be in, by model "
        f"{model.version}. It answers at once; the margin and the past play no part."
    )
    predictor = Predictor(model, found.lens)
    left, right = st.columns([2, 3], gap="large")
    with left:
        name, begin = _begin(found)
        values = _sliders(found, predictor, longest_away(model, found.lens), name, begin)
    with right:
        _answer(predictor.predict(values), model)


def _begin(found: Source) -> tuple[str, Mapping[str, float]]:
    """What the sliders stand at first."""
    views = [one for one in found.ask(segments, found.lens) if one.customers]
    names = {f"the average of {one.name}": one.means for one in views}
    chosen = st.selectbox(BEGIN, [*names, ONE])
    if chosen != ONE:
        return chosen, names.get(chosen, {})
    asked = st.text_input("Customer id", placeholder="as the transactions have it").strip()
    if not asked:
        return ONE, {}
    there = found.ask(customer, asked)
    if there is None:
        st.warning(f"There is no customer {asked}: ids have to be whole.", icon=":material/edit:")
        return ONE, {}
    return f"{ONE} {asked}", there.features


def _sliders(
    found: Source,
    predictor: Predictor,
    away_days: float,
    begin_name: str,
    begin: Mapping[str, float],
) -> dict[str, float]:
    drawn = found.ask(sample, found.lens)
    values: dict[str, float] = {}
    for feature in predictor.asks:
        least = away_days if feature == RECENCY else 0.0
        one = slider_of(feature, drawn.features[column_of(feature)], least)
        values[feature] = _slider(one, begin.get(column_of(feature), 0.0), begin_name, found.lens)
    for caption in _captions(predictor.needs):
        st.caption(caption)
    return values


def _captions(features: Sequence[str]) -> Iterator[str]:
    """What the sliders' words mean."""
    days = half_life_days(features)
    if days is None:
        return
    counted = f"older orders count less and less, half as much after {days} days"
    are_steady = [name.startswith(STEADY) for name in features if ending_of(name)]
    if any(are_steady):
        yield (
            f"*Steady*: {counted}; as it was at the last order, until somebody stays away for "
            "longer than they used to; more of newcomers, whose past is short still."
        )
    if not all(are_steady):
        yield f"*Lately*: {counted}."


def longest_away(model: SegmentModel, lens: str) -> float:
    """So long that whoever is dormant can be tried, too."""
    known = model.lens(lens)
    rules = known.rule_segments if known else ()
    return BEYOND_RULE * max((rule.after_days or 0.0 for rule in rules), default=0.0)


def _slider(one: Slider, begin: float, begin_name: str, lens: str) -> float:
    """Its key has the start in it: another start is another slider, standing there."""
    moved: float = st.select_slider(
        one.name.capitalize(),
        one.options,
        one.nearest(begin),
        format_func=lambda value: number(value, one.unit),
        help=one.says,
        key=f"predict-{lens}-{begin_name}-{one.feature}",
    )
    return moved


def _answer(prediction: Prediction, model: SegmentModel) -> None:
    segment = Ref(prediction.segment.id, prediction.segment.name)
    st.html(
        f'<div role="status" style="font-size:1.9rem;font-weight:650">'
        f"{said.segment_html(segment)}</div>"
    )
    st.caption(_description(prediction, model))
    if prediction.rule is not None:
        st.info(f"A rule decides here: {prediction.rule.meaning}", icon=":material/rule:")
    else:
        confidence = prediction.confidence or 0.0
        told = f"{confidence:.0%}" if confidence < SURE else "over 99%"
        st.progress(confidence, f"Confidence {told}")
    st.subheader("How far each segment is")
    told = ", ".join(f"{one.segment.name} {one.distance:.1f}" for one in prediction.distances)
    figure = distance_bars(prediction.distances, prediction.segment.id)
    draw(figure, "predict-distances", f"Distances: {told}.")
    if prediction.reasons:
        st.subheader("Why")
        st.html(reasons_html(prediction))


def _description(prediction: Prediction, model: SegmentModel) -> str:
    lens = model.lens(prediction.lens)
    assert lens is not None  # or there would be no prediction
    return descriptions(lens).get(prediction.segment.id, "")


def reasons_html(prediction: Prediction) -> str:
    """What speaks for the segment against the next one, the strongest first."""
    following = next(
        (
            one.segment.name
            for one in prediction.distances
            if one.segment.id != prediction.segment.id
        ),
        "the next",
    )
    rows = "".join(
        f"<tr><td>{escape(plainly(one.feature))}</td>"
        f'<td class="number">{said.amount(one.feature, one.value)}</td>'
        f'<td class="number">{said.amount(one.feature, one.in_segment)}</td>'
        f'<td class="number">{said.amount(one.feature, one.in_next)}</td>'
        f'<td class="number">{one.contribution:.0%}</td></tr>'
        for one in prediction.reasons
    )
    heads = ("", "here", prediction.segment.name, following, "part in it")
    head = "".join(f'<th class="number">{escape(one)}</th>' for one in heads)
    return f'<table class="shoal"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
