"""What `shoal replay` says: what it found in the topic, how it ended, how to go on."""

from __future__ import annotations

import shlex
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from stream.errors import SettingsError

if TYPE_CHECKING:
    from producers.replaying.account import Account
    from producers.replaying.replay import Plan, Start


def beginning(start: Start, plan: Plan) -> str | None:
    """What is worth knowing before the first record goes out."""
    if plan.resume and start.goes_on:
        return f"Going on after what {plan.topic} has of this replay."
    if plan.resume:
        return f"{plan.topic} has nothing of this replay: it starts from the beginning."
    if start.tails.found:
        return (
            f"{plan.topic} has records of this very replay already: they are sent a second time, "
            "with the same ids, and change nothing within the horizon. Use --resume to go on."
        )
    return None


def closing(account: Account, topic: str, seconds: float) -> str:
    """The account in one sentence that adds up, and the speed.

    >>> from producers.replaying.account import Account
    >>> print(closing(Account(lines=7, sent=7, ticks=2, rejected={"no_date": 3}), "t", 2.0))
    10 rows = 7 sent to t + 3 rejected (3 no_date)
    2 ticks besides; 2.0 s, 4 rows/s
    """
    left_out = account.left_out
    reasons = ", ".join(f"{count:,} {reason}" for reason, count in account.rejected.items())
    rejected = sum(account.rejected.values())
    parts = [
        f"{account.sent:,} sent to {topic}",
        rejected and f"{rejected:,} rejected ({reasons})",
        left_out.repeated and f"{left_out.repeated:,} duplicates dropped",
        left_out.outside and f"{left_out.outside:,} outside --from and --until",
        left_out.already_there and f"{left_out.already_there:,} there already",
        account.not_sent and f"{account.not_sent:,} not sent yet",
    ]
    rate = account.sent / seconds if seconds else 0.0
    return (
        f"{account.rows:,} rows = {' + '.join(part for part in parts if part)}\n"
        f"{account.ticks:,} ticks besides; {seconds:.1f} s, {rate:,.0f} rows/s"
    )


def waiting(midnight_ms: int, every: str) -> str:
    """What a replay in lockstep stands still for.

    >>> waiting(0, "7d").partition(":")[0]
    'waiting for the snapshot of 1970-01-01'
    """
    at = datetime.fromtimestamp(midnight_ms / 1000, UTC)
    return (
        f"waiting for the snapshot of {at:%Y-%m-%d}: `shoal consume` and "
        f"`shoal snapshot --every {every}` have to run beside this"
    )


def how_to_go_on() -> str:
    """The command that was given, to be given again."""
    words = ["shoal", *sys.argv[1:]]
    return shlex.join(words if "--resume" in words else [*words, "--resume"])


def instant_ms(option: str, text: str | None, timezone: str) -> int | None:
    """A day or an instant as people write it; without an offset it is in `timezone`.

    >>> instant_ms("--from", "1970-01-02", "UTC")
    86400000
    """
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise SettingsError(
            f"{option} {text} is neither a day nor an instant: write it like 2011-06-30 "
            "or 2011-06-30T18:00+01:00"
        ) from None
    at = at if at.tzinfo else at.replace(tzinfo=ZoneInfo(timezone))
    return int((at - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1000)
