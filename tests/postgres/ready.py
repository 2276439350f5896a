"""Whether a server answers yet."""

from collections.abc import Callable

import psycopg

from tests.waiting import until


def wait_until_ready(
    url: str, check_alive: Callable[[], None] = lambda: None, seconds: float = 300
) -> None:
    """Waits for an answer; `check_alive` raises where there will never be one."""

    def answers() -> bool:
        check_alive()
        try:
            psycopg.connect(url, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    until(answers, "a PostgreSQL server", seconds=seconds)
