"""Purchases by the hour are those that tasks counted; a report does without a log."""

from __future__ import annotations

import tempfile
from collections import Counter
from datetime import timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from app.reporting.hearing import Hearing
from app.reporting.purchase_hours import purchase_slots
from app.wiring import Wiring
from insights.hours import hours_of
from insights.reporting.executive.heard import Heard
from stream.contracts.instant import milliseconds
from tests.app.bought.shop import (
    DAY_0,
    DAY_MS,
    SETTINGS,
    bought,
    erasure,
    record,
    shop_log,
    some_days,
)

if TYPE_CHECKING:
    import pytest

    from insights.hours import Hours
    from stream.contracts.fast import Line
    from tests.app.bought.shop import Shop

SINCE, UNTIL = DAY_0 + 10 * DAY_MS, DAY_0 + 38 * DAY_MS
EAST = timezone(timedelta(hours=9))


def heard(shop: Shop, since_ms: int = SINCE, until_ms: int = UNTIL) -> Hours:
    return hours_of(purchase_slots(shop.log, shop.topics, SETTINGS, since_ms, until_ms)[0])


def expected(lines: list[Line]) -> tuple[Counter[int], Counter[int]]:
    """Hours of working days and of weekends, line by line, by the calendar."""
    found: tuple[Counter[int], Counter[int]] = (Counter(), Counter())
    for one in {line.event_id: line for line in lines}.values():
        counts = SINCE <= milliseconds(one.occurred_at) < UNTIL
        if counts and one.quantity > 0 and one.product_id != "POST":
            found[one.occurred_at.weekday() >= 5][one.occurred_at.hour] += 1
    return found


def said(hours: Hours) -> tuple[Counter[int], Counter[int]]:
    workdays, weekends = (
        Counter({hour: count for hour, count in enumerate(counts) if count})
        for counts in (hours.workdays, hours.weekends)
    )
    return workdays, weekends


def in_the_east(lines: list[Line]) -> list[Line]:
    """Every other one by a clock nine hours ahead."""
    for line in lines[::2]:
        line.occurred_at = line.occurred_at.astimezone(EAST)
    return lines


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 100), st.lists(st.integers(0, 250), max_size=4), st.integers(1, 3))
def test_hours_are_those_of_the_lines_each_once(seed: int, cuts: list[int], again: int) -> None:
    lines = in_the_east(some_days(days=45, seed=seed))
    records = [record(line) for line in lines for _ in range(again)]
    with (
        tempfile.TemporaryDirectory() as folder,
        shop_log("embedded", Path(folder), None) as shop,
    ):
        shop.send(records, cuts)
        assert said(heard(shop)) == expected(lines)


def test_what_the_erased_had_bought_is_taken_off_and_what_they_buy_again_counts(
    embedded: Shop,
) -> None:
    lines = [line for line in some_days(days=30) if line.customer_id != "gone"]
    before = [bought("gone", "first", f"p{one}", 12.4) for one in range(5)]
    after = bought("gone", "second", "p1", 36.6)
    embedded.send([*map(record, lines[:40]), *map(record, before), *map(record, lines[40:])])
    embedded.send([erasure("gone", DAY_0 + 31 * DAY_MS), record(after)])
    assert said(heard(embedded)) == expected([*lines, after])
    assert heard(embedded).unknown == 0


def hearing(url: str) -> Hearing:
    return Hearing(Wiring.of(url, None))


def test_a_log_that_is_not_there_is_not_made_and_nothing_is_known(tmp_path: Path) -> None:
    found = hearing(f"sqlite:///{tmp_path}/none.db").of(SINCE, UNTIL)
    assert found == Heard(SINCE, why_not="there is no log in reach to count them from")
    assert not list(tmp_path.iterdir())


def test_a_log_without_transactions_says_so(embedded: Shop) -> None:
    found = hearing(embedded.log.name).of(SINCE, UNTIL)  # its topics have another prefix
    assert found == Heard(SINCE, why_not="the log has no transactions")


def test_a_broker_that_does_not_answer_is_waited_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stream.log.kafka.client.REACHED_WITHIN_SECONDS", 0)
    looked = hearing("kafka://127.0.0.1:9")
    found = [looked.of(SINCE, UNTIL) for _ in range(2)]
    assert {one.why_not for one in found} == {"there is no log in reach to count them from"}


def test_a_file_that_is_no_log_makes_no_report_fail(tmp_path: Path) -> None:
    (tmp_path / "shop.db").write_text("customer_id,occurred_at\n" * 100)
    found = hearing(f"sqlite:///{tmp_path}/shop.db").of(SINCE, UNTIL)
    assert found == Heard(SINCE, why_not="there is no log in reach to count them from")
