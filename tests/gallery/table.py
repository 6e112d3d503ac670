"""What is typed for the pictures, in this order, by one person in one server."""

from collections.abc import Mapping
from dataclasses import dataclass, field

ENGLISH, TURKISH = "en-US", "tr"


@dataclass(frozen=True, slots=True)
class Press:
    """A button of the answer, by its label."""

    label: str


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: its name, the command, its options, the reader's language, the clicks after it.

    "#channel" and "@role" stand for those of that name.
    """

    name: str
    command: str
    options: Mapping[str, object] = field(default_factory=dict)
    locale: str = ENGLISH
    clicks: tuple[Press, ...] = ()


MODEL = "deepseek/deepseek-v4-flash-20260423"
RIVALS = ("anthropic/claude-4.6-sonnet-20260217", "tencent/hy3-preview-20260421")

TABLE = (
    Shot("rankings", "rankings", {"top": 5}),
    Shot("rankings-tr", "rankings", {"top": 5}, TURKISH),
    Shot("rankings-next", "rankings", {"top": 5, "show": "open"}, clicks=(Press("Next ▶"),)),
    Shot("model", "model", {"name": MODEL}),
    Shot("compare", "compare", {"first": MODEL, "second": RIVALS[0], "third": RIVALS[1]}),
    Shot("author", "author", {"name": "deepseek"}),
    Shot("movers", "movers"),
    Shot("openness", "openness"),
    Shot("milestones", "milestones"),
    Shot("milestone", "milestone", {"key": "models.open_top5.5.2026-07-03"}),
    Shot("export", "export", {"model": MODEL, "format": "csv"}),
    Shot("status", "status"),
    Shot("help", "help"),
    Shot("help-tr", "help", locale=TURKISH),
    Shot("about", "about"),
    Shot("privacy", "privacy"),
    Shot(
        "subscribe",
        "subscribe",
        {"channel": "#announcements", "mention": "@readers", "publish": True},
    ),
    Shot("subscriptions", "subscriptions"),
    Shot("unsubscribe", "unsubscribe", {"channel": "#announcements"}),
    Shot("watch", "watch", {"model": MODEL}),
    Shot("watching", "watching"),
    Shot("unwatch", "unwatch", {"what": MODEL}),
)
