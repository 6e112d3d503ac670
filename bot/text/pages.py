"""The labels of the evidence pages (pure)."""

from dataclasses import dataclass

from bot.text.say import ENGLISH, Say

_NAMES = {ENGLISH: "English", "tr": "Türkçe"}
"""What languages call themselves."""


@dataclass(frozen=True, slots=True)
class Words:
    """Every label that the templates show; `press_files` are in the order of the press pack."""

    language: str
    site: str
    summary: str
    skip: str
    navigation: str
    languages: str
    home: str
    milestones: str
    standings: str
    open_share: str
    boards: str
    feeds: str
    feed: str
    newest: str
    all_milestones: str
    archive_summary: str
    years: str
    none_yet: str
    withdrawn: str
    evidence: str
    figures: str
    rank: str
    model: str
    openness: str
    share: str
    tokens: str
    change: str
    robustness: str
    holds: str
    fails: str
    judged: str
    repository: str
    receipt: str
    inputs: str
    day: str
    snapshot: str
    read: str
    rows: str
    history: str
    said_before: str
    press: str
    press_how: str
    press_files: tuple[str, ...]
    brief: str
    picture: str
    missing: str
    missing_more: str
    troubled: str
    troubled_more: str
    source: str
    licence: str
    tokenizers: str
    independent: str


def words(say: Say) -> Words:
    """Return the labels in a language."""
    return Words(
        language=_NAMES.get(say.code, say.code),
        site="Rankshift",
        summary=say("Milestones in OpenRouter’s model rankings, each with what proves it"),
        skip=say("Skip to the content"),
        navigation=say("Main"),
        languages=say("Language"),
        home=say("Home"),
        milestones=say("Milestones"),
        standings=say("Standings"),
        open_share=say("Open share"),
        boards=say("Rankings"),
        feeds=say("Feeds"),
        feed=say("Rankshift: milestones"),
        newest=say("Newest milestones"),
        all_milestones=say("All milestones"),
        archive_summary=say("Everything that was told, withdrawn or not"),
        years=say("Years"),
        none_yet=say("Nothing was told yet."),
        withdrawn=say("Withdrawn"),
        evidence=say("Evidence"),
        figures=say("The figures"),
        rank=say("Rank"),
        model=say("Model"),
        openness=say("Openness"),
        share=say("Share"),
        tokens=say("Tokens"),
        change=say("Change"),
        robustness=say("Other readings of the same figures"),
        holds=say("holds"),
        fails=say("does not hold"),
        judged=say("Why a model counts as open or closed"),
        repository=say("the weights"),
        receipt=say("Receipt"),
        inputs=say("The days it was computed from"),
        day=say("Day"),
        snapshot=say("Snapshot"),
        read=say("Read"),
        rows=say("sha256 of its rows"),
        history=say("What became of it"),
        said_before=say("What it said until then"),
        press=say("Press pack"),
        press_how=say("Free to use with the source line below."),
        press_files=(
            say("Picture, dark (PNG)"),
            say("Picture, light (PNG)"),
            say("Picture, light (SVG)"),
            say("Plotted rows (CSV)"),
            say("Picture in words (text)"),
            say("Brief (text)"),
            say("Receipt (JSON)"),
        ),
        brief=say("In 150 words at most"),
        picture=say("The picture in words"),
        missing=say("There is no such page"),
        missing_more=say("The milestone may be of another bot, or the address was cut off."),
        troubled=say("This page cannot be made at the moment"),
        troubled_more=say("Please come again in a minute."),
        source=say("Rankings: Source: OpenRouter (openrouter.ai/rankings)."),
        licence=say("Licensed under CC BY 4.0."),
        tokenizers=say(
            "Each provider counts tokens with its own tokenizer: rows of different providers are"
            " not strictly comparable."
        ),
        independent=say("Rankshift is not affiliated with OpenRouter or Discord."),
    )
