"""What a delivery says and shows: text first, then the picture."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from bot.answers.digest import Summed
from bot.boards import MODELS, Board
from bot.delivery import Delivery, Form, Kind
from bot.digests import summed_up
from bot.drawn import Drawing, drawn
from bot.errors import NothingToSay
from bot.message import Image, Message, Outgoing
from bot.model import Milestone
from bot.openness import Directory
from bot.queries.stories import scene
from bot.render import Renderer
from bot.rules import Rule
from bot.text.alert import Told, alert, correction
from bot.text.bars import standings_alt, standings_picture
from bot.text.digest import chart_title, digest, leading
from bot.text.links import evidence_links
from bot.text.pauses import notice
from bot.text.roundup import roundup, trial, weightiest
from bot.text.say import Languages, Names, Say
from bot.text.stories import story_picture
from bot.text.story_alt import story_alt
from storage.protocol import Store

_KEPT = 16
"""Messages kept ready, pictures included (about 100 kB each)."""

_UNREAD = (Kind.ALERT, Kind.TEST)
"""What nobody has read before: it tells only what stands."""

_ALL_MODELS: Mapping[str, Board] = MappingProxyType({MODELS.name: MODELS})


def tell(milestone: Milestone, rules: Mapping[str, Rule], directory: Directory, say: Say) -> Told:
    """Return a milestone with the words of its rule."""
    rule, name = rules[milestone.rule], _names(milestone, directory)
    return Told(
        milestone,
        rule.headline(milestone, name, say),
        rule.sentence(milestone, name, say),
        rule.beside(milestone, name, say),
        rule.reversal(milestone, name, say),
    )


def _names(milestone: Milestone, directory: Directory) -> Names:
    """Return what a milestone calls models: as they were called when it was found."""
    names = {entrant.model: entrant.name for entrant in milestone.top}
    return lambda model: names.get(model) or directory.name(model)


async def pictured(
    store: Store, lead: Told, rules: Mapping[str, Rule], directory: Directory, say: Say
) -> Drawing:
    """Return what is to be drawn for the alert that a milestone leads. Raises StoreError."""
    milestone = lead.milestone
    names, title = _names(milestone, directory), alert([lead], say).title
    shown = await scene(store, milestone, rules[milestone.rule].story(milestone), directory)
    return Drawing(
        story_picture(shown, title, names, say),
        f"milestone-{milestone.date}.png",
        story_alt(shown, names, say),
    )


class Composer:
    """Compose deliveries; those that say the same share message and picture."""

    def __init__(  # noqa: PLR0913, PLR0917 — what messages are made of, and no more
        self,
        store: Store,
        renderer: Renderer,
        rules: Mapping[str, Rule],
        directory: Callable[[], Awaitable[Directory]],
        languages: Languages,
        boards: Mapping[str, Board] = _ALL_MODELS,
        address: str | None = None,
    ) -> None:
        """Take what messages are made of.

        `boards` are those that digests may sum up, `address` is that of the evidence pages.
        """
        self._store = store
        self._renderer = renderer
        self._rules = rules
        self._directory = directory
        self._languages = languages
        self._boards = boards
        self._address = address
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
        form = (delivery.kind, delivery.form, delivery.summary, _own_key(delivery))
        about = (*form, delivery.language, standing)
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
        found = await self._store.channels(delivery.guild_id)
        paused = [one for one in found if one.paused is not None]
        if not paused:
            raise NothingToSay("no channel of this server is paused any more")
        _, _, key = delivery.key.partition(":")
        return Outgoing(notice(paused, key, self._languages.of(delivery.language)), None)

    async def _told(self, delivery: Delivery) -> tuple[Milestone, ...]:
        milestones = await self._store.milestones_by_key(delivery.milestones)
        if delivery.kind in _UNREAD:
            milestones = tuple(one for one in milestones if one.withdrawn is None)
        elif delivery.kind is Kind.EDIT and delivery.form is not Form.ALERT:
            milestones = _as_read(milestones, await self._tried(delivery.about or ""))
        if not milestones and delivery.kind is not Kind.TEST and delivery.summary is None:
            lost = ", ".join(delivery.milestones)
            raise NothingToSay(f"none of these milestones is stored and stands: {lost}")
        return milestones

    async def _tried(self, key: str) -> datetime | None:
        """Return when a delivery was first tried or, where that is not known, became owed."""
        found = await self._store.deliveries([key])
        return (found[0].tried_at or found[0].created_at) if found else None

    async def _compose(self, delivery: Delivery, milestones: Sequence[Milestone]) -> Outgoing:
        directory, say = await self._directory(), self._languages.of(delivery.language)
        if delivery.kind in _UNREAD:
            # Nobody has read it yet: nothing in it is edited.
            milestones = [replace(one, revised=None) for one in milestones]
        told = [tell(milestone, self._rules, directory, say) for milestone in milestones]
        made = await self._outgoing(delivery, told, directory, say)
        links = evidence_links(told, self._address, say)
        return replace(made, message=replace(made.message, links=(*made.message.links, *links)))

    async def _outgoing(
        self, delivery: Delivery, told: Sequence[Told], directory: Directory, say: Say
    ) -> Outgoing:
        if delivery.kind is Kind.CORRECTION:
            return Outgoing(correction(told, say), None)
        key = _own_key(delivery)
        if key is None:
            return await self._shown(alert(told, say), told[0], directory, say)
        if delivery.summary is not None:
            found = await summed_up(self._store, self._boards, delivery.summary, directory)
            picture = await self._week(found, directory, say)
            return Outgoing(digest(found, told, key, directory, say), picture)
        if not told:
            return Outgoing(trial((), key, say), None)
        told_of = trial if delivery.kind is Kind.TEST else roundup
        return await self._shown(told_of(told, key, say), weightiest(told), directory, say)

    async def _shown(
        self, message: Message, lead: Told, directory: Directory, say: Say
    ) -> Outgoing:
        """Return a message with the picture of one of its milestones."""
        drawing = await pictured(self._store, lead, self._rules, directory, say)
        return Outgoing(message, await drawn(self._renderer, drawing))

    async def _week(self, found: Sequence[Summed], directory: Directory, say: Say) -> Image | None:
        """Return the picture of a digest, that of its leading board."""
        first = leading(found)
        if first is None or first.week is None:
            return None
        week, title = first.week, chart_title(first.week, directory, say)
        estimated = first.board.estimated
        picture = standings_picture(week, directory, say, title=title, estimated=estimated)
        name, alt = f"standings-{week.date}.png", standings_alt(picture, say)
        return await drawn(self._renderer, Drawing(picture, name, alt))


def _own_key(delivery: Delivery) -> str | None:
    """Return the key that a message bears in place of its milestones', if it does."""
    if delivery.kind is not Kind.TEST and delivery.form is Form.ALERT:
        return None
    return (delivery.about or delivery.key).rpartition(":")[2]


def _as_read(milestones: Iterable[Milestone], tried: datetime | None) -> tuple[Milestone, ...]:
    """Return milestones as somebody read them who got them not before `tried`.

    What was withdrawn earlier was not among them; what was revised earlier is not edited.
    """

    def earlier(one: Milestone) -> bool:
        return tried is not None and one.revised is not None and one.revised < tried

    there = (one for one in milestones if one.withdrawn is None or not earlier(one))
    return tuple(replace(one, revised=None) if earlier(one) else one for one in there)
