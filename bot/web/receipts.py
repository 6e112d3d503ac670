"""A milestone's receipt as a file, for who computes it again by their own means (pure)."""

import json
from dataclasses import asdict
from datetime import date

from bot.model import Milestone
from bot.text.words import citation


def receipt_json(milestone: Milestone) -> bytes:
    """Return key, claim, first five places and receipt as one JSON object.

    Days and moments (UTC) as ISO 8601.
    """
    kept = asdict(milestone)
    parts = ("key", "rule", "board", "subject", "began", "date", "facts", "first", "top", "total")
    standing = ("as_of", "final", "revised", "withdrawn", "half_year", "receipt")
    said = {part: kept[part] for part in (*parts, *standing)}
    document = said | {"citation": citation(milestone.as_of)}
    return json.dumps(document, ensure_ascii=False, indent=2, default=_iso).encode() + b"\n"


def _iso(when: date) -> str:
    return when.isoformat()
