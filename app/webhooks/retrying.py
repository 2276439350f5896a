"""What an answer means, and how long to wait after it: decisions, without clock or network."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus

FIRST_SECONDS = 1.0
LONGEST_SECONDS = 300.0
DOUBLINGS = 9
"""From the first wait to the longest; more would only make large numbers."""

CANNOT_BE_TAKEN = frozenset(
    {
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.CONFLICT,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    }
)
"""The answers that are about the change that was sent. 401, 404 and their like are about the
target: it would answer so to every change, and all of them would be given up one by one."""


class Verdict(StrEnum):
    """What became of a try."""

    DELIVERED = "delivered"
    REFUSED = "refused"  # this change, for what it is
    FAILED = "failed"  # for now: the next change would fare no better


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, or why nothing did."""

    status: int | None
    reason: str
    retry_after_seconds: float | None = None

    @property
    def verdict(self) -> Verdict:
        """
        >>> [Answer(status, "").verdict.value for status in (204, 422, 404, 503, None)]
        ['delivered', 'refused', 'failed', 'failed', 'failed']
        """
        if self.status is not None and 200 <= self.status < 300:
            return Verdict.DELIVERED
        return Verdict.REFUSED if self.status in CANNOT_BE_TAKEN else Verdict.FAILED


def wait_seconds(failures: int, chance: float, asked: float | None = None) -> float:
    """How long after so many failures: doubled each time, the later half of it left to chance.

    So that senders that failed together don't come back together. `asked` is what the target
    said with `Retry-After`; it is heard as far as the longest wait.

    >>> [wait_seconds(failures, chance=1.0) for failures in (1, 2, 3, 20)]
    [1.0, 2.0, 4.0, 300.0]
    >>> wait_seconds(3, chance=0.0), wait_seconds(1, chance=1.0, asked=30.0)
    (2.0, 30.0)
    """
    usual = min(FIRST_SECONDS * 2.0 ** min(failures - 1, DOUBLINGS), LONGEST_SECONDS)
    jittered = usual * (0.5 + chance / 2)
    return max(jittered, min(asked or 0.0, LONGEST_SECONDS))
