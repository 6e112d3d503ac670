"""The Hub: what counts as public, what as weights, and when it was not reached."""

import asyncio
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.errors import PayloadRefused, SourceUnreachable
from bot.knowledge import HubCheck
from bot.sources.hugging_face import check_weights
from tests.wire.hugging_face_server import LoopbackHub, described

NAME = "lab/model"
TODAY = date(2026, 6, 20)
SHARDS = ("config.json", "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors")
NOT_THERE = HubCheck(TODAY, public=False, weights=False, licence=None)


async def checked(body: object, status: int = 200, **headers: str) -> HubCheck:
    """Return what a check makes of one answer."""
    async with LoopbackHub() as hub:
        hub.serve(NAME, body, status, **headers)
        return await check_weights(NAME, hub.url, TODAY)


async def test_a_public_repository_with_weights_is_both_and_its_licence_is_kept() -> None:
    found = await checked(described(NAME, *SHARDS))
    assert found == HubCheck(TODAY, public=True, weights=True, licence="mit")


async def test_it_is_asked_once_by_nobody_in_particular() -> None:
    async with LoopbackHub() as hub:
        hub.serve(NAME, described(NAME, *SHARDS))
        await check_weights(NAME, hub.url, TODAY)
    (request,) = hub.requests
    assert (request.method, request.path) == ("GET", "/api/models/lab/model")
    assert "Authorization" not in request.headers
    assert request.headers["User-Agent"].startswith("rankshift")


@pytest.mark.parametrize(
    ("other", "public"),
    [
        ({"gated": "auto"}, True),
        ({"gated": None}, True),
        ({"gated": "manual"}, False),
        ({"gated": True}, False),
        ({"private": True}, False),
        ({"disabled": True}, False),
    ],
)
async def test_terms_to_click_through_are_public_and_leave_to_be_asked_for_is_not(
    other: dict[str, Any], *, public: bool
) -> None:
    found = await checked(described(NAME, *SHARDS, **other))
    assert found == HubCheck(TODAY, public=public, weights=True, licence="mit")


@pytest.mark.parametrize(
    ("file", "weights"),
    [
        ("model.safetensors", True),
        ("Model.SafeTensors", True),
        ("pytorch_model-00001-of-00009.bin", True),
        ("gguf/model.Q4_K_M.gguf", True),
        ("consolidated.00.pth", True),
        ("original/consolidated.safetensors", True),
        ("model.pt", True),
        ("model.ckpt", True),
        ("onnx/model.onnx", True),
        ("flax_model.msgpack", True),
        ("tf_model.h5", True),
        ("weights.npz", True),
        ("training_args.bin", False),
        ("checkpoint-9/optimizer.pt", False),
        ("scheduler.pt", False),
        ("rng_state_0.pth", False),
        ("tokenizer.bin", False),
        ("tokenizer/model.safetensors", True),
        ("tokenizer.model", False),
        ("model.safetensors.index.json", False),
        ("model_safetensors", False),
        ("params.json", False),
        ("LICENSE", False),
    ],
)
async def test_weights_are_told_by_the_names_of_files(file: str, *, weights: bool) -> None:
    found = await checked(described(NAME, file))
    assert (found.public, found.weights) == (True, weights)


@pytest.mark.parametrize("files", [[], None])
async def test_a_repository_without_any_files_has_no_weights(files: list[Any] | None) -> None:
    assert not (await checked(described(NAME, siblings=files))).weights


@pytest.mark.parametrize(
    ("tags", "card", "licence"),
    [
        (["license:apache-2.0"], {}, "apache-2.0"),
        (["license:other"], {"license": "other", "license_name": "lab-terms"}, "lab-terms"),
        (["license:other"], {"license": "other"}, "other"),
        (["license:mit", "license:apache-2.0"], {}, "mit, apache-2.0"),
        (["region:us"], None, None),
        (None, None, None),
    ],
)
async def test_the_licence_is_told_by_its_mark_or_by_its_own_name(
    tags: list[str] | None, card: dict[str, Any] | None, licence: str | None
) -> None:
    found = await checked(described(NAME, *SHARDS, tags=tags, cardData=card))
    assert found.licence == licence


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (401, {}),
        (404, {"X_Error_Code": "RepoNotFound"}),
        (404, {}),
        (410, {}),
        (403, {"X_Error_Code": "GatedRepo"}),
        (403, {"X_Error_Message": "Access to this resource is disabled."}),
    ],
)
async def test_what_is_private_disabled_or_not_there_is_not_public(
    status: int, headers: dict[str, str]
) -> None:
    assert await checked({"error": "no"}, status, **headers) == NOT_THERE


async def test_a_name_that_the_hub_cannot_have_is_not_asked_about() -> None:
    async with LoopbackHub() as hub:
        assert await check_weights("lab/two--dashes", hub.url, TODAY) == NOT_THERE
        assert hub.requests == []


@pytest.mark.parametrize("status", [400, 403, 429, 500, 502, 503])
async def test_an_answer_that_says_nothing_of_the_repository_is_not_taken_for_one(
    status: int,
) -> None:
    with pytest.raises(SourceUnreachable, match=rf"lab/model: answered {status}$"):
        await checked({"error": "no"}, status)


async def test_a_hub_that_nobody_listens_at_is_not_reached() -> None:
    async with LoopbackHub() as hub:
        url = hub.url
    for endpoint in (url, "http://", "nowhere"):
        with pytest.raises(SourceUnreachable, match="lab/model"):
            await check_weights(NAME, endpoint, TODAY)


async def test_a_hub_that_does_not_answer_in_time_is_not_reached() -> None:
    async with LoopbackHub() as hub:
        hub.gate = asyncio.Event()
        with pytest.raises(SourceUnreachable, match=r"lab/model: timed out$"):
            await check_weights(NAME, hub.url, TODAY, patience=0.05)
        hub.gate.set()


@pytest.mark.parametrize(
    "body",
    [
        "<!doctype html>",
        "[" * 100_000,
        [],
        None,
        {},
        {"id": NAME, "siblings": [{}]},
        {"id": NAME, "siblings": [{"rfilename": 5}]},
        {"id": NAME, "tags": [5]},
        {"id": NAME, "cardData": ["mit"]},
    ],
)
async def test_an_answer_that_describes_no_model_is_refused(body: object) -> None:
    with pytest.raises(PayloadRefused, match="lab/model"):
        await checked(body)


def left_in(folder: Path) -> list[Path]:
    """Return what was written to a folder."""
    return list(folder.iterdir())


ASK = """
import asyncio, datetime
from bot.sources.hugging_face import check_weights
print(asyncio.run(check_weights("lab/model", None, datetime.date(2026, 6, 20))).weights)
"""


async def test_by_default_the_clients_own_hub_is_asked_that_one_thing_and_nothing_is_kept(
    tmp_path: Path,
) -> None:
    async with LoopbackHub() as hub:
        hub.serve(NAME, described(NAME, *SHARDS))
        there = {"HF_ENDPOINT": hub.url, "HF_HOME": str(tmp_path), "HF_TOKEN": "made-up"}
        ran = await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-c", ASK],
            env={**os.environ, **there},
            capture_output=True,
            text=True,
            check=False,
        )
    assert (ran.stdout, ran.stderr) == ("True\n", "")
    assert [request.path for request in hub.requests] == ["/api/models/lab/model"]
    assert "Authorization" not in hub.requests[0].headers
    assert left_in(tmp_path) == []
