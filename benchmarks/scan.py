"""What a scan costs beside merely reading the file, in one run: time, threads, memory, growth, formats.

    python benchmarks/scan.py --rows 10000000

Everything is looked at as ``ClassifyDatasetOperator`` does: ``open_source``, then ``look`` with every detector. What is
found is compared with what was planted; a row too few fails.
"""

from __future__ import annotations

import os
import sqlite3
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# One thread beside one thread; processes that measure more threads set it before.
os.environ.setdefault("POLARS_MAX_THREADS", "1")

from corpus import BLOCK, WHOLE, corpus, truth_of
from measure import MILLION, Table, answer, in_process, interleaved, options, peak_mb, show, timed

from airflow_mlsecops.core.classification import Classification
from airflow_mlsecops.core.dataset import parse
from airflow_mlsecops.detectors import all_detectors
from airflow_mlsecops.sources import LocalClients, Source, look, open_source

KEY = b"benchmarks of airflow-mlsecops.."
SMALL = 100_000
FILES = {"CSV": "customers.csv", "JSON Lines": "customers.jsonl"}
# Threads of polars, columns side by side.
THREADS = ((1, 1), (2, 1), (1, 2), (2, 2))


@dataclass(frozen=True)
class Sqlite:
    """A database as the hook would hand it down."""

    place: str
    dialect: str = "sqlite"
    local: bool = True
    paramstyle: str = "qmark"

    def connect(self) -> sqlite3.Connection:
        """Open it."""
        return sqlite3.connect(self.place)


class Clients(LocalClients):
    """Files, one frame and one database."""

    def __init__(self, frame: object = None, database: str = "") -> None:
        self._frame = frame
        self._database = database

    def database(self, connection: str) -> Sqlite:
        """The one database."""
        return Sqlite(self._database)

    def frame(self, task_id: str) -> object:
        """The one frame."""
        return self._frame

    def frame_identity(self, task_id: str) -> str:
        """As in a run."""
        return f"xcom://benchmark/{task_id}"


def source_of(uri: object, clients: LocalClients | None = None) -> Source:
    """Open a dataset as the operator does."""
    return open_source(parse(str(uri)), "", clients or LocalClients())


def looked_at(source: Source, threads: int | None = 1) -> Classification:
    """Look at it as the operator does, which takes two threads where it can."""
    return look(source, KEY, all_detectors(), threads=threads)


def exhaust(batches: Iterable[Any]) -> int:
    """Read to the end, keep nothing."""
    return sum(1 for _ in batches)


def decoded_by_polars(path: Path) -> int:
    """The same columns and rows, decoded row group by row group, by the fastest decoder at hand."""
    import polars as pl

    lazy = pl.scan_parquet(path)
    rows = int(lazy.select(pl.len()).collect().item())
    return exhaust(lazy.slice(start, BLOCK).collect() for start in range(0, rows, BLOCK))


def decoded_by_pyarrow(path: Path) -> int:
    """The same, by the library that our own source decodes with."""
    import pyarrow.parquet as pq

    return exhaust(pq.ParquetFile(path).iter_batches(BLOCK, use_threads=False))


def side_by_side(rows: int, rounds: int) -> Table:
    """Decoding alone, reading alone, the whole look."""
    path = corpus(rows)
    looked_at(source_of(corpus(min(rows, SMALL))))  # patterns are compiled once in a process
    costs = interleaved(
        {
            "decode: polars": lambda: decoded_by_polars(path),
            "decode: pyarrow": lambda: decoded_by_pyarrow(path),
            "our source: batches()": lambda: exhaust(source_of(path).batches()),
            "look(): every detector": lambda: looked_at(source_of(path)),
        },
        rounds,
    )
    polars, pyarrow = costs["decode: polars"].cpu, costs["decode: pyarrow"].cpu
    scale = MILLION / rows
    table = Table(
        f"A scan beside reading, {rows:,} rows, one thread",
        ("what", "CPU s/Mrow", "wall s/Mrow", "x polars", "x pyarrow"),
        note=f"all 20 columns; interleaved, median of {rounds}; wanted: look() at most 5, better 3 times decoding",
    )
    for name, cost in costs.items():
        table.rows.append((name, cost.cpu * scale, cost.wall * scale, cost.cpu / polars, cost.cpu / pyarrow))
    return table


def threads(rows: int, rounds: int) -> Table:
    """One and two threads, of polars and of ours."""
    measured: dict[tuple[int, int], list[Any]] = {setting: [] for setting in THREADS}
    for _ in range(rounds):
        for setting in THREADS:
            measured[setting].append(in_process("scan.py", "threads", corpus(rows), *setting, environment=_of(setting)))
    table = Table(
        f"Threads, {rows:,} rows",
        ("threads of polars, of look()", "CPU s/Mrow", "wall s/Mrow", "times as fast"),
        note=f"each in a process of its own, warm; median of {rounds}; wanted: 2 threads at least 1.4 times as fast",
    )
    walls: list[float] = []
    for setting in THREADS:
        cpu, wall = (
            statistics.median(one[key] for one in measured[setting]) * MILLION / rows for key in ("cpu", "wall")
        )
        walls.append(wall)
        table.rows.append((f"{setting[0]}, {setting[1]}", cpu, wall, walls[0] / wall))
    return table


def _of(setting: tuple[int, int]) -> dict[str, str]:
    return {"POLARS_MAX_THREADS": str(setting[0])}


def _threads_inside(path: Path, _polars: str, ours: str) -> dict[str, float]:
    """A whole look with so many columns side by side, after one that warms up."""
    looked_at(source_of(corpus(min(SMALL, int(path.stem.split("-")[1])))), int(ours))
    cost = timed(lambda: looked_at(source_of(path), int(ours)))[1]
    return {"cpu": cost.cpu, "wall": cost.wall}


def growth(sizes: list[int]) -> tuple[Table, dict[int, dict[str, dict[str, int]]]]:
    """Each size in a fresh process: nothing is warm, and what is freed for one cannot serve the next."""
    table = Table(
        "Growth and memory, two threads",
        ("rows", "CPU s", "CPU s/Mrow", "wall s", "peak MB", "MB at start"),
        note="each in a fresh process, once; wanted: at most 500 MB and the same s/Mrow throughout",
    )
    found = {}
    for rows in sizes:
        one = in_process("scan.py", "look", corpus(rows))
        found[rows] = one["found"]
        cpu = one["cpu"]
        table.rows.append((f"{rows:,}", cpu, cpu * MILLION / rows, one["wall"], one["peak_mb"], one["before_mb"]))
    return table, found


def _look_inside(path: Path) -> dict[str, Any]:
    all_detectors()
    before = peak_mb()
    classification, cost = timed(lambda: looked_at(source_of(path), None))
    found: dict[str, dict[str, int]] = {}
    for one in classification.sightings:
        found.setdefault(one.column, {})[one.entity] = one.rows
    return {"cpu": cost.cpu, "wall": cost.wall, "peak_mb": peak_mb(), "before_mb": before, "found": found}


def planted(rows: int, found: dict[str, dict[str, int]]) -> Table:
    """What was planted beside what was found."""
    truth = truth_of(corpus(rows))
    table = Table(f"Planted and found, {rows:,} rows", ("column, entity", "planted", "found", "missed"))
    for column, entity in sorted({(c, e) for counts in (truth, found) for c in counts for e in counts[c]}):
        there, seen = truth.get(column, {}).get(entity, 0), found.get(column, {}).get(entity, 0)
        # Of columns that hold nothing else, rows are estimated from a sample of their values.
        enough = 0.95 * there if WHOLE.get(column) == entity else there
        table.rows.append((f"{column} {entity}", there, seen, "" if seen >= enough else f"{there - seen:,}"))
    return table


def formats(rows: int, rounds: int) -> Table:
    """The same rows in other places."""
    with tempfile.TemporaryDirectory() as folder:
        acts: dict[str, Callable[[], Any]] = {}
        for name, opened in _places(corpus(rows), Path(folder)).items():
            acts[f"{name}: batches()"] = lambda opened=opened: exhaust(opened().batches())
            acts[f"{name}: look()"] = lambda opened=opened: looked_at(opened())
        costs = interleaved(acts, rounds)
        peaks = {name: _peak(Path(folder) / file) for name, file in FILES.items()}
    table = Table(
        f"Formats, {rows:,} rows, one thread",
        ("place", "read: rows/CPU s", "look: rows/CPU s", "look: rows/s", "peak MB"),
        note=f"look() reads frames and tables once more on either side, for the fingerprint; median of {rounds}; "
        "peak of a look with two threads in a fresh process, wanted: at most 500 MB",
    )
    for name in dict.fromkeys(name.partition(":")[0] for name in costs):
        reading, looking = costs[f"{name}: batches()"], costs[f"{name}: look()"]
        table.rows.append((name, rows / reading.cpu, rows / looking.cpu, rows / looking.wall, peaks.get(name, "")))
    return table


def _peak(path: Path) -> float:
    return float(in_process("scan.py", "look", path)["peak_mb"])


def _places(path: Path, folder: Path) -> dict[str, Callable[[], Source]]:
    import polars as pl

    frame = pl.read_parquet(path)
    frame.write_csv(folder / FILES["CSV"])
    frame.write_ndjson(folder / FILES["JSON Lines"])
    database = str(folder / "customers.sqlite")
    with sqlite3.connect(database) as connection:
        connection.execute(f"CREATE TABLE customers ({', '.join(frame.columns)})")
        texts = frame.with_columns(pl.col(pl.Datetime).cast(pl.String))
        connection.executemany(f"INSERT INTO customers VALUES ({', '.join('?' * frame.width)})", texts.iter_rows())
    pandas, arrow = frame.to_pandas(), frame.to_arrow()
    return {
        "Parquet": lambda: source_of(path),
        "CSV": lambda: source_of(folder / FILES["CSV"]),
        "JSON Lines": lambda: source_of(folder / FILES["JSON Lines"]),
        "Arrow table": lambda: source_of("xcom://frame", Clients(frame=arrow)),
        "pandas frame": lambda: source_of("xcom://frame", Clients(frame=pandas)),
        "SQLite table": lambda: source_of("sql://bench/customers", Clients(database=database)),
    }


def main() -> int:
    """Measure all of it."""
    arguments = options(__doc__).parse_args()
    rows, rounds = arguments.rows, arguments.rounds
    sizes = [size for size in (SMALL, MILLION, 10 * MILLION) if size < rows] + [rows]
    middle, small = min(rows, MILLION), min(rows, SMALL)
    grown, found = growth(sizes)
    known = planted(rows, found[rows])
    show([side_by_side(middle, rounds), threads(middle, rounds), grown, formats(small, rounds), known], arguments)
    return int(any(missed for *_, missed in known.rows))


INSIDE: dict[str, Callable[..., Any]] = {"threads": _threads_inside, "look": _look_inside}

if __name__ == "__main__":
    if sys.argv[1:2] == ["--inside"]:
        answer(lambda: INSIDE[sys.argv[2]](Path(sys.argv[3]), *sys.argv[4:]))
    else:
        sys.exit(main())
