"""What is done to the bot in one run, chosen by a seed alone (pure)."""

import random
from dataclasses import dataclass

POINTS = {"poll": 4, "commit": 6, "disk": 30, "render": 16, "send": 24, "answer": 16, "settle": 24}
"""Where the bot may die, and at which passing at most."""

POINTS_DRAWN = (*POINTS, "send", "answer", "settle")
"""The same, those more than once where most can go wrong."""

TERM = "SIGTERM"
"""The other way a life ends early: asked to, after so many requests to Discord."""

PLACES = ("text", "announcement", "thread", "forum", "far text", "far media", "hidden text")
HIDDEN = ("hidden text", "hidden thread")
"""Places whose history the bot may not read."""

UNTAKEN = (
    *("429 of the route", "429 of all", "429 shared", "429 without Via", "403 of a proxy"),
    *("500", "502", "503", "504", "reset", "hangup", "slow"),
)
TAKEN = ("503 taken", "reset taken", "hangup taken", "slow taken", "short", "cut")
TAKEN_AND_REPEATED = ("500 taken", "502 taken", "504 taken")
"""After these discord.py itself sends the same request again, within seconds."""

POSTS = r"POST /channels/\d+/messages$"
FORUM_POSTS = r"POST /channels/\d+/threads$"
EDITS = r"PATCH /channels/\d+/messages/\d+$"
REQUESTS = (
    *(POSTS, POSTS, POSTS, FORUM_POSTS, FORUM_POSTS),
    r"POST /channels/\d+/messages/\d+/crosspost$",
    EDITS,
    r"GET /(channels|guilds)/\d+/",
    r"(GET /users/@me|PUT /applications/\d+/commands)$",
)
"""What a fault strikes: patterns of "METHOD /path"."""

SOURCE = ("503", "truncated", "reset")
"""Faults that the next attempt of the same poll gets over.

A poll that brings nothing would take the figures that were read wrongly for the final ones.
"""

GATEWAY = ("close 1000", "close 1001", "close 4000", "close 4009", "abort", "op 7", "op 9")


@dataclass(frozen=True, slots=True)
class Life:
    """One start of the bot, and the point at whose n-th `passing` it ends; None: it lives on."""

    point: str | None
    passing: int = 0

    def __str__(self) -> str:
        return "lives on" if self.point is None else f"{self.point} {self.passing}"


@dataclass(frozen=True, slots=True)
class Trouble:
    """A fault of Discord's, on the next request that matches once a life begins.

    `seconds` is how long a slow answer takes, or what a 429 asks for.
    """

    life: int
    where: str
    what: str
    seconds: float

    def __str__(self) -> str:
        return f"[life {self.life}: {self.what} on {self.where}, {self.seconds:.1f} s]"


@dataclass(frozen=True, slots=True)
class Plan:
    """One run.

    `days` says at which poll, counted over all lives, each day of milestones is published;
    `gateway` which connection is troubled after so many requests. `forgetful`: Discord remembers
    no nonce. `draws`: with the real drawing worker.
    """

    name: str
    forgetful: bool
    draws: bool
    places: tuple[str, ...]
    days: tuple[int, ...]
    lives: tuple[Life, ...]
    troubles: tuple[Trouble, ...]
    source: tuple[str, ...]
    gateway: tuple[tuple[int, str], ...]

    def __str__(self) -> str:
        parts = [
            f"places: {', '.join(self.places)}",
            f"days published at polls {self.days}",
            f"lives: {'; '.join(map(str, self.lives))}",
            f"Discord: {' '.join(map(str, self.troubles)) or 'no faults'}",
            f"source: {', '.join(self.source) or 'no faults'}",
            f"gateway: {', '.join(f'{what} after {n}' for n, what in self.gateway) or 'no faults'}",
        ]
        return "\n  ".join([f"run {self.name}{' without nonces' * self.forgetful}", *parts])


def plan(seed: int, number: int) -> Plan:
    """Return what run `number` of a seed does: every fourth without nonces, every tenth draws.

    The first life is to be killed at a point, never asked to end. A forum is among the places of
    every run, for no nonce helps there.
    """
    chance = random.Random(f"{seed}:{number}")
    forgetful = number % 4 == 3
    more = tuple(_life(chance, (*POINTS_DRAWN, TERM)) for _ in range(chance.randint(0, 2)))
    lives = (_life(chance, POINTS_DRAWN), *more)
    return Plan(
        name=f"{seed}:{number}",
        forgetful=forgetful,
        draws=number % 10 == 9,
        places=(*PLACES, *HIDDEN[1:]) if forgetful else _some(chance, PLACES),
        days=_days(chance),
        lives=(*lives, Life(None)),
        troubles=(
            *_troubles(chance, len(lives), forgetful=forgetful),
            *_refusal(chance, len(lives)),
        ),
        source=tuple(chance.choice(SOURCE) for _ in range(chance.choice((0, 0, 1)))),
        gateway=tuple(
            (chance.randint(3, 60), chance.choice(GATEWAY))
            for _ in range(chance.choice((0, 0, 1, 2)))
        ),
    )


def _some(chance: random.Random, places: tuple[str, ...]) -> tuple[str, ...]:
    """Return most of them, the forum always among them."""
    left_out = chance.sample([each for each in places if each != "forum"], 2)
    return tuple(each for each in places if each not in left_out)


def _days(chance: random.Random) -> tuple[int, ...]:
    second = chance.randint(0, 3)
    return 0, second, second + chance.randint(0, 3)


def _life(chance: random.Random, points: tuple[str, ...]) -> Life:
    point = chance.choice(points)
    most = POINTS.get(point, 40)
    # Rather early: late passings may never come, and what comes first is as worth a death.
    return Life(point, 1 + int(most * chance.random() ** 1.5))


def _troubles(chance: random.Random, lives: int, *, forgetful: bool) -> tuple[Trouble, ...]:
    found = []
    for _ in range(chance.randint(0, 5)):
        where = chance.choice(REQUESTS)
        kinds = [*UNTAKEN, *TAKEN]
        if not forgetful or where == FORUM_POSTS:  # where the bot lets nobody repeat
            kinds += TAKEN_AND_REPEATED
        life, what = chance.randint(0, lives), chance.choice(kinds)
        found.append(Trouble(life, where, what, chance.uniform(0.1, 1.5)))
    return tuple(found)


def _refusal(chance: random.Random, lives: int) -> tuple[Trouble, ...]:
    """Return now and then a card that is not taken, or a place that closes for a while.

    Never two in a run: the plain form of a card is tried once, and what is refused then is dead.
    """
    if chance.random() > 0.3:
        return ()
    where, what = chance.choice((POSTS, FORUM_POSTS, EDITS)), chance.choice(("400", "403"))
    return (Trouble(chance.randint(0, lives), where, what, 0.0),)
