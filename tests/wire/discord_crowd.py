"""A crowd: people who use the bot at an even rate, and how long each of them waits."""

import asyncio
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.wire.discord_gateway import Gateway
from tests.wire.discord_people import Command, People, Typing
from tests.wire.discord_schema import Actor, Channel, Interaction, Json
from tests.wire.discord_world import World


@dataclass(frozen=True, slots=True)
class Habit:
    """A command as some of the crowd type it; `weight` says how many beside the other habits.

    With `focused` it stays half typed there, and what is asked for are choices. What a good answer
    shows has the text `expects` in it.
    """

    name: str
    options: Mapping[str, Any] = field(default_factory=dict)
    focused: str | None = None
    locale: str = "en-US"
    weight: int = 1
    expects: str = ""

    @property
    def typed(self) -> Command | Typing:
        """What is typed."""
        command = Command(self.name, **self.options)
        return command if self.focused is None else Typing(command, self.focused)


@dataclass(frozen=True, slots=True)
class Plan:
    """So many uses a second for so many seconds, at least one; answers may take `patience` more."""

    rate: float
    seconds: float
    mix: tuple[Habit, ...]
    patience: float = 20.0


@dataclass(frozen=True, slots=True)
class Asked:
    """One use of the bot; `behind` is by how many seconds it began too late."""

    habit: Habit
    interaction: Interaction
    behind: float


class Crowd:
    """One crowd, each of it a new person, in all servers by turns; nobody waits for another."""

    def __init__(self, world: World, gateway: Gateway, plan: Plan) -> None:
        self.world = world
        self.plan = plan
        self.asked: list[Asked] = []
        self._people = People(world, gateway)
        self._homes = [world.places(guild) for guild in world.guilds]
        self._patient_until = math.inf

    async def run(self) -> None:
        """Let everybody begin; raise LookupError for what Discord would not offer."""
        loop, rate = asyncio.get_running_loop(), self.plan.rate
        begun, count = loop.time(), max(round(rate * self.plan.seconds), 1)
        for number, habit in enumerate(in_turn(self.plan.mix, count)):
            due = begun + number / rate
            await asyncio.sleep(max(due - loop.time(), 0.0))
            behind = loop.time() - due
            self.asked.append(Asked(habit, self._ask(number, habit), behind))
        self._patient_until = loop.time() + self.plan.patience

    def _ask(self, number: int, habit: Habit) -> Interaction:
        new_id = self.world.new_id()
        person = Actor(new_id, f"person-{new_id}", locale=habit.locale)
        return self._people.begin(habit.typed, self._home(number), person)

    def _home(self, number: int) -> Channel:
        turn, guild = divmod(number, len(self._homes))
        return self._homes[guild][turn % len(self._homes[guild])]

    def over(self, now: float) -> bool:
        """Say whether everybody was answered, or nobody waits any more (by the loop's clock)."""
        begun = self._patient_until < math.inf
        return begun and (now > self._patient_until or all(map(self._ended, self.asked)))

    def _ended(self, asked: Asked) -> bool:
        return asked.interaction.shown_at is not None or self._late(asked)

    def _late(self, asked: Asked) -> bool:
        heard, limit = asked.interaction.heard_at, self.world.settings.answer_span
        return heard is not None and heard - asked.interaction.created_at > limit

    def figures(self) -> Json:
        """Return what everybody waited, in ms, and how many got no answer, or a bad one.

        `ack_ms`: until the bot was first heard of; `answer_ms`: until it did not only think any
        more; `choices_ms`: until there were choices; `answers_ms`: the second by command. `late`
        came after Discord's limit; `unanswered` were heard in time or never, and still wait; a
        `refused` answer lacks what its habit expects. `behind_ms` is how late the crowd itself was.
        """
        commands = [each for each in self.asked if each.habit.focused is None]
        typings = [each for each in self.asked if each.habit.focused is not None]
        refused = self._refused()
        names = sorted({each.habit.name for each in commands})
        return {
            "asked": len(self.asked),
            "ack_ms": spread(_acks(commands)),
            "answer_ms": spread(_waits(commands)),
            "choices_ms": spread(_waits(typings)),
            "answers_ms": {
                name: spread(_waits([each for each in commands if each.habit.name == name]))
                for name in names
            },
            "late": sum(map(self._late, self.asked)),
            "unanswered": sum(not self._ended(each) for each in self.asked),
            "refused": len(refused),
            "refusals": [f"{each[:500]}…" for each in dict.fromkeys(refused)][:5],
            "behind_ms": spread([each.behind for each in self.asked]),
        }

    def _refused(self) -> list[str]:
        """Return the answers that are not what was expected, all that each shows as text."""
        replies: dict[int | None, list[Json]] = {}
        for message in self.world.messages.values():
            replies.setdefault(message.interaction_id, []).append(message.payload)
        answered = [each for each in self.asked if each.interaction.shown_at is not None]
        shown = [str(replies.get(each.interaction.id, each.interaction.data)) for each in answered]
        return [
            f"{each.habit.name}: {text}"
            for each, text in zip(answered, shown, strict=True)
            if each.habit.expects not in text
        ]


def plan(body: Json) -> Plan:
    """Take a plan as it comes over the wire."""
    return Plan(**(body | {"mix": tuple(Habit(**each) for each in body["mix"])}))


def in_turn(mix: Sequence[Habit], count: int) -> Iterator[Habit]:
    """Give so many habits, each as often as its weight says, well mixed, the same every time."""
    due, total = [0] * len(mix), sum(each.weight for each in mix)
    for _ in range(count):
        due = [one + each.weight for one, each in zip(due, mix, strict=True)]
        chosen = due.index(max(due))
        due[chosen] -= total
        yield mix[chosen]


def spread(seconds: Sequence[float]) -> dict[str, float]:
    """Return the median, 99th percentile and maximum of some spans, in ms; NaN of none."""
    of_thousand = {"p50": 500, "p99": 990, "max": 1000}
    return {name: percentile(seconds, each) * 1000 for name, each in of_thousand.items()}


def percentile(values: Sequence[float], of_thousand: int) -> float:
    """Return the smallest value that so many of a thousand do not exceed; NaN of no values."""
    ordered = sorted(values)
    return ordered[-(-len(ordered) * of_thousand // 1000) - 1] if ordered else math.nan


def _acks(asked: Sequence[Asked]) -> list[float]:
    heard = [(each.interaction, each.interaction.heard_at) for each in asked]
    return [at - interaction.created_at for interaction, at in heard if at is not None]


def _waits(asked: Sequence[Asked]) -> list[float]:
    shown = [(each.interaction, each.interaction.shown_at) for each in asked]
    return [at - interaction.created_at for interaction, at in shown if at is not None]
