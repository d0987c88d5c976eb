"""Where in texts sensitive data stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.scan.pattern import linear
from airflow_mlsecops.scan.sieve import sieve_of
from airflow_mlsecops.scan.text import text_of


class Occurrence(NamedTuple):
    """One entity at one place of a text, counted in characters."""

    start: int
    end: int
    entity: str


def occurrences(texts: Sequence[str], detectors: tuple[Detector, ...]) -> list[tuple[Occurrence, ...]]:
    """What patterns prove and sentences tell, in each text; of occurrences that overlap, the better proven stays."""
    import polars as pl

    found: list[list[tuple[int, Occurrence]]] = [[] for _ in texts]
    sieve = sieve_of(detectors)
    folded = pl.Series([_folded(text) for text in texts], dtype=pl.String)
    frame = pl.DataFrame({"place": pl.int_range(len(texts), dtype=pl.UInt32, eager=True), "text": folded})
    for detector, passed in sieve.sift(frame, set()) if sieve else ():
        for place, text in passed.iter_rows():
            found[place] += ((_rank(detector), one) for one in _proven(detector, text))
    for detector in detectors:
        if detector.prose is not None:
            for place, text in enumerate(texts):
                named = (Occurrence(start, end, detector.entity.name) for start, end, _ in detector.prose(text))
                found[place] += ((2, one) for one in named)
    return [tuple(_apart(one)) for one in found]


def _folded(text: str) -> str:
    """The text as cells are read, where each of its characters still stands in its place."""
    import polars as pl

    read = None if text.isascii() else text_of(pl.Series([text], dtype=pl.String))
    return text if read is None or read.item() is None or len(read.item()) != len(text) else str(read.item())


def _rank(detector: Detector) -> int:
    return 0 if detector.checked else 1


def _proven(detector: Detector, text: str) -> Iterator[Occurrence]:
    for match in linear(detector.pattern or "").finditer(text):
        for start, end, _ in detector.find(match[0]):
            yield Occurrence(match.start() + start, match.start() + end, detector.entity.name)


def _apart(found: Iterable[tuple[int, Occurrence]]) -> Iterator[Occurrence]:
    """The best of those that overlap, in the order of their places."""
    kept: list[Occurrence] = []
    for _, one in sorted(found, key=lambda pair: (pair[0], pair[1].start - pair[1].end, pair[1].start)):
        if all(one.end <= other.start or other.end <= one.start for other in kept):
            kept.append(one)
    yield from sorted(kept)
