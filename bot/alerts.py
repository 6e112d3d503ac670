"""What a delivery says and shows: text first, then the picture."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace

from bot.delivery import Delivery, Kind
from bot.drawn import Drawing, drawn
from bot.errors import NothingToSay
from bot.message import Image, Outgoing
from bot.model import Milestone
from bot.openness import Directory
from bot.queries.stored import rank_history
from bot.render import Renderer
from bot.routing import subjects
from bot.rules import Rule
from bot.standings import counting_of
from bot.text.alert import Told, alert, correction
from bot.text.captions import bump_alt, bump_caption
from bot.text.pauses import notice
from bot.text.say import Languages, Say
from storage.protocol import Store

_KEPT = 16
"""Messages kept ready, pictures included (about 100 kB each)."""


def tell(milestone: Milestone, rules: Mapping[str, Rule], directory: Directory, say: Say) -> Told:
    """Return a milestone with the words of its rule."""
    names = {entrant.model: entrant.name for entrant in milestone.top}

    def name(model: str) -> str:
        return names.get(model) or directory.name(model)

    rule = rules[milestone.rule]
    return Told(
        milestone,
        rule.headline(milestone, name, say),
        rule.sentence(milestone, name, say),
        rule.beside(milestone, name, say),
        rule.reversal(milestone, name, say),
    )


class Composer:
    """Compose deliveries; those of the same milestones and language share message and picture."""

    def __init__(
        self,
        store: Store,
        renderer: Renderer,
        rules: Mapping[str, Rule],
        directory: Callable[[], Awaitable[Directory]],
        languages: Languages,
    ) -> None:
        """Take what messages are made of."""
        self._store = store
        self._renderer = renderer
        self._rules = rules
        self._directory = directory
        self._languages = languages
        self._made: dict[tuple[object, ...], asyncio.Task[Outgoing]] = {}

    async def __call__(self, delivery: Delivery) -> Outgoing:
        """Return what a delivery says and shows; without the picture where that fails.

        Raises StoreError, and NothingToSay where none of its milestones is stored, or no channel
        is paused that a notice would tell of.
        """
        if delivery.kind is Kind.NOTICE:
            return await self._notice(delivery)
        milestones = await self._told(delivery)
        # As they stand now: what was revised or withdrawn since is another message.
        standing = tuple((one.key, one.revised, one.withdrawn) for one in milestones)
        about = (delivery.kind, delivery.language, standing)
        if about not in self._made:
            self._made[about] = asyncio.create_task(self._compose(delivery, milestones))
            while len(self._made) > _KEPT:
                del self._made[next(iter(self._made))]
        made = self._made[about]
        try:
            return await asyncio.shield(made)
        finally:
            if made.done() and (made.cancelled() or made.exception() is not None):
                self._made.pop(about, None)  # so that the next try makes it anew

    async def _notice(self, delivery: Delivery) -> Outgoing:
        found = await self._store.subscriptions(delivery.guild_id)
        paused = [one for one in found if one.paused is not None]
        if not paused:
            raise NothingToSay("no channel of this server is paused any more")
        _, _, key = delivery.key.partition(":")
        return Outgoing(notice(paused, key, self._languages.of(delivery.language)), None)

    async def _told(self, delivery: Delivery) -> tuple[Milestone, ...]:
        milestones = await self._store.milestones_by_key(delivery.milestones)
        if delivery.kind is Kind.ALERT:
            milestones = tuple(one for one in milestones if one.withdrawn is None)
        if not milestones:
            lost = ", ".join(delivery.milestones)
            raise NothingToSay(f"none of these milestones is stored and stands: {lost}")
        return milestones

    async def _compose(self, delivery: Delivery, milestones: Sequence[Milestone]) -> Outgoing:
        directory, say = await self._directory(), self._languages.of(delivery.language)
        if delivery.kind is Kind.ALERT:
            # Nobody has read it yet: nothing in it is edited.
            milestones = [replace(one, revised=None) for one in milestones]
        told = [tell(milestone, self._rules, directory, say) for milestone in milestones]
        if delivery.kind is Kind.CORRECTION:
            return Outgoing(correction(told, say), None)
        message = alert(told, say)
        picture = await self._picture(message.title, milestones[0], directory, say)
        return Outgoing(message, picture)

    async def _picture(
        self, title: str, milestone: Milestone, directory: Directory, say: Say
    ) -> Image | None:
        picture = await rank_history(
            self._store,
            milestone.board,
            milestone.date,
            directory,
            bump_caption(title, milestone.as_of, say, milestone.board),
            subjects(milestone),
            counting_of(weekly=milestone.weekly),
        )
        name, alt = f"ranks-{milestone.date}.png", bump_alt(picture, say)
        return await drawn(self._renderer, Drawing("bump", picture, name, alt))
