"""Whatever comes from outside is bounded in size, and no other host is asked than the one set."""

import gzip
import json
from datetime import date
from pathlib import Path

import pytest

from bot import offline
from bot.errors import InputError, PayloadRefused
from bot.settings import read_settings
from bot.sources import _capped
from bot.sources.hugging_face import check_weights
from tests.wire.hugging_face_server import LoopbackHub, described

NAME = "lab/model"
TODAY = date(2026, 6, 20)


async def test_an_answer_of_the_hub_that_is_too_long_is_refused() -> None:
    async with LoopbackHub() as hub:
        hub.serve(NAME, described(NAME, *(f"shard-{n:060}.bin" for n in range(100_000))))
        with pytest.raises(
            PayloadRefused, match=r"the Hub's lab/model: larger than 8,388,608 bytes"
        ):
            await check_weights(NAME, hub.url, TODAY)


async def test_the_hub_is_asked_not_to_pack_and_refused_if_it_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(_capped, "LIMIT", 1_000_000)
    bomb = gzip.compress(json.dumps(described(NAME, "a" * 500_000)).encode())
    async with LoopbackHub() as hub:
        hub.serve(NAME, bomb.decode("latin-1"), Content_Encoding="gzip")
        with pytest.raises(PayloadRefused, match=r"answered packed, unasked"):
            await check_weights(NAME, hub.url, TODAY)
    assert hub.requests[0].headers["Accept-Encoding"] == "identity"


async def test_a_redirect_of_the_hub_leads_to_no_other_host() -> None:
    async with LoopbackHub() as inside, LoopbackHub() as hub:
        hub.serve(NAME, {}, 307, Location=f"{inside.url}/api/models/{NAME}")
        inside.serve(NAME, described(NAME, "model.safetensors"))
        with pytest.raises(PayloadRefused, match=r"is another host"):
            await check_weights(NAME, hub.url, TODAY)
    assert inside.requests == []


async def test_a_file_that_is_too_large_is_not_taken_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(offline, "MOST_IMPORTED", 1000)
    file = tmp_path / "large.csv"
    file.write_bytes(b"date,model_permaslug,total_tokens\r\n" + b"x" * 1000)
    settings = read_settings({"RANKSHIFT_DATA_DIR": str(tmp_path / "data")})
    with pytest.raises(InputError, match=r"large\.csv: larger than 1,000 bytes"):
        await offline.import_files(settings, file, None, None)
