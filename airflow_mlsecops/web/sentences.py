"""What one finding says on a page: a sentence, the reasons, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import takewhile

from airflow_mlsecops.core.finding import Finding, Novelty, Status
from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.judge_readers import POSSIBLE
from airflow_mlsecops.core.verdict import Verdict
from airflow_mlsecops.core.words import LONGEST_COMMAND, MOST_COMMANDS, share
from airflow_mlsecops.web.line import Line, Span, code, line, name, prose, sentence, strong

Titles = Mapping[str, str]

_HOW = {
    "validated": "every one checked, none guessed",
    "pattern": "recognised by their shape",
    "name and values": "recognised by the name of the column and the shape of its values",
}
_NOVELTY = {
    Novelty.NEW: "Yes. No recent passing run had it in this column.",
    Novelty.FIRST_SEEN: "First seen. There is no earlier passing run to compare with.",
    Novelty.KNOWN: "No. It is known in this column.",
}


_STRANGERS = ("READER_NOT_ALLOWED", POSSIBLE)


class Pair(Frozen):
    """One reason inside a verdict: a label and what it says."""

    label: str
    line: Line


def title(entity: str, titles: Titles) -> str:
    """What people call an entity; its name where nothing is known of it."""
    return titles.get(entity, entity)


def plural(words: str) -> str:
    """More than one of them: ``e-mail addresses``, ``dates of birth``; names in capitals get no ending."""
    head, of, rest = words.partition(" of ")
    if not head or head == head.upper():
        return words if "_" in words else f"{words}s"
    if head.endswith(("s", "x", "ch", "sh")):
        ending = f"{head}es"
    elif head.endswith("y") and head[-2:-1] not in "aeiou":
        ending = f"{head[:-1]}ies"
    else:
        ending = f"{head}s"
    return f"{ending}{of}{rest}"


def capital(words: str) -> str:
    """The same with a capital at the start."""
    return words[:1].upper() + words[1:]


def say(finding: Finding, titles: Titles) -> Line:
    """What is wrong, in one or two sentences."""
    if finding.entity:
        what = plural(title(finding.entity, titles))
        but = _BUT.get(finding.code, "This dataset may not hold them.")
        return line("Column ", name(finding.subject, stressed=True), " holds ", strong(what), f". {but}")
    if finding.status is Status.UNKNOWN:
        return prose(f"Could not tell: {finding.reason.rstrip('.')}.")
    return sentence(finding.reason)


_BUT = {
    "ENTITY_NEW": "No passing run had them in this column before.",
    "NO_RULE": "The target may not hold them, and no rule says how they are made harmless. Nothing was written.",
    "RESIDUE": "They were to be removed.",
}


def brief(finding: Finding, titles: Titles) -> Line:
    """What is wrong, as the end of a sentence that named the task."""
    if finding.entity:
        return line("column ", name(finding.subject), f" holds {plural(title(finding.entity, titles))}.")
    return prose(f"{finding.reason.rstrip('.')}.")


def pairs(finding: Finding, titles: Titles) -> tuple[Pair, ...]:
    """The reasons behind the sentence."""
    told = _about_entity(finding, titles) if finding.entity else _about_question(finding)
    if finding.waiver:
        waiver = finding.waiver
        until = f"until {waiver.until}, approved by {waiver.approved_by}: {waiver.reason}"
        told = (*told, Pair(label="Waived", line=prose(until)))
    if finding.ended:
        ended = f"the waiver of {finding.ended.approved_by}, until {finding.ended.until}, covers it no more"
        told = (Pair(label="Expired", line=prose(ended)), *told)
    return tuple(pair for pair in told if pair.line)


def worst(verdict: Verdict) -> Finding | None:
    """The finding that speaks for a verdict: of many strangers the one that counts them, not one of them."""
    if verdict.worst and verdict.worst.code in _STRANGERS:
        return strangers(verdict) or verdict.worst
    return verdict.worst


def strangers(verdict: Verdict) -> Finding | None:
    """The finding that tells of all readers whom the policy does not list, if there are any."""
    return next((one for one in verdict.findings if one.code == "READERS" and one.status is not Status.PASS), None)


def steps(
    findings: Iterable[Finding], *, record_id: str, again: Line = (), most: int = 2, end: str = ""
) -> tuple[Line, ...]:
    """What to do: the remedies of the worst findings, then what lets the gate look again.

    :param end: what ends each command where it is run
    """
    remedies = dict.fromkeys((f.remedy.replace("RECORD", record_id), f.commands) for f in findings if f.remedy)
    first = tuple(to_run(sentence(remedy), run, end) for remedy, run in list(remedies)[:most])
    return (*first, again) if first and again else first


def to_run(said: Line, run: tuple[str, ...], end: str = "") -> Line:
    """A remedy and the commands for it, as one block; those that could not be shown whole are counted.

    :param end: what ends each command where it is run
    """
    if not run:
        return said
    # One that cannot be shown may be what those after it rely on: they are left out too.
    shown = tuple(takewhile(lambda one: one.isprintable() and len(one) <= LONGEST_COMMAND, run[:MOST_COMMANDS]))
    rest = len(run) - len(shown)
    block = Span(text="\n".join(f"{command}{end}" for command in shown), kind="commands")
    return line(*said, block, f" {rest:,} more cannot be shown here; the JSON has all of them." if rest else "")


def found_in(finding: Finding) -> str:
    """How many rows of how many, as ``212 rows, 0.020 %``; empty where nothing was counted."""
    if finding.rows is None or finding.status is Status.UNKNOWN:
        return ""
    part = finding.share
    return f"{share(part)}, {rows(finding.rows)}" if part is not None else rows(finding.rows)


def rows(number: int) -> str:
    """``1 row``, ``1,031 rows``."""
    return f"{number:,} row{'' if number == 1 else 's'}"


def _about_entity(finding: Finding, titles: Titles) -> tuple[Pair, ...]:
    entity = finding.entity or ""
    level = (", ", Span(text=finding.level.value, kind="level")) if finding.level else ()
    kind = line(f"{capital(title(entity, titles))} ", code(entity, quiet=True), *level)
    return (
        Pair(label="Found in", line=_counted(finding)),
        Pair(label="Class", line=kind),
        Pair(label="New", line=line(_NOVELTY[finding.novelty] if finding.novelty else "")),
        Pair(label="Comes from", line=_origin(finding)),
        Pair(label="Rule", line=_rule(finding, _own_reason(finding))),
    )


def _about_question(finding: Finding) -> tuple[Pair, ...]:
    unknown = finding.status is Status.UNKNOWN
    why = "The policy requires this answer." if finding.required and unknown else "The policy asks for it."
    return (
        Pair(label="About", line=line(name(finding.subject))),
        Pair(label="Expected", line=prose(finding.expected or "")),
        Pair(label="Found", line=prose(finding.got or "")),
        Pair(label="Rows", line=line(rows(finding.rows) if finding.rows else "")),
        Pair(label="Check", line=line(code(finding.code))),
        Pair(label="Why it stops" if unknown else "Rule", line=_rule(finding, why) if finding.rule else ()),
    )


def _counted(finding: Finding) -> Line:
    if finding.rows is None:
        return ()
    of = f" of {finding.of:,} ({share(finding.share or 0.0)})" if finding.of else ""
    how = _HOW.get(finding.how or "", finding.how or "")
    return line(strong(rows(finding.rows)), of, f"; {how}" if how else "")


def _origin(finding: Finding) -> Line:
    origin = finding.origin
    if origin is None:
        return ()
    compared = f"{origin.compared:,} different one{'' if origin.compared == 1 else 's'} compared"
    also = f": {share(origin.share)} of these values are also there ({compared})."
    return line("Most likely ", name(origin.parent), " column ", name(origin.column, stressed=True), also)


def _own_reason(finding: Finding) -> str:
    """The reason without what the pair "Comes from" says already."""
    origin = finding.origin
    if origin is None:
        return finding.reason
    return finding.reason.replace(f"; {share(origin.share)} of it stands in {origin.parent} column {origin.column}", "")


def _rule(finding: Finding, reason: str) -> Line:
    said = prose(capital(reason).rstrip("."))
    return line(*said, ": ", Span(text=finding.rule, kind="rule"), ".") if finding.rule else line(*said, ".")
