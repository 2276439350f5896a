"""The permissions that `docs/operating.md` lists are enough: each command runs with no others.

The table is read from the document, and granted row by row on a broker with an authorizer, to a
user for each command.
"""

from __future__ import annotations

import os
import re
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
import typer
from kafka.admin import (
    ACL,
    ACLOperation,
    ACLPermissionType,
    ACLResourcePatternType,
    KafkaAdminClient,
    ResourcePattern,
    ResourceType,
)
from typer.testing import CliRunner

from app.cli import run as run_command
from app.cli.bridge import bridge
from stream.log.batch import Record, Records
from stream.log.open import open_log
from stream.log.seam import TopicSpec
from stream.topics import Topics
from tests.app.bridging.shop import FLAGS, order
from tests.app.webhooks.conftest import Within
from tests.app.webhooks.receivers import receiving
from tests.conftest import no_server
from tests.kafka_broker import NoBroker, has_java
from tests.kafka_broker.config import free_port
from tests.kafka_broker.jars import from_jars
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCUMENT = Path(__file__).parents[2] / "docs" / "operating.md"
ROW = re.compile(
    r"^\| (?:`(shoal [^`]+)`.*?)? ?\| (topic|group|transactional id) `([^`]+)`[^|]*\| ([^|]+) \|$"
)
KINDS = {
    "topic": ResourceType.TOPIC,
    "group": ResourceType.GROUP,
    "transactional id": ResourceType.TRANSACTIONAL_ID,
}
PASSWORD = "a-red-herring"  # of a broker that lives for one test
LOGIN = "org.apache.kafka.common.security.plain.PlainLoginModule"
TOPICS = Topics(partitions=2)


class Grant(NamedTuple):
    """A row of the document's table."""

    command: str
    kind: str
    name: str
    operations: list[str]

    @property
    def user(self) -> str:
        return user_of(self.command)

    def acls(self) -> list[ACL]:
        """A star at the end is a prefix."""
        name = self.name.rstrip("*")
        is_prefix = name != self.name
        pattern = ACLResourcePatternType.PREFIXED if is_prefix else ACLResourcePatternType.LITERAL
        resource = ResourcePattern(KINDS[self.kind], name, pattern)
        may, user = ACLPermissionType.ALLOW, f"User:{self.user}"
        words = [re.sub(r"(?<!^)([A-Z])", r"_\1", one).upper() for one in self.operations]
        return [ACL(user, "*", ACLOperation[word], may, resource) for word in words]


def user_of(command: str) -> str:
    """Whom a command logs in as: `models-fit` for `shoal models fit --publish`."""
    words = [word for word in command.split()[1:] if not word.startswith("--")]
    return "-".join(words)


def grants() -> list[Grant]:
    found: list[Grant] = []
    for line in DOCUMENT.read_text().splitlines():
        row = ROW.match(line)
        if row:
            command = row[1] or found[-1].command
            found.append(Grant(command, row[2], row[3], row[4].split(", ")))
    return found


class Guarded(NamedTuple):
    """A broker's listener for anybody, who may do all, and the one that asks who you are."""

    open_url: str
    url: str


@pytest.fixture(scope="module")
def guarded() -> Iterator[Guarded]:
    if not has_java():
        no_server(NoBroker("no java with mvn to start a broker with an authorizer"))
    port, users = free_port(), sorted({one.user for one in grants()})
    logins = " ".join(f'user_{user}="{PASSWORD}"' for user in users)
    more = {
        "listeners": f",SECURE://:{port}",
        "advertised.listeners": f",SECURE://localhost:{port}",
        "listener.security.protocol.map": ",SECURE:SASL_PLAINTEXT",
        "sasl.enabled.mechanisms": "PLAIN",
        "listener.name.secure.plain.sasl.jaas.config": f"{LOGIN} required {logins};",
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users": "User:ANONYMOUS",
    }
    with from_jars(more) as broker:
        admin = KafkaAdminClient(bootstrap_servers=broker.bootstrap)
        admin.create_acls([acl for grant in grants() for acl in grant.acls()])
        admin.close()
        yield Guarded(f"kafka://{broker.bootstrap}", f"kafka://localhost:{port}")


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, guarded: Guarded) -> None:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("SHOAL_")]:
        monkeypatch.delenv(name)
    Path("shoal.toml").write_text(
        f'[log]\nurl = "{guarded.url}"\n[topics]\npartitions = 2\n[lenses.value]\nk = 3\n'
        '[snapshot]\nleast_customers = 20\n[kafka]\nsecurity_protocol = "SASL_PLAINTEXT"\n'
        'sasl_mechanism = "PLAIN"\n'
    )
    monkeypatch.setenv("SHOAL_KAFKA__SASL_PASSWORD", PASSWORD)


def test_every_command_of_the_table_runs_with_what_the_table_gives_it(
    guarded: Guarded, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One after the other, because each needs what those before it wrote."""
    not_run = {one.command for one in grants()}

    def log_in(command: str) -> None:
        assert command in not_run, f"{command} has no row"
        monkeypatch.setenv("SHOAL_KAFKA__SASL_USERNAME", user_of(command))

    def shoal(command: str, *words: str) -> str:
        log_in(command)
        monkeypatch.setattr(sys, "argv", [*command.split(), *words])
        code = run_command()
        said = capsys.readouterr()
        assert code == 0, (command, said)
        return said.out

    shoal("shoal topics create")
    shoal("shoal replay", "synthetic:customers=100,days=60,seed=7")
    assert "there already" in shoal(
        "shoal replay", "synthetic:customers=100,days=60,seed=7", "--resume"
    )
    assert "folded" in shoal("shoal consume", "--until-end")
    assert "version 1 published" in shoal("shoal snapshot")
    assert "version 2" in shoal("shoal models fit --publish", "--k", "2", "--min-customers", "20")
    assert "changes" in shoal("shoal consume", "--until-end")
    assert "customers" in shoal("shoal sink", "--db", "sqlite:///x.db", "--until-end")
    shoal("shoal watch", TOPICS.changes, "--limit", "2")
    shoal("shoal experiment create", "spring")
    shoal("shoal experiment assign", "spring", "--out", "who.csv")
    log_in("shoal experiment read")
    monkeypatch.setattr(sys, "argv", ["shoal", "experiment", "read", "spring"])
    assert run_command() == 2
    assert "nothing has come since spring began" in capsys.readouterr().err
    shoal("shoal erase", "1", "--yes")

    log_in("shoal webhooks")
    with receiving() as receiver:
        with Path("shoal.toml").open("a") as file:
            file.write(f'[webhooks.crm]\nurl = "{receiver.url}"\n')
        monkeypatch.setenv("SHOAL_WEBHOOKS__CRM__SECRET", "hush-hush-hush-hush")
        sending = Within(guarded.url, [], "one")
        until(lambda: len(receiver.requests) >= 3, "changes")
        sending.stop()

    log_in("shoal bridge")
    _orders(guarded.open_url)
    alone = typer.Typer()
    alone.command()(bridge)
    done = CliRunner().invoke(alone, ["--from", f"{guarded.url}/orders", *FLAGS, "--until-end"])
    assert "1 crossed (2 lines) + 1 dead letters" in done.stdout, (done.output, done.exception)

    _a_letter(guarded.open_url)
    assert "1 sent" in shoal("shoal dead-letters replay", "--reason", "unknown")
    everything = {"shoal dead-letters replay", "shoal webhooks", "shoal bridge", "shoal erase"}
    everything |= {f"shoal experiment {one}" for one in ("create", "assign", "read")}
    everything |= {"shoal topics create", "shoal replay", "shoal consume", "shoal snapshot"}
    assert not_run == everything | {"shoal models fit --publish", "shoal sink", "shoal watch"}


def test_a_command_without_its_row_is_told_what_it_lacks(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SHOAL_KAFKA__SASL_USERNAME", "snapshot")
    monkeypatch.setattr(sys, "argv", ["shoal", "dead-letters", "list"])
    assert run_command() == 1
    assert "grant the ACL it needs" in capsys.readouterr().err


def _orders(url: str) -> None:
    now_ms = time.time_ns() // 1_000_000
    records = [Record(None, value, now_ms) for value in (order(1, now_ms), b"{")]
    with open_log(url) as log:
        log.create_topics([TopicSpec("orders", 1)])
        with log.writer() as writer:
            writer.append("orders", 0, Records.of(records))
            writer.flush()


def _a_letter(url: str) -> None:
    """One that was put there by hand, and is well by now."""
    now_ms = time.time_ns() // 1_000_000
    line = b'{"customer_id":"c1","occurred_at":"2025-03-01T10:00:00Z","amount":5}'
    with open_log(url) as log, log.writer() as writer:
        writer.append(TOPICS.dead_letters, 0, Records.of([Record(b"c1", line, now_ms)]))
        writer.flush()
