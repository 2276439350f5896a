"""Whether a broker answers yet."""

from collections.abc import Callable

from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from tests.waiting import until


def wait_until_ready(bootstrap: str, check_alive: Callable[[], None], seconds: float = 300) -> None:
    """Waits for an answer; `check_alive` raises where there will never be one."""

    def answers() -> bool:
        check_alive()
        try:
            KafkaAdminClient(bootstrap_servers=bootstrap, bootstrap_timeout_ms=2000).close()
        except KafkaError:
            return False
        return True

    until(answers, f"a broker at {bootstrap}", seconds=seconds)
