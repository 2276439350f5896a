"""Settings: which source wins, and what is said about each slip."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from stream.errors import SettingsError
from stream.settings import Settings, load_settings
from stream.settings.load import every_key, variable

Loads = Callable[..., Settings]


@pytest.fixture(autouse=True)
def _nothing_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.upper().startswith("SHOAL_"):
            monkeypatch.delenv(name)


def write(text: str, name: str = "shoal.toml") -> Path:
    file = Path(name)
    file.write_text(text, encoding="utf-8")
    return file


def refusal(config: Path | None = None) -> str:
    with pytest.raises(SettingsError) as refused:
        load_settings(config, {})
    return str(refused.value)


def test_without_anything_the_defaults_hold() -> None:
    settings = load_settings(None, {})
    assert settings == Settings()
    assert settings.log.url == "sqlite:///shoal.db"
    assert settings.topics.partitions is None
    assert settings.kafka.client_options() == {"security_protocol": "PLAINTEXT"}


def test_flags_win_over_variables_over_the_file_over_defaults(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write('[topics]\nprefix = "file."\npartitions = 2\nreplication_factor = 3\n')
    monkeypatch.setenv("SHOAL_TOPICS__PREFIX", "variable.")
    monkeypatch.setenv("SHOAL_TOPICS__PARTITIONS", "4")
    topics = load_settings(None, {"topics": {"prefix": "flag."}}).topics
    assert (topics.prefix, topics.partitions, topics.replication_factor) == ("flag.", 4, 3)


@pytest.mark.parametrize("chosen", ["argument", "variable"])
def test_the_file_can_be_chosen(chosen: str, monkeypatch: pytest.MonkeyPatch) -> None:
    write('[log]\nurl = "sqlite:///usual.db"')
    other = write('[log]\nurl = "sqlite:///other.db"', "other.toml")
    if chosen == "variable":
        monkeypatch.setenv("SHOAL_CONFIG", str(other))
    settings = load_settings(other if chosen == "argument" else None, {})
    assert settings.log.url == "sqlite:///other.db"


def test_the_argument_wins_over_the_variable_for_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOAL_CONFIG", "not-there.toml")
    assert load_settings(write("", "mine.toml"), {}) == Settings()


def test_kafka_python_gets_its_own_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ca.pem", "me.pem", "me.key"):
        (tmp_path / name).touch()
    write(
        '[kafka]\nsecurity_protocol = "SASL_SSL"\nssl_cafile = "ca.pem"\nssl_certfile = "me.pem"\n'
        'ssl_keyfile = "me.key"\nsasl_mechanism = "SCRAM-SHA-512"\nsasl_username = "me"\n'
        "[kafka.options]\nrequest_timeout_ms = 5000\n"
    )
    monkeypatch.setenv("SHOAL_KAFKA__SASL_PASSWORD", "hush")
    assert load_settings(None, {}).kafka.client_options() == {
        "security_protocol": "SASL_SSL",
        "ssl_cafile": "ca.pem",
        "ssl_certfile": "me.pem",
        "ssl_keyfile": "me.key",
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": "me",
        "sasl_plain_password": "hush",
        "request_timeout_ms": 5000,
    }


def test_options_can_be_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOAL_KAFKA__OPTIONS", '{"fetch_max_bytes": 7, "client_rack": "r1"}')
    options = load_settings(None, {}).kafka.client_options()
    assert (options["fetch_max_bytes"], options["client_rack"]) == (7, "r1")


def test_kafka_python_knows_every_option_it_is_given() -> None:
    """Asked in another process: importing kafka-python warns, and here warnings are errors."""
    settings = Settings.model_validate(
        {
            "kafka": {
                "security_protocol": "SASL_SSL",
                "ssl_password": "x",
                "sasl_mechanism": "PLAIN",
                "sasl_username": "u",
                "sasl_password": "p",
                **dict.fromkeys(("ssl_cafile", "ssl_certfile", "ssl_keyfile"), __file__),
            }
        }
    )
    script = "from kafka import KafkaProducer; print(*KafkaProducer.DEFAULT_CONFIG)"
    known = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout.split()
    assert set(settings.kafka.client_options()) <= set(known)


SLIPS = [
    ('[log]\nulr = "x"', "shoal.toml: log.ulr is no setting: did you mean log.url?"),
    ("[lgo]", "shoal.toml: lgo is no setting: did you mean log?"),
    ("[replay]\nzzz = 1", "shoal.toml: replay.zzz is no setting: [replay] has speed, rate"),
    ("log = 3", "shoal.toml: log is a section: write [log] over its keys"),
    ("[[log]]", "shoal.toml: log is a section"),
    ("[log", "shoal.toml is no TOML"),
    ('[topics]\npartitions = "eight"', "topics.partitions should be a whole number, not 'eight'"),
    ("[topics]\npartitions = 1.5", "topics.partitions should be a whole number, not 1.5"),
    ("[topics]\npartitions = 0", "topics.partitions should be greater than or equal to 1, not 0"),
    ('[topics]\nprefix = "a b"', "topics.prefix should be made of letters, digits"),
    ('[log]\nurl = "redis://x"', "log.url should be sqlite:///FILE or kafka://HOST:PORT, not"),
    ('[replay]\nspeed = "fast"', "replay.speed should be a pace such as 60x, or max, not 'fast'"),
    ('[kafka]\nsecurity_protocol = "TLS"', "should be 'PLAINTEXT', 'SSL'"),
    ('[kafka]\nssl_cafile = "no.pem"', "ssl_cafile should name a file that is there, not 'no.pem'"),
    ('[kafka]\nsecurity_protocol = "SASL_SSL"', "sasl_mechanism is missing"),
    ('[kafka]\nsasl_mechanism = "GSSAPI"', "has no effect with security_protocol PLAINTEXT"),
    ("[kafka.options]\nsasl_plain_password = 'x'", "set kafka.sasl_password instead"),
    ("[kafka.options]\nacks = 1", "should not hold acks: Shoal's guarantees rest on it"),
]


@pytest.mark.parametrize(("text", "said"), SLIPS)
def test_a_slip_in_the_file_is_named(text: str, said: str) -> None:
    write(text)
    assert said in refusal()


def test_every_slip_is_named_at_once() -> None:
    write('[log]\nurl = "redis://x"\n[topics]\npartitions = 0\n')
    assert [name in refusal() for name in ("log.url", "topics.partitions")] == [True, True]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SHOAL_TOPIC__PREFIX", "x.", "did you mean SHOAL_TOPICS__PREFIX?"),
        ("SHOAL_ZZZ", "1", "docs/configuration.md"),
        ("SHOAL_KAFKA__OPTIONS", "x=1", "SHOAL_KAFKA__OPTIONS should be a JSON object"),
        ("SHOAL_KAFKA__OPTIONS", "[1]", "SHOAL_KAFKA__OPTIONS should be a table"),
        ("SHOAL_TOPICS__PARTITIONS", "x", "SHOAL_TOPICS__PARTITIONS should be a whole number"),
        ("SHOAL_CONFIG", "no.toml", "there is no settings file no.toml"),
        ("SHOAL_CONFIG", ".", "settings file . can't be read"),
    ],
)
def test_a_slip_in_a_variable_is_named(
    name: str, value: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    assert said in refusal()


def test_the_tests_own_variables_are_no_slip(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOAL_TEST_KAFKA", "localhost:9092")
    assert load_settings(None, {}) == Settings()


def test_a_wrong_flag_is_named() -> None:
    with pytest.raises(SettingsError, match=re.escape("flag for log.url should be sqlite:///FILE")):
        load_settings(None, {"log": {"url": "shoal.db"}})


def test_a_file_that_is_not_utf_8_is_named() -> None:
    Path("shoal.toml").write_bytes(b'[log]\nurl = "sqlite:///\xff"')
    assert "shoal.toml is not UTF-8" in refusal()


@pytest.mark.parametrize(
    "text",
    [
        '[kafka]\nsasl_password = ["hush"]',
        '[kafka]\nsasl_password = "hush"\nsasl_mechanism = "PLAIN"',
        '[log]\nurl = "kafka://me:hush@host:9092"',
        '[kafka.options]\nsasl_plain_password = "hush"',
        '[kafka]\npassword = "hush"',
    ],
)
def test_no_error_says_a_secret(text: str) -> None:
    write(text)
    assert "hush" not in refusal()


def test_settings_never_show_a_secret() -> None:
    kafka = {
        "security_protocol": "SASL_SSL",
        "sasl_mechanism": "PLAIN",
        "sasl_username": "me",
        "sasl_password": "hush",
        "options": {"proxy_url": "http://me:hush@proxy"},
    }
    settings = load_settings(None, {"kafka": kafka})
    assert settings.kafka.client_options()["sasl_plain_password"] == "hush"
    assert "hush" not in repr(settings) + str(settings)


def test_every_setting_can_be_set_by_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    values = {
        "SHOAL_LOG__URL": "kafka://host:9092",
        "SHOAL_LOG__MAX_MESSAGE_BYTES": "20000",
        "SHOAL_KAFKA__SECURITY_PROTOCOL": "SASL_SSL",
        "SHOAL_KAFKA__SSL_CAFILE": __file__,
        "SHOAL_KAFKA__SSL_CERTFILE": __file__,
        "SHOAL_KAFKA__SSL_KEYFILE": __file__,
        "SHOAL_KAFKA__SSL_PASSWORD": "x",
        "SHOAL_KAFKA__SASL_MECHANISM": "PLAIN",
        "SHOAL_KAFKA__SASL_USERNAME": "me",
        "SHOAL_KAFKA__SASL_PASSWORD": "x",
        "SHOAL_KAFKA__OPTIONS": '{"client_id": "x"}',
        "SHOAL_TOPICS__PREFIX": "x.",
        "SHOAL_TOPICS__PARTITIONS": "3",
        "SHOAL_TOPICS__REPLICATION_FACTOR": "3",
        "SHOAL_REPLAY__SPEED": "60x",
        "SHOAL_REPLAY__RATE": "50/s",
        "SHOAL_PROFILES__HORIZON_DAYS": "3",
        "SHOAL_PROFILES__HALF_LIFE_DAYS": "30",
        "SHOAL_PROFILES__AHEAD_MINUTES": "0.5",
        "SHOAL_PROFILES__FUTURE_HOURS": "2",
        "SHOAL_PROFILES__NON_PRODUCTS": "[]",
        "SHOAL_CONSUME__GROUP": "crm",
        "SHOAL_CONSUME__WORKER": "rack-7",
        "SHOAL_CONSUME__COMMIT_MS": "50",
        "SHOAL_CONSUME__MOST_EVENTS": "1000",
        "SHOAL_CONSUME__GRACE_SECONDS": "0",
        "SHOAL_CONSUME__TICK_SILENCE_MS": "200",
        "SHOAL_CONSUME__CHECKPOINT_FACTOR": "8",
        "SHOAL_CONSUME__ERASURE_CHECKPOINT_MINUTES": "5",
        "SHOAL_CONSUME__TOO_LATE_DEAD_LETTERS": "10",
        "SHOAL_CONSUME__TOO_LATE_SHARE": "0.5",
        "SHOAL_CONSUME__METRICS_PORT": "9100",
        "SHOAL_CONSUME__METRICS_HOST": "0.0.0.0",
        "SHOAL_SNAPSHOT__EVERY": "15m",
        "SHOAL_SNAPSHOT__PROMOTE_EVERY_DAYS": "14",
        "SHOAL_SNAPSHOT__LEAST_CUSTOMERS": "500",
        "SHOAL_SNAPSHOT__LEAST_DAYS": "60",
        "SHOAL_SNAPSHOT__FRESH_ABOVE": "1.2",
        "SHOAL_SNAPSHOT__SMALLEST_SHARE": "0.01",
        "SHOAL_SNAPSHOT__LEAST_SEPARATION": "0.2",
        "SHOAL_SNAPSHOT__MOST_MOVED": "0.4",
        "SHOAL_SNAPSHOT__SHARE_CHANGE": "0.2",
        "SHOAL_SNAPSHOT__ORDER_VALUE_EFFECT": "0.5",
        "SHOAL_SNAPSHOT__AGREEMENT_TARGET": "0.95",
        "SHOAL_HISTORY__DIRECTORY": "kept",
        "SHOAL_HISTORY__KEEP_COUNT": "60",
        "SHOAL_HISTORY__KEEP_DAYS": "36500",
        "SHOAL_INSIGHTS__ENABLED": "false",
        "SHOAL_INSIGHTS__CLV_WEEKS": "26",
        "SHOAL_INSIGHTS__RECOMMEND": "false",
        "SHOAL_INSIGHTS__RECOMMEND_DAYS": "180",
        "SHOAL_INSIGHTS__RECOMMEND_LINES": "1000000",
        "SHOAL_SINK__DB": "sqlite:///sink.db",
        "SHOAL_SINK__MOST_ROWS": "1000",
        "SHOAL_SINK__COMMIT_MS": "50",
        "SHOAL_BRIDGE__COMMIT_MS": "50",
        "SHOAL_BRIDGE__MOST_HELD": "5000",
        "SHOAL_BRIDGE_KAFKA__SECURITY_PROTOCOL": "SASL_SSL",
        "SHOAL_BRIDGE_KAFKA__SSL_CAFILE": __file__,
        "SHOAL_BRIDGE_KAFKA__SSL_CERTFILE": __file__,
        "SHOAL_BRIDGE_KAFKA__SSL_KEYFILE": __file__,
        "SHOAL_BRIDGE_KAFKA__SSL_PASSWORD": "x",
        "SHOAL_BRIDGE_KAFKA__SASL_MECHANISM": "PLAIN",
        "SHOAL_BRIDGE_KAFKA__SASL_USERNAME": "me",
        "SHOAL_BRIDGE_KAFKA__SASL_PASSWORD": "x",
        "SHOAL_BRIDGE_KAFKA__OPTIONS": '{"client_id": "x"}',
        "SHOAL_DASHBOARD__HOST": "localhost",
        "SHOAL_DASHBOARD__PORT": "8600",
        "SHOAL_DASHBOARD__UPLOAD_MEGABYTES": "50",
        "SHOAL_API__HOST": "localhost",
        "SHOAL_API__PORT": "8100",
        "SHOAL_API__KEYS": "crm:read:0123456789abcdef0123456789abcdef",
        "SHOAL_API__KEYS_FILE": __file__,
        "SHOAL_API__OPEN": "true",
        "SHOAL_API__REQUESTS_PER_SECOND": "10",
        "SHOAL_API__BURST": "20",
        "SHOAL_API__MOST_BODY_BYTES": "5000",
        "SHOAL_API__MOST_STREAMS": "5",
        "SHOAL_API__LOG_CUSTOMERS": "true",
    }
    assert list(values) == [variable(section, key) for section, key in every_key()]
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    settings, defaults = load_settings(None, {}), Settings()
    for section, key in every_key():
        assert getattr(getattr(settings, section), key) != getattr(getattr(defaults, section), key)
