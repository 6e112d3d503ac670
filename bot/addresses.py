"""The addresses that settings take: of other servers, and of places to listen at."""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, BeforeValidator, SecretStr


def _address(*schemes: str) -> AfterValidator:
    def check(value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in schemes or not parts.netloc:
            raise ValueError(f"must be an address that begins with {' or '.join(schemes)}")
        return value.rstrip("/")

    return AfterValidator(check)


def database_address(value: SecretStr | None) -> SecretStr | None:
    """Return the address of a PostgreSQL database as it is. Raises ValueError for anything else."""
    if value is None:
        return None
    try:
        parts = urlsplit(value.get_secret_value())
        named = parts.hostname is not None and parts.path.strip("/") != "" and (parts.port or 1) > 0
    except ValueError:
        named = False
    if not named or parts.scheme != "postgresql":
        raise ValueError("must be an address such as postgresql://user:password@host:5432/database")
    return value


@dataclass(frozen=True, slots=True)
class Bind:
    """Where a server of ours listens: a host or an address of this machine, and a port.

    Port 0 is any that is free.
    """

    host: str
    port: int

    def __str__(self) -> str:
        """Return it as it is set."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def _bind(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        parts = urlsplit(f"//{value}")
        host, port = parts.hostname, parts.port
    except ValueError:  # no number, or none that a port can have
        host, port = None, None
    bare = SplitResult("", parts.netloc, "", "", "") if host else None
    if host is None or port is None or parts != bare or parts.username is not None:
        raise ValueError("must be a host and a port, such as 127.0.0.1:8080")
    return Bind(host, port)


def _bind_or_off(value: object) -> object:
    return None if value == "off" else _bind(value)


Listening = Annotated[Bind | None, BeforeValidator(_bind)]
ListeningOrOff = Annotated[Bind | None, BeforeValidator(_bind_or_off)]
HttpAddress = Annotated[str, _address("https", "http")]
GatewayAddress = Annotated[str, _address("wss", "ws")]
