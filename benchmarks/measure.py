"""How the benchmarks measure, and how they show what they measured."""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

MILLION = 1_000_000
HERE = Path(__file__).parent


@dataclass(frozen=True)
class Cost:
    """Processor seconds of all threads together, and seconds on the clock.

    On a shared machine only the first is worth comparing.
    """

    cpu: float
    wall: float


@dataclass(frozen=True)
class Table:
    """One table of results.

    :param note: how it was measured, and what to make of it
    """

    title: str
    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    note: str = ""


def timed(act: Callable[[], Any]) -> tuple[Any, Cost]:
    """Do it once."""
    cpu, wall = time.process_time(), time.perf_counter()
    result = act()
    return result, Cost(time.process_time() - cpu, time.perf_counter() - wall)


def median(costs: Iterable[Cost]) -> Cost:
    """The middle of each."""
    costs = list(costs)
    return Cost(statistics.median(one.cpu for one in costs), statistics.median(one.wall for one in costs))


def interleaved(acts: Mapping[str, Callable[[], Any]], rounds: int) -> dict[str, Cost]:
    """Medians over several rounds, in each of which everything is done once: load that changes hits all alike."""
    costs: dict[str, list[Cost]] = {name: [] for name in acts}
    for _ in range(rounds):
        for name, act in acts.items():
            costs[name].append(timed(act)[1])
    return {name: median(several) for name, several in costs.items()}


def peak_mb() -> float:
    """The most memory this process ever had.

    Not ``ru_maxrss``: on Linux that begins with what the parent had when it started this process.
    """
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("peak memory is read from /proc/self/status, which Linux alone has")


def in_process(script: str, *arguments: object, environment: Mapping[str, str] | None = None) -> Any:
    """What ``script --inside …`` prints as JSON, in a process of its own."""
    command = [sys.executable, str(HERE / script), "--inside", *map(str, arguments)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, env=os.environ | (environment or {}))
    return json.loads(done.stdout.splitlines()[-1])


def options(doc: str, rows: int = MILLION) -> argparse.ArgumentParser:
    """The options that every benchmark has."""
    parser = argparse.ArgumentParser(description=doc.splitlines()[0])
    parser.add_argument("--rows", type=int, default=int(os.environ.get("BENCH_ROWS", str(rows))), help="$BENCH_ROWS")
    parser.add_argument("--rounds", type=int, default=int(os.environ.get("BENCH_ROUNDS", "3")), help="$BENCH_ROUNDS")
    parser.add_argument("--json", action="store_true", help="results as JSON")
    parser.add_argument("--markdown", action="store_true", help="results for docs/reference/benchmarks.md")
    return parser


def machine() -> str:
    """When and on what, without which no number means anything."""
    model = next(
        (line.partition(": ")[2] for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line),
        platform.machine(),
    )
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in ("airflow-mlsecops", "polars", "pyarrow"))
    cores = len(os.sched_getaffinity(0))
    day, load = f"{datetime.now(UTC):%Y-%m-%d}", os.getloadavg()[0]
    return f"{day}, {model}, {cores} cores, load {load:.1f}; Python {platform.python_version()}, {versions}"


def show(tables: Sequence[Table], arguments: argparse.Namespace) -> None:
    """Print results in the form that was asked for."""
    if arguments.json:
        print(json.dumps({"machine": machine(), "tables": [asdict(table) for table in tables]}, indent=1))
    elif arguments.markdown:
        print("\n\n".join([f"Measured {machine()}.", *map(_markdown, tables)]))
    else:
        _print(tables)


def _markdown(table: Table) -> str:
    lines = [
        table.columns,
        ("---", *["--:"] * (len(table.columns) - 1)),
        *[tuple(map(text, row)) for row in table.rows],
    ]
    body = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return "\n\n".join(part for part in (f"### {table.title}", body, table.note) if part)


def _print(tables: Sequence[Table]) -> None:
    from rich.console import Console
    from rich.table import Table as Rich

    console = Console()
    console.print(machine(), style="dim")
    for table in tables:
        rich = Rich(title=table.title, caption=table.note, caption_justify="left", title_justify="left")
        for index, name in enumerate(table.columns):
            rich.add_column(name, justify="left" if index == 0 else "right")
        for row in table.rows:
            rich.add_row(*map(text, row))
        console.print(rich)


def text(value: Any) -> str:
    """A number with as many digits as it is good for."""
    if not isinstance(value, float):
        return f"{value:,}" if isinstance(value, int) else str(value)
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def answer(act: Callable[[], Any]) -> None:
    """Print what an inner process found out, and nothing else."""
    with redirect_stdout(sys.stderr):
        found = act()
    print(json.dumps(found))
