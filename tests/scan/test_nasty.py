"""No text makes a detector slow: neither what is sent on purpose, nor what merely repeats itself."""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from re import _parser as _syntax  # type: ignore[attr-defined]
from typing import Any

import polars as pl
import pytest

from airflow_mlsecops import detectors, scan
from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.scan.need import alternatives
from airflow_mlsecops.scan.pattern import linear, quick
from tests.detectors.tables import examples
from tests.pace import keeps_pace, processor_seconds

ALL = {detector.name: detector for detector in detectors.all_detectors()}
LONG, CELL, PROSE = 10_000, 2_000, 4_000
# Patterns of cells end somewhere: what is longer never reaches the code behind them.
LIMITS, EXAMPLES = (40, 60, 80, 90, 100, 120, 140, 200, 300), 8
# What takes so little cannot be slow; of what takes longer it is asked whether the machine was.
SUSPECT_SECONDS, MOST_BEATS = 0.1, 60
SEEDS = [
    *("1", "a", "A", " ", "-", ".", ":", "@", "/", "_", "é", "字", "\n", "0", "f", "[", "{", '"'),
    *("1 ", "a ", "a1", "1-", "1.", "+1", "a@", "a.", "A b, ", "Ann Lee ", "12:", "0x", "1,", "a-", "\ta"),
    *("eyJ", "DE89", "://a:b@", "born 1", "key=", "Authorization: ", "-----BEGIN ", "St. Mary's Road ", "(212) 736-"),
]

FILLERS = ("1", "a", "A", " ", "-", "a1", ". ", "1 ", "a ", "=")


def minimal(nodes: Any) -> str:
    """A short text that a pattern takes, more or less."""
    return "".join(_minimal(str(kind), value) for kind, value in nodes)


def _minimal(kind: str, value: Any) -> str:
    if kind == "LITERAL":
        return chr(value)
    if kind == "IN":
        return _one_of(value)
    if kind == "BRANCH":
        return minimal(value[1][0])
    if kind == "SUBPATTERN":
        return minimal(value[-1])
    if kind.endswith("_REPEAT"):
        return minimal(value[2]) * max(1, min(value[0], 64))
    return "" if kind == "AT" else "a"


def _one_of(items: Any) -> str:
    kind, value = str(items[0][0]), items[0][1]
    if kind == "NEGATE":
        taken = re.compile(f"[{re.escape('x; 7~')}]")
        return next((c for c in "x;7~ " if taken.match(c) and not _takes(items[1:], c)), "x")
    if kind == "LITERAL":
        return chr(value)
    return chr(value[0]) if kind == "RANGE" else {"CATEGORY_DIGIT": "7", "CATEGORY_SPACE": " "}.get(str(value), "a")


def _takes(items: Any, character: str) -> bool:
    return any(
        chr(value) == character if str(kind) == "LITERAL" else value[0] <= ord(character) <= value[1]
        for kind, value in items
        if str(kind) in ("LITERAL", "RANGE")
    )


def seeds(pattern: str) -> list[str]:
    """What a pattern itself begins with, and nearly ends with: some twenty of all beginnings."""
    texts = [minimal(_syntax.parse(one, re.ASCII)) for one in alternatives(pattern)]
    cut = [text[: max(1, round(len(text) * share))] for text in texts if text for share in (0.2, 0.5, 0.8, 1.0)]
    cut += [text[:-1] + "!" for text in texts if len(text) > 1]
    every = sorted(set(cut))
    return every[:: max(1, len(every) // 20)]


def nasty(detector: Detector, length: int) -> Iterator[str]:
    """Texts of a length that repeat something, end unlike they began, or begin as the pattern does."""
    own = [seed for pattern in (detector.pattern, detector.cell_pattern) if pattern for seed in seeds(pattern)]
    for seed in (*SEEDS, *own):
        text = (seed * (length // len(seed) + 1))[:length]
        yield text
        yield text[:-1] + "\u00a7"
    for place, seed in enumerate(own):
        for rest in FILLERS[place % 2 :: 2]:
            yield (seed + rest * length)[: length - 1] + "\u00a7"


def nearly(detector: Detector) -> Iterator[str]:
    """Cells of a detector's own table that go on as they should not, as long as patterns of cells let them."""
    cells = [cell for one in examples(detector.name) if one.expected for cell in one.cells]
    for cell in sorted(set(cells))[:: max(1, len(cells) // EXAMPLES)]:
        for limit in LIMITS:
            for rest in FILLERS:
                yield (cell + " " + rest * limit)[:limit] + "x"
            yield (cell * limit)[:limit] + "x"


def questions(detector: Detector) -> Iterator[tuple[str, int, Callable[[str], object]]]:
    """What the scan asks of a text, and how long a text may be."""
    if detector.pattern is not None:
        search = linear(detector.pattern).finditer
        yield "find", LONG, lambda text: [list(detector.find(match[0])) for match in islice(search(text), 10_000)]
    if detector.cell_pattern is not None:
        matches = quick(detector.cell_pattern).search
        yield "cell", CELL, lambda text: matches(text) and (detector.cell(text) and (detector.known or len)(text))
    if detector.prose is not None:
        yield "prose", PROSE, lambda text: list((detector.prose or list)(text))


@pytest.fixture(scope="module")
def without_collector() -> Iterator[None]:
    """What others left to be collected, in a process that ran ten thousand tests, takes a second at any moment."""
    gc.collect()
    gc.freeze()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("without_collector")
@pytest.mark.parametrize("name", ALL)
def test_no_detector_is_slow(name: str) -> None:
    detector = ALL[name]
    slow: list[tuple[str, str]] = []
    for what, length, ask in questions(detector):
        for text in ("x", "1", *nasty(detector, 100)):
            ask(text)  # what is read once, like a gazetteer, is read now
        for text in (*nasty(detector, length), *(nearly(detector) if what == "cell" else ())):
            if processor_seconds(partial(ask, text)) > SUSPECT_SECONDS and not keeps_pace(
                partial(ask, text), MOST_BEATS
            ):
                slow.append((what, text[:24]))
    assert slow == []


def test_a_scan_of_nothing_but_nasty_cells_takes_its_time_and_no_more() -> None:
    """Ten thousand characters a cell, one column for each way to be nasty: seconds for some megabytes."""
    every = tuple(ALL.values())
    texts = sorted({text for detector in every for text in islice(nasty(detector, LONG), 2 * len(SEEDS), None, 7)})
    frame = pl.DataFrame({"note": texts[:300], "phone": texts[-300:]})
    scan.classify([frame[:3]], every)
    assert keeps_pace(lambda: scan.classify([frame], every), 6_000)


def test_a_scan_of_repeated_seeds() -> None:
    every = tuple(ALL.values())
    frame = pl.DataFrame(
        {f"c{at}": [(seed * LONG)[: LONG - cell] for cell in range(4)] for at, seed in enumerate(SEEDS)}
    )
    assert keeps_pace(lambda: scan.classify([frame], every), 6_000)
