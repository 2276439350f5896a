from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import uuid
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import pytest

from stream.log.open import open_log
from tests.producers.replays import everything, places, without_clock
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from stream.log.batch import Record
    from stream.log.seam import Log
    from tests.kafka_broker import Broker

TOPIC = "shoal.transactions"
ONLINE_RETAIL = Path(__file__).parents[4] / "shared/data/online_retail.csv.gz"
SHOAL = [sys.executable, "-c", "from app.cli import main; main()"]


class Done(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


class Shoal(Protocol):
    def __call__(self, *words: str) -> Done: ...


@pytest.fixture
def shoal(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Shoal:
    """The command line in this process: starting one for each test takes a second."""
    from app.cli import run as run_command

    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", "200")

    def run(*words: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["shoal", *words])
        capsys.readouterr()
        code = run_command()
        return Done(code, *capsys.readouterr())

    return run


@contextmanager
def started(folder: Path, *words: str) -> Iterator[subprocess.Popen[str]]:
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [*SHOAL, *words], cwd=folder, env=environment(), stdout=pipe, stderr=pipe, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3]), "COLUMNS": "200"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a shop's export: 3,000 lines over 30 days, and three rows that are none."""
    rows = [
        f"{i // 3},c{i * 7 % 50},p{i % 9},{1 + i % 4},{i % 20}.50,"
        f"2024-03-{1 + i // 100:02} 10:{i % 60:02}"
        for i in range(3000)
    ]
    rows[100:100] = [
        "1,,p1,1,2.5,2024-03-01 10:00",
        "1,c1,p1,1,2.5,never",
        "1,c1,p1,x,2.5,2024-03-01",
    ]
    text = "\n".join(["order_id,customer_id,product_id,quantity,unit_price,occurred_at", *rows])
    (tmp_path / "shop.csv").write_text(text + "\n")
    return tmp_path


def records(folder: Path, name: str = "shoal.db", topic: str = TOPIC) -> list[list[Record]]:
    with open_log(f"sqlite:///{folder / name}") as log:
        return everything(log, topic)


def grown(log: Log, topic: str, records: int) -> bool:
    there = topic in {spec.name for spec in log.topics()}
    return there and sum(end for _, end in log.bounds(topic).values()) > records


def more_than(folder: Path, name: str, records: int) -> bool:
    if not (folder / name).exists():
        return False
    with open_log(f"sqlite:///{folder / name}") as log:
        return grown(log, TOPIC, records)


def account(done: Done) -> dict[str, Any]:
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_the_account_adds_up_in_words(folder: Path, shoal: Shoal) -> None:
    done = shoal("replay", "shop.csv")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("3,003 rows = 3,000 sent to shoal.transactions + 3 rejected (1 ")
    assert "30 ticks besides" in done.stdout
    assert "shop.csv: CSV" in done.stderr


def test_the_account_adds_up_as_json(folder: Path, shoal: Shoal) -> None:
    words = ("--json", "--until", "2024-03-11", "--from", "2024-03-02", "--partitions", "2")
    told = account(shoal("replay", "shop.csv", *words))
    assert told["rows"] == 3003
    assert told["rejected"] == {"no_customer": 1, "bad_date": 1, "not_a_number:quantity": 1}
    kinds = ("sent", "duplicates_dropped", "outside", "already_there", "not_sent")
    assert sum(told[kind] for kind in kinds) + 3 == 3003
    assert told["sent"] == 900
    assert told["ticks"] == 2 * 9
    assert told["topic"] == TOPIC


def test_rejects_are_written_where_asked_and_strict_stops_at_the_first(
    folder: Path, shoal: Shoal
) -> None:
    shoal("replay", "shop.csv", "--rejects", "bad.csv")
    assert len((folder / "bad.csv").read_text().splitlines()) == 4
    done = shoal("replay", "shop.csv", "--strict", "--topic", "other")
    assert done.returncode == 2
    assert "no customer" in done.stderr
    assert sum(map(len, records(folder, topic="other"))) == 0


def test_strict_stops_in_the_middle_of_a_large_file_without_a_crash(
    folder: Path,
) -> None:
    """Arrow reads ahead on threads, and must not be in the way when the command ends."""
    with gzip.open(folder / "long.csv.gz", "wt", compresslevel=1) as file:
        file.write("customer_id,occurred_at,amount\n")
        file.writelines(f"{row},2010-12-01,{row % 97}.50\n" for row in range(300_000))
        file.write("7,2010-12-01,much\n")
        file.writelines(f"{row},2010-12-01,{row % 97}.50\n" for row in range(300_000))
    for _ in range(5):
        done = subprocess.run(
            [*SHOAL, "replay", "long.csv.gz", "--strict"],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 2, done.stderr
        assert "300001" in done.stderr
        assert "terminate called" not in done.stderr


def test_several_sources_are_merged_in_order_of_time(folder: Path, shoal: Shoal) -> None:
    lines = (folder / "shop.csv").read_text().splitlines()
    (folder / "odd.csv").write_text("\n".join([lines[0], *lines[1::2]]))
    (folder / "even.csv").write_text("\n".join([lines[0], *lines[2::2]]))
    shoal("replay", "shop.csv", "--log", "sqlite:///whole.db")
    shoal("replay", "odd.csv", "even.csv", "--log", "sqlite:///halves.db")
    whole, halves = (
        [record.value for part in records(folder, name) for record in part]
        for name in ("whole.db", "halves.db")
    )
    assert len(whole) == len(halves) > 3000
    times = [json.loads(value or b"").get("occurred_at", "") for value in halves]
    assert list(filter(None, times)) == sorted(filter(None, times))
    assert {*whole} == {*halves}, "the same lines have the same ids"


def test_killed_at_any_moment_it_goes_on_with_nothing_missing_and_nothing_twice(
    folder: Path, shoal: Shoal
) -> None:
    words = ("replay", "shop.csv", "--partitions", "3")
    shoal(*words, "--log", "sqlite:///undisturbed.db")
    going_on = (*words, "--log", "sqlite:///killed.db", "--resume")
    for killed_after in (1, 500, 1200):
        with started(folder, *going_on, "--rate", "500/s") as process:
            until(partial(more_than, folder, "killed.db", killed_after), "records to be there")
            os.kill(process.pid, signal.SIGKILL)
            assert process.wait() == -signal.SIGKILL
        assert not more_than(folder, "killed.db", 3000)
    told = account(shoal(*going_on, "--json"))
    assert told["sent"] + told["already_there"] == 3000
    assert told["sent"] > 0
    assert without_clock(records(folder, "killed.db")) == without_clock(
        records(folder, "undisturbed.db")
    )


def test_killed_while_sending_to_kafka_it_goes_on_with_nothing_missing_and_nothing_twice(
    folder: Path, shoal: Shoal, broker: Broker
) -> None:
    source = "synthetic:customers=3000,days=200,seed=5"
    topic = f"killed-{uuid.uuid4().hex[:8]}"
    shoal("replay", source, "--partitions", "3", "--log", "sqlite:///undisturbed.db")
    words = ("replay", source, "--log", f"kafka://{broker.bootstrap}", "--topic", topic)
    going_on = (*words, "--partitions", "3", "--resume")
    with open_log(f"kafka://{broker.bootstrap}") as log:
        for killed_after in (1, 20_000):
            with started(folder, *going_on, "--rate", "60000/s") as process:
                until(partial(grown, log, topic, killed_after), "records to be there")
                os.kill(process.pid, signal.SIGKILL)
                assert process.wait() == -signal.SIGKILL
        told = account(shoal(*going_on, "--json"))
        assert told["sent"] > 0
        assert told["already_there"] > 10_000
        assert without_clock(everything(log, topic)) == without_clock(
            records(folder, "undisturbed.db")
        )


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_cleanly_and_it_says_how_to_go_on(
    folder: Path, shoal: Shoal, by: int
) -> None:
    shoal("replay", "shop.csv", "--log", "sqlite:///undisturbed.db")
    words = ("replay", "shop.csv", "--log", "sqlite:///stopped.db")
    with started(folder, *words, "--rate", "200/s") as process:
        until(partial(more_than, folder, "stopped.db", 100), "records to be there")
        process.send_signal(by)
        out, err = process.communicate(timeout=120)
    assert process.returncode == 130
    assert "not sent yet" in out
    assert f"Go on with: shoal {' '.join(words)} --rate 200/s --resume" in err
    assert "Traceback" not in err
    account(shoal(*words, "--resume", "--json"))
    assert without_clock(records(folder, "stopped.db")) == without_clock(
        records(folder, "undisturbed.db")
    )


def test_resuming_something_else_is_refused(folder: Path, shoal: Shoal) -> None:
    shoal("replay", "shop.csv")
    done = shoal("replay", "shop.csv", "--timezone", "Asia/Tokyo", "--resume")
    assert done.returncode == 2
    assert "the last replay into shoal.transactions was of other lines" in done.stderr


def test_a_second_replay_is_warned_of_and_has_the_same_ids(folder: Path, shoal: Shoal) -> None:
    shoal("replay", "shop.csv")
    done = shoal("replay", "shop.csv")
    assert "has records of this very replay already" in done.stderr
    [partition] = records(folder)
    assert len(places(partition)) == 2 * len(set(places(partition)))


def test_the_synthetic_shop_is_a_source_too(folder: Path, shoal: Shoal) -> None:
    told = account(shoal("replay", "synthetic:customers=30,days=20,seed=3", "--json"))
    assert told["sent"] == told["rows"] > 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("gone.csv",), "gone.csv"),
        (("shop.csv", "--from", "yesterday"), "--from yesterday is neither a day nor an instant"),
        (("shop.csv", "--from", "2024-02-01", "--until", "2024-01-01"), "nothing lies between"),
        (("shop.csv", "--speed", "warp"), "--speed warp is no pace"),
        (("shop.csv", "--timezone", "Mars/Base"), "Mars/Base"),
        (("shop.csv", "--temp-folder", "nowhere"), "can't sort on disk in nowhere"),
        (("synthetic:customers",), "write NAME=VALUE"),
        (("synthetic:shoes=3",), "a plan has no 'shoes'"),
        (("shop.csv", "--log", "redis://x"), "redis"),
    ],
)
def test_a_mistake_is_one_clear_message(shoal: Shoal, words: Sequence[str], message: str) -> None:
    done = shoal("replay", *words)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_partitions_that_differ_from_the_topics_are_refused(folder: Path, shoal: Shoal) -> None:
    shoal("replay", "shop.csv", "--partitions", "2")
    done = shoal("replay", "shop.csv", "--partitions", "3")
    assert done.returncode == 1
    assert "has 2 partitions, not 3" in done.stderr


def test_help_shows_examples(folder: Path, shoal: Shoal) -> None:
    assert "shoal replay online_retail.csv.gz" in shoal("replay", "--help").stdout


@pytest.mark.skipif(not ONLINE_RETAIL.exists(), reason="needs ../shared/data/online_retail.csv.gz")
def test_every_row_of_online_retail_is_accounted_for(folder: Path, shoal: Shoal) -> None:
    told = account(shoal("replay", str(ONLINE_RETAIL), "--json"))
    assert told["rows"] == 541_909
    assert told["rejected"]["no_customer"] == 135_080
    assert told["sent"] + sum(told["rejected"].values()) == 541_909
    [partition] = records(folder)
    ids = [json.loads(record.value or b"").get("event_id") for record in partition]
    assert len(set(filter(None, ids))) == told["sent"]
