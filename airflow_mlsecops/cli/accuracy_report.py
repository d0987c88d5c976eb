"""What ``airflow-mlsecops eval`` measured, as people read it or as one JSON document; and the gate on it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from airflow_mlsecops import __version__
from airflow_mlsecops.cli.screen import Cell, Screen
from airflow_mlsecops.core.accuracy import Accuracy, Claim, Scores
from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.words import printable

if TYPE_CHECKING:
    from airflow_mlsecops.cli.evaluate import Unread

SCHEMA = "airflow-mlsecops/eval/1"
_HEADS = ("entity", "is", "tp", "fp", "fn", "precision", "recall", "F1")
_LINES = 30


class Answer(NamedTuple):
    """One demand of the gate, and what came of it."""

    passed: bool
    said: str


class Gate(Frozen):
    """What must hold for exit code 0; ``None``: not demanded.

    :param per_entity: every entity must reach ``min_f1``, not only all together
    """

    min_f1: float | None
    per_entity: bool
    max_fp: int | None

    def undecided(self, accuracy: Accuracy) -> bool:
        """True if F1 was demanded of labels that name no entity."""
        return self.min_f1 is not None and not accuracy.named

    def answers(self, accuracy: Accuracy) -> Iterator[Answer]:
        """Every demand with its answer."""
        if self.min_f1 is not None and accuracy.named:
            f1 = accuracy.micro.f1 or 0.0
            yield Answer(f1 >= self.min_f1, f"micro F1 is {f1:.3f}, at least {self.min_f1:g} demanded")
            for entity in accuracy.named if self.per_entity else ():
                own = accuracy.of(entity).f1 or 0.0
                yield Answer(own >= self.min_f1, f"F1 of {entity} is {own:.3f}, at least {self.min_f1:g} demanded")
        if self.max_fp is not None:
            number = accuracy.false_positives
            what = "1 column that holds nothing is" if number == 1 else f"{number:,} columns that hold nothing are"
            said = f"{what} flagged, at most {self.max_fp:,} allowed"
            yield Answer(number <= self.max_fp, said)


def print_json(accuracy: Accuracy, unread: Sequence[Unread], gate: Gate, titles: Mapping[str, str]) -> None:
    """One document; ASCII, so that no name in it can act on a terminal."""
    document = {
        "schema": SCHEMA,
        "producer": f"airflow-mlsecops {__version__}",
        "outcome": _outcome(accuracy, unread, gate).lower(),
        "gate": [{"passed": answer.passed, "said": answer.said} for answer in gate.answers(accuracy)],
        "entities": {
            entity: {"title": titles.get(entity, entity), **_numbers(accuracy.of(entity))}
            for entity in accuracy.entities
        },
        "micro": _numbers(accuracy.micro),
        "macro": {"f1": accuracy.macro, "entities": len(accuracy.named)},
        "false_positive_columns": accuracy.false_positives,
        "quiet_columns": len(accuracy.quiet),
        "missed": _claims(accuracy.missed),
        "mistaken": _claims(accuracy.mistaken),
        "false_positives": _claims(accuracy.alarms),
        "not_looked_at": [one.model_dump(mode="json") for one in unread],
    }
    print(json.dumps(document, indent=2, ensure_ascii=True))


def print_text(
    accuracy: Accuracy, unread: Sequence[Unread], gate: Gate, titles: Mapping[str, str], *, color: bool
) -> None:
    """The table, every wrong column by name, and the gate."""
    screen = Screen(color=color)
    screen.table(_HEADS, _rows(accuracy, titles), numbers=_HEADS[2:])
    screen.line()
    quiet = f"columns that hold nothing by the labels: {len(accuracy.quiet):,}"
    screen.line(f"{quiet}, of which flagged: {accuracy.false_positives:,}")
    _list(screen, "flagged, though nothing is labelled", accuracy.alarms, titles)
    _list(screen, "missed", accuracy.missed, titles)
    _list(screen, "labelled otherwise", accuracy.mistaken, titles)
    if accuracy.alarms or accuracy.missed or accuracy.mistaken:
        screen.line("`airflow-mlsecops explain TABLE COLUMN` says why", style="dim")
    for one in unread:
        screen.verdict("UNKNOWN", f"  {one.table} was not looked at: {one.code}: {one.detail}")
    _print_gate(screen, accuracy, unread, gate)


def _print_gate(screen: Screen, accuracy: Accuracy, unread: Sequence[Unread], gate: Gate) -> None:
    screen.line()
    answers = list(gate.answers(accuracy))
    for answer in answers:
        screen.verdict("PASS" if answer.passed else "FAIL", f"  {answer.said}")
    if gate.undecided(accuracy):
        screen.verdict("UNKNOWN", "  no label names an entity, so there is no F1: label columns that hold something")
    if unread:
        screen.verdict("UNKNOWN", "  something was not looked at, so nothing was proven")
    elif not answers and not gate.undecided(accuracy):
        screen.line("Nothing was demanded: --min-f1 and --max-fp make this a gate", style="dim")


def _outcome(accuracy: Accuracy, unread: Sequence[Unread], gate: Gate) -> str:
    if unread or gate.undecided(accuracy):
        return "UNKNOWN"
    return "PASS" if all(answer.passed for answer in gate.answers(accuracy)) else "FAIL"


def _rows(accuracy: Accuracy, titles: Mapping[str, str]) -> Iterator[tuple[Cell, ...]]:
    for entity in accuracy.entities:
        yield _row((entity, ""), titles.get(entity, ""), accuracy.of(entity))
    yield _row(("micro", "bold"), "all together", accuracy.micro)
    noun = "entity" if len(accuracy.named) == 1 else "entities"
    about = f"mean of the {len(accuracy.named):,} {noun} that the labels name"
    yield (("macro", "bold"), about, "", "", "", "", "", _share(accuracy.macro))


def _row(name: Cell, title: str, scores: Scores) -> tuple[Cell, ...]:
    counts = (f"{scores.tp:,}", f"{scores.fp:,}", f"{scores.fn:,}")
    return (name, title, *counts, _share(scores.precision), _share(scores.recall), _share(scores.f1))


def _share(share: float | None) -> str:
    return "-" if share is None else f"{share:.3f}"


def _numbers(scores: Scores) -> dict[str, Any]:
    shares = {"precision": scores.precision, "recall": scores.recall, "f1": scores.f1}
    return {**scores.model_dump(mode="json"), **shares}


def _list(screen: Screen, what: str, claims: Sequence[Claim], titles: Mapping[str, str]) -> None:
    if claims:
        screen.line(f"{what}:")
    for claim in claims[:_LINES]:
        name = f"{printable(claim.place.table)}  {printable(claim.place.column)}"
        screen.line(f"  {name}: {titles.get(claim.entity, '')} ({claim.entity})")
    if len(claims) > _LINES:
        screen.line(f"  … and {len(claims) - _LINES:,} more: --json lists all", style="dim")


def _claims(claims: Iterable[Claim]) -> list[dict[str, str]]:
    return [{"table": one.place.table, "column": one.place.column, "entity": one.entity} for one in claims]
