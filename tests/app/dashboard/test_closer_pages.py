"""Explore, Time, Predict, What if and the visitor's own file say what they are of, and answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from app.dashboard.place import Place, hand_over
from app.dashboard.said import day
from app.predicting import Predictor
from app.queries.database import Database, open_database
from app.queries.drift import reports
from app.queries.migrations import latest
from app.queries.models import current_model
from app.queries.segments import segments
from consumers.sink import schema
from stream.settings import load_settings
from tests.app.dashboard.drawn import drawn, fine, words

if TYPE_CHECKING:
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

    from tests.app.dashboard.small_shop import SmallShop


@pytest.fixture
def database(at_shop: SmallShop) -> Database:
    return open_database(at_shop.database)


def one_value(database: Database, statement: sa.Select[Any]) -> Any:
    row = database.first(statement)
    assert row is not None
    return row[0]


def charts(test: AppTest) -> int:
    return len(test.get("plotly_chart"))


def test_explore_draws_everybody_and_says_so(database: Database) -> None:
    test = drawn("explore")
    count = one_value(database, sa.select(sa.func.count()).select_from(schema.customers))
    assert f"All {count:,} customers" in words(test)
    assert charts(test) == 11


def test_explore_of_very_many_says_how_many_are_drawn(
    at_shop: SmallShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.queries.sample.sample.__defaults__", (60,))
    test = drawn("explore")
    assert "drawn at random" in words(test)
    assert charts(test) == 11


def test_explore_can_see_by_the_lens_too(at_shop: SmallShop) -> None:
    test = drawn("explore")
    seen = test.segmented_control[0]
    assert "steady" not in words(test)
    assert "steady" in words(fine(seen.set_value("What the lens compares").run()))


def test_explore_without_the_log_has_all_but_the_hours(at_shop: SmallShop) -> None:
    with open_database(at_shop.database) as database:
        hand_over(Place(database, at_shop.settings))
        test = drawn("explore")
    assert charts(test) == 10
    assert "Start the dashboard with `--log`" in words(test)


def test_explore_with_a_log_that_went_away_says_so(at_shop: SmallShop, tmp_path: Path) -> None:
    settings = load_settings(None, {"log": {"url": f"sqlite:///{tmp_path / 'gone.db'}"}})
    with open_database(at_shop.database) as database:
        hand_over(Place(database, settings, has_log=True))
        test = drawn("explore")
    assert charts(test) == 10
    assert "there is no log" in words(test)


def test_time_goes_from_the_first_segments_to_the_present(database: Database) -> None:
    test = drawn("time")
    said = words(test)
    instants = [report.report.instant for report in reports(database).items]
    assert day(max(instants)) in said
    now = latest(database)
    assert now is not None
    assert day(now) in said
    assert "moved or came" in said
    assert charts(test) == 4


def test_time_plays_from_the_first_snapshot_to_the_last_and_stops(database: Database) -> None:
    test = drawn("time")
    first = test.select_slider[0].value[0]
    test = fine(test.button(key="time-play").click().run())
    assert test.button(key="time-play").label == "Pause"
    assert f"**{day(first)}**" in [one.value for one in test.markdown]
    steps = 0
    while test.button(key="time-play").label == "Pause":
        test, steps = fine(test.run()), steps + 1
        assert steps < 10
    assert steps >= 2


def test_time_with_both_ends_on_one_day_takes_a_neighbour(at_shop: SmallShop) -> None:
    test = drawn("time")
    slider = test.select_slider[0]
    first = slider.value[0]
    assert "moved or came" in words(fine(slider.set_value((first, first)).run()))


def test_time_without_a_snapshot_says_what_to_wait_for(at_shop: SmallShop, tmp_path: Path) -> None:
    copied = tmp_path / "one.db"
    engine = sa.create_engine(at_shop.database)
    with engine.connect() as connection:
        connection.exec_driver_sql("VACUUM INTO ?", (str(copied),))
    engine.dispose()
    engine = sa.create_engine(f"sqlite:///{copied}")
    with engine.begin() as connection:
        connection.execute(schema.drift.delete())
    engine.dispose()
    with open_database(f"sqlite:///{copied}") as database:
        hand_over(Place(database, at_shop.settings))
        assert "There are not two moments to compare yet" in words(drawn("time"))


def test_predict_begins_with_an_average_customer_in_the_segment_it_is_of(
    database: Database,
) -> None:
    test = drawn("predict")
    largest = max(segments(database, "value"), key=lambda one: one.customers)
    assert test.selectbox[0].value == f"the average of {largest.name}"
    assert "Confidence" in str(test.get("progress")[0].proto.text)
    told = words(test)
    assert "*Steady*: older orders count less and less, half as much after 90 days" in told
    assert "*Lately*" not in told  # no slider is called so


def test_predict_answers_every_move_of_a_slider(database: Database) -> None:
    model = current_model(database)
    assert model is not None
    predictor = Predictor(model, "value")
    test = drawn("predict")
    for place, feature in enumerate(predictor.needs):
        slider = test.select_slider[place]
        test = fine(slider.set_value(list_of(slider)[-1]).run())
        assert feature.split("_")[0] in test.select_slider[place].label.lower()
    values = {
        name: float(str(test.select_slider[place].value))
        for place, name in enumerate(predictor.asks)
    }
    assert predictor.predict(values).segment.name in words(test)


def test_predict_of_whoever_is_long_away_is_a_rule(database: Database) -> None:
    test = drawn("predict")
    recency = test.select_slider[-1]
    test = fine(recency.set_value(100.0).run())
    said = words(test)
    assert "Dormant" in said
    assert "A rule decides here" in test.info[0].value
    assert not test.get("progress")


def test_predict_can_begin_with_a_customer(database: Database) -> None:
    test = drawn("predict")
    test = fine(test.selectbox[0].set_value("a customer").run())
    missing = test.text_input[0].set_value("nobody").run()
    assert "There is no customer nobody" in missing.warning[0].value
    customer_id = str(one_value(database, sa.select(schema.customers.c.customer_id).limit(1)))
    fine(test.text_input[0].set_value(customer_id).run())


def list_of(slider: object) -> list[float]:
    """The options as values, which a test's slider has as they are shown."""
    from app.dashboard.pictures.sliding import plain_numbers

    shown = len(slider.options)  # type: ignore[attr-defined]  # of any of Streamlit's test elements
    return list(plain_numbers(1e9))[:shown]


def test_a_file_is_tried_and_can_be_taken_away(at_shop: SmallShop) -> None:
    test = drawn("try_it")
    assert test.button(key="try-find").disabled
    file = at_shop.folder / "shop.csv.gz"
    upload = test.file_uploader(key="try-file")
    test = fine(upload.set_value((file.name, file.read_bytes(), "application/gzip")).run())
    test.selectbox[-1].set_value(3)
    test = fine(test.button(key="try-find").click().run())
    said = words(test)
    assert "in shop.csv.gz" in said
    assert "customers share days since last order orders spend order value" in said
    assert charts(test) == 6
    assert len(test.get("download_button")) == 1
    assert "Segments within segments" in said


def test_a_table_of_customers_is_tried_with_all_its_columns(at_shop: SmallShop) -> None:
    test = drawn("try_it")
    test = fine(test.segmented_control(key="try-row").set_value("a customer").run())
    upload = test.file_uploader(key="try-table")
    test = fine(upload.set_value(("people.csv", PEOPLE.encode(), "text/csv")).run())
    test.selectbox[-1].set_value(2)
    test = fine(test.button(key="try-find").click().run())
    said = words(test)
    assert "2 segments in people.csv" in said
    assert "compared by age, pays, gender" in said
    assert len(test.get("download_button")) == 3
    assert charts(test) == 3
    column = test.selectbox(key="people-column")
    test = fine(column.set_value("gender").run())
    assert "woman" in words(test)


PEOPLE = "customer_id,age,gender,pays\n" + "".join(
    f"p{number},{20 + number % 7 + 40 * (number % 2)},{'man' if number % 3 else 'woman'},"
    f"{10 + number % 5 + 60 * (number % 2)}\n"
    for number in range(60)
)


def test_a_file_without_known_columns_is_asked_about(at_shop: SmallShop) -> None:
    test = drawn("try_it")
    upload = test.file_uploader(key="try-file")
    test = upload.set_value(("a.csv", b"who,then,paid sum\nann,2025-01-03,12\n", "text/csv")).run()
    assert "Say which column is: Customer and Date or time and Price of one" in (
        test.warning[0].value
    )
    assert test.button(key="try-find").disabled


def test_a_file_that_is_none_is_one_sentence(at_shop: SmallShop) -> None:
    upload = drawn("try_it").file_uploader(key="try-file")
    test = upload.set_value(("a.xlsx", b"PK\x03\x04 nothing", "application/zip")).run()
    assert not list(test.exception)
    assert len(test.warning) == 1


def test_what_if_compares_on_the_log(at_shop: SmallShop) -> None:
    test = drawn("what_if")
    test.multiselect(key="what-if-ks").set_value([3])
    test.multiselect(key="what-if-margins").set_value([0.0, 0.3]).run()
    test = fine(test.button(key="what-if-find").click().run())
    said = words(test)
    assert "Lens value" in said
    assert said.count("3 segments") == 2
    assert charts(test) == 2


def test_what_if_offers_no_more_than_it_can_bear(at_shop: SmallShop) -> None:
    test = drawn("what_if")
    test.multiselect(key="what-if-margins").set_value([0.0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5]).run()
    assert test.button(key="what-if-find").disabled
    assert "At most" in test.warning[0].value
