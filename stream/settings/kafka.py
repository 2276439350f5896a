"""How to reach a Kafka cluster, and what kafka-python is told about it."""

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, FilePath, SecretStr, model_validator
from pydantic_core import PydanticCustomError

from stream.settings.section import Section

# kafka-python's names for what has a setting of its own, or is Shoal's to decide.
OWN_SETTING = {
    "bootstrap_servers": "log.url",
    "security_protocol": "kafka.security_protocol",
    "ssl_cafile": "kafka.ssl_cafile",
    "ssl_certfile": "kafka.ssl_certfile",
    "ssl_keyfile": "kafka.ssl_keyfile",
    "ssl_password": "kafka.ssl_password",
    "sasl_mechanism": "kafka.sasl_mechanism",
    "sasl_plain_username": "kafka.sasl_username",
    "sasl_plain_password": "kafka.sasl_password",
}
SHOALS_OWN = frozenset(
    {
        "acks",
        "auto_offset_reset",
        "enable_auto_commit",
        "enable_idempotence",
        "group_id",
        "group_instance_id",
        "isolation_level",
        "transactional_id",
    }
)


def _free_options(options: dict[str, object]) -> dict[str, object]:
    for name in options:
        if name in OWN_SETTING:
            raise PydanticCustomError(
                "own_setting",
                "should not hold {name}: set {setting} instead",
                {"name": name, "setting": OWN_SETTING[name]},
            )
        if name in SHOALS_OWN:
            raise PydanticCustomError(
                "shoals_own",
                "should not hold {name}: Shoal's guarantees rest on it",
                {"name": name},
            )
    return options


class KafkaSettings(Section):
    """How to reach a Kafka cluster. The embedded log needs none of it."""

    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    """Whether to encrypt and to log in: `PLAINTEXT`, `SSL`, `SASL_PLAINTEXT` or `SASL_SSL`."""

    ssl_cafile: FilePath | None = None
    """The PEM file of the authority that signed the brokers' certificates. Unset: the system's."""

    ssl_certfile: FilePath | None = None
    """The PEM file of this client's own certificate, where brokers ask for one."""

    ssl_keyfile: FilePath | None = None
    """The PEM file of that certificate's key."""

    ssl_password: SecretStr | None = None
    """What opens that key, where it is locked."""

    sasl_mechanism: (
        Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "GSSAPI", "AWS_MSK_IAM"] | None
    ) = None
    """How to log in: `PLAIN`, `SCRAM-SHA-256`, `SCRAM-SHA-512`, `GSSAPI` or `AWS_MSK_IAM`."""

    sasl_username: str | None = None
    """Whom to log in as, with `PLAIN` and `SCRAM`."""

    sasl_password: SecretStr | None = None
    """The password for it. Best set by its variable, so that it is in no file."""

    options: Annotated[dict[str, object], AfterValidator(_free_options)] = Field(
        default_factory=dict, repr=False
    )
    """Any other option of kafka-python's clients, by its name there; as a variable, a JSON
    object."""

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        for problem in self._problems():
            raise ValueError(problem)
        return self

    def _problems(self) -> Iterator[str]:
        protocol = self.security_protocol
        logs_in, encrypts = protocol.startswith("SASL"), protocol.endswith("SSL")
        if logs_in and self.sasl_mechanism is None:
            yield f"sasl_mechanism is missing, security_protocol {protocol} needs it"
        if not logs_in and self.sasl_mechanism is not None:
            yield (
                f"sasl_mechanism has no effect with security_protocol {protocol}: "
                "set that to SASL_SSL, or SASL_PLAINTEXT"
            )
        if self.sasl_mechanism in {"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"} and not (
            self.sasl_username and self.sasl_password
        ):
            yield f"sasl_mechanism {self.sasl_mechanism} needs sasl_username and sasl_password"
        if not encrypts and (self.ssl_cafile or self.ssl_certfile or self.ssl_keyfile):
            yield (
                f"the ssl files have no effect with security_protocol {protocol}: "
                "set that to SSL, or SASL_SSL"
            )
        if (self.ssl_certfile is None) and (self.ssl_keyfile is not None):
            yield "ssl_keyfile is the key of ssl_certfile, which is missing"

    def client_options(self) -> dict[str, object]:
        """What kafka-python's clients are given, under their names. Holds secrets in the clear."""
        said: dict[str, object | None] = {
            "security_protocol": self.security_protocol,
            "ssl_cafile": _text(self.ssl_cafile),
            "ssl_certfile": _text(self.ssl_certfile),
            "ssl_keyfile": _text(self.ssl_keyfile),
            "ssl_password": _secret(self.ssl_password),
            "sasl_mechanism": self.sasl_mechanism,
            "sasl_plain_username": self.sasl_username,
            "sasl_plain_password": _secret(self.sasl_password),
        }
        given = {name: value for name, value in said.items() if value is not None}
        return given | self.options


def _text(path: FilePath | None) -> str | None:
    return None if path is None else str(path)


def _secret(secret: SecretStr | None) -> str | None:
    return None if secret is None else secret.get_secret_value()
