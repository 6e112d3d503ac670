"""What the pictures make of Discord's markdown."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cogs._message import plain
from tests.gallery.markdown import Reader, html

READER = Reader("en", lambda kind, id_: f"{kind} {id_}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "<div>plain</div>"),
        ("one\ntwo", "<div>one</div><div>two</div>"),
        ("## Headline", "<h2>Headline</h2>"),
        ("#no headline", "<div>#no headline</div>"),
        ("#### none", "<div>#### none</div>"),
        ("-# small", "<small>small</small>"),
        ("> said", "<blockquote>said</blockquote>"),
        ("- one", '<div class="item"><span>•</span><div>one</div></div>'),
        ("2. two", '<div class="item"><span>2.</span><div>two</div></div>'),
        ("**a** *b* _c_", "<div><strong>a</strong> <em>b</em> <em>c</em></div>"),
        ("__a__ ~~b~~ `c*`", "<div><u>a</u> <s>b</s> <code>c*</code></div>"),
        ("```\n<a>\n**b**\n```", "<pre>&lt;a&gt;\n**b**</pre>"),
        ("[name](https://a.invalid)", "<div><a>name</a></div>"),
        ("at https://a.invalid/b_c.", "<div>at <a>https://a.invalid/b_c</a>.</div>"),
        ("||hidden||", '<div><span class="spoiler">hidden</span></div>'),
        ("<#12>", '<div><span class="mention">channel 12</span></div>'),
        ("<@&3> <@4>", None),
        ("</rankings:5>", '<div><span class="mention">/rankings</span></div>'),
        ("<t:0:D>", '<div><span class="time">1 January 1970</span></div>'),
        ("<b>&", "<div>&lt;b&gt;&amp;</div>"),
    ],
)
def test_it_is_shown_as_discord_shows_it(text: str, expected: str | None) -> None:
    both = '<div><span class="mention">role 3</span> <span class="mention">person 4</span></div>'
    assert html(text, READER) == (expected or both)


@pytest.mark.parametrize("text", ["<#1>", "<@&1>", "</a:1>", "<t:1:R>", "**a**", "`a`", "||a||"])
def test_what_is_escaped_is_shown_as_it_is(text: str) -> None:
    escaped = "".join(f"\\{sign}" if sign in "<*`|" else sign for sign in text)
    assert "<span" not in html(escaped, READER)
    assert _words(html(escaped, READER)) == text


@given(st.text(alphabet=st.sampled_from("ab *_`~|<>@#&[]()\\-\n0123:t/"), max_size=40))
@example("[a](b)")
@example("[a](b) [a](b)")
@example("</a:1>")
@example("- [a](b)")
def test_names_from_outside_are_text_and_nothing_else(name: str) -> None:
    shown = html(f"**{plain(name)}**" if "\n" not in name else plain(name), READER)
    assert not re.search(r"<(a|em|u|s|code|pre|h[1-3]|small|blockquote|span)\b", shown)


def _words(shown: str) -> str:
    text = re.sub(r"<[^>]+>", "", shown)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
