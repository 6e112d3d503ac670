"""The loopback OpenRouter's keyed endpoints: rankings by day or week, apps, and their limits."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from typing import Any

Rows = Sequence[tuple[str, int]]
Selection = frozenset[tuple[str, str]]

RANKINGS, APPS = "/datasets/rankings-daily", "/datasets/app-rankings"
BEGINNING, LONGEST = date(2025, 1, 1), timedelta(days=366)
OTHER = "other"
EXACT = {
    "modality": ("text", "image", "image_output", "audio", "tool_calling"),
    "context_bucket": ("1K", "10K", "100K", "1M", "10M"),
}
CATEGORIES = ("programming", "roleplay", "marketing", "marketing/seo", "technology", "science")
CATEGORIES += ("translation", "legal", "finance", "health", "trivia", "academia")
SAMPLED = {"category": CATEGORIES, "language_type": ("natural", "programming")}
PERIODS = ("day", "week", "month")
LIMITS = ((30, 60.0), (500, 86400.0))
"""So many requests in so many seconds: of a key, and of its account."""


class Refusal(Exception):
    """Why a request gets no figures: a status, and a sentence."""

    def __init__(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.body = json.dumps({"error": {"code": status, "message": message}}).encode()
        self.headers = headers or {}


@dataclass
class Keyed:
    """What needs a key. `clock` gives seconds since 1970; all keys are of one account."""

    clock: Callable[[], float] = time.time
    keys: set[str] = field(default_factory=set)
    app_rows: list[Mapping[str, Any]] = field(default_factory=list)
    asked: list[tuple[float, str]] = field(default_factory=list)
    """When a request was let in, and with which key."""

    def __post_init__(self) -> None:
        """Begin with no figures."""
        self._days: dict[Selection, Mapping[date, Rows]] = {}

    def publish(self, days: Mapping[date, Rows], **query: str) -> None:
        """Serve these days (weeks by their Mondays) to whoever asks with just this query."""
        self._days[frozenset(query.items())] = days

    def answer(self, path: str, query: Mapping[str, str], authorization: str) -> bytes | None:
        """Return the answer to a request, None if the path is none of these. Raise Refusal."""
        if path not in (RANKINGS, APPS):
            return None
        key = authorization.removeprefix("Bearer ")
        if key not in self.keys or key == authorization:
            raise Refusal(401, "No valid API key")
        self._let_in(key)
        since, until = _span(query, datetime.fromtimestamp(self.clock(), UTC).date())
        data = self._rankings(query, since, until) if path == RANKINGS else self._apps(query)
        at = datetime.fromtimestamp(self.clock(), UTC).isoformat(timespec="milliseconds")
        meta = {"as_of": at.replace("+00:00", "Z"), "version": "v1"}
        meta |= {"start_date": str(since), "end_date": str(until)}
        return json.dumps({"data": data, "meta": meta}).encode()

    def _let_in(self, key: str) -> None:
        now = self.clock()
        for (limit, seconds), of_key in zip(LIMITS, (True, False), strict=True):
            recent = [
                at for at, who in self.asked if at > now - seconds and (who == key or not of_key)
            ]
            if len(recent) >= limit:
                reset = str(int((recent[-limit] + seconds) * 1000))
                sent = format_datetime(datetime.fromtimestamp(now, UTC), usegmt=True)
                headers = {"X-RateLimit-Reset": reset, "Date": sent}
                raise Refusal(429, f"Rate limit exceeded: {limit}", headers)
        self.asked.append((now, key))

    def _rankings(self, query: Mapping[str, str], since: date, until: date) -> list[dict[str, str]]:
        chosen = {name: query[name] for name in (*EXACT, *SAMPLED) if name in query}
        sampled = [name for name in chosen if name in SAMPLED]
        for name, value in chosen.items():
            if value not in (EXACT | SAMPLED)[name]:
                raise Refusal(400, f"Invalid {name}")
        if sampled and len(chosen) > 1:
            raise Refusal(400, f"{sampled[0]} cannot be combined")
        period = query.get("period", "week" if sampled else "day")
        if period not in PERIODS or (sampled and period == "day"):
            raise Refusal(400, "Invalid period")
        if period != "day":
            chosen["period"] = period
        days = self._days.get(frozenset(chosen.items()), {})
        return [
            {"date": str(day), "model_permaslug": model, "total_tokens": str(tokens)}
            for day, rows in sorted(days.items())
            for model, tokens in sorted(rows, key=lambda r: (r[0] == OTHER, -r[1], r[0]))
            if since <= day <= until
        ]

    def _apps(self, query: Mapping[str, str]) -> list[Mapping[str, Any]]:
        limit, offset = int(query.get("limit", "50")), int(query.get("offset", "0"))
        if not 1 <= limit <= 100 or query.get("sort", "popular") not in ("popular", "trending"):
            raise Refusal(400, "Invalid limit or sort")
        return self.app_rows[offset : offset + limit]


def _span(query: Mapping[str, str], today: date) -> tuple[date, date]:
    try:
        until = date.fromisoformat(query.get("end_date", str(today - timedelta(days=1))))
        since = date.fromisoformat(query.get("start_date", str(until - timedelta(days=30))))
    except ValueError as error:
        raise Refusal(400, str(error)) from error
    if until < BEGINNING:
        raise Refusal(400, f"end_date must be on or after {BEGINNING}")
    since = max(since, BEGINNING)
    if since > until:
        raise Refusal(400, "start_date must be on or before end_date")
    if until - since >= LONGEST:
        raise Refusal(400, f"The span must be at most {LONGEST.days} days")
    return since, until
