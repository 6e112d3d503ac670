"""A message laid out for Discord: escaped, whole, and within its limits."""

from hypothesis import given
from hypothesis import strategies as st

from bot.message import Message, Outgoing, Ranked
from bot.model import Openness
from cogs._message import layout, plain, shorten

RANKED = Ranked(1, "Model One", Openness.OPEN, "open", "12.3 %", "4.71 T", "up 2")


async def shown(message: Message) -> str:
    """Return every text of a layout, top to bottom."""
    view = layout(Outgoing(message, None))
    return "\n".join(item.content for item in view.walk_children() if hasattr(item, "content"))


def made(
    title: str = "Headline", name: str = "Model One", rows: int = 1, note: str = ""
) -> Message:
    """Return a message."""
    ranked = Ranked(1, name, Openness.CLOSED, "closed", "12.3 %", "4.71 T", "")
    return Message(title, ("Lead.",), "Caption", (ranked,) * rows, (note,), "Source: x.", "a.key")


async def test_a_message_reads_from_headline_to_key() -> None:
    assert (await shown(made())).splitlines() == [
        "## Headline",
        "Lead.",
        "**Caption**",
        "` 1` ■ **Model One** · closed · 12.3 % · 4.71 T",
        "-# Source: x.",
        "-# `a.key`",
    ]


async def test_markup_and_mentions_from_outside_lose_their_power() -> None:
    text = await shown(made(title="# *x* @everyone <@1> <#2>", name="||`@here`|| [a](http://b)"))
    assert "@everyone" not in text
    assert "@here" not in text
    assert r"\<@1> \<#2>" in text
    assert r"\*x\*" in text
    assert r"\|\|\`" in text


@given(st.text(max_size=3000), st.text(max_size=3000), st.integers(0, 25), st.text(max_size=6000))
async def test_any_message_stays_within_discords_limit_and_keeps_its_proof(
    title: str, name: str, rows: int, note: str
) -> None:
    text = await shown(made(title[:500], name, rows, note))
    assert len(text) <= 4000
    assert text.endswith("-# Source: x.\n-# `a.key`")


@given(st.text(), st.integers(2, 60))
def test_a_shortened_text_is_a_beginning_of_it_and_never_too_long(text: str, longest: int) -> None:
    short = shorten(text, longest)
    assert len(short) <= longest
    assert text.startswith(short.removesuffix("…"))


def test_a_text_is_shortened_between_words() -> None:
    assert shorten("one two three", 10) == "one two…"
    assert shorten("one two", 10) == "one two"
    assert plain("_a_") == r"\_a\_"
