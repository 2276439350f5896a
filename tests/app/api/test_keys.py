"""Keys from a variable or a file; what is wrong with one is said, and never the key."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

import pytest

from app.api.keys import Keys, Role, keys_of, load_keys
from stream.errors import SettingsError
from stream.settings import load_settings
from stream.settings.api import ApiSettings

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "hush-hush-hush-hush"


def test_a_variable_holds_several(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOAL_API__KEYS", f"crm:read:{SECRET} desk:read+erase:{SECRET}2")
    keys = load_keys(load_settings(None, {}).api)
    crm, desk = keys.caller(SECRET.encode()), keys.caller(f"{SECRET}2".encode())
    assert crm is not None
    assert desk is not None
    assert (crm.name, crm.roles) == ("crm", frozenset({Role.READ}))
    assert (desk.name, desk.roles) == ("desk", frozenset({Role.READ, Role.ERASE}))


def test_a_file_holds_one_a_line(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text(f"# who may ask\n\n crm:read:{SECRET}:with:colons \n", encoding="utf-8")
    keys = load_keys(ApiSettings(keys_file=file))
    assert keys.caller(f"{SECRET}:with:colons".encode()) is not None
    assert keys.caller(SECRET.encode()) is None


def test_none_are_no_keys() -> None:
    assert not load_keys(ApiSettings())


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("", "there is no key in it"),
        (SECRET, "it should be NAME:ROLES:KEY"),
        (f"crm:{SECRET}", "it should be NAME:ROLES:KEY"),
        (f"crm::{SECRET}", "it should be NAME:ROLES:KEY"),
        (f"c/m:read:{SECRET}", "it should be NAME:ROLES:KEY"),
        (f"crm:admin:{SECRET}", r"roles are read, write, erase, joined by \+"),
        (f"crm:read,erase:{SECRET}", "roles are"),
        ("crm:read:hush", "16 to 512 printable ASCII"),
        (f"crm:read:{SECRET}ü", "16 to 512 printable ASCII"),
        (f"crm:read:{SECRET} crm:read:{SECRET}2", "entry 2: its name or its key is there twice"),
        (f"crm:read:{SECRET} lab:read:{SECRET}", "entry 2: its name or its key is there twice"),
    ],
)
def test_a_slip_is_told_without_the_key(entry: str, words: str) -> None:
    with pytest.raises(SettingsError, match=words) as refused:
        keys_of(entry.split())
    assert "hush" not in str(refused.value)


def test_the_settings_file_is_no_place_for_them(tmp_path: Path) -> None:
    file = tmp_path / "shoal.toml"
    file.write_text(f'[api]\nkeys = "crm:read:{SECRET}"\n', encoding="utf-8")
    with pytest.raises(SettingsError, match="set SHOAL_API__KEYS") as refused:
        load_settings(file, {})
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize("content", [None, b"\xff\xfe", b"crm:read:0123456789abcdef\n" * 50_000])
def test_a_file_that_cannot_be_taken_is_named(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "keys"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SettingsError, match=r"api\.keys_file .*keys"):
        load_keys(ApiSettings(keys_file=file))


def test_both_ways_at_once_are_one_too_many(tmp_path: Path) -> None:
    settings = ApiSettings.model_validate({"keys": "x", "keys_file": tmp_path / "keys"})
    with pytest.raises(SettingsError, match="leave one of them out"):
        load_keys(settings)


def test_every_key_is_compared_whichever_is_right(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time that it takes says nothing of which keys there are."""
    keys = keys_of([f"k{number}:read:{number:016}" for number in range(5)])
    compared: list[bytes] = []
    plain = hmac.compare_digest

    def counted(one: bytes, other: bytes) -> bool:
        compared.append(one)
        return plain(one, other)

    monkeypatch.setattr(hmac, "compare_digest", counted)
    for key in (b"0" * 16, b"%016d" % 4, b"nobody's"):
        compared.clear()
        keys.caller(key)
        assert len(compared) == 5


def test_no_key_is_in_what_is_shown_of_them() -> None:
    assert SECRET not in repr(keys_of([f"crm:read:{SECRET}"]))
    assert SECRET not in repr(ApiSettings.model_validate({"keys": f"crm:read:{SECRET}"}))
    assert Keys().caller(SECRET.encode()) is None
