"""How the story is told on the terminal, while Airflow talks into its own log."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from airflow_mlsecops.core.words import render

if TYPE_CHECKING:
    from rich.console import Console
    from runs import Run

_MARKS = {"success": "[green]✓[/]", "failed": "[red]✗[/]", "upstream_failed": "[dim]·[/]"}
_WIDTH = 118


class Teller:
    """Tells the story on the terminal; whatever else is written to it goes into a log.

    :param log: file that standard output and standard error of this process are sent to
    """

    def __init__(self, log: Path) -> None:
        from rich.console import Console

        terminal = os.fdopen(os.dup(sys.stdout.fileno()), "w", buffering=1, encoding="utf-8")
        self.console: Console = Console(file=terminal, highlight=False, soft_wrap=True, width=_WIDTH)
        sys.stdout.flush()
        quiet = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        for stream in (1, 2):
            os.dup2(quiet, stream)
        silent = os.open(os.devnull, os.O_RDONLY)
        os.dup2(silent, 0)

    def chapter(self, title: str, told: str) -> None:
        """Open a chapter."""
        self.console.print(f"\n[bold]{title}[/]\n[dim]{told}[/]")

    def say(self, text: str) -> None:
        """Say a line as it is, markup and all."""
        self.console.print(f"  {text}")

    def quote(self, text: str) -> None:
        """Show what a command or a gate printed, without reading markup in it."""
        for line in text.splitlines():
            self.console.print(f"  │ {line}", markup=False)

    def run(self, run: Run) -> None:
        """Show a run's tasks in the order in which they ran."""
        tasks = "  ".join(f"{name} {_MARKS.get(run.states[name], run.states[name])}" for name in _in_order(run))
        self.say(f"{run.dag_id} {run.day}   {tasks}   [dim]{run.seconds:.0f} s[/]")

    def verdict(self, run: Run, task_id: str, titles: dict[str, str]) -> None:
        """Show what a gate said, in the words of its task log, without the classes that may be there."""
        entry = run.entries[task_id]
        verdict = entry.record.verdict
        told = tuple(finding for finding in verdict.findings if finding.blocks or not finding.entity)
        said = render(
            verdict.model_copy(update={"findings": told}), titles, record=entry.record.id, signer=entry.key_id
        )
        self.quote(said)


def _in_order(run: Run) -> list[str]:
    order = [
        "extract",
        "classify_raw",
        "build_features",
        "classify_features",
        "check_isolation",
        "may_train",
        "retrain",
    ]
    return sorted(run.states, key=lambda name: order.index(name) if name in order else len(order))
