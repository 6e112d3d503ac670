"""A message laid out for Discord: escaped, whole, and within its limits."""

from dataclasses import replace

import discord
from hypothesis import given
from hypothesis import strategies as st

from bot.message import Line, Link, Message, Outgoing, Ranked, Section
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
        "` 1` ■ **Model One** · closed · 12.3\u00a0% · 4.71\u00a0T",
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


POSTED = Link("posted", "https://discord.com/channels/1/2/3")


async def test_sections_stand_before_the_notes_with_their_links() -> None:
    section = Section("What *happened*", (Line("7 June: [x](http://b)", POSTED), Line("Plain.")))
    text = await shown(replace(made(note="A note."), sections=(section, Section("", ()))))
    assert text.splitlines()[4:] == [
        r"**What \*happened\***",
        r"7 June: \[x]\(http:\//b) · [posted](https://discord.com/channels/1/2/3)",
        "Plain.",
        "A note.",
        "-# Source: x.",
        "-# `a.key`",
    ]


async def test_links_away_are_buttons_below_the_card() -> None:
    links = tuple(Link(f"Page {n} {'x' * 90}", f"https://a.example/{n}") for n in range(7))
    view = layout(Outgoing(replace(made(), links=links), None))
    buttons = [item for item in view.walk_children() if isinstance(item, discord.ui.Button)]
    assert [button.url for button in buttons] == [link.url for link in links[:5]]
    assert all(len(button.label or "") <= 80 for button in buttons)


@given(st.lists(st.lists(st.text(max_size=500), max_size=30), max_size=4))
async def test_what_must_give_way_are_whole_lines_so_that_no_link_is_cut(
    sections: list[list[str]],
) -> None:
    made_of = tuple(
        Section("Heading", tuple(Line(text.replace("\n", " "), POSTED) for text in lines))
        for lines in sections
    )
    text = await shown(replace(made(), sections=made_of))
    assert len(text) <= 4000
    assert text.endswith("-# Source: x.\n-# `a.key`")
    whole = f"· [posted]({POSTED.url})"
    assert all(line.endswith(whole) for line in text.splitlines() if "discord.com" in line)


def test_no_link_from_outside_lives_however_many_there_are() -> None:
    text = plain("[a](http://b) and [c](https://d) and https://e")
    assert "](" not in text
    assert "://" not in text


async def test_of_many_long_sections_none_vanishes_for_the_others() -> None:
    line = Line("7 June", POSTED)
    sections = tuple(Section(f"{n} " + "word " * 200, (line, Line("a.key"))) for n in range(8))
    text = await shown(replace(made(), sections=sections))
    assert len(text) <= 4000
    assert [f"**{n} word" in text for n in range(8)] == [True] * 8
    assert text.count("a.key") == 9


async def test_signs_that_turn_the_direction_of_a_text_are_left_out() -> None:
    assert plain("a\u202eb\u2066c\u200fd\ne") == "abcd\ne"


def test_a_text_is_shortened_between_words() -> None:
    assert shorten("one two three", 10) == "one two…"
    assert shorten("one two", 10) == "one two"
    assert plain("_a_") == r"\_a\_"
