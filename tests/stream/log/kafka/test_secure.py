"""TLS and SASL, on a broker that asks for both."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, NamedTuple

import pytest
import trustme
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from stream.errors import LogError
from stream.log.batch import Record, Records
from stream.log.open import open_log
from stream.log.seam import TopicSpec
from stream.settings import load_settings
from tests.conftest import no_server
from tests.kafka_broker import NoBroker, has_java
from tests.kafka_broker.config import free_port
from tests.kafka_broker.jars import from_jars
from tests.stream.log.kafka.conftest import KEPT
from tests.stream.log.kafka.test_whole_batches import read_all

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PASSWORD = "a-red-herring"  # of a broker that lives for one test


class Secured(NamedTuple):
    url: str
    authority: Path


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    if not has_java():
        no_server(NoBroker("no java with mvn to start a broker with certificates"))
    folder, port = tmp_path_factory.mktemp("certificates"), free_port()
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "authority.pem")
    _write_keystore(authority.issue_cert("localhost"), folder / "broker.pem")
    listener = "listener.name.secure."
    login = "org.apache.kafka.common.security.plain.PlainLoginModule"
    more = {
        "listeners": f",SECURE://:{port}",
        "advertised.listeners": f",SECURE://localhost:{port}",
        "listener.security.protocol.map": ",SECURE:SASL_SSL",
        "sasl.enabled.mechanisms": "PLAIN",
        f"{listener}plain.sasl.jaas.config": f'{login} required user_shoal="{PASSWORD}";',
        f"{listener}ssl.keystore.type": "PEM",
        f"{listener}ssl.keystore.location": str(folder / "broker.pem"),
    }
    with from_jars(more):
        yield Secured(f"kafka://localhost:{port}", folder / "authority.pem")


def _write_keystore(certificate: trustme.LeafCert, file: Path) -> None:
    """Key and chain in the one form of key that Kafka reads."""
    key = load_pem_private_key(certificate.private_key_pem.bytes(), None)
    pkcs8 = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(pkcs8 + b"".join(part.bytes() for part in certificate.cert_chain_pems))


def options(
    secured: Secured, monkeypatch: pytest.MonkeyPatch, password: str = PASSWORD
) -> dict[str, object]:
    """As a user sets them: in a file, with the password in the environment."""
    file = secured.authority.with_name("shoal.toml")
    file.write_text(
        '[kafka]\nsecurity_protocol = "SASL_SSL"\nsasl_mechanism = "PLAIN"\n'
        f'sasl_username = "shoal"\nssl_cafile = "{secured.authority}"\n'
    )
    monkeypatch.setenv("SHOAL_KAFKA__SASL_PASSWORD", password)
    return dict(load_settings(file, {}).kafka.client_options())


def test_records_go_there_and_back(secured: Secured, monkeypatch: pytest.MonkeyPatch) -> None:
    topic = f"topic-{uuid.uuid4().hex[:8]}"
    with open_log(secured.url, options(secured, monkeypatch)) as log:
        log.create_topics([TopicSpec(topic, 1, KEPT)])
        with log.producer("p") as producer, producer.transaction() as transaction:
            transaction.append(topic, 0, Records.of([Record(b"k", b"v", 5)]))
        assert [record.value for _, record in read_all(log, topic)] == [b"v"]


def test_a_wrong_password_is_an_error_that_does_not_say_it(
    secured: Secured, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(LogError) as caught:
        open_log(secured.url, options(secured, monkeypatch, password="hunter2"))
    assert "hunter2" not in str(caught.value)
    assert "credentials" in str(caught.value)


def test_a_certificate_of_nobody_we_trust_is_an_error(
    secured: Secured, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger = secured.authority.with_name("stranger.pem")
    trustme.CA().cert_pem.write_to_path(stranger)
    chosen = options(secured, monkeypatch) | {"ssl_cafile": str(stranger)}
    with pytest.raises(LogError, match=r"(?i)certificate|ssl|tls"):
        open_log(secured.url, chosen)
