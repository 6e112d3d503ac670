"""Every sentence in every language: none missing, none left over, the same placeholders."""

import ast
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from discord.app_commands import Command, Group, Parameter

from bot.packaged import read_languages
from bot.service import ASKED
from bot.text.panel import LANGUAGES
from bot.text.say import Say, english, parse_language
from cogs._places import NEEDED
from cogs.data import Data
from cogs.previewing import Previewing
from cogs.subscribing import Subscribing
from cogs.subscriptions import Subscriptions
from cogs.timing import Timing
from cogs.watching import Watching

COGS = (*ASKED, Previewing, Subscribing, Subscriptions, Timing, Data, Watching)

UNTRANSLATED = {"csv", "json", *LANGUAGES, *map(str, range(400))}
"""Choices that are the same in every language."""

ROOT = Path(__file__).parent.parent.parent
OTHERS = [say for code, say in read_languages().items() if code != "en"]
CODES = [say.code for say in OTHERS]

by_language = pytest.mark.parametrize("say", OTHERS, ids=lambda say: say.code)
by_catalogue = pytest.mark.parametrize("code", CODES)


@cache
def calls() -> tuple[tuple[str, ast.Call], ...]:
    """Return every call in our code, with where it stands."""
    return tuple(
        (f"{file.name}:{node.lineno}", node)
        for folder in ("bot", "cogs")
        for file in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    )


def said_in_code() -> set[str]:
    """Return every sentence that our code says, read from its calls of `say`."""
    return {_constant(call.args[0], where) for where, call in calls() if _says(call, where)}


def counted_in_code() -> set[tuple[str, str]]:
    """Return the sentences of one and of many that our code says, from calls of `say.plural`."""
    return {
        (_constant(call.args[0], where), _constant(call.args[1], where))
        for where, call in calls()
        if ast.unparse(call.func).split(".")[-2:] == ["say", "plural"]
    }


def _constant(said: ast.expr, where: str) -> str:
    assert isinstance(said, ast.Constant), where
    assert isinstance(said.value, str), where
    return said.value


def _says(call: ast.Call, where: str) -> bool:
    name = call.func.id if isinstance(call.func, ast.Name) else None
    if name == "say" and isinstance(call.args[0], ast.Name):
        return False  # a permission's name, see NEEDED
    return name == "say" or (name == "self" and where.startswith("say.py:"))


def said_by_commands() -> set[str]:
    """Return the names and descriptions of commands and options, and the names of choices."""
    found = set()
    for command in commands():
        found |= {command.name, command.description}
        for option in options(command):
            found |= {option.name, str(option.description)}
            found |= {choice.name for choice in option.choices} - UNTRANSLATED
    return found


def commands() -> Iterator[Command[Any, ..., Any] | Group]:
    """Yield every command, group and command of a group."""
    for cog in COGS:
        for each in cog.__cog_app_commands__:
            yield each
            if isinstance(each, Group):
                yield from each.walk_commands()


def options(command: Command[Any, ..., Any] | Group) -> Sequence[Parameter]:
    """Return the options of a command; a group has none."""
    return () if isinstance(command, Group) else command.parameters


@by_language
def test_no_sentence_is_missing_and_none_is_left_over(say: Say) -> None:
    assert set(say.sentences) == said_in_code() | said_by_commands() | set(NEEDED.values())


@by_language
def test_a_translation_has_the_placeholders_of_its_sentence(say: Say) -> None:
    for sentence, translation in say.sentences.items():
        assert placeholders(translation) == placeholders(sentence), sentence


def catalogue(code: str) -> Catalog:
    """Return the catalogue of a language as it stands in its file."""
    with (files("bot.text") / f"{code}.po").open("rb") as file:
        return read_po(file, locale=code, abort_invalid=True)


@by_catalogue
def test_no_sentence_that_counts_is_missing_and_none_is_left_over(code: str) -> None:
    found = [each for each in catalogue(code) if isinstance(each.id, tuple)]
    assert {each.id for each in found} == counted_in_code()
    assert all(all(each.string) for each in found)


def test_a_sentence_of_one_is_said_for_one_of_many_alone() -> None:
    ones = [one for one, _ in counted_in_code()]
    assert len(ones) == len(set(ones))
    assert not set(ones) & said_in_code()


@by_catalogue
def test_a_sentence_that_counts_has_as_many_forms_as_the_language(code: str) -> None:
    say, found = read_languages()[code], catalogue(code)
    assert {len(forms) for forms in say.plurals.values()} == {found.num_plurals}
    assert {say.form(count) for count in range(200)} == set(range(found.num_plurals))


@by_language
def test_every_form_of_a_sentence_that_counts_has_its_placeholders(say: Say) -> None:
    for one, many in counted_in_code():
        # That of one may say its count in a word, and so may a form that is for one alone.
        expected = placeholders(many)
        assert _but_count(one) == _but_count(many), one
        for index, form in enumerate(say.plurals.get(one, ())):
            assert _but_count(form) == _but_count(many), one
            for_one_alone = {n for n in range(200) if say.form(n) == index} == {1}
            assert for_one_alone or placeholders(form) == expected, one


def _but_count(text: str) -> list[str]:
    return [name for name in placeholders(text) if name != "count"]


def placeholders(text: str) -> list[str]:
    """Return the names between braces, in order of the alphabet."""
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name is not None)


@by_language
def test_nothing_is_left_in_english(say: Say) -> None:
    same = {english for english, translation in say.sentences.items() if english == translation}
    assert same <= {"model"}  # the same word in Turkish


@by_language
def test_command_names_are_as_discord_wants_them(say: Say) -> None:
    for command in commands():
        for name in (command.name, *(option.name for option in options(command))):
            translated = say.sentences[name]
            assert translated == translated.lower()
            assert translated.replace("-", "").isalnum()
            assert len(translated) <= 32


def test_alerts_can_be_had_in_every_language() -> None:
    assert set(LANGUAGES.values()) == set(read_languages())


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


@by_language
def test_no_sentence_that_counts_is_left_in_english(say: Say) -> None:
    pairs = counted_in_code()
    assert not [one for one, many in pairs if {one, many} & set(say.plurals.get(one, ()))]


def test_turkish_has_one_form_for_every_count() -> None:
    say = read_languages()["tr"]
    one, many = "{count} complete day since {since}", "{count} complete days since {since}"
    assert say.plural(one, many, 1, since="A") == "A gününden bu yana 1 tam gün"
    assert say.plural(one, many, 30, since="A") == "A gününden bu yana 30 tam gün"
    assert english().plural(one, many, 1, since="A") == "1 complete day since A"
    assert english().plural(one, many, 0, since="A") == "0 complete days since A"


def test_a_sentence_that_is_not_translated_stays_english() -> None:
    say = parse_language("tr", b'msgid "{n} days"\nmsgstr ""\n')
    assert say("{n} days", n=3) == english()("{n} days", n=3) == "3 days"
