"""Every command, typed by people of both languages, with good, odd and hostile input."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import pytest

from bot.render import Renderer
from tests.cogs.asked import CHANNEL, ENGLISH, TURKISH, Asked, Said, asked, leaves
from tests.cogs.settled import ISTANBUL, NOW, settle
from tests.cogs.stored import NAMES, copied, fill, registry
from tests.gallery.markdown import Reader, html
from tests.wire.discord_schema import Json

MODEL, RIVAL = "deepseek/deepseek-v4-flash-20260423", "anthropic/claude-4.6-sonnet-20260217"
AUTHOR = "deepseek"
KEY = "models.open_top5.5.2026-07-03"
CITATION = "Source: OpenRouter (openrouter.ai/rankings), as of "


@dataclass(frozen=True, slots=True)
class Good:
    """Good options of a command, and whether its answer has figures, and a picture of them."""

    options: Mapping[str, object] = field(default_factory=dict)
    figures: bool = False
    picture: bool = False


COMMANDS = {
    "rankings": Good({"top": 5}, figures=True, picture=True),
    "model": Good({"name": MODEL}, figures=True, picture=True),
    "compare": Good({"first": MODEL, "second": RIVAL}, figures=True, picture=True),
    "author": Good({"name": AUTHOR}, figures=True, picture=True),
    "movers": Good(figures=True, picture=True),
    "openness": Good(figures=True, picture=True),
    "milestones": Good(figures=True),
    "milestone": Good({"key": KEY}, figures=True),
    "export": Good({"model": MODEL}, figures=True),
    "status": Good(figures=True),
    "help": Good(),
    "about": Good(figures=True),
    "privacy": Good(),
    "rule preview": Good({"rule": "top_entry"}, figures=True, picture=True),
    "why": Good({"key": KEY}),
    "data show": Good(),
    "data delete": Good(),
    "subscribe": Good({"channel": CHANNEL}),
    "unsubscribe": Good({"channel": CHANNEL}),
    "subscriptions": Good(),
    "digest": Good({"channel": CHANNEL, "weekday": "Monday", "hour": 9, "timezone": ISTANBUL}),
    "mute": Good({"channel": CHANNEL, "duration": "1 day"}),
    "quiet": Good({"channel": CHANNEL, "start": 22, "end": 7, "timezone": ISTANBUL}),
    "budget": Good({"channel": CHANNEL, "messages": 3}),
    "watch": Good({"model": MODEL}),
    "unwatch": Good({"what": MODEL}),
    "watching": Good(),
}
"""A row a command; one that is missing here fails the first test."""

HOSTILE = (
    *NAMES,
    "evil " * 1200,
    "e" * 6000,
    "\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f1f9\U0001f1f7",
    "   ",
    "\\",
    "%s {0} {typed}",
    "../../etc/passwd",
)
STRING, INTEGER = 3, 4
DIRECT = 1
SAME = re.compile(r"Source: OpenRouter|models\.|evil|^\**<#\d+>\**$")
"""What is the same in every language: the source's own line, keys, names, channels."""

KIND = re.compile(r"[a-z-]+(\|[a-z-]+)?")
Use: TypeAlias = tuple[str, Sequence[str] | None]
"""What a control does, and what is chosen in it."""

LINKS = re.compile(r"<a>(?!https?://)[^<]*evil")
MADE = re.compile(r"<(em|u|s|code|pre|h1|h3|small|blockquote|span)\b[^>]*>[^<]*evil")

both = pytest.mark.parametrize("locale", [ENGLISH, TURKISH])
every = pytest.mark.parametrize("name", COMMANDS)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder with seven weeks in it."""
    folder = tmp_path_factory.mktemp("filled")
    asyncio.run(fill(folder))
    return folder


@pytest.fixture(scope="module")
def told() -> Mapping[str, Json]:
    """Return every command as Discord is told of it."""
    return asyncio.run(leaves())


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    """Return what draws, its worker started once."""
    with closing(Renderer()) as found:
        yield found


@pytest.fixture
async def bot(filled: Path, tmp_path: Path, renderer: Renderer) -> AsyncIterator[Asked]:
    """Return a bot that knows seven weeks of models with hostile names."""
    async with asked(copied(filled, tmp_path), registry(), NOW, renderer) as found:
        await settle(found)
        yield found


@pytest.fixture
async def empty(tmp_path: Path, renderer: Renderer) -> AsyncIterator[Asked]:
    """Return a bot that knows nothing yet."""
    async with asked(tmp_path, registry(), NOW, renderer) as found:
        yield found


def sound(said: Said) -> None:
    """Assert what holds for every answer."""
    assert said.errors == ()
    assert said.texts
    assert "Traceback" not in said.text
    assert sum(map(len, said.texts)) <= (4000 if said.parts else 2000)
    assert len(said.parts) <= 40
    assert said.bodies
    for body in said.bodies:
        assert body["allowed_mentions"] == {"parse": []}
    for name, words in said.files.items():
        assert words or not name.endswith(".png"), "a picture without words"
    harmless(said)


def harmless(said: Said) -> None:
    """Assert that nothing from outside is more than the text it is."""
    shown = "\n".join(html(text, Reader("en", lambda kind, _: kind)) for text in said.texts)
    assert not MADE.search(shown), MADE.search(shown)
    assert not LINKS.search(shown), LINKS.search(shown)
    for text in said.texts:
        assert "@everyone" not in text
        assert "@here" not in text
        assert not re.search(r"(?<!\\)<(@&?|#)1>", text)
        assert not re.search("[\u202a-\u202e\u2066-\u2069\u200f]", text)


def test_every_command_has_its_row_here(told: Mapping[str, Json]) -> None:
    assert sorted(told) == sorted(COMMANDS)


@both
@every
async def test_a_good_question_is_answered(bot: Asked, name: str, locale: str) -> None:
    good = COMMANDS[name]
    said = await bot.typed(name, locale, **good.options)
    sound(said)
    assert (CITATION in said.text) == good.figures
    assert any(name.endswith(".png") for name in said.files) == good.picture


@every
async def test_in_turkish_no_line_is_left_in_english(bot: Asked, name: str) -> None:
    english = await bot.typed(name, ENGLISH, **COMMANDS[name].options)
    turkish = await bot.typed(name, TURKISH, **COMMANDS[name].options)
    both_have = set(english.text.splitlines()) & set(turkish.text.splitlines())
    assert [line for line in both_have if not SAME.search(line)] == []


@both
@every
async def test_a_question_is_answered_before_there_are_any_figures(
    empty: Asked, name: str, locale: str
) -> None:
    sound(await empty.typed(name, locale, **COMMANDS[name].options))


@both
@every
async def test_hostile_text_harms_no_answer(
    bot: Asked, told: Mapping[str, Json], name: str, locale: str
) -> None:
    for option in told[name].get("options", []):
        anything = option["type"] == STRING and not option.get("choices")
        for text in HOSTILE if anything else ():
            typed = text[: option.get("max_length", 6000)]
            options = {**COMMANDS[name].options, option["name"]: typed}
            sound(await bot.typed(name, locale, **options))


@both
@every
async def test_the_least_and_the_most_of_a_number_are_answered(
    bot: Asked, told: Mapping[str, Json], name: str, locale: str
) -> None:
    for option in told[name].get("options", []):
        ends = {option.get("min_value"), option.get("max_value")} - {None}
        for number in ends if option["type"] == INTEGER else ():
            options = {**COMMANDS[name].options, option["name"]: number}
            sound(await bot.typed(name, locale, **options))


@both
@every
async def test_every_choice_is_answered(
    bot: Asked, told: Mapping[str, Json], name: str, locale: str
) -> None:
    for option in told[name].get("options", []):
        for choice in option.get("choices") or ():
            options = {**COMMANDS[name].options, option["name"]: choice["value"]}
            sound(await bot.typed(name, locale, **options))


@both
@every
async def test_whatever_is_typed_what_is_offered_can_be_shown(
    bot: Asked, told: Mapping[str, Json], name: str, locale: str
) -> None:
    for option in told[name].get("options", []):
        for text in ("", "e", *HOSTILE) if option.get("autocomplete") else ():
            offered = await bot.offered(name, option["name"], text[:6000], locale)
            assert len(offered) <= 25
            for choice in offered:
                assert 0 < len(choice["name"]) <= 100
                assert 0 < len(choice["value"]) <= 100


@both
@every
async def test_every_control_below_an_answer_can_be_used(
    bot: Asked, name: str, locale: str
) -> None:
    said = await bot.typed(name, locale, **COMMANDS[name].options)
    for place in range(len(said.controls)):
        # What was done by the one before may stand in the ids of the next.
        fresh = await bot.typed(name, locale, **COMMANDS[name].options)
        sound(await bot.used(fresh, fresh.controls[place], locale))


@both
@every
async def test_what_a_control_leads_to_can_be_used_in_turn_and_chosen_in_every_number(
    bot: Asked, name: str, locale: str
) -> None:
    waiting, known = [tuple[Use, ...]()], set[str]()
    while waiting:
        way = waiting.pop(0)
        for control in (await led(bot, name, locale, way)).controls:
            kind = kind_of(control)
            if kind not in known:
                waiting += [(*way, (kind, values)) for values in numbers(control)]
            known.add(kind)


async def led(bot: Asked, name: str, locale: str, way: Sequence[Use]) -> Said:
    """Type a command anew, use one control after another, and return the last answer."""
    await settle(bot)
    said = await bot.typed(name, locale, **COMMANDS[name].options)
    sound(said)
    for kind, values in way:
        control = next(each for each in said.controls if kind_of(each) == kind)
        said = await bot.used(said, control, locale, values)
        sound(said)
    return said


def kind_of(control: Json) -> str:
    """Return what a control does: the beginning of its id."""
    found = KIND.match(control["custom_id"])
    assert found is not None
    return found[0]


def numbers(control: Json) -> Iterator[Sequence[str] | None]:
    """Yield what may be chosen in a select: the fewest, one, and the most; of a button nothing."""
    if "options" in control and not control.get("min_values", 1):
        yield ()
    yield None
    if control.get("max_values", 1) > 1:
        yield [option["value"] for option in control["options"]][: control["max_values"]]


@both
@every
async def test_commands_that_need_no_server_are_answered_in_direct_messages(
    bot: Asked, told: Mapping[str, Json], name: str, locale: str
) -> None:
    if DIRECT in (told[name].get("contexts") or ()):
        sound(await bot.written(name, locale, **COMMANDS[name].options))
