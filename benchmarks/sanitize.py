"""What it costs to make a dataset harmless and prove it, beside merely copying it, in one run: time and memory.

    python benchmarks/sanitize.py --rows 10000000

Everything is done as ``SanitizeDatasetOperator`` does, by the shipped policy's rules for features: a scan of the
source, the write, a scan of all that was written. The plain copy has the same reader and the same writer.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("POLARS_MAX_THREADS", "1")

from corpus import corpus
from measure import MILLION, Table, answer, in_process, interleaved, options, peak_mb, show, timed
from scan import exhaust, looked_at, source_of

from airflow_mlsecops.core.classification import Classification
from airflow_mlsecops.core.dataset import parse
from airflow_mlsecops.core.judge_sanitize import plan
from airflow_mlsecops.core.treatment import Treatment
from airflow_mlsecops.detectors import all_detectors, entities
from airflow_mlsecops.policy import default_folder, load
from airflow_mlsecops.sanitize import PseudonymKey, Sanitizer
from airflow_mlsecops.sources import LocalClients, open_target

SMALL = 100_000
TARGET = "file:///lake/features/customers"


def planned(found: Classification) -> tuple[Treatment, ...]:
    """What the shipped policy says is to be done to what was found."""
    policy = load(default_folder()).policy
    done = plan(found, identity=TARGET, policy=policy, entities=entities(), added={})
    if done.findings:
        raise SystemExit(f"the shipped policy has no rule for {[finding.subject for finding in done.findings]}")
    return done.treatments


def written(path: Path, change: Callable[[Any], Any], *, scan: bool = False) -> Classification | None:
    """Write the dataset anew, each batch changed; scan it before it is published, if that is wanted."""
    with tempfile.TemporaryDirectory() as folder:
        target = open_target(parse(f"file://{folder}/safe"), "", LocalClients(), run="bench")
        with target.staging() as staging:
            for batch in source_of(path).batches():
                staging.write(change(batch))
            staging.finish()
            left = looked_at(staging.source()) if scan else None
            staging.publish()
            return left


def sanitized(path: Path, treatments: tuple[Treatment, ...], *, scan: bool = False) -> Classification | None:
    """Write it as the operator does."""
    sanitizer = Sanitizer(treatments, key=PseudonymKey(b"benchmarks of pseudonyms"), detectors=all_detectors())
    return written(path, sanitizer.apply, scan=scan)


def whole(path: Path) -> Classification:
    """All that the operator does: scan, write, scan."""
    left = sanitized(path, planned(looked_at(source_of(path))), scan=True)
    assert left is not None
    return left


def side_by_side(rows: int, rounds: int) -> Table:
    """The copy, the write, and all of it."""
    path = corpus(rows)
    small = corpus(min(rows, SMALL))
    treatments = planned(looked_at(source_of(small)))
    sanitized(small, treatments, scan=True)  # patterns are compiled once in a process
    costs = interleaved(
        {
            "read alone": lambda: exhaust(source_of(path).batches()),
            "plain copy": lambda: written(path, lambda batch: batch),
            "sanitized copy": lambda: sanitized(path, treatments),
            "scan, sanitized copy, scan of all that was written": lambda: whole(path),
        },
        rounds,
    )
    plain = costs["plain copy"].cpu
    table = Table(
        f"Sanitizing beside copying, {rows:,} rows, one thread",
        ("what", "CPU s/Mrow", "wall s/Mrow", "x plain copy"),
        note=f"all 20 columns of benchmarks/corpus.py, Parquet to Parquet; interleaved, median of {rounds}",
    )
    for name, cost in costs.items():
        table.rows.append((name, cost.cpu * MILLION / rows, cost.wall * MILLION / rows, cost.cpu / plain))
    return table


def memory(rows: int) -> Table:
    """The most memory that all of it took, by rows."""
    table = Table(
        "Memory of sanitizing with its proof",
        ("rows", "CPU s", "wall s", "peak MB", "columns with residue"),
        note="each in a process of its own; wanted: the same for every number of rows",
    )
    for several in sorted({min(rows, SMALL), min(rows, MILLION), rows}):
        got = in_process("sanitize.py", several)
        table.rows.append((several, got["cpu"], got["wall"], got["peak"], got["residue"]))
    return table


def inside(rows: int) -> dict[str, float]:
    """All of it once, in this process."""
    path = corpus(rows)
    left, cost = timed(lambda: whole(path))
    policy = load(default_folder()).policy
    residue = {
        sighting.column
        for sighting in left.sightings
        if not policy.allows("features", entities()[sighting.entity]) and sighting.how.value in ("validated", "pattern")
    }
    return {"cpu": cost.cpu, "wall": cost.wall, "peak": peak_mb(), "residue": len(residue)}


def main() -> None:
    """Measure and print."""
    if sys.argv[1:2] == ["--inside"]:
        answer(lambda: inside(int(sys.argv[2])))
        return
    arguments = options(__doc__ or "").parse_args()
    rows = min(arguments.rows, MILLION)
    show([side_by_side(rows, arguments.rounds), memory(arguments.rows)], arguments)


if __name__ == "__main__":
    main()
