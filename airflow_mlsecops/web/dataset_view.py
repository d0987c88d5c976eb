"""One dataset as its page shows it: pure."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from urllib.parse import quote

from airflow_mlsecops.core.finding import Novelty, Status
from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.policy import Policy
from airflow_mlsecops.core.words import share
from airflow_mlsecops.ledger.dataset import Found, ScanRun, Wanted
from airflow_mlsecops.web import sentences
from airflow_mlsecops.web.addresses import of_dataset, of_record, of_run
from airflow_mlsecops.web.cost import size
from airflow_mlsecops.web.dataset_changes import MOST_CHANGES, ChangeLine, change_lines
from airflow_mlsecops.web.dataset_line import Shown
from airflow_mlsecops.web.dataset_readers import question
from airflow_mlsecops.web.dataset_report import DatasetReport, ScanFacts, report_of, shown_of, worst_of
from airflow_mlsecops.web.line import Line, Span, code, line, name, sentence
from airflow_mlsecops.web.sentences import Titles
from airflow_mlsecops.web.traced import Traces, day_of

MOST_LINES = 300


class Lead(Frozen):
    """The one note that leads the page.

    :param run: the run that says so, with a link to its Security tab
    """

    kind: Literal["fail", "unknown", "pass", "ending", "observed"]
    head: Line
    then: Line = ()
    run: Line = ()


class Choice(Frozen):
    """One option of a form."""

    value: str
    text: str
    chosen: bool


class DatasetView(Frozen):
    """The page.

    :param links: of downloads, by word
    :param elsewhere: the other environments, with the page of each
    :param asked: what a form must ask again, by name; ``asked_partition`` with the partition
    :param newest: the newest scan; ``read``: how much it read
    :param scans: to compare with; ``partitions``: to look at
    :param record: address of the newest scan's record, relative to this app's root
    """

    report: DatasetReport
    shown: Shown
    lead: Lead
    links: tuple[tuple[str, str], ...]
    elsewhere: tuple[tuple[str, str], ...]
    asked: tuple[tuple[str, str], ...]
    asked_partition: tuple[tuple[str, str], ...]
    newest: ScanFacts | None
    read: str
    scans: tuple[Choice, ...]
    partitions: tuple[Choice, ...]
    changes: tuple[ChangeLine, ...]
    more_changes: int
    since: str
    more_lines: int
    record: str
    question: str
    today: str


def dataset_view(found: Found, wanted: Wanted, traces: Traces, *, policy: Policy | None, titles: Titles) -> DatasetView:
    """Tell how one dataset stands.

    :param policy: ``None`` where it could not be read
    """
    report = report_of(found, wanted, traces, policy=policy, titles=titles)
    shown = shown_of(found, wanted, policy, titles)
    more = {"dag": wanted.dag_id, "partition": wanted.partition or "", "scan": wanted.scan}
    newest = max(found.now.entries, key=lambda entry: entry.sequence, default=None)
    facts = next((one for one in report.scans if newest and one.record == newest.record.id), None)
    named = (("name", wanted.dataset), ("env", found.environment), ("dag", wanted.dag_id))
    asked = tuple((key, value) for key, value in named if value)
    return DatasetView(
        report=report,
        shown=shown,
        lead=_lead(found, report, shown, titles),
        links=tuple(
            (word, of_dataset(wanted.dataset, found.environment, kind=kind, **more))
            for word, kind in (("JSON", ".json"), ("CSV", ".csv"), ("CycloneDX", ".cdx.json"))
        ),
        elsewhere=tuple(
            (environment, of_dataset(wanted.dataset, environment))
            for environment in found.environments
            if environment != found.environment
        ),
        asked=asked,
        asked_partition=(*asked, *([("partition", wanted.partition)] if wanted.partition else [])),
        newest=facts,
        read=size(facts.bytes_read) if facts else "",
        scans=_scans(report),
        partitions=_partitions(report),
        changes=change_lines(report.changes, titles),
        more_changes=max(0, len(report.changes.changes) - MOST_CHANGES),
        since=_since(report.changes.before),
        more_lines=max(0, len(report.columns.lines) - MOST_LINES),
        record=of_record(newest.record.run, newest.record.id) if newest else "",
        question=question(report.uri),
        today=wanted.today.isoformat(),
    )


def seen_since(first: str, last: str, today: str) -> tuple[str, str]:
    """Since which day something was seen, and until when; empty where nobody knows."""
    since, until = day_of(first), day_of(last)
    if not since:
        return "", ""
    if since == until:
        return since, "today, first time" if since == today else "seen on that day alone"
    return since, f"to {'today' if until == today else until}"


def moment(text: str) -> str:
    """An ISO moment as Airflow writes it; as it is where it is none."""
    try:
        return f"{datetime.fromisoformat(text):%Y-%m-%d %H:%M:%S}"
    except ValueError:
        return text


def _lead(found: Found, report: DatasetReport, shown: Shown, titles: Titles) -> Lead:
    if not report.verified:
        return _not_verified(found)
    run = _run(found)
    if shown.mark in ("fail", "unknown"):
        kind: Literal["fail", "unknown", "observed"] = "observed" if shown.observed else _TROUBLE[shown.mark]
        return Lead(kind=kind, head=_wrong(found, titles), then=_more(found), run=run)
    if shown.mark in ("ending", "waived"):
        return Lead(kind="ending" if shown.mark == "ending" else "pass", head=shown.why or _WAIVED, run=run)
    return Lead(kind="pass", head=line("Nothing needs you: the newest run of every gate passed."), run=run)


_TROUBLE: dict[str, Literal["fail", "unknown"]] = {"fail": "fail", "unknown": "unknown"}
_WAIVED = line("It passes by a waiver.")


def _not_verified(found: Found) -> Lead:
    many = found.now.unverified
    what = "Records of this dataset do not verify" if many > 1 else "A record of this dataset does not verify"
    return Lead(
        kind="fail",
        head=line(f"{what}: how it stands is not known."),
        then=line(
            "It was changed after it was written, or is signed by a key that is not trusted. Tell the security team; ",
            code("airflow-mlsecops ledger verify"), " names it.",
        ),
    )  # fmt: skip


def _wrong(found: Found, titles: Titles) -> Line:
    worst = worst_of(found)
    return sentences.say(worst, titles) if worst else line("Could not tell: this gate asked nothing.")


def _more(found: Found) -> Line:
    """What is new about it, where it comes from, and how much more there is."""
    worst = worst_of(found)
    entry = found.line.entry
    if worst is None or entry is None:
        return ()
    pieces: list[Span | str] = []
    if worst.novelty is Novelty.NEW:
        pieces.append("They are new: no recent passing run had them in this column. ")
    if worst.origin:
        parent = Span(text=worst.origin.parent, kind="page", href=of_dataset(worst.origin.parent))
        pieces += [f"{share(worst.origin.share)} of these values are also in ", parent, " column "]
        pieces += [name(worst.origin.column), ". "]
    more = sum(finding.blocks for finding in entry.record.verdict.findings) - 1
    pieces += [f"{more:,} more to fix. "] if more > 0 else []
    if worst.status is Status.UNKNOWN and worst.remedy:
        pieces += sentence(worst.remedy)
    return line(*pieces)


def _run(found: Found) -> Line:
    entry = found.line.entry
    if entry is None:
        return ()
    run, verdict = entry.record.run, entry.record.verdict
    link = Span(text=run.run_id, kind="airflow", href=of_run(run))
    dag = Span(text=run.dag_id, kind="airflow", href=f"dags/{quote(run.dag_id, safe='')}")
    if verdict.stops:
        said = " was stopped. The verdict there says what to do."
    elif verdict.outcome.value != "pass":
        said = " would have been stopped: its gates only observe."
    else:
        said = " passed."
    return line("Run ", link, " of Dag ", dag, said)


def _scans(report: DatasetReport) -> tuple[Choice, ...]:
    chosen = report.changes.before.id if report.changes.before else ""
    return tuple(Choice(value=run.id, text=_named(run), chosen=run.id == chosen) for run in report.changes.runs)


def _named(run: ScanRun) -> str:
    partitions = [partition for partition in run.partitions if partition]
    of = f", {partitions[0]}" if len(partitions) == 1 else f", {len(partitions)} partitions" if partitions else ""
    return f"{moment(run.time)}{of}, {run.dag_id}"


def _partitions(report: DatasetReport) -> tuple[Choice, ...]:
    if len(report.others) < 2 and report.partition is None:
        return ()
    asked = report.partition
    return (
        Choice(value="", text="As last scanned", chosen=asked is None),
        *(Choice(value=one, text=one, chosen=one == asked) for one in report.others),
    )


def _since(run: ScanRun | None) -> str:
    if run is None:
        return "Changed since the scan before"
    day = date.fromisoformat(day_of(run.time)) if day_of(run.time) else None
    return f"Changed since the scan of {day.day} {day:%B}" if day else "Changed since the scan before"
