"""One milestone to 5,000 channels of a Discord with its limits on, in three ways side by side.

The ways: this outbox, with its pacer at 45 a second; `await channel.send` one after another;
`asyncio.gather` over all. Each runs in a process of its own (`tests.bench.delivering`) against a
loopback Discord that is another one, outside the figures: 50 requests in any second, five messages
in five seconds a channel.

`rate_share` is what was achieved of 45 messages a second; `met_429` how often Discord said no;
`lost` and `repeated` are channels without the message, and messages too many; `cpu_ms` is the
sender's processor time a message, with all that belongs to it (commit, claims, outcomes, logs), and
`cpu_ratio` that time over `bare_cpu_ms`, that of a bare `channel.send` of the same text and picture
at the same pace; `flat_out_cpu_ms` is the latter one after another without a pause, which is less:
a processor that idles between two messages does each from cold. `peak_mb` is the most memory that
the sender had. The figures of the two other ways begin with `sequential_` and `gather_`.
"""

import json
import os
import subprocess
import sys
import urllib.request
from typing import Any

from tests.bench.harness import Figures, discord_process

CHANNELS = int(os.environ.get("CHANNELS", "5000"))

RATE = 45
LIMITS = {"global_limit": [50, 1.0], "channel_limit": [5, 5.0]}
OFF = {"global_limit": [10**9, 1.0], "channel_limit": [10**9, 5.0]}
_LONGEST = 1800.0


def run() -> Figures:
    """Measure all ways, and the bare send that their cost is compared with."""
    bare, flat_out = (_way(way, CHANNELS, OFF)["cpu_ms"] for way in ("bare", "sequential"))
    ways = {"": "outbox", "sequential_": "sequential", "gather_": "gather"}
    figures: dict[str, float | int | str] = {
        "channels": CHANNELS,
        "bare_cpu_ms": bare,
        "flat_out_cpu_ms": flat_out,
    }
    for prefix, way in ways.items():
        found = _way(way, CHANNELS, LIMITS)
        ratio = {"cpu_ratio": found["cpu_ms"] / bare}
        figures |= {f"{prefix}{name}": value for name, value in (found | ratio).items()}
    return figures


def _way(way: str, channels: int, limits: dict[str, Any]) -> dict[str, Any]:
    plan = {"channels": channels, "seconds": _LONGEST, "settings": limits}
    with discord_process(plan) as discord:
        told = {"way": way, "channels": discord["channels"][:channels], **_where(discord)}
        sent = subprocess.run(
            [sys.executable, "-m", "tests.bench.delivering"],
            input=json.dumps(told),
            capture_output=True,
            text=True,
            check=True,
            timeout=_LONGEST,
        )
        with urllib.request.urlopen(f"{discord['control_url']}/summary") as answer:  # noqa: S310
            summary = json.load(answer)
    measured = json.loads(sent.stdout.splitlines()[-1])
    counts = [summary["messages"].get(str(each), 0) for each in told["channels"]]
    return {
        "rate_share": channels / measured["seconds"] / RATE,
        "met_429": summary["statuses"].get("429", 0),
        "lost": counts.count(0),
        "repeated": sum(max(0, count - 1) for count in counts),
        "cpu_ms": measured["cpu_seconds"] * 1000 / channels,
        "peak_mb": measured["peak_mb"],
    }


def _where(discord: dict[str, Any]) -> dict[str, Any]:
    return {name: discord[name] for name in ("api_url", "token")}
