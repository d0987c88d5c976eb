"""What an approver reads in Airflow's Required Actions: Markdown in names and counts, never a value.

It is made of the record of the question alone, so that what Airflow shows can be compared with what was recorded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from airflow_mlsecops.core.approval import APPROVE, DENY, LONGEST_REASON
from airflow_mlsecops.core.finding import Finding, Novelty
from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.record import Record
from airflow_mlsecops.core.words import printable, share

MOST_TOLD = 50
"""Of how many findings one question can be: nobody approves what they have not read."""
_LONGEST_SUBJECT = 200
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>()#+|~!&$^=-])")
_TABLE = ("| Where | What | Rows | Share | Comes from | Why it stops |", "|---|---|--:|--:|---|---|")


class Question(Frozen):
    """What is shown: a headline and a text in Markdown."""

    subject: str
    body: str
    options: tuple[str, ...] = (APPROVE, DENY)


def question(record: Record, titles: Mapping[str, str]) -> Question:
    """Tell what was asked.

    :param record: of the question, in the ledger
    :param titles: what people call an entity, by its name
    """
    findings = record.verdict.findings
    return Question(
        subject=printable(f"Approve {_count(findings)} in {record.verdict.dataset}?", _LONGEST_SUBJECT),
        body="\n".join(_body(record, titles)),
    )


def plain(text: str) -> str:
    """Text as Markdown that shows it and does nothing else: no link, no HTML, no row of a table."""
    shown = _MARKDOWN.sub(r"\\\1", printable(text, 600))
    # Addresses are made links even where every sign of them is escaped.
    return re.sub(r"(?i)(https?|ftp)(://)", r"\1 \2", shown).replace("www.", "www .").replace("@", " @ ")


def code(name: str) -> str:
    """A name as Markdown shows it letter by letter."""
    shown = printable(name).replace("`", "<U+0060>").replace("|", "<U+007C>")
    return f"`{shown}`" if shown.strip() else "–"


def _body(record: Record, titles: Mapping[str, str]) -> Iterator[str]:
    verdict, run = record.verdict, record.run
    part = f", partition {code(verdict.partition)}" if verdict.partition else ""
    yield f"{code(f'{run.dag_id}.{run.task_id}')} stopped at {code(verdict.dataset)}{part}:"
    yield ""
    yield from _TABLE
    yield from (_row(finding, titles) for finding in verdict.findings)
    yield ""
    remedies = dict.fromkeys(finding.remedy for finding in verdict.findings if finding.remedy)
    if remedies:
        yield "**Better than to approve:**"
        yield ""
        yield from (f"- {plain(remedy)}" for remedy in remedies)
        yield ""
    yield from _meaning(record)
    yield from _bounds(record)


def _row(finding: Finding, titles: Mapping[str, str]) -> str:
    rows = "" if finding.rows is None else f"{finding.rows:,}" + (f" of {finding.of:,}" if finding.of else "")
    part = "" if finding.share is None else share(finding.share)
    cells = (code(finding.subject), _what(finding, titles), rows, part, _origin(finding), _why(finding))
    return f"| {' | '.join(cells)} |"


def _what(finding: Finding, titles: Mapping[str, str]) -> str:
    if not finding.entity:
        return code(finding.code)
    news = {Novelty.NEW: ", **new**", Novelty.FIRST_SEEN: ", first seen"}
    level = f", {finding.level.value}" if finding.level else ""
    title = plain(titles.get(finding.entity, finding.entity))
    return f"{title} {code(finding.entity)}{level}{news.get(finding.novelty or Novelty.KNOWN, '')}"


def _origin(finding: Finding) -> str:
    origin = finding.origin
    return f"{code(origin.parent)} column {code(origin.column)}, {share(origin.share)}" if origin else ""


def _why(finding: Finding) -> str:
    expired = "**EXPIRED**: " if finding.ended else ""
    rule = f" ({code(finding.rule)})" if finding.rule else ""
    return f"{expired}{plain(finding.reason)}{rule}"


def _meaning(record: Record) -> Iterator[str]:
    yield (
        f"**If you approve**, these findings and no others pass in this dataset and in environment "
        f"{code(record.environment)}, in this run and in the next ones, until the day that you give; sooner, where "
        "one of them comes to more than twice its share. The gate looks at the data once more before the run goes on, "
        "and your name and your justification stay in the ledger for good."
    )
    yield ""


def _bounds(record: Record) -> Iterator[str]:
    answer = record.verdict.answer
    if answer is None:
        return
    approvers, requesters = (", ".join(map(code, names)) for names in (answer.approvers, answer.requested_by))
    yield f"- May answer: {approvers}. May not: {requesters}, who asked."
    yield f"- `until`: {answer.until} at the latest, as a day or a number of days."
    yield f"- `justification`: why this is acceptable, in at most {LONGEST_REASON:,} characters without personal data."
    if answer.deadline:
        yield f"- Without an answer by {answer.deadline:%Y-%m-%d %H:%M} UTC, it is denied."
    yield "- Another answer is refused and asked for again; the task's log and its Security tab say why."
    yield ""
    yield f"More stands in the **Security** tab of the run. Record {code(answer.stopped)}."


def _count(findings: tuple[Finding, ...]) -> str:
    return f"{len(findings):,} finding{'' if len(findings) == 1 else 's'}"
