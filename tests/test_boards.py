"""Boards: what the shipped ones ask for, and what is refused as one."""

from collections import Counter
from importlib.resources import files

import pytest

from bot import rules
from bot.boards import Board, parse_boards
from bot.errors import InputError
from tests.wire.openrouter_keyed import EXACT, SAMPLED

SHIPPED = (files("bot") / "boards.toml").read_text(encoding="utf-8")
BOARDS = parse_boards(SHIPPED, "boards.toml")
KIND = "keyed = true\nweekly = false\nestimated = false\njudged = true\n"
ONE = 'a = { kind = "k", title = "A" }'


def text(boards: str = ONE, kind: str = KIND) -> str:
    """Return a file of one kind and these boards."""
    return f"[kinds.k]\n{kind}[boards]\n{boards}"


def refusal(wrong: str) -> str:
    """Return what is said of a text that is refused."""
    with pytest.raises(InputError) as refused:
        parse_boards(wrong, "b.toml")
    return str(refused.value)


def family(board: Board) -> str:
    """Return the first word of a board's name."""
    return board.name.split("-", 1)[0]


def test_there_is_a_board_for_everything_the_source_tells_apart() -> None:
    counted = Counter(family(board) for board in BOARDS.values())
    assert counted == {
        "models": 1,
        "category": 12,
        "language": 2,
        "modality": 5,
        "context": 5,
        "apps": 1,
    }
    asked = {(key, value) for board in BOARDS.values() for key, value in board.query.items()}
    offered = {(key, value) for key, values in (EXACT | SAMPLED).items() for value in values}
    assert asked - {("period", "week")} == offered


@pytest.mark.parametrize("board", BOARDS.values(), ids=BOARDS)
def test_every_board_asks_for_what_the_source_allows(board: Board) -> None:
    chosen = {name: value for name, value in board.query.items() if name != "period"}
    sampled = chosen.keys() & SAMPLED.keys()
    assert len(chosen) == (board.name not in ("models", "apps"))
    assert all(value in (EXACT | SAMPLED)[name] for name, value in chosen.items())
    assert board.estimated == board.weekly == bool(sampled)
    assert board.query.get("period") == ("week" if sampled else None)


@pytest.mark.parametrize("board", BOARDS.values(), ids=BOARDS)
def test_every_name_says_what_its_query_asks_for(board: Board) -> None:
    for name, value in board.query.items():
        if name != "period":
            said = value.lower().replace("/", "-").replace("_", "-")
            assert board.name == f"{name.split('_')[0]}-{said}"


def test_the_models_come_first_and_need_no_key() -> None:
    assert next(iter(BOARDS)) == "models"
    assert [board.name for board in BOARDS.values() if not board.keyed] == ["models"]
    assert not BOARDS["models"].query
    assert [board.name for board in BOARDS.values() if not board.judged] == ["apps"]


def test_estimates_have_few_rules_and_exact_figures_all() -> None:
    few = frozenset({"open_top5", "open_top5_lost", "leader", "author_leader", "top_entry"})
    assert few <= set(rules.discover())
    for board in BOARDS.values():
        assert board.rules == (few if board.estimated else None)


def test_no_two_boards_have_one_title_or_one_query() -> None:
    assert max(Counter(board.title for board in BOARDS.values()).values()) == 1
    queries = Counter(str(board.query) for board in BOARDS.values() if board.query)
    assert max(queries.values()) == 1


def test_a_board_has_its_own_fields_over_those_of_its_kind_in_the_order_of_the_file() -> None:
    week = 'query = { period = "week" }'
    late = f'b-2 = {{ kind = "k", title = "B", weekly = true, {week}, rules = ["r", "s"] }}'
    read = parse_boards(text(f"{late}\n{ONE}"), "b.toml")
    assert list(read) == ["b-2", "a"]
    assert read["a"] == Board("a", "A", {}, True, False, False, True, None)
    rules_of_b = frozenset({"r", "s"})
    assert read["b-2"] == Board("b-2", "B", {"period": "week"}, True, True, False, True, rules_of_b)


@pytest.mark.parametrize("name", ['"A"', '"a_b"', '"a/b"', '"a b"', '"é"', '""', '"a\\n"'])
def test_a_name_has_plain_letters_digits_and_hyphens_alone(name: str) -> None:
    said = refusal(text(f'{name} = {{ kind = "k", title = "A" }}'))
    assert said.endswith("a name has a-z, 0-9 and - alone, at most 30 of them")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("[boards", "b.toml: "),
        (text(f"{ONE}\n{ONE}"), "b.toml: "),
        ("[boards]\n", "b.toml: kinds: Field required"),
        (text() + "\n[board]\n", "b.toml: board: Extra inputs are not permitted"),
        ("[kinds]\n[boards]\na = 1", "b.toml: boards.a: Input should be a valid dictionary"),
        (text('a = { title = "A" }'), "b.toml: a: kind: must be one of k, not None"),
        (
            text('a = { kind = "l", title = "A" }'),
            "b.toml: a: kind: must be one of k, not 'l'",
        ),
        (text('a = { kind = ["k"], title = "A" }'), "b.toml: a: kind: must be one of k, not ['k']"),
        (text('a = { kind = "k" }'), "b.toml: a: title: Field required"),
        (text('a = { kind = "k", title = "" }'), "b.toml: a: title: String should have"),
        (text(kind="keyed = true\n"), "b.toml: a: weekly: Field required"),
        (text(kind=KIND + "daily = true\n"), "b.toml: a: daily: Extra inputs"),
        (text(kind=KIND + "rules = []\n"), "b.toml: a: rules: List should have at least 1"),
        (text(kind=KIND + "query = { a = 1 }\n"), "b.toml: a: query.a: Input should be a valid"),
        (text(kind=KIND.replace("true", "1", 1)), "b.toml: a: keyed: Input should be a valid"),
        (
            text(kind=KIND.replace("weekly = false", "weekly = true")),
            "b.toml: a: weekly boards, and no others, ask for period = week",
        ),
        (
            text(kind=KIND + 'query = { period = "week" }\n'),
            "b.toml: a: weekly boards, and no others, ask for period = week",
        ),
        (
            text(kind=KIND.replace("true", "false", 1) + 'query = { modality = "text" }\n'),
            "b.toml: a: what needs no key knows no query",
        ),
    ],
)
def test_a_wrong_file_is_refused_by_what_is_wrong(wrong: str, said: str) -> None:
    assert refusal(wrong).startswith(said)


def test_a_name_that_no_button_could_bear_is_refused() -> None:
    parse_boards(text(f'{"a" * 30} = {{ kind = "k", title = "A" }}'), "b.toml")
    assert "at most 30" in refusal(text(f'{"a" * 31} = {{ kind = "k", title = "A" }}'))


def test_more_boards_than_can_be_chosen_are_refused() -> None:
    many = [f'a{n} = {{ kind = "k", title = "A" }}' for n in range(26)]
    assert len(parse_boards(text("\n".join(many[:25])), "b.toml")) == 25
    assert "more than 25 boards" in refusal(text("\n".join(many)))
