from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from producers.replaying.outgoing import LeftOut
from producers.replaying.pace import Pace
from producers.replaying.prepared import Choices
from producers.replaying.replay import Plan, Progress, Start, replay
from producers.replaying.sort import sorted_lines
from stream.contracts.transaction import Transaction
from stream.errors import SettingsError
from stream.log.partitioning import partition_of
from tests.producers.replays import (
    DAY_MS,
    THEN_MS,
    TOPIC,
    Cut,
    CutLog,
    JumpingClock,
    everything,
    log_with_topic,
    places,
    some_days,
    without_clock,
)
from tests.producers.some_lines import lines as lines_of

if TYPE_CHECKING:
    from pathlib import Path

    from producers.replaying.account import Account
    from stream.log.batch import Record
    from stream.log.seam import Log

PLAN = Plan(TOPIC)


def run(log: Log, plan: Plan = PLAN, clock: JumpingClock | None = None, **told: Any) -> Account:
    with some_days() as lines:
        return replay(lines, log, plan, clock or JumpingClock(), **told)


def values(records: list[Record]) -> list[dict[str, Any]]:
    return [json.loads(record.value or b"") for record in records]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> list[list[Record]]:
    with log_with_topic(tmp_path_factory.mktemp("logs") / "undisturbed.db") as log:
        run(log)
        return everything(log)


def rows_only(records: list[Record]) -> list[Record]:
    return [record for record in records if record.key is not None]


def test_every_line_is_there_once_in_order_on_its_customers_partition(
    undisturbed: list[list[Record]],
) -> None:
    ids: list[str] = []
    for number, records in enumerate(undisturbed):
        lines = [Transaction.from_json(record.value) for record in rows_only(records)]
        assert [line.occurred_at for line in lines] == sorted(line.occurred_at for line in lines)
        for line, record in zip(lines, rows_only(records), strict=True):
            assert (record.key or b"").decode() == line.customer_id
            assert partition_of(record.key or b"", len(undisturbed)) == number
            ids.append(str(line.event_id))
    assert len(ids) == len(set(ids)) == 65


def test_every_partition_hears_of_every_midnight_and_of_the_end(
    undisturbed: list[list[Record]],
) -> None:
    days = [f"1970-01-{day:02}T00:00:00Z" for day in range(2, 16)]
    for records in undisturbed:
        ticks = [value["instant"] for value in values(records) if value.get("type") == "tick"]
        assert ticks == [*days, "1970-01-15T18:00:00Z"]
        times = [
            value["occurred_at"].replace("+00:00", "Z") if "occurred_at" in value else None
            for value in values(records)
        ]
        for midnight in days:
            at = [value.get("instant") for value in values(records)].index(midnight)
            assert all(time < midnight for time in times[:at] if time)
            assert all(time >= midnight for time in times[at:] if time)


def test_a_line_with_a_wrong_year_is_sent_but_moves_no_clock(tmp_path: Path) -> None:
    rows = [{"occurred_at": 5}, {"occurred_at": THEN_MS * 2}]
    with log_with_topic(tmp_path / "log.db", 1) as log, sorted_lines([[lines_of(rows)]]) as lines:
        assert replay(lines, log, PLAN, JumpingClock()).sent == 2
        [records] = everything(log)
        ticks = [value["instant"] for value in values(records) if value.get("type") == "tick"]
        assert ticks == ["1970-01-01T00:00:00.005000Z"]


def test_no_ticks_where_none_are_wanted(tmp_path: Path) -> None:
    with log_with_topic(tmp_path / "log.db") as log:
        account = run(log, replace(PLAN, choices=Choices(ticks=False)))
        assert account.ticks == 0
        assert sum(len(records) for records in everything(log)) == account.sent == 65


def test_records_are_dated_by_the_clock_not_by_event_time(tmp_path: Path) -> None:
    with log_with_topic(tmp_path / "log.db") as log:
        run(log, clock=JumpingClock(at=5000.0))
        sent = {record.timestamp for records in everything(log) for record in records}
        assert sent == {THEN_MS + 5_000_000}


def test_two_replays_say_the_same(tmp_path: Path, undisturbed: list[list[Record]]) -> None:
    with log_with_topic(tmp_path / "log.db") as log:
        run(log)
        run(log)
        twice = without_clock(everything(log))
    assert twice == [records * 2 for records in without_clock(undisturbed)]


def test_a_replay_goes_on_exactly_where_it_was_cut_off_at_any_place(
    tmp_path: Path, undisturbed: list[list[Record]]
) -> None:
    whole = [len(records) for records in undisturbed]
    cuts = [dict(enumerate(lengths)) for lengths in _every_cut(whole)]
    for number, left in enumerate(cuts):
        with log_with_topic(tmp_path / f"{number}.db") as log:
            with pytest.raises(Cut):
                run(CutLog(log, left))
            account = run(log, replace(PLAN, resume=True))
            assert without_clock(everything(log)) == without_clock(undisturbed), left
            assert account.sent + account.left_out.already_there == 65
            assert account.not_sent == 0


def _every_cut(whole: list[int]) -> list[list[int]]:
    """Each partition cut at every place while the others go far, or hardly anywhere."""
    cuts = []
    for partition, length in enumerate(whole):
        for left in range(length):
            for others in (0, 9, 10_000):
                cut = [others] * len(whole)
                cut[partition] = left
                cuts.append(cut)
    return cuts[:: max(1, len(cuts) // 60)]


def test_a_stopped_replay_says_how_far_it_was_and_goes_on(
    tmp_path: Path, undisturbed: list[list[Record]]
) -> None:
    plan = replace(PLAN, pace=Pace(rate=10))
    with log_with_topic(tmp_path / "log.db") as log:
        stopped = run(log, plan, JumpingClock(at=0.0, patience=3.0))
        there = everything(log)
        assert stopped.not_sent > 0
        assert stopped.sent == sum(len(rows_only(records)) for records in there)
        finished = run(log, replace(plan, resume=True))
        assert finished.left_out == LeftOut(already_there=stopped.sent)
        assert finished.sent == stopped.not_sent
        assert without_clock(everything(log)) == without_clock(undisturbed)


def test_resuming_what_is_complete_sends_nothing(tmp_path: Path) -> None:
    with log_with_topic(tmp_path / "log.db") as log:
        run(log)
        before = log.bounds(TOPIC)
        account = run(log, replace(PLAN, resume=True))
        assert (account.sent, account.ticks, account.left_out.already_there) == (0, 0, 65)
        assert log.bounds(TOPIC) == before


def test_resuming_with_a_later_end_goes_on_with_what_was_cut_off(
    tmp_path: Path, undisturbed: list[list[Record]]
) -> None:
    first = replace(PLAN, choices=Choices(until_ms=5 * DAY_MS))
    with log_with_topic(tmp_path / "log.db") as log:
        run(log, first)
        run(log, replace(PLAN, resume=True))
        for records, whole in zip(everything(log), undisturbed, strict=True):
            assert without_clock([rows_only(records)]) == without_clock([rows_only(whole)])
            assert places(records) == sorted(set(places(records)))


def test_resuming_in_an_empty_topic_starts_at_the_beginning_and_says_so(
    tmp_path: Path, undisturbed: list[list[Record]]
) -> None:
    starts: list[Start] = []
    with log_with_topic(tmp_path / "log.db") as log:
        run(log, replace(PLAN, resume=True), on_start=starts.append)
        assert without_clock(everything(log)) == without_clock(undisturbed)
    assert [start.goes_on for start in starts] == [False]


@pytest.mark.parametrize(("drop", "price"), [(True, 2.5), (False, 2.51)])
def test_resuming_another_replay_is_refused_and_sends_nothing(
    tmp_path: Path, drop: bool, price: float
) -> None:
    with log_with_topic(tmp_path / "log.db") as log:
        with some_days(price=price) as lines:
            choices = Choices(drop_duplicates=drop)
            replay(lines, log, replace(PLAN, choices=choices), JumpingClock())
        before = log.bounds(TOPIC)
        with pytest.raises(SettingsError, match="last replay into transactions was of other lines"):
            run(log, replace(PLAN, resume=True))
        assert log.bounds(TOPIC) == before


def test_a_second_start_of_the_same_replay_is_told(tmp_path: Path) -> None:
    starts: list[Start] = []
    with log_with_topic(tmp_path / "log.db") as log:
        run(log, on_start=starts.append)
        run(log, on_start=starts.append)
    assert [start.tails.found for start in starts] == [False, True]
    assert not any(start.goes_on for start in starts)


@pytest.mark.parametrize("since", [None, 0, 3 * DAY_MS + 1, 10 * DAY_MS, 99 * DAY_MS])
@pytest.mark.parametrize("until", [None, 0, 3 * DAY_MS, 10 * DAY_MS + 5])
@pytest.mark.parametrize("drop", [False, True])
def test_cuts_in_time_keep_ids_and_the_account_adds_up(
    tmp_path: Path,
    undisturbed: list[list[Record]],
    since: int | None,
    until: int | None,
    drop: bool,
) -> None:
    with log_with_topic(tmp_path / "log.db") as log:
        account = run(log, replace(PLAN, choices=Choices(since, until, drop_duplicates=drop)))
        sent = [value for records in everything(log) for value in values(rows_only(records))]
    assert account.sent == len(sent)
    assert account.sent + sum(account.left_out) == account.lines == account.rows == 65
    assert account.left_out.repeated == 0 or drop
    whole = [value for records in undisturbed for value in values(rows_only(records))]
    inside = [value for value in whole if _within(value, since, until)]
    ids = {value["event_id"] for value in inside}
    assert {value["event_id"] for value in sent} <= ids
    assert len(sent) == len(ids) - account.left_out.repeated
    assert account.left_out.outside == 65 - len(inside)


def _within(value: dict[str, Any], since: int | None, until: int | None) -> bool:
    at = Transaction.from_json(json.dumps(value).encode()).occurred_at.timestamp() * 1000
    return (since is None or at >= since) and (until is None or at < until)


@pytest.mark.parametrize("pace", [Pace(rate=20), Pace(speed=86_400), Pace(speed=1e7, rate=50)])
def test_a_paced_replay_takes_the_time_it_should_and_sends_all_along(
    tmp_path: Path, pace: Pace
) -> None:
    told: list[tuple[float, Progress]] = []
    clock = JumpingClock(at=0.0)
    plan = Plan(TOPIC, Choices(ticks=False), pace)
    with log_with_topic(tmp_path / "log.db") as log:
        run(log, plan, clock, on_progress=lambda progress: told.append((clock.at, progress)))
    by_event = 14.75 * 86_400 / pace.speed if pace.speed else 0.0
    by_rate = 64 / pace.rate if pace.rate else 0.0
    assert clock.at == pytest.approx(max(by_event, by_rate), abs=0.06)
    for at, progress in told:
        if pace.rate:
            assert progress.sent <= at * pace.rate + 1
        if pace.speed:
            assert progress.event_ms <= at * 1000 * pace.speed + 1
    assert told[-1][1] == Progress(65, 65, 65, 14 * DAY_MS + 3 * DAY_MS // 4)


def test_a_pace_never_drifts_over_many_batches(tmp_path: Path) -> None:
    clock = JumpingClock(at=0.0)
    with log_with_topic(tmp_path / "log.db") as log:
        run(log, replace(PLAN, pace=Pace(speed=1.0), choices=Choices(ticks=False)), clock)
    assert clock.at == pytest.approx(14.75 * 86_400, abs=0.06)


def test_the_log_holds_all_that_is_acknowledged(tmp_path: Path) -> None:
    told: list[Progress] = []
    with log_with_topic(tmp_path / "log.db") as log:
        account = run(log, on_progress=told.append)
        there = sum(len(records) for records in everything(log))
    assert told[-1].acknowledged == there == account.sent + account.ticks
