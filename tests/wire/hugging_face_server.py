"""A Hugging Face Hub on 127.0.0.1 for tests: descriptions of models, and how it says no."""

import asyncio
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

from aiohttp import web


def described(repository: str, *files: str, **other: object) -> dict[str, Any]:
    """Return a public model's description as the Hub words it, fields we do not read included."""
    return {
        "_id": "6650c1f0a0b0c0d0e0f01234",
        "id": repository,
        "modelId": repository,
        "author": repository.partition("/")[0],
        "sha": "8c1ef2c5a3f0f6e4f1b0a9d8c7b6a5f4e3d2c1b0",
        "lastModified": "2026-06-05T12:00:00.000Z",
        "createdAt": "2026-06-01T08:00:00.000Z",
        "private": False,
        "gated": False,
        "disabled": False,
        "downloads": 12345,
        "likes": 67,
        "library_name": "transformers",
        "pipeline_tag": "text-generation",
        "tags": ["transformers", "safetensors", "license:mit", "region:us"],
        "cardData": {"license": "mit", "language": ["en"]},
        "siblings": [{"rfilename": name} for name in (".gitattributes", "README.md", *files)],
        "spaces": [],
    } | other


class LoopbackHub:
    """Answers for the repositories it was given; every other is private or never was: 401."""

    def __init__(self) -> None:
        self.requests: list[web.BaseRequest] = []
        self.gate: asyncio.Event | None = None
        self._answers: dict[str, tuple[int, Any, Mapping[str, str]]] = {}
        self._server = web.Server(self._handle)
        self._runner = web.ServerRunner(self._server, shutdown_timeout=0.1)
        self._port = 0

    async def __aenter__(self) -> Self:
        """Listen."""
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        """Stop listening."""
        await self._runner.cleanup()

    @property
    def url(self) -> str:
        """What stands for `https://huggingface.co`."""
        return f"http://127.0.0.1:{self._port}"

    def serve(self, repository: str, body: object, status: int = 200, **headers: str) -> None:
        """Answer for a repository with a JSON body, or with a text as it is."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        self._answers[f"/api/models/{repository}"] = status, body, sent

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        self.requests.append(request)
        if self.gate is not None:
            await self.gate.wait()
        unknown = 401, {"error": "Invalid username or password."}, {}
        status, body, headers = self._answers.get(request.path, unknown)
        if isinstance(body, str):
            return web.Response(status=status, text=body, headers=headers)
        return web.json_response(body, status=status, headers=headers)
