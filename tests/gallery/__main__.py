"""Photograph every answer of the table: `python -m tests.gallery [--only NAME …]`.

Pictures go to docs/images/commands. `--catalogue` takes a saved listing of models (prices and the
like), `--width` another width in CSS pixels, say 390 for a phone. The same data and fonts make the
same pictures.
"""

import argparse
import asyncio
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog

from bot.knowledge import CatalogueEntry
from bot.sources.catalogue import parse_catalogue
from tests.gallery.chromium import CannotPhotograph, find_chromium, photograph
from tests.gallery.living import living, seen
from tests.gallery.page import page
from tests.gallery.table import TABLE

PICTURES = Path(__file__).parents[2] / "docs" / "images" / "commands"
WIDTH = 640


def _main(arguments: Sequence[str]) -> int:
    options = _parser().parse_args(arguments)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    try:
        chromium = find_chromium(options.chromium)
        return asyncio.run(_gallery(options, chromium))
    except CannotPhotograph as error:
        print(error, file=sys.stderr)  # noqa: T201 — this is its output
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="gallery")
    parser.add_argument("--out", type=Path, default=PICTURES)
    parser.add_argument("--catalogue", type=Path, help="a saved answer of OpenRouter's /models")
    parser.add_argument("--only", nargs="*", choices=[shot.name for shot in TABLE])
    parser.add_argument("--width", type=int, default=WIDTH)
    parser.add_argument("--chromium", default=os.environ.get("CHROMIUM"))
    return parser


async def _gallery(options: argparse.Namespace, chromium: str) -> int:
    options.out.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="rankshift-gallery-") as folder:
        async with living(Path(folder), _catalogue(options.catalogue)) as server:
            for shot in TABLE:
                shown = await seen(server, shot)
                if options.only is not None and shot.name not in options.only:
                    continue
                text = page(shown, options.width)
                content = await asyncio.to_thread(photograph, text, options.width, chromium)
                (options.out / f"{shot.name}.png").write_bytes(content)
                print(f"{shot.name}: {len(content) // 1000} kB", flush=True)  # noqa: T201
    return 0


def _catalogue(path: Path | None) -> tuple[CatalogueEntry, ...]:
    return () if path is None else parse_catalogue(path.read_bytes(), str(path))


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
