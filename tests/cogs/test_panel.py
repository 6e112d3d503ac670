"""The panel of /subscribe: what stands in the ids of its controls, and its form."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import rules
from bot.model import BOARD_MODELS, Severity
from bot.packaged import read_boards, read_languages
from bot.subscription import Manner, Subscription, Wish
from bot.text.panel import LANGUAGES, Part, heading
from cogs._drafts import CANCEL, KINDS, PARTS, SAVE, Draft, Offer, chosen, codes, drafted, free
from cogs._panel import card, panel
from tests.made import AS_OF, START
from tests.wire.discord_mentions import walk
from tests.wire.discord_schema import Json

BOARDS = tuple(name for name, board in read_boards().items() if board.judged)
RULES = tuple(rules.discover())
OFFER = Offer(BOARDS, RULES)
SAYS = read_languages()
LARGEST = 2**63 - 1

DRAFTS = st.builds(
    Draft,
    channel_id=st.integers(1, LARGEST),
    number=st.integers(1, 51),
    stored=st.booleans(),
    wish=st.builds(
        Wish,
        st.sets(st.sampled_from(BOARDS), min_size=1).map(
            lambda found: tuple(each for each in BOARDS if each in found)
        ),
        st.sampled_from(Severity),
        st.sets(st.sampled_from(RULES)).map(
            lambda found: tuple(each for each in RULES if each in found)
        ),
    ),
    language=st.sampled_from(tuple(LANGUAGES.values())),
    role=st.none() | st.integers(1, LARGEST),
    publish=st.none() | st.booleans(),
)
PLAIN = Draft(5, 1, stored=False, wish=Wish(), language="en")


def body(draft: Draft, offer: Offer = OFFER, code: str = "en") -> list[Json]:
    """Return every component of a panel."""
    lead = [f"Alerts in <#{draft.channel_id}>: subscription {draft.number}", "", "l" * 200]
    view = panel(draft, offer, lead, "e" * 120, SAYS[code])
    return list(walk(view.to_components()))


@given(draft=DRAFTS)
def test_an_id_holds_all_that_was_chosen_within_discords_limit(draft: Draft) -> None:
    text = OFFER.text(draft)
    assert OFFER.read(text) == draft
    assert max(len(f"{kind}|{text}") for kind in KINDS) <= 100


@given(draft=DRAFTS, code=st.sampled_from(tuple(SAYS)))
def test_a_panel_keeps_discords_limits_whatever_is_chosen(draft: Draft, code: str) -> None:
    parts = body(draft, code=code)
    assert len(parts) <= 40
    assert sum(len(each.get("content", "")) for each in parts) <= 4000
    ids = [each["custom_id"] for each in parts if "custom_id" in each]
    assert len(ids) == len(set(ids)) == (8 if draft.publish is not None else 7)
    for each in parts:
        options = each.get("options", [])
        assert len(options) <= 25
        assert all(0 < len(one["label"]) <= 100 for one in options)
        assert each.get("max_values", 1) <= max(len(options), 1)


@pytest.mark.parametrize("code", SAYS)
def test_under_each_heading_stands_what_is_chosen_there_now(code: str) -> None:
    wish = Wish(BOARDS[1:3], Severity.HEADLINE, RULES[:2])
    draft = Draft(5, 2, stored=True, wish=wish, language="tr", role=77, publish=True)
    parts, found = body(draft, code=code), dict[str, list[str]]()
    for title, select in zip(parts, parts[2:], strict=False):
        if "options" in select:
            name = title["content"].split("\n")[0].strip("*")
            found[name] = [one["value"] for one in select["options"] if one.get("default")]
        elif "default_values" in select:
            called = [str(one["id"]) for one in select["default_values"]]
            found[title["content"].split("\n")[0].strip("*")] = called
    assert found == {
        heading(Part.BOARDS, SAYS[code]): list(BOARDS[1:3]),
        heading(Part.LEAST, SAYS[code]): ["headline"],
        heading(Part.RULES, SAYS[code]): list(RULES[:2]),
        heading(Part.ROLE, SAYS[code]): ["77"],
        heading(Part.LANGUAGE, SAYS[code]): ["tr"],
        heading(Part.PUBLISH, SAYS[code]): ["yes"],
    }


def test_what_cannot_be_published_is_not_asked_about() -> None:
    kinds = [each["custom_id"].split("|")[0] for each in body(PLAIN) if "custom_id" in each]
    assert "panel-publish" not in kinds
    assert kinds[-2:] == [SAVE, CANCEL]


@given(draft=DRAFTS)
def test_an_id_means_nothing_once_other_boards_or_rules_are_offered(draft: Draft) -> None:
    text = OFFER.text(draft)
    assert Offer(BOARDS[:-1], RULES).read(text) is None
    assert Offer(BOARDS, (*RULES, "another")).read(text) is None
    assert Offer((BOARDS[1], BOARDS[0], *BOARDS[2:]), RULES).read(text) is None


@given(text=st.text() | st.from_regex(r"[0-9a-z|-]{0,80}", fullmatch=True))
def test_an_id_that_we_never_wrote_means_nothing(text: str) -> None:
    assert OFFER.read(text) is None


@pytest.mark.parametrize("place", range(10))
@pytest.mark.parametrize("wrong", ["", "x", "0", "-1", "ffffffff", "٣", " 5"])
def test_an_id_with_a_part_that_we_never_write_means_nothing(place: int, wrong: str) -> None:
    parts = OFFER.text(replace(PLAIN, role=77)).split("|")
    parts[place] = wrong
    found = OFFER.read("|".join(parts))
    assert found is None or OFFER.text(found) == "|".join(parts)


def test_what_is_chosen_is_kept_in_the_order_of_the_offer() -> None:
    boards = chosen(PLAIN, Part.BOARDS, [BOARDS[3], BOARDS[1]], OFFER)
    assert boards == replace(PLAIN, wish=Wish((BOARDS[1], BOARDS[3])))
    picked = chosen(PLAIN, Part.RULES, [RULES[2], RULES[0]], OFFER)
    assert picked == replace(PLAIN, wish=Wish(rules=(RULES[0], RULES[2])))


@pytest.mark.parametrize(
    ("part", "values", "after"),
    [
        (Part.LEAST, ["minor"], replace(PLAIN, wish=Wish(least=Severity.MINOR))),
        (Part.RULES, [], PLAIN),
        (Part.BOARDS, [], PLAIN),
        (Part.ROLE, ["77"], replace(PLAIN, role=77)),
        (Part.ROLE, [], PLAIN),
        (Part.LANGUAGE, ["tr"], replace(PLAIN, language="tr")),
        (Part.PUBLISH, ["yes"], replace(PLAIN, publish=True)),
        (Part.PUBLISH, ["no"], replace(PLAIN, publish=False)),
    ],
)
def test_a_choice_changes_what_it_is_about_alone(
    part: Part, values: list[str], after: Draft
) -> None:
    assert chosen(PLAIN, part, values, OFFER) == after


@pytest.mark.parametrize("part", Part)
def test_what_is_not_offered_cannot_be_chosen(part: Part) -> None:
    assert chosen(PLAIN, part, ["nothing of the kind"], OFFER) is None


def test_a_stored_subscription_comes_back_as_it_is_saved() -> None:
    wish = Wish((BOARD_MODELS, "gone"), Severity.MINOR, ("gone", RULES[1]))
    manner = Manner(publish=True, mentions=(77,))
    stored = Subscription(5, 9, wish, START, AS_OF, 1, "tr", manner, 3)
    draft = drafted(stored, OFFER, news=True)
    known = Wish((BOARD_MODELS,), Severity.MINOR, (RULES[1],))
    assert draft == Draft(5, 3, stored=True, wish=known, language="tr", role=77, publish=True)
    assert drafted(stored, OFFER, news=False).publish is None
    gone = drafted(replace(stored, wish=Wish(("gone",))), OFFER, news=False)
    assert gone.wish.boards == (BOARD_MODELS,)


def test_a_change_has_what_is_set_in_codes_and_nothing_else() -> None:
    plain = Subscription(5, 9, Wish(), START, AS_OF, 1)
    assert codes(plain) == {"boards": "models", "least": "notable", "language": "en"}
    wish, manner = Wish(BOARDS[:2], rules=RULES[:2]), Manner(publish=True, mentions=(77,))
    assert codes(replace(plain, wish=wish, manner=manner)) == {
        "boards": ",".join(BOARDS[:2]),
        "least": "notable",
        "rules": ",".join(RULES[:2]),
        "language": "en",
        "role": "77",
        "publish": "yes",
    }


@pytest.mark.parametrize(("taken", "number"), [([], 1), ([1, 2], 3), ([2], 1), ([3, 1], 2)])
def test_the_number_of_a_new_subscription_is_the_smallest_free_one(
    taken: list[int], number: int
) -> None:
    assert free(taken) == number


def test_every_part_can_be_chosen_and_every_board_and_rule_has_room() -> None:
    assert set(PARTS.values()) == set(Part)
    offered = {
        each["custom_id"].split("|")[0]: each.get("options")
        for each in body(PLAIN)[2:]
        if "custom_id" in each
    }
    assert {each["value"] for each in offered["panel-boards"] or []} == set(BOARDS)
    assert {each["value"] for each in offered["panel-rules"] or []} == set(RULES)
    assert max(len(BOARDS), len(RULES)) <= 25


def test_empty_lines_of_a_card_show_nothing() -> None:
    (shown,) = card(["Title", "", "one"]).to_components()
    assert shown["components"][0]["content"] == "## Title\none"
