"""A scan as people read it, or as one JSON document."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from airflow_mlsecops import __version__
from airflow_mlsecops.cli.preview import WHOLE, Preview, Stage
from airflow_mlsecops.cli.screen import Cell, Screen
from airflow_mlsecops.core.finding import TELLING, Finding, Status
from airflow_mlsecops.core.judge_allow import ALLOWED
from airflow_mlsecops.core.words import headline, printable, share

SCHEMA = "airflow-mlsecops/scan/1"
_ROWS = 60
_NAMES = 8
_HEADS = ("column", "holds", "in the policy", "level", "rows", "share", "how", "judgement")


def print_json(preview: Preview) -> None:
    """One document; ASCII, so that no name in it can act on a terminal."""
    document = {
        "schema": SCHEMA,
        "producer": f"airflow-mlsecops {__version__}",
        "recorded": False,
        "outcome": preview.verdict.outcome.value,
        "policy": {"location": preview.policy, "digest": preview.verdict.policy},
        "stage": preview.stage.model_dump(mode="json") if preview.stage else None,
        "columns": [column.model_dump(mode="json") for column in preview.columns],
        "verdict": preview.verdict.model_dump(mode="json"),
    }
    print(json.dumps(document, indent=2, ensure_ascii=True))


def print_text(preview: Preview, *, color: bool) -> None:
    """The columns that hold something, the verdict, what stands against it, and what it is worth."""
    screen = Screen(color=color)
    if preview.columns:
        _print_columns(preview, screen)
    word, _, rest = headline(preview.verdict).partition(" ")
    screen.verdict(word, f" {rest}")
    for line in _against(preview.verdict.findings):
        screen.line(line)
    for finding in preview.verdict.findings:
        if finding.code in TELLING - {ALLOWED}:
            screen.line(f"  {finding.code}: {finding.subject}: {finding.reason} ({finding.rule})", style="yellow")
            screen.line(f"    → {finding.remedy}")
    for line in _worth(preview):
        screen.line(line, style="dim")


def _print_columns(preview: Preview, screen: Screen) -> None:
    found = [finding for finding in preview.verdict.findings if finding.entity]
    if found:
        screen.table(_HEADS, (_row(finding, preview.titles) for finding in found[:_ROWS]), numbers=("rows", "share"))
    if len(found) > _ROWS:
        screen.line(f"… and {len(found) - _ROWS:,} more: --json lists all", style="dim")
    quiet = len({column.name for column in preview.columns} - {finding.subject for finding in found})
    if quiet:
        noun = "column" if quiet == 1 else "columns"
        screen.line(f"{quiet:,} {'other ' if found else ''}{noun}: nothing found", style="dim")
    screen.line()


def _row(finding: Finding, titles: Mapping[str, str]) -> tuple[Cell, ...]:
    return (
        (finding.subject, "bold" if finding.blocks else ""),
        titles.get(finding.entity or "", finding.entity or ""),
        finding.entity or "",
        finding.level.value if finding.level else "",
        f"{finding.rows or 0:,}",
        share(finding.share or 0.0),
        finding.how or "",
        _judgement(finding),
    )


def _judgement(finding: Finding) -> Cell:
    if finding.waiver:
        return (f"waived until {finding.waiver.until}", "yellow")
    if finding.code == ALLOWED:
        return (f"allow list ({finding.rule})", "green")
    if finding.blocks:
        return ("new" if finding.code == "ENTITY_NEW" else "not allowed", "bold red")
    return ("allowed", "green")


def _against(findings: Iterable[Finding]) -> Iterator[str]:
    """What blocks, each reason once with the columns it concerns."""
    groups: dict[tuple[str, str, str, str], list[str]] = defaultdict(list)
    for finding in findings:
        if finding.blocks:
            told = "not looked at" if finding.status is Status.UNKNOWN else finding.code
            reason = f"{finding.reason} ({finding.rule})" if finding.rule else finding.reason
            groups[told, finding.code, reason, finding.remedy or ""].append(finding.subject)
    for (told, code, reason, remedy), subjects in groups.items():
        label = told if told == code else f"{told} ({code})"
        yield f"  {label}: {reason}"
        if subjects != [WHOLE]:
            yield f"    {_names(subjects)}"
        if remedy:
            yield f"    → {remedy}"


def _names(subjects: list[str]) -> str:
    distinct = list(dict.fromkeys(subjects))
    more = len(distinct) - _NAMES
    named = ", ".join(printable(name, 80) for name in distinct[:_NAMES])
    return named + (f" and {more:,} more" if more > 0 else "")


def _worth(preview: Preview) -> Iterator[str]:
    if preview.stage:
        yield f"Judged {_as(preview.stage)}, by the policy at {preview.policy}."
    yield (
        "Nothing was recorded, and no ledger was asked what is new here: only a gate in a DAG leaves proof that a "
        "sealed task accepts."
    )


def _as(stage: Stage) -> str:
    if stage.asked:
        says = f"says {stage.declared}" if stage.declared else "does not declare it"
        return f"as if it stood in stage {stage.name} (what if: the policy {says})"
    return f"in stage {stage.name}" if stage.declared else f"in stage {stage.name}, the strictest: no line declares it"
