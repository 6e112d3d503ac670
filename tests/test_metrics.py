"""What the operator reads: every figure by its name, with labels that cannot grow."""

import asyncio
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.boards import MODELS
from bot.delivery import Kind
from bot.errors import (
    BudgetSpent,
    KeyRefused,
    PayloadRefused,
    PlaceClosed,
    RenderFailed,
    SendLater,
    SendRefused,
    SourceUnreachable,
    StoreError,
    TokenRefused,
)
from bot.metrics import AnswerResult, Metrics, Polled, PollResult
from bot.openness import Directory
from bot.poller import BoardPoll, poll_all
from bot.render import WAITING, Renderer
from bot.sources import Snapshot
from bot.sources.replay import Replay
from bot.subscription import PauseReason
from bot.turns import claimed, dead, sent, waiting
from storage.tinydb_store import TinyDBStore
from tests.made import directory
from tests.sending import Channels, Clock, outbox, owed, record, subscribe
from tests.test_render import PICTURE
from tests.waiting import until
from tests.web.test_vitals import NOW

CLOSED = PlaceClosed(PauseReason.FORBIDDEN, "no permission")

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def samples(text: bytes) -> Samples:
    """Return every figure of a text by name and labels."""
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
    }


def samples_of(metrics: Metrics, name: str) -> dict[tuple[str, ...], float]:
    """Return the figures of a name by the values of their labels, but for those of nothing."""
    found = [(key[1], value) for key, value in samples(metrics.text()).items() if key[0] == name]
    return {tuple(v for _, v in labels): value for labels, value in found if value}


def figure(text: bytes, name: str, **labels: str) -> float | None:
    """Return one figure of a text."""
    return samples(text).get((name, tuple(sorted(labels.items()))))


def test_polls_are_counted_by_board_and_by_how_they_ended() -> None:
    metrics = Metrics()
    for result in (PollResult.OK, PollResult.OK, PollResult.UNREACHABLE):
        metrics.polled("models", result, NOW)
    text = metrics.text()
    assert figure(text, "rankshift_polls_total", board="models", result="ok") == 2
    assert figure(text, "rankshift_polls_total", board="models", result="unreachable") == 1


def test_the_last_good_poll_outlives_the_bad_ones_after_it() -> None:
    metrics = Metrics()
    metrics.polled("images", PollResult.REFUSED, NOW)
    assert metrics.polls["images"] == Polled(PollResult.REFUSED, None)
    metrics.polled("images", PollResult.OK, NOW)
    metrics.polled("images", PollResult.STORE, NOW + timedelta(hours=1))
    assert metrics.polls["images"] == Polled(PollResult.STORE, NOW)


def test_a_try_is_counted_by_what_the_delivery_is_afterwards() -> None:
    metrics, tried = Metrics(), claimed(owed(7, "a", NOW), NOW)
    metrics.tried(sent(tried, 1, NOW))
    metrics.tried(dead(tried, "no"))
    metrics.tried(waiting(tried, "503", NOW))
    metrics.tried(waiting(replace(tried, kind=Kind.EDIT), "closed"))
    text = metrics.text()
    for result in ("sent", "dead", "again"):
        assert figure(text, "rankshift_sends_total", kind="alert", result=result) == 1
    assert figure(text, "rankshift_sends_total", kind="edit", result="paused") == 1


def test_a_scope_that_discord_does_not_have_makes_no_label_of_its_own() -> None:
    metrics = Metrics()
    for scope in ("user", "global", "shared", None, "made up", "x" * 1000):
        metrics.limited(scope)
    text = metrics.text()
    name = "rankshift_discord_rate_limited_total"
    found = {labels for sample, labels in samples(text) if sample == name}
    assert found == {(("scope", each),) for each in ("user", "global", "shared", "none")}
    assert figure(text, name, scope="none") == 3


def test_what_can_be_counted_is_shown_before_it_is() -> None:
    text = Metrics().text()
    assert figure(text, "rankshift_discord_rate_limited_total", scope="global") == 0
    for kind in Kind:
        for result in ("sent", "dead", "again", "paused"):
            assert figure(text, "rankshift_sends_total", kind=kind, result=result) == 0


def test_nobody_is_told_when_a_counter_was_made() -> None:
    metrics = Metrics()
    metrics.polled("models", PollResult.OK, NOW)
    metrics.drawn("bump", 0.3)
    metrics.drawn("bump", 0.3)
    assert b"_created" not in metrics.text()
    assert metrics.text().count(b'rankshift_render_seconds_count{chart="bump"} 2.0') == 1


def test_pictures_and_commands_are_timed() -> None:
    metrics = Metrics()
    metrics.drawn("bump", 0.3)
    metrics.drawn("bump", None)
    metrics.answered("rankings", AnswerResult.ANSWERED, 2.5)
    text = metrics.text()
    assert figure(text, "rankshift_render_seconds_bucket", chart="bump", le="0.25") == 0
    assert figure(text, "rankshift_render_seconds_bucket", chart="bump", le="0.5") == 1
    assert figure(text, "rankshift_render_failures_total", chart="bump") == 1
    assert (
        figure(text, "rankshift_command_seconds_sum", command="rankings", result="answered") == 2.5
    )


def test_the_process_is_measured_too_and_nothing_is_shared() -> None:
    first, second = Metrics(), Metrics()
    first.limited("user")
    assert (figure(first.text(), "process_resident_memory_bytes") or 0) > 1e6
    assert figure(second.text(), "rankshift_discord_rate_limited_total", scope="user") == 0


class Broken:
    """A source that gives an error."""

    keyed = False

    def __init__(self, error: Exception) -> None:
        self.asked: list[tuple[str | None, datetime]] = []
        self._error = error

    async def fetch(self, seen: str | None, now: datetime) -> Snapshot | None:
        self.asked.append((seen, now))
        raise self._error


@pytest.mark.parametrize(
    ("error", "result"),
    [
        (SourceUnreachable("answered 500"), "unreachable"),
        (PayloadRefused("there", "no table"), "refused"),
        (KeyRefused("401"), "key"),
        (BudgetSpent(500, NOW), "budget"),
        (StoreError("no space"), "store"),
        (ValueError("a bug"), "failed"),
    ],
)
async def test_whatever_a_poll_ends_with_is_counted_and_goes_on_its_way(
    tmp_path: Path, error: Exception, result: str
) -> None:
    metrics, store = Metrics(), TinyDBStore(tmp_path, writable=True)
    known = directory()

    async def look_up() -> Directory:
        return known

    polls = [BoardPoll(MODELS, Broken(error), store, look_up, {})]
    with pytest.raises(type(error)):
        await poll_all(polls, lambda: NOW, metrics.polled)
    await store.close()
    assert samples_of(metrics, "rankshift_polls_total") == {("models", result): 1}


async def test_polls_that_end_well_are_counted_as_such(tmp_path: Path) -> None:
    metrics, store = Metrics(), TinyDBStore(tmp_path, writable=True)

    async def look_up() -> Directory:
        return directory()

    await poll_all([BoardPoll(MODELS, Replay((), "none"), store, look_up, {})], lambda: NOW)
    await poll_all(
        [BoardPoll(MODELS, Replay((), "none"), store, look_up, {})], lambda: NOW, metrics.polled
    )
    await store.close()
    assert samples_of(metrics, "rankshift_polls_total") == {("models", "ok"): 1}
    assert metrics.polls["models"].good == NOW


async def test_the_outbox_tells_of_every_try(tmp_path: Path) -> None:
    store, channel = TinyDBStore(tmp_path, writable=True), Channels()
    clock, metrics = Clock(), Metrics()
    for number in (7, 8, 9, 10, 11):
        await subscribe(store, number, clock())
    await record(store, *(owed(number, "a", clock()) for number in (7, 8, 9, 10)))
    channel.answers = [None, SendLater("503"), SendRefused("no"), CLOSED]
    box = outbox(store, channel, clock)
    box.tried = metrics.tried
    await box.drain()
    told = samples_of(metrics, "rankshift_sends_total")
    assert told == {("alert", each): 1 for each in ("sent", "again", "dead", "paused")}
    await record(store, owed(11, "a", clock()))
    channel.answers = [TokenRefused("401")] * 2  # the notice of the pause is told the same
    await box.drain()
    assert samples_of(metrics, "rankshift_sends_total")["alert", "paused"] == 2
    await store.close()


async def test_the_outbox_says_whether_its_store_can_be_used(tmp_path: Path) -> None:
    store, channel, clock = TinyDBStore(tmp_path, writable=True), Channels(), Clock()
    await record(store, owed(7, "a", clock()))
    box = outbox(store, channel, clock)
    (tmp_path / "outbox.jsonl").mkdir()
    running = asyncio.create_task(box.run())
    await until(lambda: box.blocked)
    (tmp_path / "outbox.jsonl").rmdir()
    box.wake()
    await until(lambda: channel.sent and not box.blocked)
    await box.stop()
    await running
    await store.close()


async def test_a_picture_is_counted_once_however_many_ask_for_it() -> None:
    metrics = Metrics()
    with closing(Renderer(metrics.drawn)) as renderer:
        await asyncio.gather(*(renderer.draw(PICTURE) for _ in range(3)))
        with pytest.raises(RenderFailed):
            await renderer.draw(replace(PICTURE, words={}))
    assert samples_of(metrics, "rankshift_render_seconds_count") == {("bump",): 1}
    assert samples_of(metrics, "rankshift_render_failures_total") == {("bump",): 1}


async def test_a_picture_for_which_too_many_wait_counts_as_failed() -> None:
    metrics = Metrics()
    with closing(Renderer(metrics.drawn)) as renderer:
        others = [
            asyncio.create_task(renderer.draw(replace(PICTURE, title=str(number))))
            for number in range(WAITING)
        ]
        await asyncio.sleep(0)
        with pytest.raises(RenderFailed, match="wait already"):
            await renderer.draw(PICTURE)
        assert samples_of(metrics, "rankshift_render_failures_total") == {("bump",): 1}
        for each in others:
            each.cancel()
        await asyncio.wait(others)


def test_what_draws_does_not_carry_what_counts() -> None:
    code = "import sys; import bot.render; assert 'prometheus_client' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
