"""The Hugging Face Hub: does a repository exist, may anyone have it, does it hold weights."""

import asyncio
import re
from datetime import date
from http import HTTPStatus
from typing import TYPE_CHECKING

from bot.errors import PayloadRefused, SourceUnreachable
from bot.knowledge import HubCheck

if TYPE_CHECKING:
    from huggingface_hub import ModelInfo
    from huggingface_hub.errors import HfHubHTTPError

_PATIENCE = 10.0
"""Seconds for the connection and for each piece of the answer; three times that for it all."""
_WEIGHTS = re.compile(
    r"\.(safetensors|gguf|bin|pt|pth|ckpt|onnx|msgpack|h5|npz|nemo|distcp)$", re.IGNORECASE
)
_NOT_WEIGHTS = re.compile(
    r"(^|/)(training_args|tokenizer|optimizer|scheduler|rng_state|random_states)[^/]*$",
    re.IGNORECASE,
)
"""Files that lie beside weights under the same endings."""
_NOT_THERE = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
"""A private repository and one that never was are answered alike."""


async def check_weights(
    repository: str, endpoint: str | None, today: date, patience: float = _PATIENCE
) -> HubCheck:
    """Return what the Hub says of a repository now, asked once, without any account.

    None as `endpoint` is the client's own default. A licence to click through counts as public,
    access that somebody has to grant does not. Raises SourceUnreachable when the Hub cannot be
    asked at the moment, PayloadRefused when its answer is not one.
    """
    try:
        async with asyncio.timeout(3 * patience):
            return await asyncio.to_thread(_checked, repository, endpoint, today, patience)
    except TimeoutError as error:
        raise SourceUnreachable(
            f"{_named(repository)}: {str(error) or type(error).__name__}"
        ) from error


def _checked(repository: str, endpoint: str | None, today: date, patience: float) -> HubCheck:
    # The Hub's client takes long to import, and memory: a start need not wait for it.
    import httpx2  # noqa: PLC0415
    from huggingface_hub.errors import (  # noqa: PLC0415
        HfHubHTTPError,
        HFValidationError,
        OfflineModeIsEnabled,
    )

    where = _named(repository)
    try:
        return _judged(_ask(repository, endpoint, patience), today)
    except PayloadRefused as error:
        raise PayloadRefused(where, error.what) from error
    except HFValidationError:
        return HubCheck(today, public=False, weights=False, licence=None)
    except HfHubHTTPError as error:
        if not _says_not_there(error):
            raise SourceUnreachable(f"{where}: answered {error.response.status_code}") from error
        return HubCheck(today, public=False, weights=False, licence=None)
    except (httpx2.HTTPError, httpx2.InvalidURL, OfflineModeIsEnabled, TimeoutError) as error:
        raise SourceUnreachable(f"{where}: {str(error) or type(error).__name__}") from error
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise PayloadRefused(where, f"is no model's description: {error}") from error


def _named(repository: str) -> str:
    return f"the Hub's {repository}"


def _ask(repository: str, endpoint: str | None, patience: float) -> "ModelInfo":
    from huggingface_hub import HfApi, constants, set_client_factory  # noqa: PLC0415

    from bot.sources._capped import capped_client  # noqa: PLC0415

    # Else the client first asks huggingface.co for a list of programs to recognise us by.
    constants.HF_HUB_DISABLE_TELEMETRY = True
    set_client_factory(lambda: capped_client(endpoint or constants.ENDPOINT))
    hub = HfApi(endpoint=endpoint, token=False, library_name="rankshift")
    return hub.model_info(repository, timeout=patience)


def _says_not_there(error: "HfHubHTTPError") -> bool:
    from huggingface_hub.errors import DisabledRepoError, RepositoryNotFoundError  # noqa: PLC0415

    known = isinstance(error, RepositoryNotFoundError | DisabledRepoError)
    return known or error.response.status_code in _NOT_THERE


def _judged(info: "ModelInfo", today: date) -> HubCheck:
    public = not info.private and not info.disabled and info.gated in {None, False, "auto"}
    names = [each.rfilename for each in info.siblings or ()]
    weights = any(_WEIGHTS.search(name) and not _NOT_WEIGHTS.search(name) for name in names)
    return HubCheck(today, public, weights, _licence(info))


def _licence(info: "ModelInfo") -> str | None:
    """Return the licence's mark: the name of its own where it is none of the common ones."""
    marks = [tag.removeprefix("license:") for tag in info.tags or () if tag.startswith("license:")]
    named = info.card_data.license_name if info.card_data is not None else None
    if marks == ["other"] and isinstance(named, str) and named:
        return named
    return ", ".join(marks) or None
