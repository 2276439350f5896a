"""Targets as they are run: from settings, with the secret that each has to have."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.webhooks.posting import shown
from consumers.subscribe import Chosen
from stream.errors import SettingsError
from stream.settings.load import variable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from stream.settings import Settings
    from stream.settings.webhooks import WebhookSettings

SHORTEST_SECRET = 16
MOST_SECRET_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Target:
    """One address, and what it gets. Its text shows no secret and no path."""

    name: str
    group: str
    chosen: Chosen
    begin: str
    timeout_seconds: float
    most_tries: int
    url: str = field(repr=False)
    secret: bytes = field(repr=False)

    def __str__(self) -> str:
        return f"webhook {self.name} ({shown(self.url)})"


def targets_of(settings: Settings, names: Sequence[str] = ()) -> tuple[Target, ...]:
    """Those that were asked for, or all; refused where one is unknown or has no secret."""
    webhooks = settings.webhooks
    if not webhooks:
        raise SettingsError(
            "there is no webhook: write [webhooks.NAME] with its url into the settings file, as "
            "docs/webhooks.md shows"
        )
    for name in names:
        if name not in webhooks:
            raise SettingsError(f"there is no webhook {name!r}: there is {', '.join(webhooks)}")
    chosen = dict.fromkeys(names or webhooks)
    return tuple(_target(name, webhooks[name], settings.group) for name in chosen)


def _target(name: str, said: WebhookSettings, group: str) -> Target:
    return Target(
        name=name,
        group=f"{group}-webhook-{name}",
        chosen=Chosen(said.segment, None if said.cause is None else said.cause.value, said.lens),
        begin=said.begin,
        timeout_seconds=said.timeout_seconds,
        most_tries=said.most_tries,
        url=said.url,
        secret=_secret(name, said),
    )


def _secret(name: str, said: WebhookSettings) -> bytes:
    setting = variable(f"webhooks__{name}", "secret")
    if said.secret is not None:
        secret, where = said.secret.get_secret_value().encode(), setting
    elif said.secret_file is not None:
        secret, where = _read(name, said.secret_file), f"the file of webhooks.{name}.secret_file"
    else:
        raise SettingsError(
            f"webhook {name} has no secret to sign with: set {setting}, or name a file that holds "
            f"one as webhooks.{name}.secret_file"
        )
    if len(secret) < SHORTEST_SECRET:
        raise SettingsError(
            f"{where} holds {len(secret)} characters: a secret should have {SHORTEST_SECRET} or "
            "more, such as `openssl rand -hex 32` gives"
        )
    return secret


def _read(name: str, file: Path) -> bytes:
    """Without the line's end that editors put there."""
    try:
        with file.open("rb") as opened:
            content = opened.read(MOST_SECRET_BYTES + 1)
    except OSError as error:
        raise SettingsError(
            f"webhooks.{name}.secret_file {file} can't be read: {error.strerror}"
        ) from None
    if len(content) > MOST_SECRET_BYTES:
        raise SettingsError(
            f"webhooks.{name}.secret_file {file} has more than {MOST_SECRET_BYTES:,} bytes: it "
            "should hold the secret and nothing else"
        )
    return content.strip()
