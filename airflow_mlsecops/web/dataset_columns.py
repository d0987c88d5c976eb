"""The columns of a dataset, as its newest scans saw them, the worst first: pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from pydantic import computed_field

from airflow_mlsecops.core.classification import Sighting
from airflow_mlsecops.core.finding import Finding, Novelty, Status
from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.judge_allow import ALLOWED
from airflow_mlsecops.core.record import Entry
from airflow_mlsecops.core.words import share
from airflow_mlsecops.web import sentences
from airflow_mlsecops.web.sentences import Titles
from airflow_mlsecops.web.traced import Spell

Mark = Literal["fail", "unknown", "waived", "pass"]
MARKS: tuple[Mark, ...] = ("fail", "unknown", "waived", "pass")
_SURE = {
    "validated": ("Certain", "exact rule, every hit checked"),
    "pattern": ("Likely", "recognised by its shape"),
    "name and values": ("Likely", "the column's name and its values agree"),
    "values alike": ("Possible", "its values look like it"),
}
_BAR = 160


class ColumnLine(Frozen):
    """One class in one column; or what of a column was not looked at.

    :param entity: empty where nothing of it was read
    :param rows: rows that hold it, of ``of`` looked at, added up over partitions
    :param how: how it was recognised; ``score``: how likely it is, 0 to 1
    :param first_seen: ISO moment of the first record that saw it here, ``last_seen`` of the last; empty if not known
    :param partitions: in how many partitions it stands
    """

    column: str
    entity: str
    title: str
    level: str
    verdict: Mark
    code: str
    novelty: str
    rows: int | None
    of: int | None
    estimated: bool
    how: str
    score: float | None
    first_seen: str
    last_seen: str
    note: str
    rule: str
    waived_until: str
    waived_by: str
    expired: bool
    parent: str
    parent_column: str
    parent_share: float | None
    partitions: int

    @computed_field  # type: ignore[prop-decorator]
    @property
    def share(self) -> float | None:
        """Of the rows looked at, 0 to 1."""
        return None if self.rows is None or not self.of else self.rows / self.of

    @property
    def bar(self) -> int | None:
        """Length of the share bar, 0 to 160: six steps, each ten times more."""
        part = self.share
        if part is None:
            return None
        return 0 if part <= 0 else max(1, round(_BAR * (6 + math.log10(min(part, 1.0))) / 6))

    @property
    def counted(self) -> str:
        """How many rows, in words."""
        if self.rows is None:
            return ""
        about = "about " if self.estimated else ""
        part = self.share
        return f"{about}{share(part)}, {sentences.rows(self.rows)}" if part is not None else sentences.rows(self.rows)

    @property
    def sure(self) -> tuple[str, str]:
        """How sure, and why."""
        return _SURE.get(self.how, (self.how.capitalize(), ""))

    @property
    def new(self) -> str:
        """What its tag says if it is new."""
        return {Novelty.NEW.value: "New", Novelty.FIRST_SEEN.value: "First seen"}.get(self.novelty, "")


class Columns(Frozen):
    """Every column.

    :param lines: those that hold something, or were not read, the worst first
    :param clean: names of those that were read whole and hold nothing
    :param total: how many columns there are
    """

    lines: tuple[ColumnLine, ...] = ()
    clean: tuple[str, ...] = ()
    total: int = 0

    @property
    def told(self) -> int:
        """How many columns have a line."""
        return len({line.column for line in self.lines})

    @property
    def unnamed(self) -> int:
        """How many columns no record names."""
        return max(0, self.total - self.told - len(self.clean))


class _Said(NamedTuple):
    """What one scan said of one class in one column."""

    rank: int
    age: int
    finding: Finding
    sighting: Sighting | None
    partition: str


def columns_of(entries: Sequence[Entry], *, titles: Titles, seen: Mapping[tuple[str, str], Spell]) -> Columns:
    """Put the newest scans of a dataset together.

    :param entries: of one task each
    :param seen: since when a class is known in a column
    """
    said: dict[tuple[str, str], list[_Said]] = {}
    verdicts = [entry.record.verdict for entry in entries]
    for entry in entries:
        verdict = entry.record.verdict
        for finding, sighting in _findings(entry):
            one = _Said(MARKS.index(mark_of(finding)), -entry.sequence, finding, sighting, verdict.partition)
            said.setdefault((finding.subject, finding.entity or ""), []).append(one)
    lines = [_line(some, titles, seen.get(key)) for key, some in said.items()]
    lines.sort(key=lambda line: (MARKS.index(line.verdict), not line.new, -(line.share or 0), line.column, line.entity))
    holding = {line.column for line in lines}
    # What one scan found clean another may not have read.
    clean = set.intersection(*(set(verdict.clean_columns) for verdict in verdicts)) if verdicts else set()
    total = max((verdict.columns for verdict in verdicts), default=0)
    return Columns(lines=tuple(lines), clean=tuple(sorted(clean - holding)), total=max(total, len(holding)))


def mark_of(finding: Finding) -> Mark:
    """What a finding comes to for its column."""
    if finding.waiver:
        return "waived"
    return {Status.FAIL: "fail", Status.UNKNOWN: "unknown"}.get(finding.status, "pass")  # type: ignore[return-value]


def _findings(entry: Entry) -> Iterator[tuple[Finding, Sighting | None]]:
    """What a scan says of each class in each column, once; and what of a column it did not read."""
    verdict = entry.record.verdict
    sightings = {(one.column, one.entity): one for one in verdict.sightings}
    told: dict[tuple[str, str], Finding] = {}
    for finding in sorted((one for one in verdict.findings if one.entity), key=lambda one: one.code == ALLOWED):
        told.setdefault((finding.subject, finding.entity or ""), finding)
    for key, finding in told.items():
        yield finding, sightings.get(key)
    for key, sighting in sightings.items():
        if key not in told:
            yield _not_judged(sighting, verdict.rows_scanned), sighting
    for skipped in verdict.not_looked_at:
        if skipped.column:
            yield _unread(skipped.column, skipped.code, skipped.detail, skipped.rows), None


def _not_judged(sighting: Sighting, of: int) -> Finding:
    return Finding(
        status=Status.UNKNOWN, code="NOT_JUDGED", subject=sighting.column, entity=sighting.entity,
        reason="it was seen, and nothing was said about it", rows=sighting.rows, of=of, how=sighting.how.value,
    )  # fmt: skip


def _unread(column: str, code: str, detail: str, rows: int | None) -> Finding:
    return Finding(status=Status.UNKNOWN, code=code, subject=column, reason=detail, rows=rows)


def _line(some: list[_Said], titles: Titles, spell: Spell | None) -> ColumnLine:
    # Of one partition the worst counts, then the newest; different partitions add up.
    of_partition: dict[str, _Said] = {}
    for one in sorted(some, key=lambda one: one[:2]):
        of_partition.setdefault(one.partition, one)
    parts = list(of_partition.values())
    worst, sighting = parts[0].finding, parts[0].sighting
    entity = worst.entity or ""
    covered = worst.waiver or worst.ended
    return ColumnLine(
        column=worst.subject,
        entity=entity,
        title=sentences.capital(sentences.title(entity, titles)),
        level=worst.level.value if worst.level else "",
        verdict=mark_of(worst),
        code=worst.code,
        novelty=worst.novelty.value if worst.novelty else "",
        rows=_sum(one.finding.rows for one in parts),
        of=_sum(one.finding.of for one in parts),
        estimated=any(one.sighting.estimated for one in parts if one.sighting),
        how=worst.how or (sighting.how.value if sighting else ""),
        score=round(sighting.score, 4) if sighting else None,
        first_seen=spell.first if spell else "",
        last_seen=spell.last if spell else "",
        note=worst.reason,
        rule=worst.rule or "",
        waived_until=str(covered.until) if covered else "",
        waived_by=covered.approved_by if covered else "",
        expired=worst.ended is not None and worst.waiver is None,
        parent=worst.origin.parent if worst.origin else "",
        parent_column=worst.origin.column if worst.origin else "",
        parent_share=worst.origin.share if worst.origin else None,
        partitions=len(parts),
    )


def _sum(numbers: Iterable[int | None]) -> int | None:
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None
