"""What happens, counted for the operator; names and units follow Prometheus' customs."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.exposition import generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from bot.delivery import Delivery, DeliveryState

_RENDER_BUCKETS = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
_COMMAND_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 15.0, 30.0)
"""Seconds: Discord wants the first sign of an answer within 3, and a picture has 10."""

_SCOPES = ("user", "global", "shared")


class PollResult(StrEnum):
    """How a poll of a board ended; FAILED is what nobody foresaw."""

    OK = "ok"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    KEY = "key"
    BUDGET = "budget"
    STORE = "store"
    FAILED = "failed"


class AnswerResult(StrEnum):
    """How a command ended: FAILED is what nobody foresaw, or came too late for Discord."""

    ANSWERED = "answered"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Polled:
    """How the last poll of a board ended, and when (UTC) one last ended well."""

    result: PollResult
    good: datetime | None


class Metrics:
    """Count what happens; each has a registry of its own, so that nothing is shared."""

    def __init__(self) -> None:
        """Begin with nothing counted."""
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._polled: dict[str, Polled] = {}
        self._polls = Counter(
            "rankshift_polls", "Polls of a board.", ["board", "result"], registry=registry
        )
        self._tried = Counter(
            "rankshift_sends", "Tries of a delivery.", ["kind", "result"], registry=registry
        )
        self._limited = Counter(
            "rankshift_discord_rate_limited",
            "Answers of Discord that said: too many requests.",
            ["scope"],
            registry=registry,
        )
        self._renders = Histogram(
            "rankshift_render_seconds",
            "From asking for a picture to its file.",
            ["chart"],
            buckets=_RENDER_BUCKETS,
            registry=registry,
        )
        self._unrendered = Counter(
            "rankshift_render_failures", "Pictures not drawn.", ["chart"], registry=registry
        )
        self._answers = Histogram(
            "rankshift_command_seconds",
            "From receiving a command to its answer.",
            ["command", "result"],
            buckets=_COMMAND_BUCKETS,
            registry=registry,
        )

    @property
    def polls(self) -> Mapping[str, Polled]:
        """Return how polls went since the start, by board."""
        return MappingProxyType(self._polled)

    def polled(self, board: str, result: PollResult, now: datetime) -> None:
        """Count a poll that ended at `now` (UTC)."""
        before = self._polled.get(board)
        good = now if result is PollResult.OK else before.good if before else None
        self._polled[board] = Polled(result, good)
        self._polls.labels(board, result.value).inc()

    def tried(self, delivery: Delivery) -> None:
        """Count a try of a delivery by what it is afterwards."""
        self._tried.labels(delivery.kind.value, _outcome(delivery)).inc()

    def limited(self, scope: str | None) -> None:
        """Count a 429 of Discord by the scope that it named, if it named one that there is."""
        self._limited.labels(scope if scope in _SCOPES else "none").inc()

    def drawn(self, chart: str, seconds: float | None) -> None:
        """Count a picture and how long it took, the wait included; None: it was not drawn."""
        if seconds is None:
            self._unrendered.labels(chart).inc()
        else:
            self._renders.labels(chart).observe(seconds)

    def answered(self, command: str, result: AnswerResult, seconds: float) -> None:
        """Count a command by how it ended, and how long that took."""
        self._answers.labels(command, result.value).observe(seconds)

    def text(self, measured: Iterable[Metric] = ()) -> bytes:
        """Return all of it in Prometheus' text format, after what is measured just now."""
        now = CollectorRegistry()
        now.register(_Measured(measured))
        return generate_latest(now) + generate_latest(self._registry)


class _Measured(Collector):
    """Hand over what was measured, as the library wants it."""

    def __init__(self, metrics: Iterable[Metric]) -> None:
        self._metrics = tuple(metrics)

    def collect(self) -> Iterator[Metric]:
        yield from self._metrics


def _outcome(delivery: Delivery) -> str:
    """Return what a try made of a delivery: it waits without a time where sending is paused."""
    if delivery.state in {DeliveryState.SENT, DeliveryState.DEAD}:
        return delivery.state.value
    return "again" if delivery.retry_at is not None else "paused"
