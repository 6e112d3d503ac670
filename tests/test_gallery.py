"""The pictures of answers, and the document that they are for."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.cogs.asked import leaves
from tests.gallery.living import living, seen
from tests.gallery.page import page
from tests.gallery.table import CHOSEN, TABLE, Posted, Press, Shot

DOCS = Path(__file__).parent.parent / "docs"
PICTURE = re.compile(r"!\[([^\]]+)\]\(images/commands/([\w-]+)\.png\)")
OPTION = re.compile(r"^\| `([\w-]+)` \|", re.MULTILINE)


def sections() -> dict[str, str]:
    """Return the sections of the document on commands, by command."""
    text = (DOCS / "commands.md").read_text(encoding="utf-8")
    parts = re.split(r"^## `/([^`]+)`.*$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


async def test_every_command_has_its_section_and_no_other_has() -> None:
    assert sorted(sections()) == sorted(await leaves())


async def test_every_option_of_a_command_stands_in_its_table() -> None:
    for name, command in (await leaves()).items():
        listed = OPTION.findall(sections()[name])
        assert listed == [option["name"] for option in command.get("options", [])], name


async def test_every_command_is_photographed() -> None:
    assert {shot.command for shot in TABLE} == set(await leaves())


def test_every_picture_stands_in_its_section_and_says_in_words_what_it_shows() -> None:
    shown = {
        (name, picture): alt
        for name, text in sections().items()
        for alt, picture in PICTURE.findall(text)
    }
    assert set(shown) == {(shot.command, shot.name) for shot in TABLE}
    assert all(len(alt) >= 60 for alt in shown.values())


def test_every_picture_is_there_small_and_of_this_table() -> None:
    files = {path.stem: path.stat().st_size for path in DOCS.glob("images/commands/*.png")}
    assert set(files) == {shot.name for shot in TABLE}
    assert all(size < 150_000 for size in files.values())


def test_pictures_with_figures_stand_above_their_source() -> None:
    for name, text in sections().items():
        if "figures" in text:
            assert "Source: OpenRouter (openrouter.ai/rankings)" in text, name


@pytest.mark.parametrize(
    ("locale", "typed", "pressed", "says"),
    [
        ("en-US", "/rankings top:5", (), "1–5 of 15"),
        ("en-US", "/rankings top:5", (Press("Next ▶"),), "6–10 of 15"),
        ("tr", "/sıralama adet:5", (), "en çok kullanılan modeller"),
    ],
)
async def test_an_answer_is_taken_from_the_real_bot_in_the_readers_language(
    tmp_path: Path, locale: str, typed: str, pressed: tuple[Press, ...], says: str
) -> None:
    async with living(tmp_path) as server:
        shown = await seen(server, Shot("any", "rankings", {"top": 5}, locale, pressed))
    assert shown.typed == typed
    assert shown.when == "2026-07-11 03:30 UTC"
    assert says in page(shown, 640)


async def test_what_is_chosen_and_what_follows_an_answer_stand_on_its_page(tmp_path: Path) -> None:
    clicks = (*CHOSEN, Press("Save"))
    async with living(tmp_path) as server:
        panel = Shot("any", "subscribe", {"channel": "#announcements"}, clicks=clicks[:-1])
        chosen = page(await seen(server, panel), 640)
        saved = await seen(server, replace(panel, clicks=clicks, follow_ups=1))
    assert all(f"{label}</span>" in chosen for label in ("Headlines alone", "@readers"))
    assert page(saved, 640).count("<article>") == len(saved.messages) == 2
    assert "as it would look" in page(saved, 640)


async def test_what_was_held_back_is_photographed_as_it_is_posted(tmp_path: Path) -> None:
    async with living(tmp_path) as server:
        digest = page(await seen(server, Posted("any", "digest", "#digest")), 640)
        roundup = page(await seen(server, Posted("any", "mute", "#evenings")), 640)
    assert "The week on OpenRouter" in digest
    assert "3 milestones were held back until now" in roundup
    assert "used" not in re.findall(r'<div class="(\w+)">', digest + roundup)
