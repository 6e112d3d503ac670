"""What nobody may read in a log: secrets, in whatever form they come (pure)."""

import base64
import json
import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote

HIDDEN = "[hidden]"

SHORTEST = 6
"""Characters of a secret that is looked for; a shorter one would hide half of every line."""

_FORMS = (
    re.compile(
        r"(?i)\b(authorization['\"]?\s*[:=]\s*['\"]?)(?:(?:bot|bearer|basic)\s+)?[^\s'\",}]+"
    ),
    re.compile(r"(?i)\b((?:bot|bearer)\s+)[\w.~+/-]{20,}=*"),
    re.compile(r"(/(?:webhooks|interactions)/\d+/)[\w.~%-]{20,}"),
)
"""Secrets that are told by what stands before them: headers, and tokens in Discord's addresses."""


class Redactor:
    """Put HIDDEN in place of secrets."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        """Take secrets; each is also looked for as JSON, an address and base64 have it."""
        forms = {form for secret in secrets if len(secret) >= SHORTEST for form in _forms(secret)}
        longest_first = sorted(forms, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, longest_first))) if forms else None

    def __call__(self, text: str) -> str:
        """Return a text without them."""
        if self._known is not None:
            text = self._known.sub(HIDDEN, text)
        for form in _FORMS:
            text = form.sub(rf"\1{HIDDEN}", text)
        return text


def _forms(secret: str) -> Iterator[str]:
    once = json.dumps(secret)[1:-1]
    yield secret
    yield once
    yield json.dumps(once)[1:-1]  # in a text that is itself told as JSON
    yield repr(secret)[1:-1]
    yield quote(secret, safe="")
    yield base64.b64encode(secret.encode()).decode().rstrip("=")
