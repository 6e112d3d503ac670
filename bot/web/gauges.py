"""What is measured when somebody asks, as rows of data (pure)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time

from prometheus_client.metrics_core import GaugeMetricFamily, Metric

from bot.standings import ONE_DAY
from bot.web.vitals import Kept, Newest, Vitals, readiness


@dataclass(frozen=True, slots=True)
class _Gauge:
    """A figure by the values of its label; without a label there is one, of the value "".

    What nobody knows is left out.
    """

    name: str
    says: str
    values: Callable[[Vitals], Mapping[str, float]]
    label: str | None = None


def _of_kept(figure: Callable[[Kept, datetime], float]) -> Callable[[Vitals], dict[str, float]]:
    def values(vitals: Vitals) -> dict[str, float]:
        return {} if vitals.kept is None else {"": figure(vitals.kept, vitals.now)}

    return values


def _of_newest(moment: Callable[[Newest], datetime]) -> Callable[[Vitals], dict[str, float]]:
    def values(vitals: Vitals) -> dict[str, float]:
        newest = vitals.kept.newest if vitals.kept else {}
        return {board: _since(moment(one), vitals.now) for board, one in newest.items()}

    return values


def _since(moment: datetime, now: datetime) -> float:
    return (now - moment).total_seconds()


def _ended(newest: Newest) -> datetime:
    return datetime.combine(newest.day + ONE_DAY, time(), UTC)


def _good_polls(vitals: Vitals) -> dict[str, float]:
    good = {board: one.good for board, one in vitals.polls.items()}
    return {board: _since(at, vitals.now) for board, at in good.items() if at is not None}


def _held(vitals: Vitals) -> Mapping[str, float]:
    return vitals.kept.held_milestones if vitals.kept else {}


def _oldest(kept: Kept, now: datetime) -> float:
    return _since(kept.oldest, now) if kept.oldest is not None else 0.0


def _latency(vitals: Vitals) -> dict[str, float]:
    latency = vitals.gateway.latency
    return {} if latency is None else {"": latency}


GAUGES = (
    _Gauge(
        "rankshift_ready",
        "Whether a check of /readyz is passed.",
        lambda vitals: {check: why is None for check, why in readiness(vitals).items()},
        "check",
    ),
    _Gauge(
        "rankshift_gateway_connected",
        "Whether we are connected to Discord's gateway.",
        lambda vitals: {"": vitals.gateway.connected},
    ),
    _Gauge(
        "rankshift_gateway_latency_seconds", "From a heartbeat to Discord's answer to it.", _latency
    ),
    _Gauge("rankshift_servers", "Servers we are in.", lambda vitals: {"": vitals.gateway.servers}),
    _Gauge(
        "rankshift_newest_day_age_seconds",
        "Since the newest stored day of a board ended.",
        _of_newest(_ended),
        "board",
    ),
    _Gauge(
        "rankshift_newest_snapshot_age_seconds",
        "Since the figures of the newest stored day of a board were read at the source.",
        _of_newest(lambda newest: newest.as_of),
        "board",
    ),
    _Gauge(
        "rankshift_last_good_poll_age_seconds",
        "Since a poll of a board last ended well, once one did.",
        _good_polls,
        "board",
    ),
    _Gauge(
        "rankshift_held_milestones",
        "Milestones that wait for evidence about models.",
        _held,
        "board",
    ),
    _Gauge(
        "rankshift_deliveries_open",
        "Deliveries that wait or are being sent.",
        _of_kept(lambda kept, _: kept.open),
    ),
    _Gauge(
        "rankshift_oldest_delivery_age_seconds",
        "Since the oldest open delivery became owed; 0 without one.",
        _of_kept(_oldest),
    ),
    _Gauge(
        "rankshift_deliveries_held_back",
        "Alerts that wait to be told with others.",
        _of_kept(lambda kept, _: kept.held_back),
    ),
    _Gauge(
        "rankshift_channels_paused",
        "Channels that nothing can be posted to.",
        _of_kept(lambda kept, _: kept.paused),
    ),
)


def gauges(vitals: Vitals, version: str) -> Iterator[Metric]:
    """Yield every figure of a moment, and which version of the bot it is of."""
    build = GaugeMetricFamily("rankshift_build_info", "Always 1.", labels=["version"])
    build.add_metric([version], 1)
    yield build
    for gauge in GAUGES:
        labels = [gauge.label] if gauge.label else []
        family = GaugeMetricFamily(gauge.name, gauge.says, labels=labels)
        for value, figure in gauge.values(vitals).items():
            family.add_metric([value] if labels else [], float(figure))
        yield family
