"""What a verdict on openness rests on, in words."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.knowledge import CatalogueEntry, HubCheck
from bot.model import Openness
from bot.openness import UNKNOWN, Directory
from bot.packaged import read_languages
from bot.text.openness import evidence
from bot.text.say import english
from tests.made import START, directory, verdict

SAY = english()
TURKISH = read_languages()["tr"]
HUB = HubCheck(date(2026, 6, 3), public=True, weights=True, licence="mit")
HINTED = CatalogueEntry("lab/m", "M", START, "lab/M", START)
LATER = START + timedelta(days=40)
CORRECTED = replace(verdict(Openness.OPEN, LATER), correction=True)
OTHERS = {"lab/other": verdict(Openness.OPEN)}
NAMES_THEM = "OpenRouter’s catalogue names its weights: huggingface.co/lab/M, "
SHOWS_THEM = "OpenRouter kataloğu ağırlıklarının yerini gösteriyor: huggingface.co/lab/M. "


def test_why_a_model_is_unknown_is_told_in_turkish_as_far_as_it_is_ours() -> None:
    stealth = directory().at("stealth/x", START)
    assert "Gizli bir model" in evidence(stealth, TURKISH)
    assert evidence(UNKNOWN, TURKISH) != UNKNOWN.evidence
    assert evidence(verdict(Openness.UNKNOWN), TURKISH) == "(İngilizce) made up"
    assert evidence(verdict(Openness.UNKNOWN), SAY) == "made up"


@pytest.mark.parametrize(
    ("known", "words", "turkish"),
    [
        (
            directory(catalogue=[HINTED]),
            (
                f"{NAMES_THEM}since 1 June 2026, when it was listed there; the weights’ own day is"
                " not known."
            ),
            (
                f"{SHOWS_THEM}Listeye girdiği 1 Haziran 2026 gününden beri sayılır; ağırlıkların"
                " kendi günü bilinmiyor."
            ),
        ),
        (
            directory(catalogue=[replace(HINTED, weights_since=date(2026, 6, 2), hub=HUB)]),
            f"{NAMES_THEM}first seen there on 2 June 2026. Checked on 3 June 2026; licence: mit.",
            (
                f"{SHOWS_THEM}Orada ilk görüldüğü gün: 2 Haziran 2026. Denetlendiği gün:"
                " 3 Haziran 2026; lisans: mit."
            ),
        ),
        (
            directory(
                catalogue=[
                    replace(HINTED, weights_since=date(2026, 6, 2), hub=replace(HUB, licence=None))
                ]
            ),
            (
                f"{NAMES_THEM}first seen there on 2 June 2026. Checked on 3 June 2026; no licence"
                " is stated."
            ),
            (
                f"{SHOWS_THEM}Orada ilk görüldüğü gün: 2 Haziran 2026. Denetlendiği gün:"
                " 3 Haziran 2026; lisans belirtilmemiş."
            ),
        ),
        (
            directory(OTHERS, catalogue=[replace(HINTED, weights=None, seen=LATER)]),
            "No public weights found as of 11 July 2026.",
            "11 Temmuz 2026 itibarıyla herkese açık ağırlık bulunamadı.",
        ),
        (
            directory(OTHERS, catalogue=[replace(HINTED, weights_since=LATER)]),
            "No public weights found before 11 July 2026.",
            "11 Temmuz 2026 öncesinde herkese açık ağırlık bulunamadı.",
        ),
        (
            directory({"lab/m": CORRECTED}),
            "No public weights yet. made up",
            "Henüz herkese açık ağırlık yok. (İngilizce) made up",
        ),
    ],
)
def test_what_we_found_ourselves_is_told_in_the_readers_language(
    known: Directory, words: str, turkish: str
) -> None:
    said = known.at("lab/m", LATER - timedelta(days=1))
    assert evidence(said, SAY) == words
    assert evidence(said, TURKISH) == turkish
