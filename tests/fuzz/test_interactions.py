"""Nobody brings the bot down, changes what they may not, or makes it call or mislead people."""

import logging
from pathlib import Path

import pytest

from tests.fuzz.interactions import Unforeseen, attack, mob, settings_of, unsafe
from tests.wire.discord_schema import EVERYDAY
from tests.wire.running import MANAGER

COUNT = 150
"""Interactions of each kind of people in the suite; `make fuzz` sends as many as are wanted."""


@pytest.mark.parametrize("permissions", [EVERYDAY, MANAGER.permissions])
async def test_hostile_people_get_answers_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, permissions: int
) -> None:
    told = Unforeseen()
    logging.root.addHandler(told)
    try:
        async with mob(tmp_path, 7, monkeypatch) as people:
            before = await settings_of(people)
            answered = await attack(people, COUNT, permissions)
            assert told.found == []
            assert unsafe(people) == []
            assert answered > COUNT // 2
            if permissions == EVERYDAY:
                assert await settings_of(people) == before
    finally:
        logging.root.removeHandler(told)
