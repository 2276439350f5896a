"""`shoal consume` as people start it: to the end, until told to stop, several, and wrongly."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import urllib.request
import uuid
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import pytest

from stream.errors import Fenced
from stream.log.open import open_log
from stream.log.seam import TopicSpec
from stream.topics import Topics
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.kafka_broker import Broker

ROOT = Path(__file__).parents[3]
SHOAL = [sys.executable, "-m", "app.cli"]
SHOP = "synthetic:customers=300,days=60,seed=3"
TOPICS = Topics()


class Done(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


class Shoal(Protocol):
    def __call__(self, *words: str) -> Done: ...


@pytest.fixture
def shoal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Shoal:
    """The command line in this process: starting one for each test takes seconds."""
    from app.cli import run as run_command

    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["shoal", *words])
        capsys.readouterr()
        code = run_command()
        return Done(code, *capsys.readouterr())

    return run


class Running:
    """A command in another process, and what it has said so far."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.said: list[str] = []
        self._listening = threading.Thread(target=self._listen, daemon=True)
        self._listening.start()

    def until(self, words: str, times: int = 1) -> str:
        until(lambda: len(self._lines(words)) >= times or self._ended(), words)
        found = self._lines(words)
        assert len(found) >= times, "".join(self.said)
        return found[-1]

    def end(self, by: int) -> int:
        self.process.send_signal(by)
        code = self.process.wait(120)
        self._listening.join(120)
        return code

    def workers(self) -> list[int]:
        words = ["ps", "-o", "pid=", "--ppid", str(self.process.pid)]
        told = subprocess.run(words, capture_output=True, text=True, check=False)
        return [int(pid) for pid in told.stdout.split()]

    def _lines(self, words: str) -> list[str]:
        return [line for line in list(self.said) if words in line]

    def _ended(self) -> bool:
        return self.process.poll() is not None and not self._listening.is_alive()

    def _listen(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.said.append(line)


@contextmanager
def running(folder: Path, *words: str, **variables: str) -> Iterator[Running]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **variables}
    with subprocess.Popen(
        [*SHOAL, *words], cwd=folder, env=environment, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield Running(process)
        finally:
            process.kill()


def account(done: Done) -> dict[str, Any]:
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def is_gone(pid: int) -> bool:
    words = ["ps", "-o", "stat=", "-p", str(pid)]
    told = subprocess.run(words, capture_output=True, text=True, check=False)
    return told.stdout.strip()[:1] in {"", "Z"}


def test_from_a_dataset_to_segments_and_one_customers_page(shoal: Shoal) -> None:
    sent = account(shoal("replay", SHOP, "--partitions", "2", "--json"))
    first = account(shoal("consume", "--until-end", "--json"))
    assert first["records"] == sum(first["outcomes"].values()) == sent["sent"] + sent["ticks"]
    assert first["outcomes"]["command"] == sent["ticks"]
    assert first["changes"] == {}
    assert shoal("models", "fit", "--k", "3", "--publish").returncode == 0
    second = account(shoal("consume", "--until-end", "--json"))
    assert second["outcomes"] == {"command": 2}, "a Promote on each partition, and nothing else"
    assert second["changes"]["first_model"] > 200
    third = account(shoal("consume", "--until-end", "--json"))
    assert (third["records"], third["changes"]) == (0, {})
    changes = shoal("watch", "segment-changes", "--no-follow", "--json").stdout.splitlines()
    change = json.loads(changes[0])["value"]
    page = shoal("customer", change["customer_id"])
    assert change["current"]["name"] in page.stdout
    assert "1 change of segment" in page.stdout


def test_the_account_is_told_in_words_too(shoal: Shoal) -> None:
    shoal("replay", "synthetic:customers=30,days=20,seed=3")
    done = shoal("consume", "--until-end")
    assert re.search(r"^[\d,]+ records = [\d,]+ folded \+ ", done.stdout), done.stdout
    assert "0 changes\n" in done.stdout
    assert done.stderr.startswith(
        "consuming shoal.transactions (1 partition) from sqlite:///shoal.db in group 'shoal' as "
    )
    assert "ready after" in done.stderr


def test_on_an_empty_log_it_makes_the_topics_and_has_nothing_to_do(shoal: Shoal) -> None:
    assert account(shoal("consume", "--until-end", "--json"))["records"] == 0
    with open_log("sqlite:///shoal.db") as log:
        assert {spec.name for spec in TOPICS.specs()} == {there.name for there in log.topics()}


def test_it_takes_the_partitions_of_what_was_replayed(shoal: Shoal) -> None:
    shoal("replay", "synthetic:customers=30,days=20,seed=3", "--partitions", "3")
    assert shoal("consume", "--until-end").returncode == 0
    with open_log("sqlite:///shoal.db") as log:
        assert {log.partitions(name) for name in (TOPICS.profiles, TOPICS.changes)} == {3}


def test_topics_that_do_not_fit_are_refused_and_named(shoal: Shoal) -> None:
    with open_log("sqlite:///shoal.db") as log:
        log.create_topics([TopicSpec(TOPICS.transactions, 2), TopicSpec(TOPICS.profiles, 3)])
    done = shoal("consume", "--until-end")
    assert done.returncode == 1
    assert "shoal.customer-profiles: partitions is 3, has to be 2" in done.stderr


def test_a_topic_that_keeps_transactions_for_another_time_is_fine(shoal: Shoal) -> None:
    with open_log("sqlite:///shoal.db") as log:
        spec = TOPICS.specs()[0]
        kept = dict(spec.configs) | {"retention.ms": "1000000"}
        log.create_topics([TopicSpec(spec.name, 1, kept)])
    assert shoal("consume", "--until-end").returncode == 0


def test_several_workers_on_the_embedded_log_are_refused(shoal: Shoal) -> None:
    done = shoal("consume", "--workers", "2")
    assert done.returncode == 2
    assert "takes one worker: leave --workers out, or use kafka://HOST:PORT" in done.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--group", "a b"), "consume.group should be made of letters"),
        (("--name", "a/b"), "consume.worker should be made of letters"),
        (("--log", "redis://x"), "redis"),
    ],
)
def test_a_mistake_is_one_clear_message(shoal: Shoal, words: tuple[str, ...], message: str) -> None:
    done = shoal("consume", *words)
    assert done.returncode == 2
    assert message in done.stderr


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_with_everything_committed(
    shoal: Shoal, tmp_path: Path, by: signal.Signals
) -> None:
    sent = account(shoal("replay", "synthetic:customers=30,days=20,seed=3", "--json"))
    with running(tmp_path, "consume", "--metrics-port", "0") as worker:
        worker.until("ready after")
        url = worker.until("metrics on").split()[-1]
        count = sent["sent"] + sent["ticks"]
        until(lambda: recorded(url) == count, f"{count} records in the metrics")
        with urllib.request.urlopen(url.replace("/metrics", "/readyz"), timeout=60) as answer:
            assert answer.status == 200
        assert worker.end(by) == 0
        assert f"left the group: {count:,} records committed" in worker.said[-1]
    assert account(shoal("consume", "--until-end", "--json"))["records"] == 0


def recorded(url: str) -> float:
    with urllib.request.urlopen(url, timeout=60) as answer:
        text = answer.read().decode()
    counts = re.findall(r"^shoal_records_total\{.*\} (\S+)$", text, re.MULTILINE)
    return sum(map(float, counts))


def test_a_second_worker_on_the_embedded_log_hears_who_has_the_place(
    shoal: Shoal, tmp_path: Path
) -> None:
    shoal("replay", "synthetic:customers=30,days=20,seed=3")
    with running(tmp_path, "consume", "--name", "first") as worker:
        worker.until("ready after")
        done = shoal("consume", "--name", "second")
        assert done.returncode == 1
        assert f"'shoal-first-0' (process {worker.process.pid})" in done.stderr
        assert worker.end(signal.SIGTERM) == 0


def test_its_log_is_json_where_that_is_wanted(shoal: Shoal, tmp_path: Path) -> None:
    shoal("replay", "synthetic:customers=30,days=20,seed=3")
    with running(tmp_path, "consume", "--json-logs") as worker:
        worker.until("ready after")
        assert worker.end(signal.SIGTERM) == 0
        told = [json.loads(line) for line in worker.said]
    assert told[0]["message"].startswith("consuming shoal.transactions")
    assert told[-1]["message"].startswith("left the group")


def test_workers_on_kafka_are_kept_alive_and_leave_together(
    shoal: Shoal, tmp_path: Path, broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    prefix = f"crew-{uuid.uuid4().hex[:8]}."
    topics, url = Topics(prefix), f"kafka://{broker.bootstrap}"
    monkeypatch.setenv("SHOAL_TOPICS__PREFIX", prefix)
    words = ("--log", url, "--group", prefix + "group")
    sent = account(shoal("replay", SHOP, "--log", url, "--partitions", "4", "--json"))
    ends = {}
    with open_log(url) as log, running(tmp_path, "consume", "--workers", "2", *words) as crew:
        ends = {part: bounds.end for part, bounds in log.bounds(topics.transactions).items()}
        crew.until("ready after", 2)
        os.kill(crew.workers()[0], signal.SIGKILL)
        crew.until("was killed by SIGKILL: starting it again")
        crew.until("ready after", 3)
        until(lambda: has_read(log, prefix, ends), "everything to be committed")
        workers = crew.workers()
        assert len(workers) == 2
        assert crew.end(signal.SIGTERM) == 0
        assert all(map(is_gone, workers))
    told = account(shoal("consume", "--until-end", "--json", *words))
    assert told["records"] < sent["sent"], "ticks at most, that the owners wrote"
    assert set(told["outcomes"]) <= {"command"}


def test_two_workers_on_kafka_read_to_the_end_and_give_one_account(
    shoal: Shoal, tmp_path: Path, broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    prefix = f"crew-{uuid.uuid4().hex[:8]}."
    monkeypatch.setenv("SHOAL_TOPICS__PREFIX", prefix)
    url = f"kafka://{broker.bootstrap}"
    sent = account(shoal("replay", SHOP, "--log", url, "--partitions", "4", "--json"))
    words = ("--log", url, "--group", prefix + "group", "--workers", "2", "--until-end", "--json")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [*SHOAL, "consume", *words],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    told = account(Done(done.returncode, done.stdout, done.stderr))
    assert told["records"] == sent["sent"] + sent["ticks"]


def test_on_kafka_whoever_comes_with_the_same_name_takes_the_place(
    shoal: Shoal, tmp_path: Path, broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    prefix = f"same-{uuid.uuid4().hex[:8]}."
    monkeypatch.setenv("SHOAL_TOPICS__PREFIX", prefix)
    log = ("--log", f"kafka://{broker.bootstrap}")
    words = (*log, "--group", prefix + "group", "--name", "same")
    with running(tmp_path, "consume", *words) as first:
        first.until("ready after")
        with running(tmp_path, "consume", *words) as second:
            second.until("ready after")
            shoal("replay", "synthetic:customers=30,days=20,seed=3", *log)  # who commits is fenced
            assert first.process.wait(120) == Fenced.exit_code
            assert second.end(signal.SIGTERM) == 0
        assert first.until("shoal: ").count("\n") == 1


def test_no_worker_on_kafka_outlives_a_supervisor_that_is_killed(
    shoal: Shoal, tmp_path: Path, broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    prefix = f"crew-{uuid.uuid4().hex[:8]}."
    monkeypatch.setenv("SHOAL_TOPICS__PREFIX", prefix)
    words = ("--log", f"kafka://{broker.bootstrap}", "--group", prefix + "group")
    with running(tmp_path, "consume", "--workers", "2", *words) as crew:
        crew.until("ready after", 2)
        workers = crew.workers()
        crew.process.kill()
        until(lambda: all(map(is_gone, workers)), "the workers to leave")
    assert len(workers) == 2


def has_read(log: Any, prefix: str, ends: dict[int, int]) -> bool:
    committed = log.committed(prefix + "group", f"{prefix}transactions")
    return all(committed.get(partition, 0) >= end for partition, end in ends.items())
