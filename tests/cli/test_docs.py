"""What the pages show is what the commands print.

A line ``…`` in a page stands for any lines. After a change of wording, ``MLSECOPS_WRITE_DOCS=1 pytest
tests/cli/test_docs.py`` writes what the commands print now into the pages; blocks that still fit stay as they are.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import shutil
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from airflow_mlsecops.cli import parser
from airflow_mlsecops.core import recognise
from airflow_mlsecops.core.clue import Fit
from tests.cli.conftest import Run

DOCS = Path(__file__).parents[2] / "docs"
PAGES = ("access", "explain", "evaluate", "extend")
WRITE = bool(os.environ.get("MLSECOPS_WRITE_DOCS"))
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Shown(NamedTuple):
    """A command with what the page says it prints."""

    command: str
    output: str


def shown(block: str) -> list[Shown]:
    parts = re.split(r"^\$ (.*)\n", block, flags=re.MULTILINE)
    return [Shown(command, output) for command, output in zip(parts[1::2], parts[2::2], strict=True)]


def fits(expected: str, got: str) -> bool:
    pieces = ["(?:.*\n)*" if line.strip() == "…" else re.escape(line) for line in expected.splitlines(keepends=True)]
    return re.fullmatch("".join(pieces), got) is not None


class Shell:
    """Enough of a shell for the pages: our command, ``<``, ``cat`` and ``echo $?``."""

    def __init__(self, run: Run, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        self.run, self.monkeypatch, self.code = run, monkeypatch, 0
        monkeypatch.chdir(folder)

    def output(self, command: str) -> str:
        if command == "echo $?":
            return f"{self.code}\n"
        words, _, file = command.partition(" < ")
        program, *arguments = shlex.split(words)
        if program == "cat":
            return Path(arguments[0]).read_text()
        assert program == "airflow-mlsecops"
        data = Path(file.strip()).read_bytes() if file else b""
        self.monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        answer = self.run(*arguments)
        self.code = answer.code
        return answer.both


@pytest.mark.parametrize("page", PAGES)
def test_the_page_shows_what_the_commands_print(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, page: str
) -> None:
    path = DOCS / "howto" / f"{page}.md"
    shutil.copytree(path.parent / "examples", tmp_path / "lake")
    shell = Shell(run, monkeypatch, tmp_path / "lake")
    text = path.read_text()
    blocks = [match[1] for match in BLOCK.finditer(text)]
    assert blocks
    for block in blocks:
        told = [(one, shell.output(one.command)) for one in shown(block)]
        now = "".join(f"$ {one.command}\n{one.output if fits(one.output, got) else got}" for one, got in told)
        text = text.replace(block, now)
        if not WRITE:
            assert now == block
    if WRITE:
        path.write_text(text)


def test_lines_that_are_left_out_and_nothing_else() -> None:
    assert fits("a\n…\nc\n", "a\nb\nb\nc\n")
    assert fits("a\n…\n", "a\n")
    assert not fits("a\n…\nc\n", "a\nb\n")
    assert not fits("a\n", "a\nb\n")


def test_the_weights_in_the_page_are_those_that_are_used() -> None:
    page = (DOCS / "howto" / "extend.md").read_text().replace("−", "-")
    table = {
        line.split("|")[1].strip(): line.split("|")[3].strip() for line in page.splitlines() if line.count("|") == 4
    }
    names = {fit: recognise._NAME[fit] for fit in Fit}
    looks = [bits for _, bits in recognise._LOOKS if bits]
    assert table["before looking"] == f"{recognise.PRIOR:g}"
    assert table["the name says so"] == f"{names[Fit.SAYS]:+g}"
    assert table["the name hints at it"] == f"{names[Fit.HINTS]:+g}"
    assert table["the name says nothing (`c3`, `value`)"] == f"{names[Fit.MUTE]:g}"
    assert table["the name says something else"] == f"{names[Fit.OTHER]:+g}"
    assert table["the name denies it (`dea_schedule`)"] == f"{names[Fit.DENIES]:+g}"
    assert table["the name says so, yet cells do not look like it"] == f"{max(looks):+g} to {recognise._FOREIGN:+g}"
    assert table["usual neighbours in the table"] == f"{recognise._NEAR[1]:+g} to {recognise._NEAR[-1]:+g}"


def test_the_reference_lists_every_command() -> None:
    (commands,) = (action for action in parser()._actions if hasattr(action, "choices") and action.choices)
    page = (DOCS / "reference" / "cli.md").read_text()
    assert [name for name in commands.choices if f"`airflow-mlsecops {name}" not in page] == []  # type: ignore[union-attr]
