"""Seven real weeks through the real pipeline: what a server would have received."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from importlib import resources
from pathlib import Path

from jinja2 import Environment, PackageLoader
from rich.console import Console
from rich.text import Text

from bot.boards import MODELS
from bot.delivery import Delivery
from bot.errors import InputError
from bot.message import Outgoing
from bot.model import Day
from bot.openness import Directory
from bot.outbox import Outbox
from bot.pipeline import poll
from bot.rules import Rule
from bot.sender import Compose
from bot.sources.replay import Replay
from bot.sources.rows import parse_rows
from bot.subscription import Subscription, Wish
from bot.terminal import message_panel
from storage.protocol import Store

CHANNEL = 1
CHANNEL_NAME = "model-news"
_FIGURES = "figures_in_billions.csv"
_NEEDS_MORE = frozenset({"author_leader", "dropout", "open_share", "reclassified", "surge"})
"""Rules that need more than the top twelve a day, which is all that the demo's table has."""

_AS_OF = datetime(2026, 8, 22, tzinfo=UTC)
_POLLED_AT = time(3, 30)


@dataclass(frozen=True, slots=True)
class Posted:
    """An alert as it arrived: when, and what it said and showed."""

    at: datetime
    outgoing: Outgoing


def read_figures(now: datetime) -> tuple[Day, ...]:
    """Return the days of the table that comes with the demo, in tokens.

    The table has whole billions of tokens, the top twelve a day and the rest. Source: OpenRouter
    (openrouter.ai/rankings), as of 2026-08-22, CC BY 4.0.
    """
    text = (resources.files("bot.demo") / _FIGURES).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    header = lines[0].replace("billion_tokens", "total_tokens")
    rows = "\n".join([header, *(f"{line}000000000" for line in lines[1:])])
    return parse_rows(rows, where=_FIGURES, as_of=_AS_OF, today=now.date())


class Replayed:
    """A clock that the replay moves, and a channel that keeps what it is sent."""

    def __init__(self, start: datetime) -> None:
        """Begin at a moment of the past."""
        self.now = start
        self.posted: list[Posted] = []

    def clock(self) -> datetime:
        """Return the moment that the replay has reached."""
        return self.now

    async def send(self, delivery: Delivery, outgoing: Outgoing, where: int) -> int:  # noqa: ARG002
        """Take a message in Discord's stead and return its number."""
        self.posted.append(Posted(self.now, outgoing))
        return len(self.posted)

    async def edit(self, where: int, message_id: int, outgoing: Outgoing) -> None:  # noqa: ARG002
        """Put a message in place of one that was sent."""
        self.posted[message_id - 1] = Posted(self.now, outgoing)

    async def publish(self, where: int, message_id: int) -> None:
        """Do nothing: nobody follows this channel."""

    async def find(self, delivery: Delivery, keys: Sequence[str], where: int) -> tuple[int, ...]:  # noqa: ARG002
        """Return the messages that bear one of these keys."""
        said = enumerate((posted.outgoing.message.key for posted in self.posted), start=1)
        return tuple(number for number, key in said if key in keys)

    async def system_channel(self, guild_id: int) -> int | None:  # noqa: ARG002
        """Return None: nobody is to be told anything."""
        return None


async def replay(
    days: Sequence[Day],
    store: Store,
    compose: Compose,
    directory: Directory,
    rules: Mapping[str, Rule],
    language: str,
) -> tuple[Posted, ...]:
    """Poll every day as it was over, and return what one channel was sent, oldest first."""
    source = Replay(tuple(days), _FIGURES)
    shown = {name: rule for name, rule in rules.items() if name not in _NEEDS_MORE}
    channel = Replayed(_poll_time(days[0].date))
    outbox = Outbox(store, compose, channel, channel.clock)
    await store.subscribe(_subscription(days[0].date, channel.now, language))
    for day in days:
        channel.now = _poll_time(day.date)
        await poll(MODELS, source, store, directory, shown, channel.now)
        await outbox.drain()
    return tuple(channel.posted)


def _poll_time(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), _POLLED_AT, UTC)


def _subscription(first_day: date, now: datetime, language: str) -> Subscription:
    return Subscription(CHANNEL, 1, Wish(), first_day, now, 1, language)


def show(console: Console, posted: Sequence[Posted]) -> None:
    """Print the alerts in the order they arrived."""
    for one in posted:
        where = f"#{CHANNEL_NAME} · {one.at:%Y-%m-%d %H:%M} UTC"
        console.print(message_panel(one.outgoing.message, where))


def show_end(console: Console, days: Sequence[Day], posted: Sequence[Posted], folder: Path) -> None:
    """Say what the figures are and, last, where pictures and page are."""
    console.print(
        f"These are the {len(posted)} alerts of {len(days)} real days ({days[0].date} to"
        f" {days[-1].date}), found by the same code that runs the bot. The demo's figures are"
        " rounded to whole billions of tokens, the top twelve models a day and the rest; milestones"
        " that need more models than that are left out.",
        highlight=False,
    )
    console.print(
        "Open index.html to see them as Discord shows them, each with a way to the page that proves"
        " it. Pages and pictures are in"
    )
    console.print(Text(str(folder.resolve()), "bold"), soft_wrap=True)


def write_page(folder: Path, posted: Sequence[Posted], language: str) -> None:
    """Write the alerts' pictures and `index.html`, which lays them out as Discord shows them.

    Raises InputError when the folder cannot be written.
    """
    environment = Environment(loader=PackageLoader("bot", "demo"), autoescape=True)
    alerts = [(one, _picture_name(number, one)) for number, one in enumerate(posted, start=1)]
    page = environment.get_template("index.html.j2").render(
        alerts=alerts, channel=CHANNEL_NAME, language=language
    )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for one, name in alerts:
            if one.outgoing.image is not None and name is not None:
                (folder / name).write_bytes(one.outgoing.image.content)
        (folder / "index.html").write_text(page, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{folder}: cannot be written: {error.strerror}") from error


def _picture_name(number: int, one: Posted) -> str | None:
    image = one.outgoing.image
    return None if image is None else f"alert-{number}-{image.name}"
