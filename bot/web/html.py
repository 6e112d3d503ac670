"""Pages as HTML: everything that is put into a template is escaped."""

from dataclasses import dataclass
from posixpath import dirname, relpath

from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.text.pages import Words


@dataclass(frozen=True, slots=True)
class Frame:
    """What every page begins and ends with.

    `path` is the page's own, from the root of the site; `others` are, of each language there is,
    code, own name and the path of this page in it. `address` is where the site is reached, "" where
    that is not known; `picture` the path of a picture that shows what the page says, or "".
    """

    language: str
    title: str
    summary: str
    path: str
    others: tuple[tuple[str, str, str], ...]
    address: str = ""
    picture: str = ""

    def to(self, path: str) -> str:
        """Return the way from this page to another one: the same on a server and on a disk."""
        return relpath(path, dirname(self.path) or ".")


def environment() -> Environment:
    """Return what makes pages of templates; a value that a template lacks is an error."""
    return Environment(
        loader=PackageLoader("bot.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(
    templates: Environment, name: str, frame: Frame, words: Words, **values: object
) -> bytes:
    """Return a page of a template, UTF-8."""
    template = templates.get_template(f"{name}.html.j2")
    return template.render(frame=frame, to=frame.to, words=words, **values).encode()
