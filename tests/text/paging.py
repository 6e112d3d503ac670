"""The page of a milestone, in words."""

from dataclasses import replace

from bot.alerts import tell
from bot.answers.evidence import Evidence
from bot.model import Earlier, Milestone
from bot.openness import Directory
from bot.text.evidence import evidence
from bot.text.say import Say, english
from tests.reviewing import KNOWN, RULES

SAY = english()
PATH = "en/milestones/one.html"


def page(one: Milestone, say: Say = SAY, known: Directory = KNOWN) -> Evidence:
    """Return what the page of a milestone says, with what it said before."""
    past = [replace(one, **_figures(each)) for each in one.earlier]
    told = [tell(each, RULES, known, say) for each in (*past, one)]
    return evidence(told[-1], told[:-1], PATH, known, say)


def _figures(said: Earlier) -> dict[str, object]:
    kept = {name: getattr(said, name) for name in ("date", "facts", "top", "total", "as_of")}
    return kept | {"earlier": (), "revised": None, "withdrawn": None}
