"""What looking at every row costs beside looking at some, and what the latter proves.

    python benchmarks/sampling.py --rows 10000000

A uniform sample decodes everything and saves the search only; whole row groups save both, and prove nothing about the
others: a bad load lies in one piece.
"""

from __future__ import annotations

import os
import sys
from math import comb
from pathlib import Path
from typing import Any

os.environ.setdefault("POLARS_MAX_THREADS", "1")

from corpus import BLOCK, corpus
from measure import Table, interleaved, options, show
from scan import KEY, looked_at, source_of

from airflow_mlsecops.core.classification import Classification
from airflow_mlsecops.core.sampling import Sampling
from airflow_mlsecops.detectors import all_detectors
from airflow_mlsecops.scan import classify
from airflow_mlsecops.sources import glance, look

SEED = 5
CONFIDENCE = 0.99
UNIFORM = (0.001, 0.0001)  # shares of bad rows that are not to stay unseen
GROUPS = (1, 4, 16)
BAD = 0.001


def uniform(path: Path, sampling: Sampling) -> Classification:
    """A look at so many rows as the policy would ask for, each as likely as any other; every row is decoded."""
    return look(source_of(path), KEY, all_detectors(), sampling=sampling)


def groups(path: Path, rows: int, count: int) -> Classification:
    """A look at some whole row groups; the others are not even decoded."""
    import numpy as np
    import polars as pl

    lazy = pl.scan_parquet(path)
    chosen = np.random.default_rng(SEED).choice(-(-rows // BLOCK), count, replace=False)
    return classify(
        (lazy.slice(int(index) * BLOCK, BLOCK).collect() for index in chosen), all_detectors(), rows_present=rows
    )


def chance_to_hit(rows: int, count: int) -> str:
    """The chance that some row groups touch a block of bad rows that lies in one piece."""
    present = -(-rows // BLOCK)
    bad = min(present, 1 + round(rows * BAD) // BLOCK)
    return f"chance to see a bad block of {BAD:.1%}: {1 - comb(present - bad, count) / comb(present, count):.0%}"


def main() -> None:
    """Measure each way."""
    arguments = options(__doc__).parse_args()
    rows, path = arguments.rows, corpus(arguments.rows)
    looked_at(source_of(corpus(min(rows, 100_000))))  # patterns are compiled once in a process
    looks: dict[str, Classification] = {}
    proves: dict[str, str] = {"every row": "all there is"}
    acts: dict[str, Any] = {"every row": lambda: looked_at(source_of(path))}
    for share in UNIFORM:
        sampling = Sampling(full_scan_up_to=1, max_undetected=share, confidence=CONFIDENCE)
        if sampling.sample(rows):
            name = f"uniform sample of {sampling.rows:,}"
            acts[name] = lambda sampling=sampling: uniform(path, sampling)
            proves[name] = f"less than {share:.2%}, {CONFIDENCE:.0%} sure"
    acts["quick look: first rows"] = lambda: glance(source_of(path), all_detectors(), rows=min(rows, BLOCK))
    proves["quick look: first rows"] = "nothing of the others"
    for count in (count for count in GROUPS if count * BLOCK < rows):
        name = f"row groups: {count}"
        acts[name], proves[name] = (lambda count=count: groups(path, rows, count)), chance_to_hit(rows, count)
    kept_looks = {name: (lambda name=name, act=act: looks.__setitem__(name, act())) for name, act in acts.items()}
    costs = interleaved(kept_looks, arguments.rounds)
    table = Table(
        f"Some rows of {rows:,}, one thread",
        ("what", "rows", "CPU s", "% of every row", "nothing found means"),
        note=f"interleaved, median of {arguments.rounds}",
    )
    whole = costs["every row"].cpu
    for name, cost in costs.items():
        table.rows.append((name, looks[name].rows_scanned, cost.cpu, 100 * cost.cpu / whole, proves[name]))
    show([table], arguments)


if __name__ == "__main__":
    sys.exit(main())
