"""No payload of the source breaks anything, lies, or changes what is stored when it is refused."""

import hashlib
from collections import Counter
from pathlib import Path
from random import Random

from tests.fuzz.payloads import Range, mutated_export, tried

COUNT = 600
"""Payloads of the suite; `make fuzz` tries as many as are wanted."""


async def test_hostile_payloads_are_refused_whole_or_told_truly(tmp_path: Path) -> None:
    place = Range(tmp_path)
    await place.prepare()
    found = Counter()
    for seed in range(COUNT):
        outcome = await tried(place, seed)
        found[outcome.kind, outcome.taken] += 1
        found["milestones"] += outcome.milestones
    for kind in ("export", "catalogue", "keyed"):
        assert found[kind, True] > 0, kind
        assert found[kind, False] > COUNT // 30, kind
    assert found["milestones"] > 0


def test_a_seed_makes_the_same_payload_again() -> None:
    def mark(seed: int) -> str:
        return hashlib.sha256(
            repr(sorted(mutated_export(Random(seed)).items())).encode()
        ).hexdigest()

    assert [mark(seed) for seed in range(20)] == [mark(seed) for seed in range(20)]
    assert len({mark(seed) for seed in range(20)}) > 15
