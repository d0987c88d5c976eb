"""Where a scan's time goes, and what a native kernel would buy.

    python benchmarks/profile_scan.py --rows 1000000

Every millisecond of processor time a signal asks where the scan is. It comes late while native code runs, so what it
notes is not one millisecond but the time since the last note, for the line that called that code. Stages are told by
module, which outlives the names of functions; a module that no stage names stands for itself.
"""

from __future__ import annotations

import linecache
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import NamedTuple

os.environ.setdefault("POLARS_MAX_THREADS", "1")

from corpus import corpus
from measure import MILLION, Table, options, show
from scan import decoded_by_polars, looked_at, source_of

PACKAGE = "airflow_mlsecops."
TICK = 0.001
# Assumed of a native kernel, and argued in docs/reference/benchmarks.md.
NATIVE_BYTES = 900e6
NATIVE_VALIDATION = 1 / 20
MOST = 16
# Functions that are told by who calls them.
SHARED = ("containing",)

# The first whose modules are at work is the stage: a detector asked by the conclusion is part of the conclusion.
STAGES = {
    "conclusion": ("scan.conclude",),
    "decoding: batches()": ("sources.formats", "sources.frames", "sources.query", "sources.sql"),
    "fingerprint and footer": ("sources.tree", "sources.files", "core.fingerprint"),
    "validation": ("detectors",),
    "sampling of distinct values": ("scan.sample",),
    "search": ("scan.sieve", "scan.clause", "scan.automaton", "scan.part", "scan.buffer", "scan.need", "scan.pattern"),
    "candidates: cut out, made distinct": ("scan.search",),
    "cells as text": ("scan.view", "scan.text", "scan.nested", "scan.cells"),
    "counting": ("scan.tally",),
}


class Place(NamedTuple):
    """Where the scan is.

    :param detector: which one is asked, by its module; empty if none
    :param line: innermost of ours that says what for
    """

    stage: str
    detector: str
    line: str


class Profile:
    """Processor time by place."""

    def __init__(self) -> None:
        self.seconds: Counter[Place] = Counter()
        self._since = 0.0

    def __enter__(self) -> Profile:
        self._before = signal.signal(signal.SIGPROF, self._note)
        self._since = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, TICK, TICK)
        return self

    def __exit__(self, *_: object) -> None:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, self._before)

    def _note(self, _signal: int, frame: FrameType | None) -> None:
        now = time.process_time()
        self.seconds[place_of(frame)] += now - self._since
        # Again, so that looking around is not taken for scanning.
        self._since = time.process_time()

    def by(self, what: str, stage: str = "") -> Counter[str]:
        """Seconds by stage, detector or line."""
        together: Counter[str] = Counter()
        for place, seconds in self.seconds.items():
            if place.stage.startswith(stage):
                together[getattr(place, what)] += seconds
        return together


def place_of(frame: FrameType | None) -> Place:
    """The stage that a frame is part of, and the line."""
    ours = [(name, one) for name, one in _ours(frame)]
    modules = [name for name, _ in ours]
    stage = next(
        (stage for stage, starts in STAGES.items() if any(name.startswith(starts) for name in modules)),
        modules[0] if modules else "anything else",
    )
    asked = [name.partition(".")[2] for name in modules if name.startswith("detectors.")]
    line = ""
    if ours:
        name, one = next((pair for pair in ours if pair[1].f_code.co_name not in SHARED), ours[0])
        text = linecache.getline(one.f_code.co_filename, one.f_lineno or 0).strip()
        line = f"{name.rpartition('.')[2]}.{one.f_code.co_name}: {text[:70]}"
    return Place(stage, asked[-1] if asked else "", line)


def _ours(frame: FrameType | None) -> Iterator[tuple[str, FrameType]]:
    """Frames of the package, from the innermost."""
    while frame is not None:
        name = str(frame.f_globals.get("__name__", ""))
        if name.startswith(PACKAGE):
            yield name.removeprefix(PACKAGE), frame
        frame = frame.f_back


def shares(title: str, first: str, seconds: Counter[str], whole: float, rows: int) -> Table:
    """The largest of some counts."""
    scale = MILLION / rows
    table = Table(title, (first, "CPU s/Mrow", "share %"))
    table.rows.extend((name, one * scale, 100 * one / whole) for name, one in seconds.most_common(MOST))
    return table


def native(profile: Profile, path: Path, rows: int, decoding: float) -> Table:
    """What would be left if parts of the scan were native.

    :param decoding: seconds of the fastest decoder
    """
    stages = profile.by("stage")
    scale, whole, search = MILLION / rows, sum(stages.values()), stages["search"]
    validation = stages["validation"] + stages["candidates: cut out, made distinct"]
    one_pass = text_bytes(path) / NATIVE_BYTES
    table = Table(
        "What a native kernel would buy (an estimate)",
        ("what", "CPU s/Mrow", "times as fast", "x polars decode"),
        note=f"taken to search {NATIVE_BYTES / 1e6:,.0f} MB/s of text once, and to validate in a twentieth of the time",
    )
    for name, seconds in (
        ("as it is", whole),
        ("search native", whole - search + one_pass),
        ("validation native", whole - validation + validation * NATIVE_VALIDATION),
        ("both native", whole - search - validation + one_pass + validation * NATIVE_VALIDATION),
        ("both for nothing", whole - search - validation),
        ("decoding alone (polars)", decoding),
    ):
        table.rows.append((name, seconds * scale, whole / seconds, seconds / decoding))
    return table


def text_bytes(path: Path) -> int:
    """Bytes of all text in a corpus."""
    import polars as pl

    sizes = pl.scan_parquet(path).select(pl.col(pl.String).str.len_bytes().cast(pl.UInt64).sum())
    return sum(sizes.collect(engine="streaming").row(0))


def main() -> None:
    """Profile one look."""
    arguments = options(__doc__).parse_args()
    rows, path = arguments.rows, corpus(arguments.rows)
    looked_at(source_of(corpus(min(rows, 100_000))))  # patterns are compiled once in a process
    decoded_by_polars(path)
    began = time.process_time()
    decoded_by_polars(path)
    decoding = time.process_time() - began
    with Profile() as profile:
        looked_at(source_of(path))
    stages = profile.by("stage")
    whole = sum(stages.values())
    stages["the whole"] = whole
    tables = [
        shares(f"Where the time goes, {rows:,} rows, one thread", "stage", stages, whole, rows),
        shares("Search, by gate", "line", profile.by("line", "search"), whole, rows),
        shares("Validation, by detector", "detector", profile.by("detector", "validation"), whole, rows),
        native(profile, path, rows, decoding),
    ]
    show(tables, arguments)


if __name__ == "__main__":
    sys.exit(main())
