"""The week of the founding article, made up: the alert tells exactly that story."""

from collections.abc import AsyncIterator, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot import rules
from bot.alerts import Composer
from bot.boards import MODELS
from bot.delivery import Delivery
from bot.message import Message, Ranked
from bot.model import BOARD_MODELS, Day, Openness
from bot.openness import Directory
from bot.packaged import read_languages
from bot.pipeline import poll
from bot.render import Renderer
from bot.sources.replay import Replay
from bot.subscription import Subscription, Wish
from bot.verify import verify
from storage.tinydb_store import TinyDBStore
from tests.made import at, day, directory, verdict

RULES = rules.discover()
FIRST, WEEK_END = date(2023, 10, 25), date(2024, 6, 9)
POLLED_FROM = WEEK_END - timedelta(days=20)
B = 10**9

MISTRAL, LLAMA = "mistralai/mistral-7b-instruct", "meta-llama/llama-3-8b-instruct"
HERMES, OPENCHAT = "nousresearch/hermes-2-pro-llama-3-8b", "openchat/openchat-7b"
HAIKU, GPT, GPT_4 = "anthropic/claude-3-haiku", "openai/gpt-3.5-turbo", "openai/gpt-4"
CLAUDE_2, GPT_4_32K = "anthropic/claude-2", "openai/gpt-4-32k"

NAMES = {
    MISTRAL: "Mistral 7B",
    LLAMA: "Llama 3 8B",
    HERMES: "Nous Hermes 2 Pro",
    OPENCHAT: "OpenChat 3.5",
    HAIKU: "Claude 3 Haiku",
    GPT: "GPT-3.5 Turbo",
    GPT_4: "GPT-4",
    CLAUDE_2: "Claude 2",
    GPT_4_32K: "GPT-4 32k",
}
SINCE = {
    MISTRAL: date(2023, 9, 27),
    LLAMA: date(2024, 4, 18),
    HERMES: date(2024, 5, 1),
    OPENCHAT: date(2023, 11, 1),
}

CLOSED_ON_TOP = {GPT: 12, GPT_4: 7, CLAUDE_2: 5, GPT_4_32K: 4, HAIKU: 3, MISTRAL: 2, OPENCHAT: 1}
OPENCHAT_FIFTH = {GPT: 12, GPT_4: 8, CLAUDE_2: 6, OPENCHAT: 5, HAIKU: 4, MISTRAL: 3}
LATELY = {HAIKU: 6, GPT: 5, GPT_4: 4, CLAUDE_2: 2}
THREE_OPEN = {MISTRAL: 38, LLAMA: 24, HERMES: 12, OPENCHAT: 4} | LATELY
FOUR_OPEN = {MISTRAL: 32, LLAMA: 18, HERMES: 8, OPENCHAT: 20} | LATELY
"""What a day has in billions of tokens; of the last two's 95 and `other`'s 5 open ones have 78."""


def rates(when: date) -> Mapping[str, int]:
    """Return what models have on a day, in billions of tokens."""
    if when < date(2024, 2, 1):
        return CLOSED_ON_TOP
    if when < date(2024, 5, 3):
        return OPENCHAT_FIFTH
    return THREE_OPEN if when < WEEK_END - timedelta(days=1) else FOUR_OPEN


def history(*missing: date) -> tuple[Day, ...]:
    """Return the days up to the week's last, `other` having 5 billion tokens on each."""
    span = (FIRST + timedelta(days=n) for n in range((WEEK_END - FIRST).days + 1))
    return tuple(
        day(
            when,
            {model: tokens * B for model, tokens in rates(when).items()},
            other=5 * B,
            as_of=at(when + timedelta(days=1), 1, 46),
        )
        for when in span
        if when not in missing
    )


def known() -> Directory:
    """Return what is known of the models: those with a day have been open since then."""
    models = {
        model: verdict(Openness.OPEN, SINCE[model]) if model in SINCE else verdict(Openness.CLOSED)
        for model in NAMES
    }
    return directory(models, names=NAMES)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[TinyDBStore]:
    """Return an empty store."""
    opened = TinyDBStore(tmp_path, writable=True)
    yield opened
    await opened.close()


async def told(store: TinyDBStore, days: tuple[Day, ...]) -> Delivery:
    """Return the delivery of the week, the days polled one by one after an import of the others."""
    await store.put_days(BOARD_MODELS, [one for one in days if one.date < POLLED_FROM])
    asked = Subscription(7, 1, Wish(), POLLED_FROM, at(POLLED_FROM), 1)
    await store.subscribe(asked)
    source, delivered = Replay(days, "made up"), []
    for number in range(21):
        now = at(POLLED_FROM + timedelta(days=number + 1))
        delivered += (await poll(MODELS, source, store, known(), RULES, now)).deliveries
    (delivery,) = [one for one in delivered if one.milestones[0].endswith(str(WEEK_END))]
    return delivery


async def read(store: TinyDBStore, delivery: Delivery, language: str) -> Message:
    """Return the message of a delivery in a language."""

    async def look_up() -> Directory:
        return known()

    with closing(Renderer()) as renderer:
        composer = Composer(store, renderer, RULES, look_up, read_languages())
        outgoing = await composer(replace(delivery, language=language))
    assert outgoing.image is not None
    return outgoing.message


def ranked(*places: tuple[str, str, str], words: tuple[str, str]) -> tuple[Ranked, ...]:
    """Return the ranking as it must read: four open models, then a closed one."""
    kinds = [(Openness.OPEN, words[0])] * 4 + [(Openness.CLOSED, words[1])]
    return tuple(
        Ranked(rank, name, kind, word, share, tokens, "")
        for rank, ((name, share, tokens), (kind, word)) in enumerate(
            zip(places, kinds, strict=True), start=1
        )
    )


ENGLISH = Message(
    title="Open models now hold four of the top five",
    lead=(
        (
            "Open among the five models with the most tokens: Mistral 7B, Llama 3 8B, Nous Hermes 2"
            " Pro and OpenChat 3.5. It is the first time in 229 complete days since 25 October"
            " 2023. It holds in 6 of 6 other readings of the same figures."
        ),
    ),
    caption="Top five by tokens, 3 June 2024 to 9 June 2024",
    ranking=ranked(
        ("Mistral 7B", "36.3 %", "254 B"),
        ("Llama 3 8B", "22.3 %", "156 B"),
        ("Nous Hermes 2 Pro", "10.9 %", "76.0 B"),
        ("OpenChat 3.5", "8.6 %", "60.0 B"),
        ("Claude 3 Haiku", "6.0 %", "42.0 B"),
        words=("open", "closed"),
    ),
    notes=(
        (
            "Six months before, in the seven days to 9 December 2023, none of the top five was"
            " open; GPT-3.5 Turbo (closed) led."
        ),
        (
            "Fewer than four open models in the top five would end this. The lowest-placed open one"
            " is OpenChat 3.5, at place 4."
        ),
        "The open models among these five hold 78.0 % of all tokens of the seven days.",
    ),
    citation=(
        "Source: OpenRouter (openrouter.ai/rankings), as of 2024-06-10. Licensed under CC BY 4.0."
    ),
    key="models.open_top5.4.2024-06-09",
)
TURKISH = Message(
    title="İlk beşin dördü artık açık modellerin",
    lead=(
        (
            "En çok token kullanılan beş modelden açık olanlar: Mistral 7B, Llama 3 8B, Nous Hermes"
            " 2 Pro ve OpenChat 3.5. 25 Ekim 2023 gününden bu yana 229 tam gün içinde ilk kez"
            " oluyor. Aynı verilerle yapılan 6 başka hesabın 6 tanesinde de geçerli."
        ),
    ),
    caption="Token sayısına göre ilk beş, 3 Haziran 2024 – 9 Haziran 2024",
    ranking=ranked(
        ("Mistral 7B", "%36,3", "254 milyar"),
        ("Llama 3 8B", "%22,3", "156 milyar"),
        ("Nous Hermes 2 Pro", "%10,9", "76,0 milyar"),
        ("OpenChat 3.5", "%8,6", "60,0 milyar"),
        ("Claude 3 Haiku", "%6,0", "42,0 milyar"),
        words=("açık", "kapalı"),
    ),
    notes=(
        (
            "Altı ay önce, 9 Aralık 2023 gününe kadarki yedi günde ilk beşte açık model yoktu;"
            " lider: GPT-3.5 Turbo (kapalı)."
        ),
        (
            "İlk beşte dörtten az açık model kalırsa bu durum sona erer. Açık olanların en"
            " alttakisi 4. sırada: OpenChat 3.5."
        ),
        "Bu beş modelden açık olanların yedi günün toplam token sayısındaki payı: %78,0.",
    ),
    citation=ENGLISH.citation,
    key=ENGLISH.key,
)


async def test_the_alert_tells_the_founding_articles_week_in_english_and_in_turkish(
    store: TinyDBStore,
) -> None:
    delivery = await told(store, history())
    assert await read(store, delivery, "en") == ENGLISH
    assert await read(store, delivery, "tr") == TURKISH


async def test_it_says_how_many_days_are_missing_of_those_that_it_calls_it_a_first_over(
    store: TinyDBStore,
) -> None:
    delivery = await told(store, history(date(2024, 2, 10), date(2024, 2, 11)))
    english, turkish = await read(store, delivery, "en"), await read(store, delivery, "tr")
    assert "first time in 227 complete days since 25 October 2023 (2 missing)." in english.lead[0]
    assert "227 tam gün (2 gün eksik) içinde ilk kez oluyor." in turkish.lead[0]


async def test_the_story_can_be_recomputed(store: TinyDBStore) -> None:
    days = history()
    delivery = await told(store, days)
    (milestone,) = await store.milestones_by_key(delivery.milestones)
    versions = {one.date: (one,) for one in days}
    assert all(check.holds for check in verify(milestone, versions, known(), RULES))
