"""Routing: who is owed which milestones, in one delivery a day, under keys that stay."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.delivery import Delivery, DeliveryState, Kind
from bot.model import Entrant, Facts, Milestone, Openness, Searched, Severity
from bot.openness import author
from bot.routing import nonce, route
from bot.rules.streak import OPEN
from bot.subscription import Manner, Subscription, Wish
from tests.made import AS_OF, START, at

NOW = at(START + timedelta(1))
TOP = (
    Entrant("a/x", "X", 1, 5, Openness.OPEN),
    Entrant("b/x", "X", 2, 4, Openness.CLOSED),
)


def _milestone(
    when: date = START,
    board: str = "models",
    subject: str = "a",
    severity: Severity = Severity.HEADLINE,
    untold: str = "",
    facts: Facts | None = None,
) -> Milestone:
    return Milestone(
        key=f"{board}.rule.{subject}.{when}",
        rule="rule",
        board=board,
        subject=subject,
        began=when - timedelta(1),
        date=when,
        severity=severity,
        facts=facts or {},
        first=False,
        searched=Searched(START, 8),
        top=TOP,
        total=0,
        days_without_other=0,
        as_of=AS_OF,
        held_by=("lab/unknown",) if untold == "held" else (),
        inhibited_by="models.leader.x.2026-06-01" if untold == "silenced" else None,
    )


def _subscription(
    channel: int = 1,
    after: date = START - timedelta(1),
    board: str = "models",
    least: Severity = Severity.MINOR,
    only: tuple[str, ...] = (),
) -> Subscription:
    wish = Wish((board,), least, only=only)
    return Subscription(channel, 100 + channel, wish, after, AS_OF, 7)


@pytest.mark.parametrize(
    ("after", "sent"),
    [(-30, True), (-1, True), (0, False), (1, False)],
)
def test_only_what_is_dated_after_the_subscription_is_sent(after: int, sent: bool) -> None:
    subscription = _subscription(after=START + timedelta(after))
    assert bool(route([_milestone()], [subscription], NOW)) is sent


@pytest.mark.parametrize(
    ("now", "sent"),
    [
        (at(START, 12), True),
        (at(START + timedelta(7), 0, 0), True),
        (at(START + timedelta(7), 23, 59), True),
        (at(START + timedelta(8), 0, 0), False),
        (at(START + timedelta(400)), False),
    ],
)
def test_what_is_more_than_seven_days_late_is_not_sent(now: datetime, sent: bool) -> None:
    assert bool(route([_milestone()], [_subscription()], now)) is sent


def test_only_milestones_of_the_subscribed_board_are_sent() -> None:
    subscriptions = [_subscription(1, board="models"), _subscription(2, board="apps")]
    found = route([_milestone(board="apps")], subscriptions, NOW)
    assert [delivery.channel_id for delivery in found] == [2]


@pytest.mark.parametrize("untold", ["held", "silenced"])
def test_what_is_held_or_silenced_is_sent_to_nobody(untold: str) -> None:
    assert route([_milestone(untold=untold)], [_subscription()], NOW) == ()
    both = [_milestone(untold=untold), _milestone(subject="b")]
    (found,) = route(both, [_subscription()], NOW)
    assert found.milestones == ("models.rule.b.2026-06-01",)


@pytest.mark.parametrize(
    ("least", "sent"),
    [(Severity.HEADLINE, "h"), (Severity.NOTABLE, "hn"), (Severity.MINOR, "hnm")],
)
def test_a_subscription_gets_what_weighs_enough_for_it(least: Severity, sent: str) -> None:
    milestones = [_milestone(subject=each[0], severity=each) for each in Severity]
    (found,) = route(milestones, [_subscription(least=least)], NOW)
    assert "".join(key.split(".")[2] for key in found.milestones) == sent


def test_minor_milestones_are_sent_to_those_alone_who_asked_for_them() -> None:
    plain = Subscription(1, 101, Wish(), START - timedelta(1), AS_OF, 7)
    assert plain.wish.least is Severity.NOTABLE
    assert route([_milestone(severity=Severity.MINOR)], [plain], NOW) == ()
    assert len(route([_milestone(severity=Severity.NOTABLE)], [plain], NOW)) == 1


def test_a_channel_gets_one_delivery_a_day_and_board_with_the_weightiest_first() -> None:
    milestones = [
        _milestone(subject="a", severity=Severity.MINOR),
        _milestone(subject="b", severity=Severity.NOTABLE),
        _milestone(subject="d"),
        _milestone(subject="c"),
    ]
    (found,) = route(milestones, [_subscription()], NOW)
    assert [key.split(".")[2] for key in found.milestones] == ["c", "d", "b", "a"]


def test_deliveries_come_by_day_then_board_then_as_channels_subscribed() -> None:
    tomorrow = START + timedelta(1)
    milestones = [_milestone(tomorrow), _milestone(board="apps"), _milestone()]
    subscriptions = [_subscription(2), _subscription(1), _subscription(1, board="apps")]
    found = route(milestones, subscriptions, NOW)
    assert [(d.milestones[0], d.channel_id) for d in found] == [
        ("apps.rule.a.2026-06-01", 1),
        ("models.rule.a.2026-06-01", 2),
        ("models.rule.a.2026-06-01", 1),
        ("models.rule.a.2026-06-02", 2),
        ("models.rule.a.2026-06-02", 1),
    ]


def test_of_one_day_places_come_before_marks_whatever_the_names() -> None:
    rules = ("first_to_mark", "leader", "open_share", "open_top5", "a_new_rule")
    milestones = [replace(_milestone(subject=rule), rule=rule) for rule in rules]
    (found,) = route(milestones, [_subscription()], NOW)
    subjects = [key.split(".")[2] for key in found.milestones]
    assert subjects == ["leader", "open_top5", "open_share", "first_to_mark", "a_new_rule"]


def test_a_delivery_waits_untried_and_says_where_it_goes() -> None:
    (found,) = route([_milestone()], [_subscription(5)], NOW)
    assert found == Delivery(
        key="5:en:models.rule.a.2026-06-01",
        channel_id=5,
        guild_id=105,
        milestones=("models.rule.a.2026-06-01",),
        nonce=nonce("5:en:models.rule.a.2026-06-01"),
        created_at=NOW,
    )
    assert (found.state, found.attempts, found.retry_at) == (DeliveryState.PENDING, 0, None)


def test_keys_and_nonces_do_not_depend_on_when_or_in_which_order_routing_is_done() -> None:
    milestones = [_milestone(subject="b"), _milestone(subject="a")]
    (one,) = route(milestones, [_subscription()], NOW)
    (two,) = route(milestones[::-1], [_subscription()], NOW + timedelta(days=2))
    assert replace(one, created_at=two.created_at) == two


def test_a_nonce_never_changes_with_a_release() -> None:
    assert nonce("5:models.rule.a.2026-06-01") == "5bd1de1727b17c7c6a912df2"


@given(st.lists(st.text(max_size=300), unique=True, max_size=20))
@settings(max_examples=50, deadline=None)
def test_nonces_are_short_enough_for_discord_and_differ(keys: list[str]) -> None:
    nonces = {nonce(key) for key in keys}
    assert len(nonces) == len(keys)
    assert all(0 < len(each) <= 25 for each in nonces)


_boards = st.sampled_from(("models", "apps"))


@pytest.mark.parametrize(
    ("facts", "named"),
    [
        ({"model": "a/x", "mark": 5}, {"a/x", "a/"}),
        ({"model": "a/x", "passed": "b/y"}, {"a/x", "a/", "b/y", "b/"}),
        ({"model": "a/x", "previous": "b/y"}, {"a/x", "a/", "b/y", "b/"}),
        ({"author": "a", "previous": "b"}, {"a/", "b/"}),
        ({"author": "a", "previous": None}, {"a/"}),
        ({"subject": "a/x", "windows": 30}, {"a/x", "a/"}),
        ({"subject": OPEN, "windows": 30}, {"a/x", "a/"}),
        ({"level": 3, "open": ["a/x", "b/y"]}, {"a/x", "a/", "b/y", "b/"}),
        ({"model": "meta-llama/z"}, {"meta-llama/z", "meta/"}),
        ({"model": "a/x", "was": "b", "now": "open", "direction": "up"}, {"a/x", "a/"}),
        ({"mark": 5}, set()),
    ],
)
def test_who_watches_gets_what_names_a_model_or_its_author(facts: Facts, named: set[str]) -> None:
    watchable = ["a/x", "a/", "b/y", "b/", "b/x", "meta-llama/z", "meta/", "open/", "up/"]
    subscriptions = [_subscription(n, only=(what,)) for n, what in enumerate(watchable)]
    found = route([_milestone(facts=facts)], subscriptions, NOW)
    assert {watchable[delivery.channel_id] for delivery in found} == named


def test_who_watches_gets_nothing_else_in_the_same_message() -> None:
    milestones = [_milestone(subject=each, facts={"model": f"a/{each}"}) for each in "xyz"]
    (found,) = route(milestones, [_subscription(only=("a/z", "a/x"))], NOW)
    assert [key.split(".")[2] for key in found.milestones] == ["x", "z"]


_MODELS = ("a/x", "a/y", "b/x", "meta-llama/z")
_model = st.sampled_from(_MODELS)
_maker = st.sampled_from(["a", "b", "meta"])
_facts = st.one_of(
    st.just({"mark": 5}),
    st.just({"subject": OPEN, "windows": 30}),
    st.fixed_dictionaries({"model": _model}, optional={"passed": _model, "previous": _model}),
    st.fixed_dictionaries({"author": _maker, "previous": st.none() | _maker}),
    st.fixed_dictionaries({"subject": _model, "windows": st.just(30)}),
    st.fixed_dictionaries({"level": st.just(3), "open": st.lists(_model, max_size=3)}),
)
_only = st.lists(st.sampled_from([*_MODELS, "a/", "b/", "meta/"]), max_size=3).map(tuple)


def _names(milestone: Milestone, watched: Collection[str]) -> bool:
    """Say whether some text among the facts is a watched model, or of a watched author."""
    facts = milestone.facts.values()
    said = [each for fact in facts for each in (fact if isinstance(fact, list) else [fact])]
    values = ["a/x"] if OPEN in said else [each for each in said if isinstance(each, str)]
    makers = {what.removesuffix("/") for what in watched if what.endswith("/")}
    return any(each in watched or author(each) in makers for each in values)


_ORDER = list(Severity)
_near = st.integers(-12, 3).map(lambda n: START + timedelta(n))
_milestones = st.lists(
    st.builds(
        _milestone,
        _near,
        _boards,
        st.sampled_from("abc"),
        st.sampled_from(Severity),
        st.sampled_from(("", "", "", "held", "silenced")),
        _facts,
    ),
    max_size=9,
    unique_by=lambda milestone: milestone.key,
)
_subscriptions = st.lists(
    st.builds(_subscription, st.integers(1, 4), _near, _boards, st.sampled_from(Severity), _only),
    max_size=6,
    unique_by=lambda subscription: (subscription.channel_id, subscription.wish),
)
_moments = st.datetimes(datetime(2026, 5, 30), datetime(2026, 6, 9)).map(  # noqa: DTZ001
    lambda moment: moment.replace(tzinfo=UTC)
)


@given(_milestones, _subscriptions, _moments)
@settings(max_examples=200, deadline=None)
def test_every_subscription_gets_exactly_what_it_is_owed(
    milestones: list[Milestone], subscriptions: list[Subscription], now: datetime
) -> None:
    owed = {
        (subscription.channel_id, milestone.key)
        for subscription in subscriptions
        for milestone in milestones
        if milestone.board in subscription.wish.boards
        and milestone.date > subscription.after
        and (now.date() - milestone.date).days <= 7
        and not milestone.held_by
        and milestone.inhibited_by is None
        and list(Severity).index(milestone.severity)
        <= list(Severity).index(subscription.wish.least)
        and (not subscription.wish.only or _names(milestone, subscription.wish.only))
    }
    found = route(milestones, subscriptions, now)
    pairs = [(delivery.channel_id, key) for delivery in found for key in delivery.milestones]
    assert len(pairs) == len(set(pairs))
    assert set(pairs) == owed
    assert _one_each(found)


def _one_each(found: Sequence[Delivery]) -> bool:
    places = [(d.channel_id, {(k.split(".")[0], k[-10:]) for k in d.milestones}) for d in found]
    return (
        all(len(of) == 1 for _, of in places)
        and len({(channel, *of) for channel, of in places}) == len(found)
        and len({d.key for d in found}) == len({d.nonce for d in found}) == len(found)
    )


def test_where_a_channel_publishes_each_alert_is_followed_by_its_publishing() -> None:
    manner = Manner(publish=True, mentions=(77,))
    alert, publishing = route([_milestone()], [replace(_subscription(), manner=manner)], NOW)
    assert (alert.kind, alert.manner) == (Kind.ALERT, manner)
    assert (publishing.kind, publishing.about) == (Kind.PUBLISH, alert.key)
    assert publishing.manner == Manner(publish=True), "who was called once is not called again"


def test_a_milestone_that_two_subscriptions_of_a_channel_ask_for_comes_once_and_calls_all() -> None:
    headline = replace(
        _subscription(least=Severity.HEADLINE), number=2, manner=Manner(mentions=(9,))
    )
    all_of_it = replace(_subscription(), manner=Manner(publish=True, mentions=(11,)))
    milestones = [_milestone(subject=each[0], severity=each) for each in Severity]
    alert, _ = route(milestones, [headline, all_of_it], NOW)
    assert [key.split(".")[2] for key in alert.milestones] == ["h", "n", "m"]
    assert alert.manner == Manner(publish=True, mentions=(9, 11))


def test_each_language_of_a_channel_has_a_message_of_its_own() -> None:
    turkish = replace(_subscription(), number=2, language="tr")
    found = route([_milestone()], [_subscription(), turkish], NOW)
    assert [(d.language, d.key) for d in found] == [
        ("en", "1:en:models.rule.a.2026-06-01"),
        ("tr", "1:tr:models.rule.a.2026-06-01"),
    ]


def test_a_subscription_of_several_boards_gets_each_and_of_several_rules_no_other() -> None:
    milestones = [_milestone(), _milestone(board="apps"), _milestone(board="other")]
    several = replace(_subscription(), wish=Wish(("models", "apps"), rules=("rule",)))
    assert len(route(milestones, [several], NOW)) == 2
    others = replace(several, wish=replace(several.wish, rules=("leader", "surge")))
    assert route(milestones, [others], NOW) == ()


def test_a_stopped_subscription_gets_nothing() -> None:
    assert route([_milestone()], [replace(_subscription(), stopped=AS_OF)], NOW) == ()
