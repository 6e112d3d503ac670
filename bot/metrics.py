"""What happens, counted for the operator; names and units follow Prometheus' customs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.exposition import generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from bot.delivery import Delivery, DeliveryState, Kind

_RENDER_BUCKETS = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
_COMMAND_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 15.0, 30.0)
"""Seconds: Discord wants the first sign of an answer within 3, and a picture has 10."""

_SCOPES = ("user", "global", "shared")
_NO_SCOPE = "none"

_SENT, _DEAD, _AGAIN, _PAUSED = _ENDS = ("sent", "dead", "again", "paused")
"""What a try of a delivery comes to; PAUSED: its channel is closed, or the token is refused."""


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
        self._begin_with_zero()

    def _begin_with_zero(self) -> None:
        """Show what can be counted before it is: an alarm then sees the first one too."""
        for scope in (*_SCOPES, _NO_SCOPE):
            self._limited.labels(scope)
        for kind in Kind:
            for end in _ENDS:
                self._tried.labels(kind.value, end)

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
        self._limited.labels(scope if scope in _SCOPES else _NO_SCOPE).inc()

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
        counted = map(_without_births, self._registry.collect())
        return generate_latest(_Told([*measured, *counted]))


class _Told(Collector):
    """Hand over metrics as the library wants them."""

    def __init__(self, metrics: Sequence[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> Iterator[Metric]:
        yield from self._metrics


def _without_births(metric: Metric) -> Metric:
    """Leave out when each counter was made: a figure beside each figure, which nobody reads."""
    metric.samples = [each for each in metric.samples if not each.name.endswith("_created")]
    return metric


def _outcome(delivery: Delivery) -> str:
    """Return what a try made of a delivery: it waits without a time where sending is paused."""
    match delivery.state:
        case DeliveryState.SENT:
            return _SENT
        case DeliveryState.DEAD:
            return _DEAD
    return _PAUSED if delivery.retry_at is None else _AGAIN
