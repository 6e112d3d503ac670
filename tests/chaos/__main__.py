"""Kill the bot at random: `python -m tests.chaos [--runs 200] [--seed 1] [--only NUMBER]`.

With `--store postgresql` three processes share a database, and whoever polls or sends is killed, or
the database.

Prints what fails and exits with 1 then. A seed fixes all that is chosen: where the bot dies, the
faults on the wire, the places, when days are published. What happens side by side is the
machine's: a run that is repeated may go otherwise in between.

With a Discord that remembers no nonce (every fourth run) no message is answered with 500, 502 or
504 after it has been taken, for discord.py sends the same request again within seconds, and no real
memory is that short. Forum posts, which it is kept from sending again, are.
"""

import argparse
import asyncio
import logging
import sys
from collections.abc import Sequence

from tests.chaos.many import KINDS, many
from tests.chaos.report import failure, summary
from tests.chaos.run import Outcome


def _main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="chaos")
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, help="the number of the one run to make")
    parser.add_argument("--store", choices=sorted(KINDS), default="tinydb")
    options = parser.parse_args(arguments)
    logging.getLogger("aiohttp").setLevel(logging.CRITICAL)  # connections that we cut ourselves
    numbers = range(options.runs) if options.only is None else [options.only]
    outcomes = asyncio.run(many(options.seed, numbers, _show, options.store))
    _print(summary(outcomes))
    return 1 if any(each.failed for each in outcomes) else 0


def _show(outcome: Outcome, kept: str) -> None:
    if outcome.failed:
        _print([*failure(outcome), f"  log and data: {kept}"])


def _print(lines: Sequence[str]) -> None:
    for line in lines:
        print(line, flush=True)  # noqa: T201 — this is its output


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
