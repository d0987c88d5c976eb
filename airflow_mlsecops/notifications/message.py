"""A message about verdicts, as plain text, HTML and Slack's markup: names and counts, never a value."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Literal

from airflow_mlsecops.core.answer import Reply
from airflow_mlsecops.core.finding import Finding
from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.record import Entry, Run
from airflow_mlsecops.core.verdict import Outcome, Verdict
from airflow_mlsecops.core.waiver import ENDING_DAYS
from airflow_mlsecops.core.words import printable, share

MOST_FINDINGS = 10
MOST_VERDICTS = 10
MOST_SUBJECT = 100
"""Amazon SNS refuses longer ones."""
_MOST_NAME = 200

Titles = Mapping[str, str]


class Part(Frozen):
    """One line; ``href`` is where it leads."""

    kind: Literal["head", "text", "finding", "remedy", "link"]
    text: str
    href: str = ""


class Message(Frozen):
    """What is sent."""

    subject: str
    parts: tuple[Part, ...]

    def forms(self) -> dict[str, str]:
        """The message in every form, by the name that templates know it by."""
        from markupsafe import Markup

        return {
            "subject": _cut(printable(self.subject, MOST_SUBJECT)),
            "text": "\n".join(_text(part) for part in self.parts),
            # Marked as safe, so that an environment that escapes by itself does not do so twice.
            "html": Markup("\n".join(_html(part) for part in self.parts)),  # noqa: S704
            "slack": "\n".join(_slack(part) for part in self.parts),
        }


def _cut(subject: str) -> str:
    """In characters that any service takes, where the names have no others."""
    return subject if len(subject) <= MOST_SUBJECT else f"{subject[: MOST_SUBJECT - 3]}..."


def needs_telling(verdict: Verdict, today: date) -> bool:
    """True of FAIL, of UNKNOWN, and of a pass by a waiver that ends within 14 days."""
    return verdict.outcome is not Outcome.PASS or any(_days_left(one, today) is not None for one in verdict.findings)


def of_task(entry: Entry, titles: Titles, today: date, link: str) -> Message:
    """What is said of one task's verdict."""
    verdict, run = entry.record.verdict, entry.record.run
    word = _word(verdict)
    subject = f"MLSecOps {word}: {_task(run)}, {printable(verdict.dataset, _MOST_NAME)}"
    parts = (*_verdict(entry, titles, today), _of(run), *_link(link))
    return Message(subject=subject, parts=parts)


def of_run(
    where: str, entries: tuple[Entry, ...], silent: tuple[str, ...], titles: Titles, today: date, link: str
) -> Message:
    """What is said of a whole run.

    :param where: the run, as people name it
    :param entries: the newest record of each task that needs telling
    :param silent: tasks that left no record
    """
    worst = min((_RANK[entry.record.verdict.outcome] for entry in entries), default=_RANK[Outcome.UNKNOWN])
    shown = sorted(entries, key=lambda entry: (_RANK[entry.record.verdict.outcome], entry.sequence))[:MOST_VERDICTS]
    parts = [part for entry in shown for part in (*_verdict(entry, titles, today), _of(entry.record.run))]
    parts += _rest(len(entries) - len(shown), "more tasks")
    if silent:
        named = ", ".join(printable(task, _MOST_NAME) for task in silent[:MOST_VERDICTS])
        parts.append(Part(kind="head", text=f"UNKNOWN  No record of {named}"))
        parts += _rest(len(silent) - MOST_VERDICTS, "more without a record")
        parts.append(Part(kind="text", text="They did not run, or were ended before they could leave one."))
        worst = min(worst, _RANK[Outcome.UNKNOWN])
    word = ("FAIL", "UNKNOWN", "PASS, a waiver ends soon")[worst]
    return Message(subject=f"MLSecOps {word}: {printable(where, _MOST_NAME)}", parts=(*parts, *_link(link)))


def _rest(number: int, what: str) -> list[Part]:
    return [Part(kind="text", text=f"and {number:,} {what}")] if number > 0 else []


def unread(where: str, code: str, why: str, link: str) -> Message:
    """What is said where nobody could read what the gates said.

    :param where: the task or run, as people name it
    """
    name = printable(where, _MOST_NAME)
    parts = (
        Part(kind="head", text=f"UNKNOWN  {name}"),
        Part(kind="finding", text=f"{code}: {why}"),
        Part(kind="remedy", text="`airflow-mlsecops doctor` on a worker names the step that fails"),
    )
    return Message(subject=f"MLSecOps UNKNOWN: {name}", parts=(*parts, *_link(link)))


_RANK = {Outcome.FAIL: 0, Outcome.UNKNOWN: 1, Outcome.PASS: 2}


def _verdict(entry: Entry, titles: Titles, today: date) -> Iterator[Part]:
    verdict = entry.record.verdict
    place = "  ".join(printable(text, _MOST_NAME) for text in (verdict.dataset, verdict.partition) if text)
    yield Part(kind="head", text=f"{_word(verdict)}  {place}")
    if not verdict.enforced and verdict.outcome is not Outcome.PASS:
        yield Part(kind="text", text="Observed only: nothing was stopped.")
    if verdict.answer:
        yield Part(kind="text", text=_answered(verdict))
    blocking = [finding for finding in verdict.findings if finding.blocks]
    for finding in blocking[:MOST_FINDINGS]:
        yield Part(kind="finding", text=_finding(finding, titles))
        if finding.remedy:
            yield Part(kind="remedy", text=printable(finding.remedy, 300))
    yield from _rest(len(blocking) - MOST_FINDINGS, "more to fix")
    yield from _ending(verdict, titles, today)
    yield Part(kind="text", text=f"Record {entry.record.id}")


def _ending(verdict: Verdict, titles: Titles, today: date) -> Iterator[Part]:
    ending = [(days, one) for one in verdict.findings if (days := _days_left(one, today)) is not None]
    for days, finding in sorted(ending, key=lambda pair: pair[0])[:MOST_FINDINGS]:
        last = f"in {days} day{'' if days == 1 else 's'}" if days else "today"
        until = finding.waiver.until if finding.waiver else ""
        yield Part(kind="finding", text=f"{_finding(finding, titles)}: its waiver ends {last}, on {until}")
    if ending:
        yield Part(kind="remedy", text="remove the data, or ask again in time: after that day it stops the run")
    yield from _rest(len(ending) - MOST_FINDINGS, "more waivers that end soon")


def _days_left(finding: Finding, today: date) -> int | None:
    """Days until a waiver ends that let this finding through; ``None`` where none ends soon."""
    days = (finding.waiver.until - today).days if finding.waiver else ENDING_DAYS + 1
    return max(days, 0) if days <= ENDING_DAYS else None


def _finding(finding: Finding, titles: Titles) -> str:
    subject = printable(finding.subject, _MOST_NAME)
    if finding.entity:
        title = printable(titles.get(finding.entity, finding.entity), _MOST_NAME)
        counted = "" if finding.rows is None else f", {finding.rows:,} rows ({share(finding.share or 0.0)})"
        said = f"{subject}: {title}{counted} ({finding.code})"
    else:
        said = f"{subject}: {finding.code}, {printable(finding.reason, 300)}"
    if finding.ended:
        said += f". EXPIRED: waiver {printable(finding.ended.id, 100)} held until {finding.ended.until}"
    return said


def _answered(verdict: Verdict) -> str:
    answer = verdict.answer
    if answer is None or answer.reply is Reply.ASKED:
        return "A waiver was asked for, and nobody has answered."
    who = f" by {printable(answer.answered_by, 100)}" if answer.answered_by else ""
    return f"A waiver was asked for: {answer.reply.value}{who}."


def _word(verdict: Verdict) -> str:
    if verdict.outcome is Outcome.PASS and verdict.waived:
        return f"PASS ({len(verdict.waived)} waived)"
    return verdict.outcome.name


def _task(run: Run) -> str:
    mapped = f" [{run.map_index}]" if run.map_index >= 0 else ""
    return printable(f"{run.dag_id}.{run.task_id}{mapped}", _MOST_NAME)


def _of(run: Run) -> Part:
    return Part(kind="text", text=f"Task {_task(run)}, run {printable(run.run_id, _MOST_NAME)}, try {run.try_number}")


def _link(link: str) -> tuple[Part, ...]:
    return (Part(kind="link", text="Open the Security tab of the run", href=link),) if link else ()


_BEFORE = {"finding": "  ", "remedy": "    → ", "head": "", "text": "", "link": ""}


def _text(part: Part) -> str:
    return f"{part.text}: {part.href}" if part.href else f"{_BEFORE[part.kind]}{part.text}"


def _html(part: Part) -> str:
    text = html.escape(part.text)
    if part.href:
        return f'<p><a href="{html.escape(part.href)}">{text}</a></p>'
    return f"<p><strong>{text}</strong></p>" if part.kind == "head" else f"<p>{_BEFORE[part.kind].strip()} {text}</p>"


def _slack(part: Part) -> str:
    if part.href:
        return f"<{_in_slack(part.href)}|{_in_slack(part.text)}>"
    return f"{_BEFORE[part.kind]}{_in_slack(part.text)}"


def _in_slack(text: str) -> str:
    """Text in which nothing is a link, or calls a whole channel."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
