"""How a broker for tests is set up, whichever way it is started.

One listener for clients and one for the broker itself: it writes transaction markers
to its own address, which need not be the one that clients use.
"""

import os
import random
import socket

FIRST_PORT, SHARE, SHARES = 20_000, 1_000, 12
_GIVEN: set[int] = set()

CONFIG = {
    "process.roles": "broker,controller",
    "node.id": "1",
    "controller.listener.names": "CONTROLLER",
    "inter.broker.listener.name": "INTERNAL",
    "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,INTERNAL:PLAINTEXT",
    "offsets.topic.replication.factor": "1",
    "offsets.topic.num.partitions": "4",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "transaction.state.log.num.partitions": "4",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    # One that was killed may come back under its name as soon as its session has run out.
    "broker.session.timeout.ms": "3000",
    "broker.heartbeat.interval.ms": "500",
    # Tests join groups and wait for dead owners: none of it should take long.
    "group.initial.rebalance.delay.ms": "0",
    "group.min.session.timeout.ms": "1000",
    "transaction.abort.timed.out.transaction.cleanup.interval.ms": "500",
    # What is older than a topic keeps goes at once, not at the broker's next look after minutes: a
    # test that writes old dates fails each time, not when that look falls between two of its lines.
    "log.initial.task.delay.ms": "0",
    "log.retention.check.interval.ms": "200",
}


def with_ports(client: int, advertised: int, internal: int, controller: int) -> dict[str, str]:
    return CONFIG | {
        "listeners": f"PLAINTEXT://:{client},INTERNAL://:{internal},CONTROLLER://:{controller}",
        "advertised.listeners": (
            f"PLAINTEXT://localhost:{advertised},INTERNAL://localhost:{internal}"
        ),
        "controller.quorum.voters": f"1@localhost:{controller}",
    }


def free_port() -> int:
    """One that nobody else takes meanwhile: below those that systems give to clients, from a share
    of this worker's own, and no port twice."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    first = FIRST_PORT + int(worker) % SHARES * SHARE
    ports = sorted(set(range(first, first + SHARE)) - _GIVEN)
    port = next(filter(_is_free, random.SystemRandom().sample(ports, len(ports))))
    _GIVEN.add(port)
    return port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("", port))
        except OSError:
            return False
    return True
