"""A crowd that asks 100 times a second while an alert goes out to 5,000 channels.

The bot (`tests.bench.answering`) and the loopback Discord are processes of their own; the crowd is
in the latter and measures there, from the gateway's event on. Everybody is somebody new, in 50
servers by turns. Before that each question is asked once, so that its chart is drawn.

`ack_p99_ms` is the time until the bot was first heard of, `answer_p99_ms` until it did not only
think any more, `autocomplete_p99_ms` until there were choices; `late` came after Discord's three
seconds, `unanswered` never came, `refused` are answers without what they should have shown.
`loop_stall_p999_ms` is how late a task of the bot's that sleeps 5 ms again and again wakes, and
`idle_stall_p999_ms` the same before anybody asks. `memory_growth_mb` is from before that idle time
to the end, the alerts still owed included. `cpu_share` is how much of a processor the bot took,
`sent_a_second` how many alerts went out. Figures that begin with `answer_p99_ms_` are of one
command. `crowd_late_p99_ms` is how late the crowd itself was: where that is more than some 10 ms,
the machine had other work, and the figures are of that.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from bot.model import BOARD_MODELS
from tests.bench.answering import NEWS
from tests.bench.harness import Figures, discord_process

RATE = float(os.environ.get("RATE", "100"))
SECONDS = float(os.environ.get("SECONDS", "30"))
CHANNELS = int(os.environ.get("CHANNELS", "5000"))

SERVERS = 50
IDLE_SECONDS = 10.0
WARM_UP_RATE = 5.0
PATIENCE = 60.0
LIMITS = {"global_limit": [50, 1.0], "channel_limit": [5, 5.0]}
LOG = Path("bench-results") / "commands.log"
_LONGEST = 600.0

SOURCE = "openrouter.ai/rankings"
NAME = "Author"
"""What a good answer shows somewhere, and a good choice."""

# Weight, command, options, the option that is half typed, what is shown.
MIX: tuple[tuple[int, str, dict[str, Any], str | None, str], ...] = (
    (8, "rankings", {}, None, SOURCE),
    (2, "rankings", {"top": 25, "window": "month"}, None, SOURCE),
    (4, "model", {"name": "author-1/model-1"}, None, SOURCE),
    (2, "model", {"name": "author-7/model-27"}, None, SOURCE),
    (2, "compare", {"first": "author-0/model-0", "second": "author-2/model-2"}, None, SOURCE),
    (2, "author", {"name": "author-3"}, None, SOURCE),
    (2, "movers", {"days": 30}, None, SOURCE),
    (2, "openness", {}, None, SOURCE),
    (2, "milestones", {"severity": "minor"}, None, SOURCE),
    (1, "milestone", {"key": NEWS}, None, SOURCE),
    (1, "export", {}, None, SOURCE),
    (1, "status", {}, None, SOURCE),
    (1, "help", {}, None, ""),
    (1, "about", {}, None, SOURCE),
    (1, "privacy", {}, None, ""),
    (1, "watching", {}, None, ""),
    (4, "model", {"name": "modle 12"}, "name", NAME),
    (4, "compare", {"first": "author-0/model-0", "second": "other 64"}, "second", NAME),
    (2, "watch", {"author": "author-1"}, "author", "author-1"),
    (2, "milestone", {"key": "model 1"}, "key", BOARD_MODELS),
    (1, "rankings", {"board": ""}, "board", BOARD_MODELS),
)
LOCALES = ("en-US", "tr")


def run() -> Figures:
    """Measure it once."""
    with discord_process(_plan()) as discord:
        told = {
            "idle_seconds": IDLE_SECONDS,
            "warm_up": _crowd(WARM_UP_RATE, None),
            "crowd": _crowd(RATE, SECONDS),
            **{name: discord[name] for name in ("api_url", "gateway_url", "control_url", "token")},
            "channels": discord["channels"][:CHANNELS],
        }
        measured = _answering(told)
    return _figures(measured)


def _answering(told: dict[str, Any]) -> dict[str, Any]:
    """Run the bot's side; what it logs is kept beside the figures."""
    LOG.parent.mkdir(exist_ok=True)
    with LOG.open("w", encoding="utf-8") as log:
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.answering"],
            input=json.dumps(told),
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            check=False,
            timeout=_LONGEST,
        )
    if done.returncode:
        raise RuntimeError(f"the bot's side failed; {LOG} says why")
    measured: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return measured


def _figures(measured: dict[str, Any]) -> Figures:
    crowd = measured.pop("crowd")
    counts = {name: crowd[name] for name in ("asked", "late", "unanswered", "refused")}
    by_command = {
        f"answer_p99_ms_{name}": each["p99"] for name, each in crowd["answers_ms"].items()
    }
    return {
        "ack_p99_ms": crowd["ack_ms"]["p99"],
        "answer_p99_ms": crowd["answer_ms"]["p99"],
        "autocomplete_p99_ms": crowd["choices_ms"]["p99"],
        **counts,
        **measured,
        "crowd_late_p99_ms": crowd["behind_ms"]["p99"],
        **by_command,
        **({"refusal": crowd["refusals"][0]} if crowd["refusals"] else {}),
    }


def _crowd(rate: float, seconds: float | None) -> dict[str, Any]:
    """Plan a crowd; without a time every question is asked once."""
    mix = [
        {
            "name": name,
            "options": options,
            "focused": focused,
            "expects": expects,
            "locale": locale,
            "weight": 1 if seconds is None else weight,
        }
        for locale in LOCALES
        for weight, name, options, focused, expects in MIX
    ]
    spans = {"seconds": len(mix) / rate if seconds is None else seconds, "patience": PATIENCE}
    return {"rate": rate, "mix": mix, **spans}


def _plan() -> dict[str, Any]:
    places = {"guilds": SERVERS, "channels": -(-CHANNELS // SERVERS)}
    return {**places, "seconds": _LONGEST, "settings": LIMITS}
