"""The attempts of one task instance, those included that left no record: pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.gate import Gate
from airflow_mlsecops.core.record import Entry
from airflow_mlsecops.web.card import mark_of, short_id, word_of
from airflow_mlsecops.web.cost import seconds
from airflow_mlsecops.web.looked import Mark

_MOST_TRIES = 1_000


class Tried(Frozen):
    """One verdict of one attempt, or an attempt without one.

    :param counts: true of the verdict that counts
    :param record: its id, ``short`` the same as people compare it; empty where the attempt left none
    """

    number: int
    counts: bool
    mark: Mark
    word: str
    when: str = ""
    took: str = ""
    record: str = ""
    short: str = ""


def tried(entries: Iterable[Entry], counting: Collection[str]) -> tuple[Tried, ...]:
    """Every attempt up to the last that spoke, the newest first.

    :param counting: ids of the records that count
    """
    verdicts = [entry for entry in entries if entry.record.verdict.gate is not Gate.APPROVAL]
    of_try: dict[int, list[Entry]] = {}
    for entry in sorted(verdicts, key=lambda entry: -entry.sequence):
        of_try.setdefault(entry.record.run.try_number, []).append(entry)
    last = max(of_try, default=0)
    silent = range(max(1, last - _MOST_TRIES), last)
    numbers = sorted({*of_try, *silent}, reverse=True)
    return tuple(
        one
        for number in numbers
        for one in ([_spoke(entry, counting) for entry in of_try[number]] if number in of_try else [_silent(number)])
    )


def _spoke(entry: Entry, counting: Collection[str]) -> Tried:
    record = entry.record
    return Tried(
        number=record.run.try_number,
        counts=record.id in counting,
        mark=mark_of(record.verdict),
        word=word_of(record.verdict),
        when=f"{record.time:%Y-%m-%d %H:%M:%S}",
        took=seconds(record.verdict.seconds),
        record=record.id,
        short=short_id(record.id),
    )


def _silent(number: int) -> Tried:
    return Tried(number=number, counts=False, mark="none", word="No record")
