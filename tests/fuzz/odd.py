"""Values that nobody should send."""

from random import Random
from typing import Any

HOSTILE_TEXTS = (
    "",
    " ",
    "\x00",
    "a" * 100_000,
    "../../../etc/passwd",
    "..\\..\\windows\\system32",
    "C:\\nul",
    "%2e%2e%2f",
    "/etc/passwd",
    "a/../../b",
    "@everyone <@&1> <@1> <#1>",
    "[click](https://evil.example) **x** ||y|| `z`",
    "<script>alert(1)</script>",
    "\u202egnihtemos",
    "\ufeffbom",
    "\x1b[2J\x1b]0;x\x07",
    "line\nbreak\r\nand\u2028more",
    "=1+1",
    "NaN",
    "1e400",
    "-1",
    "0x10",
    "９９",
    "𝟙𝟚",
    "1_000",
    "+5",
    "9" * 5000,
    "2026-02-30",
    "0001-01-01",
    "9999-12-31",
    "2026-6-7",
    "20260607",
    "other",
    "OTHER",
    "a/b:free:free",
    "~a/b-latest",
    "__proto__",
    "{}",
    "null",
    '"',
    "'; DROP TABLE days; --",
)

_NUMBERS = (0, -1, 1, 2**31, 2**63, 10**40, -(10**40), 0.5, 1e308, -0.0, True, False)


def odd_text(random: Random) -> str:
    """Return a text that nobody should send."""
    if random.random() < 0.2:
        return "".join(chr(random.randrange(1, 0xD800)) for _ in range(random.randrange(1, 60)))
    return random.choice(HOSTILE_TEXTS)


def odd_value(random: Random, depth: int = 0) -> Any:
    """Return a JSON value that nobody should send."""
    flat = (
        lambda: None,
        lambda: random.choice(_NUMBERS),
        lambda: odd_text(random),
        lambda: odd_text(random),
        lambda: random.choice((float("inf"), float("nan"))),
    )
    deep = (
        lambda: [odd_value(random, depth + 1) for _ in range(random.randrange(4))],
        lambda: {odd_text(random)[:50]: odd_value(random, depth + 1)},
        lambda: _nested(random.choice((10, 200, 900))),
    )
    return random.choice((*flat, *(deep if depth < 3 else ())))()


def _nested(depth: int) -> Any:
    found: Any = 0
    for _ in range(depth):
        found = [found]
    return found


def mutated_json(document: Any, random: Random) -> Any:
    """Return a document in which one thing, somewhere, is other, gone, added or swapped."""
    if isinstance(document, dict) and document and random.random() < 0.85:
        changed = dict(document)
        name = random.choice(list(changed))
        deed = random.randrange(6)
        if deed == 0:
            del changed[name]
        elif deed == 1:
            changed[name] = odd_value(random)
        elif deed == 2:
            changed[odd_text(random)[:80]] = odd_value(random)
        elif deed == 3:
            changed[name] = changed[random.choice(list(changed))]
        else:
            changed[name] = mutated_json(changed[name], random)
        return changed
    if isinstance(document, list) and document and random.random() < 0.85:
        items = list(document)
        at = random.randrange(len(items))
        deed = random.randrange(5)
        if deed == 0:
            del items[at]
        elif deed == 1:
            items.append(items[at])
        elif deed == 2:
            random.shuffle(items)
        else:
            items[at] = mutated_json(items[at], random)
        return items
    return odd_value(random)


def mutated_bytes(content: bytes, random: Random) -> bytes:
    """Return bytes of which some are other, gone, doubled, or not what they claim."""
    at = random.randrange(len(content) + 1)
    ends = random.choice((b"\n", b"\r", b"\n\r", b"\r\n\r\n"))
    foreign = random.choice((b"\x00", b'"', b"\xff\xfe", b"\xed\xa0\x80", b"\xc3\xa9"))
    whole = random.choice((b"", b"null", b"{}", b"[]", b'"', b"\x1f\x8b" + content[:50]))
    changed = (
        content[:at],
        content[:at] + bytes([random.randrange(256)]) + content[at + 1 :],
        b"\xef\xbb\xbf" + content,
        content.replace(b"\r\n", ends),
        b"[" * 20_000 + content,
        content[:at] + foreign + content[at:],
        content + content,
        b"<html><body>" + content[:200] + b"</body></html>",
        whole,
    )
    return random.choice(changed)
