"""A mapping of environment variables becomes one frozen value."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import unquote, urlsplit

import platformdirs
from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.addresses import (
    Bind,
    GatewayAddress,
    HttpAddress,
    Listening,
    ListeningOrOff,
    database_address,
)
from bot.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Said:
    """What people read of a setting: the shape of its value, and what it is without one."""

    shape: str
    default: str


_HTTP = "an address, `https://…` or `http://…`"

SENDS_PER_SECOND = 45
"""Below Discord's 50 requests a second, to leave room for what else the bot sends."""

FILE = "_FILE"
"""What the name of a secret ends with where the value is the path of a file that holds it."""

MOST_OF_A_SECRET = 10_000
"""Characters of a secret's file that are read."""


NO_DRIVER = (
    "RANKSHIFT_DATABASE_URL is set, but what speaks to PostgreSQL is not installed:"
    " `pip install 'rankshift[postgresql]'`."
)
"""What is said where the extra is missing."""


class Settings(BaseSettings):
    """All that can be set, each by the variable that its alias names."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    discord_token: Annotated[
        SecretStr | None, Said("a bot's token of discord.com/developers", "none; `run` needs it")
    ] = Field(None, validation_alias="DISCORD_TOKEN", description="the bot's token")
    openrouter_api_key: Annotated[SecretStr | None, Said("a key of openrouter.ai", "none")] = Field(
        None,
        validation_alias="OPENROUTER_API_KEY",
        description="any OpenRouter key: adds the boards by category, language, modality and"
        " context size",
    )
    data_dir: Annotated[
        Path, Said("a folder", "the platform's data folder (Linux: `~/.local/share/rankshift`)")
    ] = Field(
        default_factory=lambda: platformdirs.user_data_path("rankshift", appauthor=False),
        validation_alias="RANKSHIFT_DATA_DIR",
        description="where everything is kept",
    )
    database_url: Annotated[
        SecretStr | None,
        AfterValidator(database_address),
        Said("`postgresql://user:password@host:5432/database`", "none: the data folder is used"),
    ] = Field(
        None,
        validation_alias="RANKSHIFT_DATABASE_URL",
        description="a PostgreSQL database (14 or later) in place of the data folder; `rankshift"
        " migrate` makes its tables",
    )
    poll_minutes: Annotated[float, Said("minutes, 0.01 to 1440", "`30`")] = Field(
        30,
        ge=0.01,
        le=1440,
        validation_alias="RANKSHIFT_POLL_MINUTES",
        description="minutes between polls; each comes earlier or later at random, by up to a"
        " minute or, if that is less, a tenth",
    )
    openrouter_url: Annotated[HttpAddress, Said(_HTTP, "`https://openrouter.ai/api/v1`")] = Field(
        "https://openrouter.ai/api/v1",
        validation_alias="RANKSHIFT_OPENROUTER_URL",
        description="where rankings and catalogue come from (a mirror, a test server)",
    )
    huggingface_url: Annotated[HttpAddress, Said(_HTTP, "`https://huggingface.co`")] = Field(
        "https://huggingface.co",
        validation_alias="RANKSHIFT_HUGGINGFACE_URL",
        description="where the catalogue's hints at weights are checked, 40 a day",
    )
    sends_per_second: Annotated[int, Said("a whole number, 1 to 47", f"`{SENDS_PER_SECOND}`")] = (
        Field(
            SENDS_PER_SECOND,
            ge=1,
            le=47,
            validation_alias="RANKSHIFT_SENDS_PER_SECOND",
            description="how many requests a second the alerts may take; Discord allows a bot 50 in"
            " all",
        )
    )
    discord_api_url: Annotated[HttpAddress | None, Said(_HTTP, "Discord's")] = Field(
        None,
        validation_alias="RANKSHIFT_DISCORD_API_URL",
        description="REST address, for a proxy or a test server",
    )
    discord_gateway_url: Annotated[
        GatewayAddress | None, Said("an address, `wss://…` or `ws://…`", "Discord's")
    ] = Field(
        None,
        validation_alias="RANKSHIFT_DISCORD_GATEWAY_URL",
        description="gateway address, likewise",
    )
    project_url: Annotated[
        HttpAddress | None, Said("an address of at most 400 characters", "none")
    ] = Field(
        None,
        max_length=400,
        validation_alias="RANKSHIFT_PROJECT_URL",
        description="the repository on GitHub where people dispute an entry"
        " (`https://github.com/…/…`); `/openness` then links its evidence form, and without it asks"
        " people to tell the operator",
    )
    operations_bind: Annotated[
        ListeningOrOff,
        Said("`host:port`, or `off`", "`127.0.0.1:9464`"),
    ] = Field(
        Bind("127.0.0.1", 9464),
        validation_alias="RANKSHIFT_OPERATIONS_BIND",
        description="where `/healthz`, `/readyz` and `/metrics` are served, for the operator alone",
    )
    http_bind: Annotated[
        Listening,
        Said("`host:port`", "none: no pages are served"),
    ] = Field(
        None,
        validation_alias="RANKSHIFT_HTTP_BIND",
        description="where the evidence pages are served",
    )
    http_proxies: Annotated[int, Said("a whole number, 0 to 5", "`0`")] = Field(
        0,
        ge=0,
        le=5,
        validation_alias="RANKSHIFT_HTTP_PROXIES",
        description="how many proxies of yours stand before the pages: so many entries of"
        " `X-Forwarded-For` are believed, counted from its end",
    )
    public_url: Annotated[
        HttpAddress | None, Said("an address of at most 200 characters", "none")
    ] = Field(
        None,
        max_length=200,
        validation_alias="RANKSHIFT_PUBLIC_URL",
        description="under which address people reach the evidence pages; alerts then link there",
    )
    sentry_dsn: Annotated[SecretStr | None, Said("a DSN of a Sentry server", "none")] = Field(
        None,
        validation_alias="RANKSHIFT_SENTRY_DSN",
        description="where errors that nobody foresaw are told; needs `pip install"
        " 'rankshift[sentry]'`",
    )
    log_format: Annotated[Literal["console", "json"], Said("`console` or `json`", "`console`")] = (
        Field(
            "console",
            validation_alias="RANKSHIFT_LOG_FORMAT",
            description="one line an event, on standard error",
        )
    )
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"],
        Said("`debug`, `info`, `warning` or `error`", "`info`"),
    ] = Field("info", validation_alias="RANKSHIFT_LOG_LEVEL", description="what is logged at least")

    @property
    def secrets(self) -> tuple[str, ...]:
        """Return every secret's value, so that a log can hide it."""
        values = [getattr(self, name) for name in type(self).model_fields]
        found = [each.get_secret_value() for each in values if isinstance(each, SecretStr)]
        url = "" if self.database_url is None else self.database_url.get_secret_value()
        said = urlsplit(url).password or ""  # the driver names what it connects to without it
        return (*found, *dict.fromkeys(each for each in (said, unquote(said)) if each))

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 — the signature is pydantic's
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read nothing but the mapping that was handed in."""
        return (init_settings,)


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Return the settings; empty variables count as unset.

    A secret may stand in a file that a variable ending with `_FILE` names. Raises SettingsError
    naming every wrong variable at once, what it takes and what it is without one, never showing a
    secret's value.
    """
    given = {name: value.strip() for name, value in environment.items() if value.strip()}
    wrong: list[str] = []
    for name in _secrets():
        try:
            given |= _from_file(name, given)
        except SettingsError as error:
            wrong.append(str(error))
    try:
        settings = Settings(**given)  # type: ignore[arg-type]  # pydantic converts
    except ValidationError as error:
        wrong += [_told(problem) for problem in error.errors()]
    if wrong:
        raise SettingsError("\n".join(["Some settings are wrong:", *(f"  {one}" for one in wrong)]))
    return settings


def _secrets() -> tuple[str, ...]:
    fields = Settings.model_fields.values()
    return tuple(str(f.validation_alias) for f in fields if f.annotation == SecretStr | None)


def _from_file(name: str, given: Mapping[str, str]) -> dict[str, str]:
    """Return a secret that stands in a file, by its own name. Raises SettingsError."""
    path = given.get(name + FILE)
    if path is None:
        return {}
    if name in given:
        raise SettingsError(f"{name}{FILE}: {name} is set too. Unset one of the two.")
    try:
        with Path(path).open(encoding="utf-8") as file:
            value = file.read(MOST_OF_A_SECRET).strip()
    except (OSError, ValueError) as error:
        # Without the path: somebody may have put the secret itself there.
        why = error.strerror if isinstance(error, OSError) else "no path, or not text"
        raise SettingsError(
            f"{name}{FILE}: cannot be read: {why}. It takes the path of a file that holds what"
            f" {name} would."
        ) from None
    if not value:
        raise SettingsError(f"{name}{FILE}: the file is empty. Put what {name} would be into it.")
    return {name: value}


def _told(problem: ErrorDetails) -> str:
    """Return what is wrong with a variable, what it takes, and what it is without one."""
    name = str(problem["loc"][0])
    said = said_of(field_of(name))
    why = problem["msg"].removeprefix("Value error, ")
    return f"{name}: {why}. It takes {said.shape}. Unset, it is {said.default}."


def field_of(name: str) -> FieldInfo:
    """Return the field of a variable. Raises StopIteration where there is none."""
    fields = Settings.model_fields.values()
    return next(field for field in fields if field.validation_alias == name)


def said_of(field: FieldInfo) -> Said:
    """Return what people read of a setting."""
    found: list[Any] = [each for each in field.metadata if isinstance(each, Said)]
    said: Said = found[0]
    return said


def settings_table() -> str:
    """Return the operator's table: each variable, what it takes, what it is without one."""
    rows = ["| Variable | Takes | Unset | What |", "|---|---|---|---|"]
    for field in Settings.model_fields.values():
        name, said = str(field.validation_alias), said_of(field)
        named = f"`{name}`, or `{name}{FILE}`" if name in _secrets() else f"`{name}`"
        rows.append(f"| {named} | {said.shape} | {said.default} | {field.description} |")
    return "\n".join(rows)
