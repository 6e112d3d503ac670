"""The colours of pictures, and how the three kinds of openness look in each of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from matplotlib.colors import to_hex, to_rgb

from bot.model import Openness
from bot.pictures import ThemeName

Dashes: TypeAlias = tuple[float, tuple[float, ...]] | Literal["solid"]

ESTIMATE = "////"
"""The hatch of estimates; nothing else bears it."""
HATCH_WIDTH = 1.6


@dataclass(frozen=True, slots=True)
class Look:
    """How one openness is told from the others: by colour, marker, dashes and texture.

    `scale` makes markers of different shapes look equally large; `hatch` is the texture of areas.
    """

    colour: str
    marker: str
    scale: float
    dashes: Dashes
    hatch: str


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of a page, and a look for each openness.

    `quiet` is for words that matter less, `back` for what steps back behind the one thing told,
    `accent` for what stands out and has nothing to do with openness;
    `authors` are told from each other where they meet, by anyone, and from every look.
    """

    paper: str
    ink: str
    quiet: str
    grid: str
    back: str
    accent: str
    looks: Mapping[Openness, Look]
    authors: tuple[str, ...]

    def muted(self, colour: str) -> str:
        """Return the colour stepped back towards the paper."""
        return blend(colour, self.paper, 0.62)


def _looks(opened: str, closed: str, unknown: str) -> Mapping[Openness, Look]:
    return {
        Openness.OPEN: Look(opened, "o", 1.0, "solid", ""),
        Openness.CLOSED: Look(closed, "s", 0.88, (0, (3.2, 1.1)), "\\\\"),
        Openness.UNKNOWN: Look(unknown, "D", 0.77, (0, (0.9, 0.9)), ".."),
    }


# Blues and oranges of Okabe and Ito (2008), told apart in every common form of colour blindness;
# the orange of the light theme is darker, so that white can be read on it.
DARK = Theme(
    paper="#313338",
    ink="#F2F3F5",
    quiet="#B5BAC1",
    grid="#43464D",
    back="#73777F",
    accent="#B89CF0",
    looks=_looks("#56B4E9", "#F0A328", "#C9CDD3"),
    authors=("#8F6BD1", "#9BE0C8", "#4F8A4A", "#E9B4E0", "#A8487A", "#CFCB96"),
)
LIGHT = Theme(
    paper="#FFFFFF",
    ink="#1E1F22",
    quiet="#5C6068",
    grid="#E6E7EA",
    back="#AEB3BB",
    accent="#6B43A3",
    looks=_looks("#0072B2", "#C05200", "#6D727B"),
    authors=("#6B43A3", "#61BFA0", "#305021", "#D08BD0", "#793261", "#8A885C"),
)


THEMES: Mapping[ThemeName, Theme] = {ThemeName.DARK: DARK, ThemeName.LIGHT: LIGHT}


def blend(colour: str, other: str, share: float) -> str:
    """Return `colour` with a share of `other` (0 to 1) mixed in."""
    pairs = zip(to_rgb(colour), to_rgb(other), strict=True)
    red, green, blue = ((1 - share) * mine + share * theirs for mine, theirs in pairs)
    return to_hex((red, green, blue))
