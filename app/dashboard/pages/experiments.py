"""Experiments: what was planned, for whom, and what came of it so far, as the log has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from app.dashboard.chart import draw
from app.dashboard.experiment_table import result_html
from app.dashboard.pictures.lifts import lift_picture
from app.dashboard.said import day, plain
from app.dashboard.source import Source, source
from app.dashboard.states import empty, errors_as_sentences
from app.experimenting.kept import plans
from app.experimenting.outcomes import NAMES
from app.experimenting.reading import read_experiment
from app.experimenting.reading_words import WHAT, told

if TYPE_CHECKING:
    from app.experimenting.reading import Result
    from app.wiring import Wiring
    from stream.contracts.experiment import ExperimentPlan

PLANS_SECONDS, RESULT_SECONDS = 10.0, 60.0
KINDS = {name: what[0].upper() + what[1:] for name, what in WHAT.items()}


def page() -> None:
    st.title("Experiments")
    found = source()
    wiring = found.wiring
    if wiring is None:
        empty(
            "Experiments are on the log only, and it isn't in reach.",
            "Start the dashboard with `--log` too, where they can be read.",
        )
        return
    planned = found.keep("experiments", lambda: _plans(wiring), PLANS_SECONDS)
    if not planned:
        empty(
            "There is no experiment yet.",
            "`shoal experiment create NAME` plans one, `shoal experiment assign NAME --out FILE` "
            "gives customers their arms. What they do from then on is read here.",
        )
        return
    chosen = st.selectbox(
        "Experiment",
        [one.name for one in planned[::-1]],
        help="The newest first.",
        key="experiments-chosen",
    )
    plan = next(one for one in planned if one.name == chosen)
    st.markdown(plan_in_words(plan))
    outcome = st.segmented_control(
        "What is looked at",
        list(NAMES),
        format_func=KINDS.__getitem__,
        default=NAMES[0],
        required=True,
        key="experiments-outcome",
    )
    with errors_as_sentences():
        _show(_result(found, wiring, plan.name, outcome))


def plan_in_words(plan: ExperimentPlan) -> str:
    """Who gets what, and what it is to find."""
    arms = ", ".join(f"**{plain(arm.name)}** {arm.share:.0%}" for arm in plan.arms)
    whom = ", ".join(one.name for one in plan.segments) or f"every segment of {plan.lens}"
    return (
        f"{arms}, for {plain(whom)}; planned on {day(plan.created_at)} to find a lift of "
        f"{plan.lift:+.0%}."
    )


def _plans(wiring: Wiring) -> list[ExperimentPlan]:
    with wiring.open_existing_log() as log:
        return plans(log, wiring.topics().experiments)


def _result(found: Source, wiring: Wiring, name: str, outcome: str) -> Result:
    """From the transactions since it began, which may be many: so it is kept for a while."""
    asked = ("experiment", name, outcome)
    with st.spinner("Reading what customers did since"):
        return found.keep(asked, lambda: read_experiment(wiring, name, outcome), RESULT_SECONDS)


def _show(result: Result) -> None:
    lines = list(told(result))
    if result.reading.is_broken:
        st.warning(plain(lines[-1]), icon=":material/warning:")
        lines = lines[:-1]
    for line in lines:
        st.markdown(plain(line))
    if result.reading.is_broken:
        return
    st.subheader("How much more")
    st.caption(f"{KINDS[result.outcome]}: each arm less {result.plan.arms[0].name}.")
    draw(lift_picture(result), "experiments-lifts", " ".join(lines))
    st.html(result_html(result))
