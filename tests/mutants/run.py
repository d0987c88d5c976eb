"""Make each judge, gate, validator, chain check and login say PASS in turn, and see a test go red.

``make mutants`` runs this. The lists are the files beside it: file, the text to find, what to put there, and the tests that
must notice. A mutant that survives is a promise that nobody checks.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from typing import Any

ROOT = Path(__file__).parent.parent.parent
LISTS = sorted(Path(__file__).parent.glob("*.toml"))
COPIED = ("airflow_mlsecops", "tests", "dags_examples", "docs", "setup.cfg", "pyproject.toml", "README.md")


@dataclass(frozen=True)
class Mutant:
    """One change that must be noticed."""

    name: str
    file: str
    find: str
    put: str
    tests: tuple[str, ...]


def read() -> tuple[Mutant, ...]:
    """All lists, in their order; a family stands for one mutant of each file in a folder that holds its text."""
    lists = [tomllib.loads(path.read_text()) for path in LISTS]
    rows = [row for listed in lists for row in listed["mutant"]]
    rows += [row for listed in lists for family in listed.get("family", ()) for row in _members(family)]
    return tuple(Mutant(**{**row, "tests": tuple(row["tests"])}) for row in rows)


def _members(family: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for file in sorted((ROOT / family["folder"]).glob("*.py")):
        if family["find"] in file.read_text():
            tests = [word.format(module=file.stem) for word in family["tests"]]
            name = family["name"].format(module=file.stem)
            path = str(file.relative_to(ROOT))
            yield {"name": name, "file": path, "find": family["find"], "put": family["put"], "tests": tests}


def mutate(source: str, mutant: Mutant) -> str:
    """The file with the change made.

    :raises ValueError: if the text does not stand there exactly once: the list has fallen behind the code
    """
    if source.count(mutant.find) != 1:
        raise ValueError(
            f"{mutant.name}: {mutant.file} holds the text {source.count(mutant.find)} times, expected once"
        )
    return source.replace(mutant.find, mutant.put)


def killed(mutant: Mutant, tree: Path) -> bool:
    """True if a test went red; the tree is as before afterwards."""
    file = tree / mutant.file
    before = file.read_text()
    file.write_text(mutate(before, mutant))
    try:
        done = subprocess.run(
            [sys.executable, "-B", "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *mutant.tests],
            cwd=tree, capture_output=True, text=True, timeout=600, check=False,
            env={**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"},
        )  # fmt: skip
    finally:
        file.write_text(before)
    if done.returncode not in (0, 1):
        raise RuntimeError(
            f"{mutant.name}: pytest ended with {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
        )
    return done.returncode == 1


def trees(folder: Path, number: int) -> Iterator[Path]:
    """Copies of the project to change."""
    for index in range(number):
        tree = folder / str(index)
        tree.mkdir()
        for name in COPIED:
            place = ROOT / name
            if place.is_dir():
                shutil.copytree(place, tree / name, ignore=shutil.ignore_patterns("__pycache__", "_build"))
            elif place.exists():
                shutil.copy2(place, tree / name)
        yield tree


def main() -> int:
    """Run all mutants, or those whose name holds a word; end 1 if one survives."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("word", nargs="?", default="", help="run only mutants whose name holds this")
    parser.add_argument("--jobs", type=int, default=2)
    chosen = [mutant for mutant in read() if parser.parse_args().word in mutant.name]
    survivors = []
    with tempfile.TemporaryDirectory() as folder:
        free: Queue[Path] = Queue()
        for tree in trees(Path(folder), parser.parse_args().jobs):
            free.put(tree)

        def run(mutant: Mutant) -> tuple[Mutant, bool]:
            tree = free.get()
            try:
                return mutant, killed(mutant, tree)
            finally:
                free.put(tree)

        with ThreadPoolExecutor(parser.parse_args().jobs) as pool:
            for mutant, dead in pool.map(run, chosen):
                print(f"{'noticed ' if dead else 'SURVIVED'}  {mutant.name}", flush=True)
                if not dead:
                    survivors.append(mutant.name)
    print(f"{len(chosen) - len(survivors)} of {len(chosen)} mutants noticed")
    return 1 if survivors or not chosen else 0


if __name__ == "__main__":
    sys.exit(main())
