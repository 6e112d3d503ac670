"""Every sentence in every language: none missing, none left over, the same placeholders."""

import ast
from datetime import date
from pathlib import Path
from string import Formatter

import pytest

from bot.packaged import read_languages
from bot.text.say import Say, english, parse_language
from cogs._places import NEEDED
from cogs.rankings import Rankings
from cogs.subscriptions import Subscriptions
from cogs.watching import Watching

ROOT = Path(__file__).parent.parent.parent
COGS = (Rankings, Subscriptions, Watching)
OTHERS = [say for code, say in read_languages().items() if code != "en"]

by_language = pytest.mark.parametrize("say", OTHERS, ids=lambda say: say.code)


def said_in_code() -> set[str]:
    """Return every sentence that our code says, read from its calls of `say`."""
    found = set()
    for file in [*(ROOT / "bot").rglob("*.py"), *(ROOT / "cogs").rglob("*.py")]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _says(node, file.name):
                assert isinstance(node.args[0], ast.Constant), f"{file.name}:{node.lineno}"
                found.add(node.args[0].value)
    return found


def _says(call: ast.Call, file: str) -> bool:
    name = call.func.id if isinstance(call.func, ast.Name) else None
    if name == "say" and isinstance(call.args[0], ast.Name):
        return False  # a permission's name, see NEEDED
    return name == "say" or (name == "self" and file == "say.py")


def said_by_commands() -> set[str]:
    """Return the names and descriptions of commands and options, as Discord is told them."""
    found = set()
    for cog in COGS:
        for command in cog.__cog_app_commands__:
            found |= {command.name, command.description}
            for option in command.parameters:
                found |= {option.name, str(option.description)}
    return found


@by_language
def test_no_sentence_is_missing_and_none_is_left_over(say: Say) -> None:
    assert set(say.sentences) == said_in_code() | said_by_commands() | set(NEEDED.values())


@by_language
def test_a_translation_has_the_placeholders_of_its_sentence(say: Say) -> None:
    for sentence, translation in say.sentences.items():
        assert placeholders(translation) == placeholders(sentence), sentence


def placeholders(text: str) -> list[str]:
    """Return the names between braces, in order of the alphabet."""
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name is not None)


@by_language
def test_nothing_is_left_in_english(say: Say) -> None:
    same = {english for english, translation in say.sentences.items() if english == translation}
    assert same == set()


@by_language
def test_command_names_are_as_discord_wants_them(say: Say) -> None:
    for cog in COGS:
        for command in cog.__cog_app_commands__:
            for name in (command.name, *(option.name for option in command.parameters)):
                translated = say.sentences[name]
                assert translated == translated.lower()
                assert translated.replace("-", "").isalnum()
                assert len(translated) <= 32


def test_turkish_numbers_and_days_are_as_turks_write_them() -> None:
    say = read_languages()["tr"]
    assert say.percent(784, 1000) == "%78,4"
    assert say.tokens(4_705_000_000_000) == "4,71 trilyon"
    assert say.tokens(946_000_000_000) == "946 milyar"
    assert say.tokens(3_400_000) == "3,40 milyon"
    assert say.tokens(8_300) == "8,30 bin"
    assert say.tokens(950) == "950"
    assert say.day(date(2026, 6, 7)) == "7 Haziran 2026"
    assert say.short_day(date(2026, 8, 7)) == "7 Ağu"
    assert say.listed(["a", "b", "c"]) == "a, b ve c"


@pytest.mark.parametrize(
    ("locale", "code"),
    [("tr", "tr"), ("en-GB", "en"), ("en-US", "en"), ("de", "en"), (None, "en"), ("tr-TR", "tr")],
)
def test_a_locale_finds_its_language_or_english(locale: str | None, code: str) -> None:
    assert read_languages().of(locale).code == code


def test_a_sentence_that_is_not_translated_stays_english() -> None:
    say = parse_language("tr", b'msgid "{n} days"\nmsgstr ""\n')
    assert say("{n} days", n=3) == english()("{n} days", n=3) == "3 days"
