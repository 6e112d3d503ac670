"""Show a data folder moving into a database."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from storage.moving import Moved, Show


@contextmanager
def bar() -> Iterator[Show]:
    """Show how far it is, on standard error."""
    columns = (TextColumn("Moving"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("", total=None)

        def show(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)

        yield show


def show_moved(console: Console, moved: Moved) -> None:
    """Print what the database holds now."""
    if moved.before is not None:
        when = f"{moved.before:%Y-%m-%d %H:%M} UTC"
        console.print(f"Moved already, on {when}: nothing was written.")
    for kind, count in moved.rows.items():
        console.print(f"{kind + ':':<18}{count:>10,}")
    console.print("Each row is the same in the folder and in the database.")
