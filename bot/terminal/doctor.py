"""What the command line prints of a check-up."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.doctor import Finding, Verdict, healthy

_MARKS = {Verdict.OK: ("✔", "green"), Verdict.WARNING: ("!", "yellow"), Verdict.WRONG: ("✘", "red")}


def shown_plain(text: str, redact: Callable[[str], str]) -> str:
    """Return text from outside on one line, without what steers a terminal, or a secret."""
    return redact("".join(sign if sign.isprintable() else " " for sign in text))


def findings_json(findings: Sequence[Finding], redact: Callable[[str], str]) -> str:
    """Return them as one JSON object."""
    listed = [
        {name: shown_plain(str(value), redact) for name, value in asdict(each).items()}
        for each in findings
    ]
    told = {"healthy": healthy(findings), "findings": listed}
    return json.dumps(told, ensure_ascii=False, indent=2)


def show_findings(
    console: Console, findings: Sequence[Finding], redact: Callable[[str], str]
) -> None:
    """Print them for people, what to do below what is not well."""
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for each in findings:
        mark, colour = _MARKS[each.verdict]
        said = Text(shown_plain(each.seen, redact))
        if each.remedy:
            said.append(f"\n→ {shown_plain(each.remedy, redact)}", "bold")
        about = Text(shown_plain(each.about, redact))
        table.add_row(Text(mark, colour), Text(each.verdict, colour), about, said)
    console.print(table, highlight=False)
    counts = [sum(each.verdict is kind for each in findings) for kind in Verdict]
    console.print(f"\n{counts[0]} well, {counts[1]} warnings, {counts[2]} wrong.", highlight=False)
