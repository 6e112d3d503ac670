"""Pages as a visitor's browser gets them: safe, cached, bounded, and honest when they fail."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
import structlog

from bot.addresses import Bind
from bot.errors import SettingsError, StoreError
from bot.packaged import read_languages
from bot.render import Renderer
from bot.web.doors import OFTEN
from bot.web.serving import serving, spoken
from bot.web.site import File, Site
from tests.web.serve import visited
from tests.web.stored import Stored, demo_site

HOME = "/en/index.html"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stored(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stored]:
    """Return the site of the demo's days."""
    async with demo_site(tmp_path_factory.mktemp("site")) as found:
        yield found


pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_every_answer_forbids_whatever_could_run(stored: Stored) -> None:
    async with visited(stored.site) as ask:
        for path in (HOME, "/style.css", "/en/nothing.html", "/", "/en/feed.json"):
            async with ask.get(path, allow_redirects=False) as answer:
                policy = answer.headers["Content-Security-Policy"]
                assert policy.startswith("default-src 'none'; img-src 'self'; style-src 'self';")
                assert "script" not in policy
                assert answer.headers["X-Content-Type-Options"] == "nosniff"
                assert answer.headers["Referrer-Policy"] == "no-referrer"


async def test_a_picture_that_is_a_document_may_bear_its_colours_and_nothing_else(
    stored: Stored,
) -> None:
    path = next(path for path in await stored.site.paths() if path.endswith(".svg"))
    async with visited(stored.site) as ask, ask.get(f"/{path}") as answer:
        assert answer.content_type == "image/svg+xml"
        assert answer.headers["Content-Security-Policy"] == (
            "default-src 'none'; style-src 'unsafe-inline'; sandbox"
        )


async def test_who_has_a_page_already_is_told_so(stored: Stored) -> None:
    async with visited(stored.site) as ask:
        async with ask.get(HOME) as first:
            assert first.headers["Cache-Control"] == "public, max-age=300"
            etag = first.headers["ETag"]
        async with ask.get(HOME, headers={"If-None-Match": f'"x", {etag}'}) as again:
            assert again.status == 304
            assert await again.read() == b""
        async with ask.get(HOME, headers={"If-None-Match": '"x"'}) as other:
            assert other.status == 200


async def test_the_first_visit_leads_to_the_readers_language(stored: Stored) -> None:
    async with visited(stored.site) as ask:
        for wanted, code in (("tr-TR,tr;q=0.9,en;q=0.8", "tr"), ("de", "en"), ("", "en")):
            headers = {"Accept-Language": wanted}
            async with ask.get("/", headers=headers, allow_redirects=False) as answer:
                assert answer.status == 302
                assert answer.headers["Location"] == f"{code}/index.html"
                assert answer.headers["Vary"] == "Accept-Language"
            async with ask.get("/", headers=headers) as followed:
                assert followed.status == 200
                assert followed.url.path == f"/{code}/index.html"


@pytest.mark.parametrize(
    "path",
    [
        "/en/nothing.html",
        "/xx/index.html",
        "/en/milestones/1999.html",
        "/en/milestones/nothing/dark.png",
        "/en/standings/nothing.html",
        "/en/standings/models/../../../pyproject.toml",
        "/en/%2e%2e/%2e%2e/pyproject.toml",
        "/en/..%2f..%2fpyproject.toml",
        "/en/standings/models.html/",
        "/en/\x00",
        "/" + "a" * 3000,
        "/tr/milestones/<script>.html",
    ],
)
async def test_where_there_is_nothing_a_page_says_so(stored: Stored, path: str) -> None:
    async with visited(stored.site) as ask, ask.get(path) as answer:
        assert answer.status == 404
        text = await answer.text()
        assert "<h1" in text
        assert "<script" not in text


async def test_nothing_but_reading_is_answered(stored: Stored) -> None:
    async with visited(stored.site) as ask:
        for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
            async with ask.request(method, HOME) as answer:
                assert answer.status == 405
                assert "Content-Security-Policy" in answer.headers
        async with ask.head(HOME) as answer:
            assert answer.status == 200
            assert await answer.read() == b""


async def test_who_asks_too_often_is_asked_to_wait(stored: Stored) -> None:
    async with visited(stored.site) as ask:
        found = list[int]()
        most = int(OFTEN[0])
        while 429 not in found and len(found) < 2 * most:  # a slow machine gives some back
            async with ask.get("/style.css") as answer:
                found.append(answer.status)
        assert len(found) > most
        assert found == [200] * (len(found) - 1) + [429]


async def test_behind_a_proxy_each_visitor_is_counted_alone(stored: Stored) -> None:
    async with visited(stored.site, proxies=1) as ask:
        for number in range(int(OFTEN[0]) + 1):
            headers = {"X-Forwarded-For": f"192.0.2.{number}"}
            async with ask.get("/style.css", headers=headers) as answer:
                assert answer.status == 200


class Failing(Site):
    """A site whose store fails for a while."""

    failing = True

    async def file(self, path: str) -> File | None:  # noqa: ARG002
        """Fail, or say something."""
        if self.failing:
            raise StoreError("the disk is gone, and here is a secret path")
        return File(b"works", "text/plain")


async def test_an_outage_is_told_to_visitors_and_once_to_the_operator(stored: Stored) -> None:
    site = Failing(stored.library, Renderer(), read_languages())
    with structlog.testing.capture_logs() as lines:
        async with visited(site) as ask:
            for path in (HOME, "/tr/index.html"):
                async with ask.get(path) as answer:
                    assert answer.status == 503
                    assert answer.headers["Retry-After"]
                    assert "Cache-Control" not in answer.headers
                    assert "secret" not in await answer.text()
            site.failing = False
            async with ask.get(HOME) as answer:
                assert await answer.text() == "works"
    said = [line["event"] for line in lines]
    assert said == ["evidence pages are served", "evidence pages fail", "evidence pages work again"]


async def test_a_place_that_is_taken_is_named_with_its_setting(stored: Stored) -> None:
    async with serving(stored.site, Bind("127.0.0.1", 0)) as (host, port):
        with pytest.raises(SettingsError, match=f"RANKSHIFT_HTTP_BIND: .*{host}:{port}"):
            async with serving(stored.site, Bind(host, port)):
                pass


async def test_many_visitors_at_once_are_all_answered(stored: Stored) -> None:
    async with visited(stored.site) as ask:

        async def visit() -> int:
            async with ask.get(HOME) as answer:
                return answer.status

        assert set(await asyncio.gather(*(visit() for _ in range(100)))) == {200}


async def test_the_language_asked_for_first_is_spoken() -> None:
    languages = read_languages()
    assert spoken("en;q=0.5, tr", languages) == "tr"
    assert spoken("tr;q=0, en;q=0.1", languages) == "en"
    assert spoken("tr;q=x", languages) == "en"
    assert spoken("x" * 10_000 + ",tr", languages) == "tr"
    assert spoken(",".join(["de"] * 1000 + ["tr"]), languages) == "en"
