"""What kafka-python logs while it fails: the only place where it says why.

A refused password and an unknown certificate both end as "unable to bootstrap".
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

REFUSED = "SaslAuthenticationFailedError"
HANDSHAKE = "Handshake failed"


class Overheard(logging.Handler):
    """The last error that says more than that a connection was lost."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.refused = False
        self.handshake = ""

    def emit(self, record: logging.LogRecord) -> None:
        said = record.getMessage()
        self.refused |= REFUSED in said
        if HANDSHAKE in said:
            self.handshake = said.partition(HANDSHAKE)[2].strip(": ")


@contextmanager
def overhearing() -> Iterator[Overheard]:
    logger, overheard = logging.getLogger("kafka"), Overheard()
    logger.addHandler(overheard)
    try:
        yield overheard
    finally:
        logger.removeHandler(overheard)
