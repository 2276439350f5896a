"""What is settled before anything is sent, and what is said where it can't be."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.webhooks.running import Wanted, run
from app.webhooks.targets import targets_of
from app.wiring import Wiring
from stream.errors import LogUnavailable, SettingsError, TopicMissing
from stream.log.open import open_log
from tests.app.webhooks.conftest import SECRET

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize(
    ("settings", "names", "said"),
    [
        ("", (), "there is no webhook: write [webhooks.NAME]"),
        ('[webhooks.crm]\nurl = "http://h/"', ("cmr",), "no webhook 'cmr': there is crm"),
        (
            '[webhooks.crm]\nurl = "http://h/"',
            (),
            "webhook crm has no secret to sign with: set SHO",
        ),
        ('[webhooks.crm]\nurl = "http://h/"\nsecret_file = "no"', (), "no can't be read: No such"),
        ('[webhooks.crm]\nurl = "http://h/"\nsecret_file = "."', (), ". can't be read: Is a dir"),
        ('[webhooks.crm]\nurl = "http://h/"\nsecret_file = "short"', (), "holds 5 characters"),
        ('[webhooks.crm]\nurl = "http://h/"\nsecret_file = "long"', (), "more than 4,096 bytes"),
    ],
)
def test_what_can_not_work_is_said_before_anything_is_sent(
    settings: str, names: tuple[str, ...], said: str
) -> None:
    Path("shoal.toml").write_text(settings)
    Path("short").write_text("sesam\n")
    Path("long").write_text("x" * 5000)
    with pytest.raises(SettingsError, match=re.escape(said)):
        run(Wiring.of(None, None), Wanted("one", names))


def test_a_log_or_a_topic_that_is_not_there_is_said(
    webhook: Callable[..., None], tmp_path: Path
) -> None:
    webhook("crm", "http://localhost:9/")
    with pytest.raises(LogUnavailable, match="there is no log"):
        run(Wiring.of("sqlite:///none.db", None), Wanted("one"))
    with open_log("sqlite:///empty.db"):
        pass
    with pytest.raises(TopicMissing, match="segment-changes"):
        run(Wiring.of("sqlite:///empty.db", None), Wanted("one"))


def test_a_secret_can_be_in_a_file_and_a_target_shows_none() -> None:
    Path("secret").write_text(f"{SECRET}\n")
    Path("shoal.toml").write_text(
        '[webhooks.crm]\nurl = "https://crm.example/sesame"\nsecret_file = "secret"\n'
    )
    (target,) = targets_of(Wiring.of(None, None).settings)
    assert target.secret == SECRET.encode()
    assert str(target) == "webhook crm (https://crm.example)"
    assert not re.search("hush|sesame", str(target) + repr(target))
