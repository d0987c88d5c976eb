"""What a gate found beside the worst, and what it did not look at."""

from __future__ import annotations

import math
from typing import Literal

from airflow_mlsecops.core.finding import TELLING, Finding, Status
from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.gate import SCANS
from airflow_mlsecops.core.verdict import Verdict
from airflow_mlsecops.web import sentences
from airflow_mlsecops.web.line import Line, line, name, prose, sentence
from airflow_mlsecops.web.sentences import Titles

Mark = Literal["pass", "fail", "unknown", "none"]
MOST_BLIND = 20
_BAR = 160
_MARK: dict[Status, Mark] = {
    Status.PASS: "pass",
    Status.FAIL: "fail",
    Status.UNKNOWN: "unknown",
    Status.NOT_APPLICABLE: "none",
}


class Row(Frozen):
    """One more finding, as a row of a table.

    :param bar: length of the share bar, 0 to 160: six steps, each ten times more; ``None`` where nothing was counted
    """

    mark: Mark
    word: str
    subject: str
    kind: str
    counted: str
    bar: int | None
    note: Line


class Blind(Frozen):
    """What was not looked at; ``complete`` is said instead where nothing was left out."""

    lines: tuple[Line, ...] = ()
    complete: str = ""


def rows(verdict: Verdict, titles: Titles) -> tuple[Row, ...]:
    """Every finding that is worth a row beside the worst one."""
    told = sentences.worst(verdict)
    return tuple(_row(finding, titles) for finding in verdict.findings if _tells(finding, told))


def blind(verdict: Verdict) -> Blind:
    """What was not looked at and why; nothing is called complete that was not read to its end."""
    unread = [prose(skipped.detail) for skipped in verdict.not_looked_at]
    if verdict.gate not in SCANS:
        # Here a question without an answer is what was not looked at.
        unread += [line(name(f.subject), *prose(f": {f.reason}")) for f in verdict.findings if _unanswered(f)]
    rest = len(unread) - MOST_BLIND
    if rest > 0:
        unread = [*unread[:MOST_BLIND], line(f"and {rest:,} more; the JSON has all of them")]
    return Blind(lines=tuple(unread)) if unread else _nothing_left_out(verdict)


def _tells(finding: Finding, worst: Finding | None) -> bool:
    trouble = finding.code in TELLING or finding.blocks or finding.waiver is not None or finding.status is Status.FAIL
    return finding is not worst and (finding.entity is not None or trouble)


def _row(finding: Finding, titles: Titles) -> Row:
    note = finding.reason if finding.required else f"not required: {finding.reason}"
    if finding.ended:
        note = f"expired: the waiver of {finding.ended.approved_by} until {finding.ended.until}. {note}"
    if finding.waiver:
        note = f"until {finding.waiver.until}, approved by {finding.waiver.approved_by}: {finding.waiver.reason}"
    return Row(
        mark="pass" if finding.waiver else _MARK[finding.status],
        word=_word(finding),
        subject=finding.subject,
        kind=sentences.capital(sentences.title(finding.entity, titles)) if finding.entity else finding.code,
        counted=sentences.found_in(finding),
        bar=_bar(finding.share) if finding.entity else None,
        note=sentence(note),
    )


def _word(finding: Finding) -> str:
    if finding.waiver:
        return "Waived"
    return "Expired" if finding.ended else finding.status.value.capitalize()


def _bar(share: float | None) -> int | None:
    if share is None:
        return None
    return 0 if share <= 0 else max(1, round(_BAR * (6 + math.log10(min(share, 1.0))) / 6))


def _unanswered(finding: Finding) -> bool:
    return finding.status is Status.UNKNOWN


def _nothing_left_out(verdict: Verdict) -> Blind:
    if verdict.gate not in SCANS:
        answered = any(finding.status is not Status.NOT_APPLICABLE for finding in verdict.findings)
        if answered:
            return Blind(complete="Nothing left out. Every question was answered.")
        return Blind(lines=(line("Nothing was asked."),))
    seen, there = verdict.rows_scanned, verdict.rows_present
    if seen == 0 or not verdict.columns:
        return Blind(lines=(line("Nothing was read."),))
    if verdict.sampled:
        return Blind(lines=(line(f"{seen:,} of {verdict.sampled.of:,} rows were read, a {verdict.sampled}."),))
    if there is not None and there != seen:
        return Blind(lines=(line(f"{seen:,} of {there:,} rows were read."),))
    every = "The only row" if seen == 1 else f"All {seen:,} rows"
    return Blind(complete=f"Nothing left out. {every} and all columns were read.")
