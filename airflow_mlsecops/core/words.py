"""The words a user sees in the log and on the terminal: counts and names, never a value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from airflow_mlsecops.core.answer import Answer, Reply
from airflow_mlsecops.core.finding import TELLING, Finding, Novelty, Status
from airflow_mlsecops.core.gate import SCANS
from airflow_mlsecops.core.verdict import Outcome, Verdict

MOST_COMMANDS = 50
LONGEST_COMMAND = 2_000
"""What of a finding's commands is shown to people; the record has all of them."""


def headline(verdict: Verdict) -> str:
    """One line: outcome, dataset, partition, policy, rows and seconds."""
    waived = f" ({len(verdict.waived)} waived)" if verdict.waived and verdict.outcome is Outcome.PASS else ""
    expired = sum(finding.ended is not None for finding in verdict.findings)
    waived += f" ({expired} EXPIRED)" if expired else ""
    observed = "" if verdict.enforced else "  [observe mode: nothing was stopped]"
    place = "  ".join(text for text in (printable(verdict.dataset), printable(verdict.partition)) if text)
    return f"{verdict.outcome.name}{waived}  {place}   ({', '.join(_facts(verdict))}){observed}"


def render(verdict: Verdict, titles: Mapping[str, str], *, record: str = "", signer: str = "", link: str = "") -> str:
    """The whole verdict as text: the headline, what blocks, what was not looked at, the record.

    :param titles: what people call an entity, by its name
    """
    lines = [headline(verdict), *_answer(verdict.answer)]
    told = [finding for finding in verdict.findings if finding.blocks or finding.waiver]
    quiet = [f for f in verdict.findings if (f.entity or f.code in TELLING) and f not in told]
    for finding in (*told, *quiet):
        lines += [f"  {line}" for line in _explain(finding, titles)]
    lines += [f"  not looked at: {printable(skipped.detail)}" for skipped in verdict.not_looked_at]
    if record:
        lines.append(" ".join(filter(None, (f"Record {record[:16]}…", f"signed by {signer}." if signer else "", link))))
    return "\n".join(lines)


def _answer(answer: Answer | None) -> list[str]:
    """What was asked of people, or what one of them said."""
    if answer is None:
        return []
    until = f" until {answer.until}" if answer.until else ""
    if answer.reply is Reply.ASKED:
        by = f", by {answer.deadline:%Y-%m-%d %H:%M} UTC" if answer.deadline else ""
        return [f"  asked: {printable(', '.join(answer.approvers))} may approve this{until}{by}"]
    who = f" by {printable(answer.answered_by)}" if answer.answered_by else ""
    why = f": {printable(answer.reason, 1_000)}" if answer.reason else ""
    return [f"  {answer.reply.value}{who}{until}{why}"]


def share(part: float) -> str:
    """A share of rows that still shows one in a million: ``0.098 %``, ``97 %``, ``0.0001 %``."""
    percent = part * 100
    if percent == 0 or percent >= 10:
        return f"{percent:.0f} %"
    return f"{percent:.2g} %" if percent < 0.1 else f"{percent:.2f} %"


def printable(text: str, limit: int = 300) -> str:
    """A name as it may safely stand in a log: control and direction marks drawn, cut to ``limit`` characters.

    A column named with line feeds could otherwise forge a log line that reads PASS.
    """
    drawn = "".join(letter if letter.isprintable() else f"<U+{ord(letter):04X}>" for letter in text)
    return drawn if len(drawn) <= limit else f"{drawn[:limit]}…"


def _facts(verdict: Verdict) -> list[str]:
    facts = [f"policy {verdict.policy[:6]}"] if verdict.policy else []
    if verdict.gate in SCANS:
        present = verdict.rows_scanned if verdict.rows_present is None else verdict.rows_present
        bound = f", {verdict.sampled}" if verdict.sampled else ""
        facts.append(f"{verdict.rows_scanned:,} of {present:,} rows{bound}" if present else "no row read")
    else:
        passed = sum(finding.status is Status.PASS for finding in verdict.findings if finding.required)
        asked = [f for f in verdict.findings if f.required and f.status is not Status.NOT_APPLICABLE]
        facts.append(f"{passed} of {len(asked)} required answers passed")
    return [*facts, f"{verdict.seconds:.1f} s"]


def _explain(finding: Finding, titles: Mapping[str, str]) -> list[str]:
    lines = ["  ".join(filter(None, (printable(finding.subject), *_kind(finding), _count(finding), _news(finding))))]
    if not finding.blocks and not finding.waiver and finding.code not in TELLING:
        return lines
    place = f" ({finding.rule})" if finding.rule else ""
    lines.append(f"  {finding.code}: {printable(finding.reason, 600)}{place}")
    if finding.expected or finding.got:
        lines.append(f"  expected {printable(finding.expected or '-')}, got {printable(finding.got or '-')}")
    if finding.ended:
        ended = finding.ended
        lines.append(f"  EXPIRED: waiver {ended.id}, until {ended.until} by {printable(ended.approved_by)}")
    if finding.waiver:
        by, why = printable(finding.waiver.approved_by), printable(finding.waiver.reason, 1_000)
        lines.append(f"  waived until {finding.waiver.until} by {by}: {why}")
    elif finding.remedy:
        lines.append(f"  → {printable(finding.remedy, 600)}")
        lines += [f"      {text}" for text in commands(finding)]
    return lines


def commands(finding: Finding) -> Iterator[str]:
    """What to run, each on a line of its own; one that would have to be cut is not shown, for half of it is another."""
    for command in finding.commands[:MOST_COMMANDS]:
        text = printable(command, LONGEST_COMMAND + 1)
        yield text if len(text) <= LONGEST_COMMAND else f"(a command of {len(command):,} characters)"
    if len(finding.commands) > MOST_COMMANDS:
        yield f"(and {len(finding.commands) - MOST_COMMANDS:,} more)"


def _kind(finding: Finding) -> tuple[str, str]:
    return (finding.entity or finding.status.value.upper(), finding.level.value if finding.level else "")


def _count(finding: Finding) -> str:
    if finding.rows is None or finding.entity is None:
        return ""
    how = f", {finding.how}" if finding.how else ""
    return f"{finding.rows:,} rows ({share(finding.share or 0.0)}){how}"


def _news(finding: Finding) -> str:
    if finding.ended:
        return "EXPIRED"
    if finding.novelty is Novelty.NEW:
        return "NEW"
    return "FIRST SEEN" if finding.novelty is Novelty.FIRST_SEEN else ""
