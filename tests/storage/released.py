"""Data folders of released versions, and what one says, in plain JSON values."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bot.boards import MODELS
from bot.delivery import Delivery
from bot.model import Milestone
from bot.subscription import DIRECT
from storage.protocol import Store

FOLDER = Path(__file__).parent / "released"


def names() -> list[str]:
    """Return which folders there are."""
    return sorted(path.stem for path in FOLDER.glob("*.zip"))


async def described(store: Store) -> dict[str, Any]:
    """Return counts, sums and a few exact values of what a store holds."""
    return {
        "history": await _history(store),
        "milestones": _milestones(await store.milestones(MODELS.name)),
        "settings": await _settings(store),
        "deliveries": await _deliveries(store),
        "besides": await _besides(store),
    }


async def _history(store: Store) -> dict[str, Any]:
    days = await store.days(MODELS.name)
    progress = await store.progress(MODELS.name)
    versions = {str(when): await store.versions(MODELS.name, when) for when in days}
    return {
        "days": len(days),
        "first": str(min(days)),
        "last": str(max(days)),
        "tokens": sum(row.tokens for day in days.values() for row in day.rows),
        "other readings": {when: len(each) for when, each in versions.items() if each},
        "through": str(progress.through),
        "mark": progress.mark,
        "memories": [str(memory.through) for memory in progress.memories],
    }


def _milestones(found: Iterable[Milestone]) -> dict[str, Any]:
    every = tuple(found)
    return {
        "count": len(every),
        "oldest": every[0].key,
        "newest": every[-1].key,
        "keys": _sum(one.key for one in every),
        "by rule": dict(Counter(one.rule for one in every)),
        "by severity": dict(Counter(one.severity.value for one in every)),
        "held": sum(bool(one.held_by) for one in every),
        "silenced": sum(one.inhibited_by is not None for one in every),
        "receipts": _sum(f"{one.key} {one.receipt.rows}" for one in every if one.receipt),
        "final": sum(one.final for one in every),
        "revised": [one.key for one in every if one.revised and not one.withdrawn],
        "withdrawn": {one.key: one.withdrawn.value for one in every if one.withdrawn},
        "said before": {one.key: len(one.earlier) for one in every if one.earlier},
        "tokens": sum(one.total for one in every),
    }


async def _settings(store: Store) -> dict[str, Any]:
    subscriptions, channels = await store.subscriptions(), await store.channels()
    return {
        "subscriptions": [
            f"{s.channel_id}.{s.number} {s.guild_id} {s.language} {s.wish.least.value}"
            f" {'+'.join(s.wish.boards)} {'+'.join(s.wish.rules)} {'+'.join(s.wish.only)}"
            f" {s.after} {s.manner.mentions} {s.manner.publish:d}{s.manner.forum:d}"
            f" by {s.created_by}{' stopped' if s.stopped else ''}"
            for s in subscriptions
        ],
        "watches": sum(each.guild_id == DIRECT for each in subscriptions),
        "paused": {str(c.channel_id): c.paused.reason.value for c in channels if c.paused},
        "quiet": {str(c.channel_id): c.quiet.timezone for c in channels if c.quiet},
        "budgets": {str(c.channel_id): c.budget for c in channels if c.budget is not None},
        "digests": {str(c.channel_id): c.digest.after.isoformat() for c in channels if c.digest},
        "changes": {str(each): len(await store.changes(each)) for each in (10, 11, 12)},
        "absent": sorted(await store.absences()),
    }


async def _deliveries(store: Store) -> dict[str, Any]:
    kept = [row for guild in (DIRECT, 10, 11, 12) for row in await store.kept(guild)]
    return {
        "by state": dict(Counter(row.state.value for row in kept)),
        "by kind": dict(Counter(row.kind.value for row in kept)),
        "by form": dict(Counter(row.form.value for row in kept)),
        "sum": _sum(map(_said, kept)),
        "open": [row.key for row in await store.open_deliveries()],
        "held": [row.key for row in await store.held()],
    }


def _said(row: Delivery) -> str:
    return f"{row.key} {row.state} {row.message_id} {row.nonce} {row.milestones} {row.created_at}"


async def _besides(store: Store) -> dict[str, Any]:
    catalogue = await store.catalogue()
    return {
        "catalogue": len(catalogue),
        "an entry": str(catalogue[0]),
        "requests": [moment.isoformat() for moment in await store.requests()],
        "states": [f"{each.kind.value}: {each.subject}" for each in await store.states()],
        "commands": await store.synced_commands(),
    }


def _sum(lines: Iterable[str]) -> str:
    """Return the sha256 of lines, whatever their order."""
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()
