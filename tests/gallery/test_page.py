"""The page of an answer, and its picture."""

import shutil
from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image

from tests.gallery.chromium import DENSITY, CannotPhotograph, find_chromium, photograph
from tests.gallery.markdown import Reader
from tests.gallery.page import Shown, page
from tests.wire.discord_schema import COMPONENTS_V2, EPHEMERAL, Attachment, Json, Message

WIDTH = 400


def shown(*components: Json, content: str = "", flags: int = 0, file: str | None = None) -> Shown:
    """Return an answer of such components, with a file."""
    payload = {"content": content, "components": list(components), "flags": flags}
    png = BytesIO()
    Image.new("RGB", (8, 8), "red").save(png, "PNG")
    files = (Attachment(1, file, png.getvalue(), 1),) if file else ()
    message = Message(1, 2, payload, files, 0.0)
    return Shown("/command", [message], "today", Reader("en", lambda kind, _: kind))


def made(*components: Json, **more: object) -> str:
    """Return the body of the page of such components."""
    return page(shown(*components, **more), WIDTH).split("<body>")[1]


def text(content: str) -> Json:
    """Return a text."""
    return {"type": 10, "content": content}


def button(**more: object) -> Json:
    """Return a button."""
    return {"type": 2, "style": 2, "custom_id": "a", **more}


def test_a_card_has_its_colour_and_its_parts_in_order() -> None:
    inside = [text("## Headline"), {"type": 14, "divider": False, "spacing": 2}, text("-# end")]
    body = made({"type": 17, "accent_color": 0x56B4E9, "components": inside})
    assert "border-left-color: #56b4e9" in body
    assert body.index("<h2>Headline") < body.index("space-2 plain") < body.index("<small>end")


def test_pictures_are_in_the_page_itself() -> None:
    item = {"media": {"url": "attachment://chart.png"}, "description": "words"}
    body = made({"type": 12, "items": [item]}, file="chart.png")
    assert 'src="data:image/png;base64,' in body
    assert "chart.png" not in body


def test_a_file_stands_where_a_component_names_it_or_else_below() -> None:
    named = {"type": 13, "file": {"url": "attachment://rows.csv"}}
    assert made(named, file="rows.csv").count("rows.csv") == 1
    assert made(text("see"), file="rows.csv").count("rows.csv") == 1


def test_buttons_and_selects_say_what_they_are() -> None:
    options = [{"label": "Day", "value": "d"}, {"label": "Week", "value": "w", "default": True}]
    row = {
        "type": 1,
        "components": [
            button(label="Next", emoji={"name": "▶"}, disabled=True),
            button(label="Source", style=5, url="https://a.invalid"),
        ],
    }
    select = {"type": 1, "components": [{"type": 3, "options": options, "placeholder": "Choose"}]}
    body = made(row, select)
    assert '<span class="button style-2 off">▶ Next</span>' in body
    assert "Source ↗" in body
    assert "Week</span>" in body
    assert "Choose" not in body


def test_a_select_of_roles_names_those_that_are_chosen() -> None:
    select = {"type": 6, "placeholder": "nobody", "default_values": [{"type": "role", "id": "7"}]}
    row = {"type": 1, "components": [select]}
    assert "<span>role</span>" in made(row)
    assert "nobody" in made({"type": 1, "components": [{**select, "default_values": []}]})


def test_several_messages_stand_below_each_other_with_what_was_typed_once() -> None:
    one, other = shown(text("first")).messages[0], shown(text("second")).messages[0]
    both = replace(shown(), messages=[one, other])
    body = page(both, WIDTH).split("<body>")[1]
    assert body.index("first") < body.index("second")
    assert body.count("/command") == 1
    assert "/command" not in page(replace(both, typed=""), WIDTH)
    assert 'class="used"' not in page(replace(both, typed=""), WIDTH)


def test_a_section_has_its_text_and_what_stands_beside_it() -> None:
    body = made({"type": 9, "components": [text("words")], "accessory": button(label="More")})
    assert body.index("words") < body.index("More")


def test_what_comes_from_outside_is_no_html() -> None:
    tag = "<script>"
    body = made(text(tag), {"type": 1, "components": [button(label=tag)]}, file=tag)
    assert tag not in body
    assert body.count("&lt;script&gt;") == 3


def test_an_answer_for_one_person_says_so() -> None:
    assert "Only you can see this" in made(content="secret", flags=EPHEMERAL)
    assert "Only you can see this" not in made(text("open"), flags=COMPONENTS_V2)


def test_what_no_page_can_show_is_refused() -> None:
    with pytest.raises(LookupError, match="component of type 99"):
        made({"type": 99})


def test_a_page_asks_nothing_of_the_network() -> None:
    whole = page(shown(text("words")), WIDTH)
    assert "http" not in whole
    assert whole == page(shown(text("words")), WIDTH)


def test_without_chromium_the_remedy_is_named() -> None:
    with pytest.raises(CannotPhotograph, match=r"no-such was not found\. Install .*--chromium"):
        find_chromium("no-such")


@pytest.mark.skipif(shutil.which("chromium") is None, reason="chromium is not installed")
def test_a_picture_is_as_wide_as_asked_and_cut_to_its_content() -> None:
    chromium = find_chromium(None)
    sizes = []
    for lines in (1, 20):
        found = photograph(page(shown(text("line\n" * lines)), WIDTH), WIDTH, chromium)
        with Image.open(BytesIO(found)) as picture:
            sizes.append(picture.size)
    (width, short), (same, tall) = sizes
    assert width == same == WIDTH * DENSITY
    assert 60 * DENSITY < short < 200 * DENSITY < 400 * DENSITY < tall < 700 * DENSITY
