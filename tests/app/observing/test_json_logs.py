"""Logs as JSON: one line a record, whatever it holds; no secret; no customer above debug."""

from __future__ import annotations

import json
import logging
import time
import warnings
from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.observing.json_logs import TEXT_CHARACTERS, JsonLines, log_as_json

if TYPE_CHECKING:
    from collections.abc import Iterator

SECRET = "hunter2"


@pytest.fixture
def untouched_root() -> Iterator[logging.Logger]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield root
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(False)


def line(message: object = "m", *args: object, level: int = logging.INFO, **extra: Any) -> Any:
    record = logging.LogRecord("shoal.test", level, __file__, 1, message, args, None)
    vars(record).update(extra)
    written = JsonLines().format(record)
    assert "\n" not in written
    return json.loads(written)


def test_a_line_says_when_how_grave_who_and_what() -> None:
    told = line("restored %d of %d", 3, 4, level=logging.WARNING, created=1_700_000_000.25)
    assert told == {
        "time": "2023-11-14T22:13:20.250+00:00",
        "level": "warning",
        "logger": "shoal.test",
        "message": "restored 3 of 4",
    }


def test_what_is_said_besides_is_a_field_of_its_own() -> None:
    told = line(partition=3, lag=float("nan"), done=True, of=None, where={"a": 1})
    assert [told[name] for name in ("partition", "lag", "done", "of", "where")] == [
        3,
        "nan",
        True,
        None,
        "{'a': 1}",
    ]


def test_an_exception_is_one_field_with_its_traceback() -> None:
    try:
        raise ValueError("no such\nsegment")
    except ValueError as error:
        told = line(exc_info=(type(error), error, error.__traceback__))
    assert told["exception"].startswith("Traceback")
    assert told["exception"].endswith("ValueError: no such\nsegment")


@given(st.text(), st.dictionaries(st.text(min_size=1), st.text() | st.floats() | st.binary()))
def test_whatever_is_said_is_one_line_of_json(message: str, extra: dict[str, Any]) -> None:
    fields = {f"x_{name}": value for name, value in extra.items()}
    assert line(message.replace("%", ""), **fields)["logger"] == "shoal.test"


def test_arguments_that_do_not_fit_are_said_all_the_same() -> None:
    assert line("%d of %d", "three")["message"] == "%d of %d ('three',)"


@pytest.mark.parametrize(
    "text",
    [
        f"connecting with sasl_plain_password={SECRET}, retries=3",
        f"{{'sasl_password': '{SECRET}', 'retries': 3}}",
        f'{{"ssl.key.password": "{SECRET}"}}',
        f"postgresql://shoal:{SECRET}@db:5432/shoal",
        f"Authorization: Bearer {SECRET}",
        f"api_key = {SECRET}",
        f"SHOAL_KAFKA__SASL_PASSWORD={SECRET} shoal consume",
    ],
)
def test_a_secret_is_blotted_out_wherever_it_stands(text: str) -> None:
    try:
        raise RuntimeError(text)
    except RuntimeError as error:
        told = line("%s", text, also=text, exc_info=(type(error), error, error.__traceback__))
    assert SECRET not in json.dumps(told)
    assert told["message"].count("***") == 1


def test_what_is_no_secret_stays() -> None:
    text = "kafka://broker:9092 took 3 s; secrets are kept elsewhere; a@b.c at 12:30"
    assert line(text)["message"] == text


def test_a_field_named_for_a_secret_is_blotted_out() -> None:
    assert line(sasl_password=SECRET, token=7)["sasl_password"] == "***"


@pytest.mark.parametrize("name", ["customer", "customer_id", "customer_ids", "key"])
def test_a_customers_id_is_said_at_debug_only(name: str) -> None:
    assert line(level=logging.DEBUG, **{name: "17850"})[name] == "17850"
    assert name not in line(level=logging.INFO, **{name: "17850"})


@pytest.mark.parametrize("piece", ["a.", "password", "x://", "a://b:", "api_key=", "\\", "é"])
def test_a_huge_text_is_cut_and_takes_no_time(piece: str) -> None:
    begun = time.process_time()
    told = line("%s", piece * (10_000_000 // len(piece)))
    assert len(told["message"]) <= TEXT_CHARACTERS + 2
    assert time.process_time() - begun < 2


def test_the_root_logger_writes_json_alone(untouched_root: logging.Logger) -> None:
    out = StringIO()
    handler = log_as_json(stream=out)
    assert untouched_root.handlers == [handler]
    logging.getLogger("kafka.client").info("connected", extra={"partition": 3})
    logging.getLogger("kafka.client").debug("not said")
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("old setting", stacklevel=1)
    lines = [json.loads(written) for written in out.getvalue().splitlines()]
    assert [told["logger"] for told in lines] == ["kafka.client", "py.warnings"]
    assert lines[0]["partition"] == 3
    assert "old setting" in lines[1]["message"]
