"""`[webhooks.NAME]`: what makes sense, and what is said where something doesn't."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from stream.contracts.change import Cause
from stream.settings import load_settings
from stream.settings.fingerprint import fingerprint

if TYPE_CHECKING:
    from tests.stream.settings.conftest import Loads, Refuses

URL = 'url = "https://crm.example/in"\n'
HUSH = "hush-hush-hush-hush"


def test_a_table_a_target_with_its_secret_from_the_environment(
    loaded: Loads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOAL_WEBHOOKS__CRM__SECRET", HUSH)
    monkeypatch.setenv("SHOAL_WEBHOOKS__CRM__MOST_TRIES", "9")
    settings = loaded(f'[webhooks.crm]\n{URL}cause = "moved"\n[webhooks.mail]\n{URL}')
    crm, mail = settings.webhooks.values()
    assert (crm.cause, crm.most_tries, mail.cause, mail.most_tries) == (Cause.MOVED, 9, None, 5)
    assert crm.secret is not None
    assert crm.secret.get_secret_value() == HUSH
    assert mail.secret is None
    assert "hush" not in repr(settings) + str(settings)
    assert fingerprint(settings) == fingerprint(loaded(f"[webhooks.crm]\n{URL}"))


def test_a_webhook_can_be_made_of_variables_alone(
    loaded: Loads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOAL_WEBHOOKS__BIG_CRM__URL", "http://localhost:8080")
    assert loaded("").webhooks["big_crm"].url == "http://localhost:8080"
    monkeypatch.setenv("SHOAL_WEBHOOKS__BIG_CRM__SECERT", HUSH)
    with pytest.raises(Exception, match="did you mean SHOAL_WEBHOOKS__BIG_CRM__SECRET"):
        load_settings(None, {})


@pytest.mark.parametrize(
    "url",
    [
        *("crm.example/in", "ftp://crm.example", "https://", "https:///in", "http://h:99999/"),
        *("http://h:x/", "http://h/a b", "http://h/\u00e9", "http://h/#x", "http://[::1/", ""),
    ],
)
def test_an_address_that_is_none_is_refused_and_not_said(url: str, refused: Refuses) -> None:
    said = refused(f'[webhooks.crm]\nurl = "{url}"\n')
    assert "webhooks.crm.url should be https://HOST/PATH" in said
    assert ", not" not in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[webhooks.crm]\ncause = "moved"', "shoal.toml: webhooks.crm.url is missing"),
        (f'[webhooks.crm]\n{URL}cause = "bored"', "webhooks.crm.cause should be 'first_model', "),
        (f'[webhooks.crm]\n{URL}segment = "Rising"', "segment should be a segment's id, such as"),
        (f'[webhooks.crm]\n{URL}lens = "Value!"', "lens should be a lens' name"),
        (f"[webhooks.crm]\n{URL}timeout_seconds = 0", "greater than or equal to 0.1, not 0"),
        (f"[webhooks.crm]\n{URL}timout_seconds = 1", "did you mean webhooks.crm.timeout_seconds?"),
        (f"[webhooks.CRM-1]\n{URL}", "'CRM-1' should be one word of lower-case letters"),
        (f"[webhooks.{'x' * 41}]\n{URL}", "of 40 characters at most"),
        ("[webhooks]\ncrm = 3", "[webhooks.crm] should be a table"),
        (f'[webhooks.crm]\n{URL}secret = "{HUSH}"', "set SHOAL_WEBHOOKS__CRM__SECRET, or name"),
        ('[webhooks.crm]\nurl = "http://me:hush@h/"', "should hold no user and no password"),
    ],
)
def test_slips_are_said_and_secrets_are_not(text: str, said: str, refused: Refuses) -> None:
    told = refused(text)
    assert said in told
    assert "hush" not in told


def test_one_secret_is_enough(refused: Refuses, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOAL_WEBHOOKS__CRM__SECRET", HUSH)
    told = refused(f'[webhooks.crm]\n{URL}secret_file = "x"')
    assert "[webhooks.crm] has a secret and a secret_file: leave one of them out" in told
    assert "hush" not in told
