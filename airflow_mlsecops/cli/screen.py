"""Text and tables on a terminal, in which no name can act as a control sequence."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from airflow_mlsecops.core.words import printable

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text
    from rich.tree import Tree

_WIDTH_OF_FILES = 120  # where output goes to a file or pipe there is no width to ask for
STYLES = {"PASS": "green", "OK": "green", "FAIL": "bold red", "UNKNOWN": "bold yellow", "WARN": "yellow"}

Cell = str | tuple[str, str]
Branch = tuple[str, tuple["Branch", ...]]


class Screen:
    """Where a command writes what it found.

    :param color: false: no colour even on a terminal
    """

    def __init__(self, *, color: bool = True) -> None:
        self._console = _console(color)

    @property
    def width(self) -> int:
        """How many characters a line of it holds."""
        return self._console.width

    def line(self, text: str = "", style: str = "", limit: int = 2000) -> None:
        """One line; line feeds inside it are drawn, since a name could otherwise forge a line that reads PASS."""
        from rich.text import Text

        self._console.print(Text(printable(text, limit), style=style), soft_wrap=True)

    def verdict(self, word: str, rest: str) -> None:
        """One line that begins with a word of judgement, in its colour."""
        from rich.text import Text

        text = Text.assemble((word, STYLES.get(word, "")), printable(rest, 2000))
        self._console.print(text, soft_wrap=True)

    def table(self, heads: Sequence[str], rows: Iterable[Sequence[Cell]], *, numbers: Sequence[str] = ()) -> None:
        """A table without frames.

        :param rows: cells, each a text or (text, style)
        :param numbers: heads of the columns that are aligned to the right
        """
        from rich.table import Table

        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
        for head in heads:
            # fold, never cut: half a column's name is another column's name
            table.add_column(head, justify="right" if head in numbers else "left", overflow="fold")
        for row in rows:
            table.add_row(*(_drawn(cell) for cell in row))
        self._console.print(table)

    def tree(self, root: str, branches: Iterable[Branch]) -> None:
        """A tree of lines."""
        from rich.tree import Tree

        drawn = Tree(_drawn(root))
        _grow(drawn, branches)
        self._console.print(drawn)


def say(text: str) -> None:
    """One line on stderr, for people: what went wrong, and what to do."""
    print(printable(text, 2000), file=sys.stderr)


def _console(color: bool) -> Console:
    from rich.console import Console

    class Told(Console):
        """Rich ends the process where its reader has gone; whoever called is to say how that ends."""

        def on_broken_pipe(self) -> None:
            raise BrokenPipeError

    console = Told(color_system="auto" if color else None, highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = _WIDTH_OF_FILES
    return console


def _grow(tree: Tree, branches: Iterable[Branch]) -> None:
    for text, below in branches:
        _grow(tree.add(_drawn(text)), below)


def _drawn(cell: Cell) -> Text:
    from rich.text import Text

    text, style = cell if isinstance(cell, tuple) else (cell, "")
    return Text(printable(text), style=style or STYLES.get(text, ""))
