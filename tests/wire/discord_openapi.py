"""Discord's own description of its API, against which every body is held."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

import jsonschema

from tests.wire.discord_schema import Json

Kind = Literal["message", "edit", "callback", "followup", "commands", "thread", "place"]
SCHEMAS: Mapping[Kind, str] = {
    "message": "paths/~1channels~1{channel_id}~1messages/post",
    "edit": "paths/~1channels~1{channel_id}~1messages~1{message_id}/patch",
    "callback": "paths/~1interactions~1{interaction_id}~1{interaction_token}~1callback/post",
    "followup": "paths/~1webhooks~1{webhook_id}~1{webhook_token}/post",
    "commands": "paths/~1applications~1{application_id}~1commands/put",
    "thread": "paths/~1channels~1{channel_id}~1threads/post",
    "place": "paths/~1channels~1{channel_id}/patch",
}


def schema_breaches(folder: Path, kind: Kind, body: Any) -> Iterator[str]:
    """Check a body against Discord's own OpenAPI description in `folder`."""
    error = jsonschema.exceptions.best_match(_validator(folder, kind).iter_errors(body))
    if error is not None:
        yield f"{kind} schema: {error.json_path}: {error.message[:300]}"


@cache
def _validator(folder: Path, kind: Kind) -> jsonschema.Draft202012Validator:
    body = f"#/{SCHEMAS[kind]}/requestBody/content/application~1json/schema"
    return jsonschema.Draft202012Validator({"$ref": body, **_description(folder)})


@cache
def _description(folder: Path) -> Json:
    """Read the description, adding what it leaves out: ids as numbers, media channels (16)."""
    text = (folder / "discord_openapi.json").read_text(encoding="utf-8")
    described: Json = json.loads(text)
    shapes = described["components"]["schemas"]
    shapes["SnowflakeType"]["type"] = ["string", "integer"]
    shapes["ChannelTypes"]["oneOf"].append({"const": 16})
    return {key: described[key] for key in ("paths", "components")}
