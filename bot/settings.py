"""A mapping of environment variables becomes one frozen value."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

import platformdirs
from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.errors import SettingsError


def _address(*schemes: str) -> AfterValidator:
    def check(value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in schemes or not parts.netloc:
            raise ValueError(f"must be an address that begins with {' or '.join(schemes)}")
        return value.rstrip("/")

    return AfterValidator(check)


HttpAddress = Annotated[str, _address("https", "http")]
GatewayAddress = Annotated[str, _address("wss", "ws")]


SENDS_PER_SECOND = 45
"""Below Discord's 50 requests a second, to leave room for what else the bot sends."""


class Settings(BaseSettings):
    """All that can be set, each by the variable that its alias names."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    discord_token: SecretStr | None = Field(None, validation_alias="DISCORD_TOKEN")
    openrouter_api_key: SecretStr | None = Field(None, validation_alias="OPENROUTER_API_KEY")
    data_dir: Path = Field(
        default_factory=lambda: platformdirs.user_data_path("rankshift", appauthor=False),
        validation_alias="RANKSHIFT_DATA_DIR",
    )
    openrouter_url: HttpAddress = Field(
        "https://openrouter.ai/api/v1", validation_alias="RANKSHIFT_OPENROUTER_URL"
    )
    huggingface_url: HttpAddress = Field(
        "https://huggingface.co", validation_alias="RANKSHIFT_HUGGINGFACE_URL"
    )
    poll_minutes: float = Field(30, ge=0.01, le=1440, validation_alias="RANKSHIFT_POLL_MINUTES")
    sends_per_second: int = Field(
        SENDS_PER_SECOND, ge=1, le=47, validation_alias="RANKSHIFT_SENDS_PER_SECOND"
    )
    discord_api_url: HttpAddress | None = Field(None, validation_alias="RANKSHIFT_DISCORD_API_URL")
    discord_gateway_url: GatewayAddress | None = Field(
        None, validation_alias="RANKSHIFT_DISCORD_GATEWAY_URL"
    )
    project_url: HttpAddress | None = Field(
        None, max_length=400, validation_alias="RANKSHIFT_PROJECT_URL"
    )
    log_format: Literal["console", "json"] = Field(
        "console", validation_alias="RANKSHIFT_LOG_FORMAT"
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", validation_alias="RANKSHIFT_LOG_LEVEL"
    )

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

    Raises SettingsError naming every wrong variable at once, never showing a secret's value.
    """
    try:
        given = {name: value.strip() for name, value in environment.items() if value.strip()}
        return Settings(**given)  # type: ignore[arg-type]  # pydantic converts
    except ValidationError as error:
        wrong = [f"  {problem['loc'][0]}: {problem['msg']}" for problem in error.errors()]
        raise SettingsError("\n".join(["Some settings are wrong:", *wrong])) from None
