"""What changed since an earlier scan, as a readable diff: pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from airflow_mlsecops.core.finding import Novelty
from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.core.record import Entry
from airflow_mlsecops.core.scan_diff import Change, Held, Kind, Scan, diff
from airflow_mlsecops.core.verdict import Verdict
from airflow_mlsecops.core.words import share
from airflow_mlsecops.ledger.dataset import Found, ScanRun
from airflow_mlsecops.web import sentences
from airflow_mlsecops.web.dataset_columns import columns_of
from airflow_mlsecops.web.line import Line, line, name, strong
from airflow_mlsecops.web.sentences import Titles

MOST_CHANGES = 200


class ChangeLine(Frozen):
    """One difference.

    :param sign: ``+``, ``~`` or a minus
    :param state: ``add`` needs somebody, ``gone`` does not
    :param tag: at the end of its row; ``new`` if it is to be noticed
    """

    sign: str
    state: Literal["add", "gone", ""]
    said: Line
    before: int | None
    now: int | None
    tag: str
    new: bool


class Changes(Frozen):
    """Two scans compared.

    :param why_not: why there is nothing to compare, in words; empty if there is
    :param notes: what makes the two harder to compare
    :param before: the scan compared with
    :param runs: that it may be compared with, newest first
    """

    why_not: str = ""
    notes: tuple[str, ...] = ()
    before: ScanRun | None = None
    runs: tuple[ScanRun, ...] = ()
    changes: tuple[Change, ...] = ()


def changes_of(found: Found) -> Changes:
    """Compare the newest run's scan with the one before."""
    runs = found.runs[1:]
    if not found.runs or found.before_run is None:
        return Changes(why_not="There is no earlier scan to compare with.", runs=runs)
    newest = found.runs[0]
    now = _of_run(found.now.entries, newest)
    then = _of_run(found.before.entries, found.before_run)
    if _missing(found) or not now or not then:
        return Changes(why_not=_missing(found) or _UNREAD, before=found.before_run, runs=runs)
    changes = diff(_scan(then), _scan(now))
    return Changes(
        notes=tuple(_notes(newest, found.before_run, now, then)),
        before=found.before_run,
        runs=runs,
        changes=changes,
    )


def change_lines(changes: Changes, titles: Titles) -> tuple[ChangeLine, ...]:
    """The differences as a page shows them, so many as it does."""
    return tuple(_line(change, titles) for change in changes.changes[:MOST_CHANGES])


_UNREAD = "One of the two scans read nothing."


def _missing(found: Found) -> str:
    if found.now.unverified or found.before.unverified:
        return "A record of one of the two scans does not verify, so they are not compared."
    if found.now.left_out or found.before.left_out:
        return "A scan looked at more partitions than a page reads: choose one of them above to compare."
    return ""


def _of_run(entries: Sequence[Entry], run: ScanRun) -> tuple[Entry, ...]:
    return tuple(e for e in entries if (e.record.run.dag_id, e.record.run.run_id) == (run.dag_id, run.run_id))


def _notes(newest: ScanRun, before: ScanRun, now: Sequence[Entry], then: Sequence[Entry]) -> list[str]:
    notes = []
    if {e.record.verdict.ruleset for e in now} != {e.record.verdict.ruleset for e in then}:
        notes.append("The two scans had different detection rules: part of this may be due to that.")
    if newest.dag_id != before.dag_id:
        notes.append("The two scans are of different Dags.")
    if not all(map(_whole, (e.record.verdict for e in (*now, *then)))):
        notes.append("Not every row was read in both, so counts may differ for that reason alone.")
    return notes


def _scan(entries: Sequence[Entry]) -> Scan:
    verdicts = [entry.record.verdict for entry in entries]
    columns = columns_of(entries, titles={}, seen={})
    levels = [finding.level for verdict in verdicts for finding in verdict.findings if finding.level and finding.entity]
    names = frozenset({line.column for line in columns.lines}.union(*(verdict.clean_columns for verdict in verdicts)))
    return Scan(
        held=tuple(
            Held(column=line.column, entity=line.entity, rows=line.rows, of=line.of, new=line.novelty == Novelty.NEW)
            for line in columns.lines
            if line.entity
        ),
        level=max(levels, default=Level.PUBLIC, key=lambda level: level.rank),
        names=names,
        named=len(names) >= max(verdict.columns for verdict in verdicts),
        whole=all(map(_whole, verdicts)),
    )


def _whole(verdict: Verdict) -> bool:
    """True if every row of every column was read."""
    all_rows = verdict.rows_present in (None, verdict.rows_scanned) and verdict.sampled is None
    return all_rows and verdict.rows_scanned > 0 and not verdict.not_looked_at


def _line(change: Change, titles: Titles) -> ChangeLine:
    sign, state, tag, new = _SHAPE[change.kind]
    if change.kind is Kind.MOVED:
        tag, new = _moved(change), False
    if change.kind is Kind.LEVEL and change.level_now and change.level_before:
        state = "add" if change.level_now > change.level_before else "gone"
    return ChangeLine(
        sign=sign,
        state=state,
        said=_said(change, titles),
        before=change.before,
        now=change.now,
        tag=tag,
        new=new,
    )


_SHAPE: dict[Kind, tuple[str, Literal["add", "gone", ""], str, bool]] = {
    Kind.LEVEL: ("~", "", "Level", False),
    Kind.APPEARED: ("+", "add", "New", True),
    Kind.MOVED: ("~", "", "", False),
    Kind.NOT_SEEN: ("?", "", "Not seen", False),
    Kind.GONE: ("\N{MINUS SIGN}", "gone", "Gone", False),
    Kind.COLUMN_NEW: ("+", "", "New column", False),
    Kind.COLUMN_GONE: ("\N{MINUS SIGN}", "gone", "Column gone", False),
}


def _said(change: Change, titles: Titles) -> Line:
    if change.kind is Kind.LEVEL:
        then, now = (level.value if level else "not known" for level in (change.level_before, change.level_now))
        return line("The level is ", strong(now), f", it was {then}")
    column = name(change.column, stressed=True)
    if change.kind is Kind.COLUMN_NEW:
        return line(column, " is a new column, nothing found")
    if change.kind is Kind.COLUMN_GONE:
        return line(column, " is there no more; nothing was found in it")
    what = sentences.plural(sentences.title(change.entity, titles))
    if change.kind is Kind.APPEARED:
        return line(column, f" now holds {what}")
    if change.kind is Kind.GONE:
        return line(column, f" no longer holds {what}")
    if change.kind is Kind.NOT_SEEN:
        return line(column, f": {what} were not seen, but not everything was read")
    more = (change.now or 0) > (change.before or 0)
    return line(column, f" has {'more' if more else 'fewer'} {what}")


def _moved(change: Change) -> str:
    if not change.before or change.now is None:
        return ""
    moved = (change.now - change.before) / change.before
    if moved >= 10:
        return f"{change.now / change.before:,.0f} times as many"
    return f"{'+' if moved > 0 else chr(0x2212)} {share(abs(moved))}"
