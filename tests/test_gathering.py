"""What was held back becomes roundups and digests, when it is time."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.delivery import Delivery, DeliveryState, Form, Gathering, Held, Kind, Summary
from bot.gathering import DueDigest, digests_due, gather
from bot.subscription import Channel, Digest, Manner, Pause, PauseReason, QuietHours

NOW = datetime(2026, 6, 8, 7, 30, 5, tzinfo=UTC)  # a Monday
DIGEST = Digest(0, 9, "Europe/Berlin", ("models",), "tr", NOW - timedelta(days=7))
SUMMARY = Summary(("models",), date(2026, 6, 7))
QUIET = QuietHours(22, 10, "Europe/Berlin")
PAUSE = Pause(PauseReason.FORBIDDEN, NOW, "no")
PLAIN = Channel(1, 9)


def _held(name: str, why: Held = Held.QUIET, language: str = "en", **more: object) -> Delivery:
    row = Delivery(
        key=f"1:{language}:{name}",
        channel_id=1,
        guild_id=9,
        milestones=(name,),
        nonce="n",
        created_at=NOW - timedelta(hours=5),
        language=language,
        state=DeliveryState.HELD,
        held=why,
    )
    return replace(row, **more)


def _told(found: Sequence[Gathering]) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.delivery.language, one.delivery.milestones) for one in found]


def _gather(channel: Channel, *rows: Delivery, used: int = 0) -> Sequence[Gathering]:
    return gather([channel], rows, (), {1: used}, NOW)


@pytest.mark.parametrize(
    ("channel", "told"),
    [
        (PLAIN, True),
        (replace(PLAIN, quiet=QUIET), False),
        (replace(PLAIN, quiet=replace(QUIET, end=9)), True),
        (replace(PLAIN, muted_until=NOW + timedelta(1)), False),
        (replace(PLAIN, muted_until=NOW), True),
        (replace(PLAIN, paused=PAUSE), False),
    ],
)
def test_what_was_held_for_quiet_is_told_in_one_message_once_it_is_over(
    channel: Channel, told: bool
) -> None:
    found = _gather(channel, _held("a"), _held("b", Held.MUTE))
    assert _told(found) == ([("en", ("a", "b"))] if told else [])


def test_a_roundup_waits_untried_under_a_key_of_its_moment_and_names_what_it_tells() -> None:
    (one,) = _gather(PLAIN, _held("a"), _held("b"))
    roundup = one.delivery
    assert one.held == ("1:en:a", "1:en:b")
    assert roundup.key == "1:en:roundup.2026-06-08.073005"
    assert (roundup.kind, roundup.form, roundup.state) == (
        Kind.ALERT,
        Form.ROUNDUP,
        DeliveryState.PENDING,
    )
    assert (roundup.guild_id, roundup.created_at, len(roundup.nonce)) == (9, NOW, 24)


def test_a_roundup_comes_in_the_manner_of_all_that_it_tells_and_is_published_if_any_is() -> None:
    roles = _held("a", manner=Manner(mentions=(7,)))
    published = _held("b", manner=Manner(publish=True, mentions=(5, 7)))
    (one,) = _gather(PLAIN, roles, published)
    assert one.delivery.manner == Manner(publish=True, mentions=(5, 7))
    (publishing,) = one.beside
    assert (publishing.kind, publishing.about) == (Kind.PUBLISH, one.delivery.key)


def test_each_language_has_a_roundup_of_its_own_english_first() -> None:
    found = _gather(PLAIN, _held("a", language="tr"), _held("a"), _held("b", language="tr"))
    assert _told(found) == [("en", ("a",)), ("tr", ("a", "b"))]


def test_what_yielded_to_the_budget_comes_along_unless_a_digest_will_tell_it() -> None:
    rows = [_held("a"), _held("b", Held.BUDGET)]
    assert _told(_gather(replace(PLAIN, budget=1), *rows, used=5)) == [("en", ("a", "b"))]
    later = replace(DIGEST, weekday=1)
    assert _told(_gather(replace(PLAIN, digest=later), *rows)) == [("en", ("a",))]


@pytest.mark.parametrize(
    ("budget", "used", "told"),
    [(2, 2, ""), (2, 1, "en"), (2, 0, "en tr"), (2, 9, ""), (None, 9, "en tr")],
)
def test_what_yielded_to_the_budget_is_told_when_there_is_room_for_it(
    budget: int | None, used: int, told: str
) -> None:
    rows = [_held("a", Held.BUDGET, "tr"), _held("b", Held.BUDGET)]
    found = _gather(replace(PLAIN, budget=budget), *rows, used=used)
    assert " ".join(language for language, _ in _told(found)) == told


def test_where_there_is_a_digest_what_yielded_to_the_budget_waits_for_it() -> None:
    channel = replace(PLAIN, budget=5, digest=replace(DIGEST, weekday=1))
    assert _gather(channel, _held("a", Held.BUDGET)) == ()


def test_a_digest_tells_all_that_is_held_back_in_any_language_and_its_week() -> None:
    channel = replace(PLAIN, digest=DIGEST)
    moment = datetime(2026, 6, 8, 7, tzinfo=UTC)
    due = DueDigest(channel, moment, SUMMARY, ("b", "w"))
    rows = [_held("a"), _held("b", Held.BUDGET, "tr")]
    (one,) = gather([channel], rows, [due], {1: 99}, NOW)
    assert one.held == ("1:en:a", "1:tr:b")
    assert one.delivery.milestones == ("a", "b", "w")
    assert one.delivery.key == "1:tr:digest.2026-06-08.0700"
    assert (one.delivery.form, one.delivery.summary) == (Form.DIGEST, SUMMARY)
    assert one.delivery.language == "tr"


def test_a_digest_of_a_week_in_which_nothing_happened_is_owed_all_the_same() -> None:
    channel = replace(PLAIN, digest=DIGEST)
    (one,) = gather([channel], (), [DueDigest(channel, NOW, SUMMARY, ())], {}, NOW)
    assert (one.held, one.delivery.milestones) == ((), ())


@pytest.mark.parametrize(
    ("channel", "due"),
    [
        (replace(PLAIN, digest=DIGEST), True),
        (PLAIN, False),
        (replace(PLAIN, digest=DIGEST, quiet=QUIET), False),
        (replace(PLAIN, digest=DIGEST, muted_until=NOW + timedelta(1)), False),
        (replace(PLAIN, digest=DIGEST, paused=PAUSE), False),
        (replace(PLAIN, digest=replace(DIGEST, hour=10, after=NOW - timedelta(6))), False),
        (replace(PLAIN, digest=replace(DIGEST, hour=10, weekday=6)), True),
        (replace(PLAIN, digest=replace(DIGEST, after=NOW - timedelta(minutes=31))), True),
        (replace(PLAIN, digest=replace(DIGEST, after=NOW - timedelta(minutes=30))), False),
    ],
)
def test_a_digest_is_due_at_its_hour_where_the_channel_takes_it(
    channel: Channel, due: bool
) -> None:
    assert bool(digests_due([channel], NOW)) is due
