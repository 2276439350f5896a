"""The folder that a backtest writes into: its own names in it, and nothing of anybody else's."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from snapshot.history.writer_lock import LOCK_FILE
from stream.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

CHANGES = "changes.jsonl"
EVENTS = "segment-events.jsonl"
SNAPSHOTS = "snapshots"
PROFILES = "profiles.parquet"
SUMMARY = "summary.json"
OURS = {CHANGES, EVENTS, SNAPSHOTS, LOCK_FILE, PROFILES, SUMMARY}


@dataclass(frozen=True, slots=True)
class Folder:
    path: Path

    @property
    def changes(self) -> Path:
        return self.path / CHANGES

    @property
    def events(self) -> Path:
        return self.path / EVENTS

    @property
    def profiles(self) -> Path:
        return self.path / PROFILES

    def clear(self) -> None:
        """Makes it, or takes out what a backtest before left; anything else is an error."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            there = {each.name for each in self.path.iterdir()}
        except OSError as error:
            raise SettingsError(
                f"--out {self.path} can't be a folder: {error.strerror}. Name another."
            ) from None
        strange = there - OURS
        if strange or (there and CHANGES not in there):
            raise SettingsError(
                f"--out {self.path} has {min(strange or there)!r} in it, which no backtest left "
                "there: name a new or empty folder"
            )
        for name in (EVENTS, PROFILES, SUMMARY):
            (self.path / name).unlink(missing_ok=True)
        if SNAPSHOTS in there:
            shutil.rmtree(self.path / SNAPSHOTS)
        self.changes.write_bytes(b"")

    def write_summary(self, told: Mapping[str, Any]) -> None:
        """Last of all: where it is, everything is."""
        (self.path / SUMMARY).write_text(json.dumps(told, indent=2) + "\n", "utf-8")
