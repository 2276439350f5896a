"""A broker from Kafka's published jars, where there is Java and Maven but no Docker."""

from __future__ import annotations

import fcntl
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tests.kafka_broker.config import free_port, with_ports
from tests.kafka_broker.ready import wait_until_ready

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

HERE = Path(__file__).parent
JARS = HERE.parents[1] / "build" / "kafka-4.1.1"
CLUSTER = "5L6g3nShT-eMCtK--X86sw"


class JarBroker:
    def __init__(self, folder: Path, bootstrap: str) -> None:
        self.bootstrap = bootstrap
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with (self._folder / "broker.log").open("ab") as log:
            self._process = subprocess.Popen(
                _java("-Xmx1G", "kafka.Kafka", str(self._folder / "server.properties")),
                stdout=log,
                stderr=log,
            )
        wait_until_ready(self.bootstrap, self._check_alive)

    def kill(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()

    def _check_alive(self) -> None:
        if self._process and self._process.poll() is not None:
            tail = (self._folder / "broker.log").read_text()[-2000:]
            raise AssertionError(f"the broker ended:\n{tail}")


@contextmanager
def from_jars(more: Mapping[str, str] | None = None) -> Iterator[JarBroker]:
    """`more` is added to the configuration; a value that begins with a comma to the value there."""
    _fetch_jars()
    client, internal, controller = free_port(), free_port(), free_port()
    with tempfile.TemporaryDirectory() as folder:
        config = with_ports(client, client, internal, controller) | {"log.dirs": f"{folder}/data"}
        for name, value in (more or {}).items():
            config[name] = config[name] + value if value.startswith(",") else value
        properties = Path(folder) / "server.properties"
        properties.write_text("".join(f"{name}={value}\n" for name, value in config.items()))
        storage = ("kafka.tools.StorageTool", "format", "-t", CLUSTER, "-c", str(properties))
        subprocess.run(_java(*storage), check=True, capture_output=True)
        broker = JarBroker(Path(folder), f"localhost:{client}")
        try:
            broker.start()
            yield broker
        finally:
            broker.kill()


def _fetch_jars() -> None:
    """Once, whoever else wants them just now."""
    JARS.parent.mkdir(exist_ok=True)
    with JARS.with_name("kafka.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if JARS.exists():
            return
        with tempfile.TemporaryDirectory(dir=JARS.parent) as partial:
            goal = ["dependency:copy-dependencies", f"-DoutputDirectory={partial}/jars"]
            subprocess.run(["mvn", "-q", "-B", "-f", str(HERE / "pom.xml"), *goal], check=True)
            (Path(partial) / "jars").rename(JARS)


def _java(*arguments: str) -> list[str]:
    return ["java", "-cp", f"{JARS}/*", *arguments]
