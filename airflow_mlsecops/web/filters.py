"""The filters of the overview, as its template shows them: pure."""

from __future__ import annotations

from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.ledger.overview import Asked, Choices
from airflow_mlsecops.web import sentences
from airflow_mlsecops.web.asked import MOST_TEXT
from airflow_mlsecops.web.sentences import Titles


class Option(Frozen):
    """One choice of a filter."""

    value: str
    text: str
    chosen: bool


class Filter(Frozen):
    """One filter: what it is called in the address and on the page."""

    name: str
    label: str
    options: tuple[Option, ...]


def filters_of(choices: Choices, asked: Asked, titles: Titles) -> tuple[Filter, ...]:
    """What can be filtered by, with what is chosen."""

    def options(chosen: str, values: list[tuple[str, str]]) -> tuple[Option, ...]:
        known = [("", "Any"), *((value, text) for value, text in values if len(value) <= MOST_TEXT)]
        known += [] if chosen in dict(known) else [(chosen, chosen)]
        return tuple(Option(value=value, text=text, chosen=value == chosen) for value, text in known)

    entities = [(entity, sentences.capital(sentences.title(entity, titles))) for entity in choices.entities]
    dags, environments = ([(known, known) for known in names] for names in (choices.dags, choices.environments))
    level = asked.level.value if asked.level else ""
    return (
        Filter(name="verdict", label="Verdict", options=options(asked.shown or "", _VERDICTS)),
        Filter(name="level", label="Level", options=options(level, _LEVELS)),
        Filter(name="class", label="Holds", options=options(asked.entity, sorted(entities, key=lambda e: e[1]))),
        Filter(name="dag", label="Dag", options=options(asked.dag_id, dags)),
        Filter(name="env", label="Environment", options=options(asked.environment, environments)),
    )


_VERDICTS = [
    ("fail", "Fail"),
    ("unknown", "Unknown"),
    ("ending", "Waiver ending"),
    ("waived", "Pass with a waiver"),
    ("pass", "Pass"),
    ("observed", "Would have stopped"),
]
_LEVELS = [(level.value, level.value.capitalize()) for level in reversed(Level)]
