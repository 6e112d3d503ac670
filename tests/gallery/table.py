"""What is typed for the pictures, in this order, by one person in one server."""

from collections.abc import Mapping
from dataclasses import dataclass, field

ENGLISH, TURKISH = "en-US", "tr"


@dataclass(frozen=True, slots=True)
class Press:
    """A button of the answer, by its label."""

    label: str


@dataclass(frozen=True, slots=True)
class Choose:
    """An option of a select of the answer, by its label; "@role" stands for that role."""

    label: str


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: its name, the command, its options, the reader's language, the clicks after it.

    "#channel" and "@role" stand for those of that name. `follow_ups` are messages that come below
    the answer.
    """

    name: str
    command: str
    options: Mapping[str, object] = field(default_factory=dict)
    locale: str = ENGLISH
    clicks: tuple[Press | Choose, ...] = ()
    follow_ups: int = 0


@dataclass(frozen=True, slots=True)
class Posted:
    """A picture of what stands last in a channel on the morning after, for a command's section."""

    name: str
    command: str
    channel: str


MODEL = "deepseek/deepseek-v4-flash-20260423"
RIVALS = ("anthropic/claude-4.6-sonnet-20260217", "tencent/hy3-preview-20260421")
KEY = "models.open_top5.5.2026-07-03"
HELD = "models.streak.open_top5:4:30.2026-07-10"
ANNOUNCEMENTS, ISTANBUL = "#announcements", "Europe/Istanbul"
MONDAYS = {"weekday": "Monday", "hour": 9}
CHOSEN = (
    Choose("Headlines alone"),
    Choose("@readers"),
    Choose("Publish each alert"),
)

TABLE: tuple[Shot | Posted, ...] = (
    Shot("rankings", "rankings", {"top": 5}),
    Shot("rankings-tr", "rankings", {"top": 5}, TURKISH),
    Shot("rankings-next", "rankings", {"top": 5, "show": "open"}, clicks=(Press("Next ▶"),)),
    Shot("model", "model", {"name": MODEL}),
    Shot("compare", "compare", {"first": MODEL, "second": RIVALS[0], "third": RIVALS[1]}),
    Shot("author", "author", {"name": "deepseek"}),
    Shot("movers", "movers"),
    Shot("openness", "openness"),
    Shot("milestones", "milestones"),
    Shot("milestone", "milestone", {"key": KEY}),
    Shot("export", "export", {"model": MODEL, "format": "csv"}),
    Shot("status", "status"),
    Shot("help", "help"),
    Shot("help-tr", "help", locale=TURKISH),
    Shot("about", "about"),
    Shot("privacy", "privacy"),
    Shot("subscribe-tr", "subscribe", {"channel": ANNOUNCEMENTS}, TURKISH),
    Shot("subscribe", "subscribe", {"channel": ANNOUNCEMENTS}, clicks=CHOSEN),
    Shot(
        "subscribe-saved",
        "subscribe",
        {"channel": ANNOUNCEMENTS},
        clicks=(*CHOSEN, Press("Save")),
        follow_ups=1,
    ),
    Shot("mute", "mute", {"channel": ANNOUNCEMENTS, "duration": "3 days"}),
    Shot("quiet", "quiet", {"channel": ANNOUNCEMENTS, "start": 22, "end": 7, "timezone": ISTANBUL}),
    Shot("budget", "budget", {"channel": ANNOUNCEMENTS, "messages": 3}),
    Shot("why", "why", {"key": KEY}),
    Shot("why-held", "why", {"key": HELD, "channel": "#digest"}),
    Shot("subscriptions-one", "subscriptions", clicks=(Choose("model-news"),)),
    Shot(
        "subscriptions",
        "subscriptions",
        clicks=(Choose("announcements"), Press("Pause"), Press("Back")),
    ),
    Shot("digest", "digest", {"channel": ANNOUNCEMENTS, **MONDAYS, "timezone": ISTANBUL}),
    Shot("unsubscribe", "unsubscribe", {"channel": ANNOUNCEMENTS}),
    Shot("rule-preview", "rule preview", {"rule": "top_entry"}),
    Shot("rule-preview-tr", "rule preview", {"rule": "top_entry"}, TURKISH),
    Posted("digest-posted", "digest", "#digest"),
    Posted("mute-ended", "mute", "#evenings"),
    Shot("watch", "watch", {"model": MODEL}),
    Shot("watching", "watching"),
    Shot("unwatch", "unwatch", {"what": MODEL}),
    Shot("data-show", "data show", {"about": "server"}),
    Shot("data-delete", "data delete"),
)
