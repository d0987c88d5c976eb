"""What can be chosen from in the form of a blast radius: nothing but what the user may see."""

from __future__ import annotations

from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.ledger import Ledger
from airflow_mlsecops.ledger.traces import Places
from airflow_mlsecops.web import sentences
from airflow_mlsecops.web.blast_asked import BlastAsked
from airflow_mlsecops.web.filters import Option
from airflow_mlsecops.web.sentences import Titles

_LONGEST = 300
_MOST_COLUMNS = 200


class BlastForm(Frozen):
    """Choices beside what is typed.

    :param datasets: those that gates spoke of last; ``columns``: of the dataset that is asked about
    """

    datasets: tuple[str, ...]
    columns: tuple[str, ...]
    entities: tuple[Option, ...]


def form_of(ledger: Ledger, places: Places, asked: BlastAsked, titles: Titles) -> BlastForm:
    """What can be chosen from."""
    known = [("", "Any class")]
    known += sorted(
        ((entity, sentences.capital(sentences.title(entity, titles))) for entity in places.entities),
        key=lambda one: one[1],
    )
    known += [] if asked.entity in dict(known) else [(asked.entity, asked.entity)]
    return BlastForm(
        datasets=_fit(places.datasets),
        columns=_columns(ledger, asked) if asked.dataset else (),
        entities=tuple(Option(value=value, text=text, chosen=value == asked.entity) for value, text in known),
    )


def _columns(ledger: Ledger, asked: BlastAsked) -> tuple[str, ...]:
    seen = ledger.sighted(asked.dags, dataset=asked.dataset, limit=_MOST_COLUMNS)
    return _fit(sorted({one.column for one in seen}))


def _fit(names: tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """Names that can be read in a list; others can be asked for by an address."""
    return tuple(name for name in names if name.isprintable() and len(name) <= _LONGEST)
