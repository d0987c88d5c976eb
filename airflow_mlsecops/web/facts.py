"""The facts at the top of a verdict: small label over value, read in five seconds. Pure."""

from __future__ import annotations

from airflow_mlsecops.core.finding import Finding, Novelty, Status
from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.gate import OF_DATA, SCANS, Gate
from airflow_mlsecops.core.record import Record
from airflow_mlsecops.core.verdict import Verdict
from airflow_mlsecops.core.words import share
from airflow_mlsecops.web import addresses, sentences
from airflow_mlsecops.web.cost import seconds
from airflow_mlsecops.web.line import Line, Span, code, line, name
from airflow_mlsecops.web.sentences import Titles

_SURE = {
    "validated": ("Certain", "every one checked"),
    "pattern": ("Likely", "by their shape"),
    "name and values": ("Likely", "by the column's name and their shape"),
    "values alike": ("Likely", "alike what is known of them"),
}
_NEW = {
    Novelty.NEW: ("Yes", "no recent passing run had it here"),
    Novelty.FIRST_SEEN: ("First seen", "there is nothing earlier to compare with"),
    Novelty.KNOWN: ("No", "known in this column"),
}


class Fact(Frozen):
    """A label, its value, and what is to be known of it."""

    label: str
    line: Line
    small: Line = ()


def facts_of(record: Record, worst: Finding | None, titles: Titles) -> tuple[Fact, ...]:
    """What is to be known of a verdict, by what speaks for it.

    :param worst: the finding that speaks for it; ``None`` if nothing blocks
    """
    if worst is None or record.verdict.gate is Gate.SEAL:
        told = _read(record.verdict)
    else:
        told = _found(worst, titles) if worst.entity else _asked(worst)
    return tuple(fact for fact in (*told, dataset_fact(record)) if fact.line)


def dataset_fact(record: Record) -> Fact:
    """Which dataset it is about, leading to its page; nothing where the gate asked of none."""
    verdict = record.verdict
    if verdict.gate is Gate.ISOLATION:
        return Fact(label="Environment", line=line(name(verdict.asked or record.environment)))
    part = line("partition ", name(verdict.partition)) if verdict.partition else ()
    return Fact(label="Dataset", line=line(dataset_link(verdict.dataset, record.environment)), small=part)


def dataset_link(identity: str, environment: str) -> Span:
    """A dataset's name, leading to its page."""
    return Span(text=identity, kind="page", href=addresses.of_dataset(identity, environment))


def _found(worst: Finding, titles: Titles) -> tuple[Fact, ...]:
    sure, how = _SURE.get(worst.how or "", (worst.how or "", ""))
    new, since = _NEW[worst.novelty] if worst.novelty else ("", "")
    counted = sentences.rows(worst.rows) if worst.rows is not None else ""
    of = f"{share(worst.share)} of {worst.of:,}" if worst.share is not None and worst.of else ""
    level = (Span(text=worst.level.value, kind="level"),) if worst.level else ()
    return (
        Fact(label="Found in", line=line(counted), small=line(of)),
        Fact(label="How sure", line=line(sentences.capital(sure)), small=line(how)),
        Fact(label="New", line=line(new), small=line(since)),
        Fact(
            label="Level" if level else "Class",
            line=level or line(sentences.capital(sentences.title(worst.entity or "", titles))),
            small=line(code(worst.entity or "", quiet=True)),
        ),
        _origin(worst),
    )


def _origin(worst: Finding) -> Fact:
    if worst.origin is None:
        return Fact(label="Comes from", line=())
    also = f"{share(worst.origin.share)} of them are also there"
    return Fact(
        label="Comes from",
        line=line(name(worst.origin.column, stressed=True)),
        small=line("of ", name(worst.origin.parent), f": {also}"),
    )


def _asked(worst: Finding) -> tuple[Fact, ...]:
    could_not = "could not be told" if worst.status is Status.UNKNOWN else ""
    return (
        Fact(label="About", line=line(name(worst.subject))),
        Fact(label="Check", line=line(code(worst.code)), small=line(could_not)),
        Fact(label="Rows", line=line(sentences.rows(worst.rows) if worst.rows else "")),
    )


def _read(verdict: Verdict) -> tuple[Fact, ...]:
    took = Fact(label="Took", line=line(seconds(verdict.seconds)))
    if verdict.gate not in OF_DATA:
        asked = sum(finding.status is not Status.NOT_APPLICABLE for finding in verdict.findings)
        return (Fact(label="Asked", line=line(f"{asked:,} question{'' if asked == 1 else 's'}")), took)
    present = verdict.rows_present
    of = f"of {present:,}" if present is not None and present != verdict.rows_scanned else ""
    columns = f"{verdict.columns:,}" if verdict.gate in SCANS else ""
    classes = f"{len({seen.entity for seen in verdict.sightings}):,}" if verdict.gate in SCANS else ""
    return (
        Fact(label="Read", line=line(sentences.rows(verdict.rows_scanned)), small=line(of)),
        Fact(label="Columns", line=line(columns)),
        Fact(label="Classes", line=line(classes)),
        took,
    )
