"""What the command line shows while it reads the past, and after."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from bot.backfill import Backfilled


@contextmanager
def bar() -> Iterator[Callable[[str, int, int], None]]:
    """Show a bar a board; what is given moves it: the board's name, calls done, calls due."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TextColumn("calls"), console=Console(stderr=True)) as progress:
        tasks: dict[str, TaskID] = {}

        def show(board: str, done: int, due: int) -> None:
            if board not in tasks:
                tasks[board] = progress.add_task(board, total=due)
            progress.update(tasks[board], completed=done, total=due)

        yield show


def show_backfill(console: Console, done: Mapping[str, tuple[Backfilled, int]]) -> None:
    """Print what each board's past brought."""
    for board, (read, milestones) in done.items():
        console.print(
            f"{board}: {read.added} days new, {read.restated} changed, by {read.calls} calls;"
            f" {milestones} milestones found in them, none announced.",
            highlight=False,
            soft_wrap=True,
        )
        if read.absent:
            days = ", ".join(map(str, read.absent))
            console.print(f"  The source has no rows of {days}.", highlight=False, soft_wrap=True)
