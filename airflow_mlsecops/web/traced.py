"""What the ledger's traces say of one dataset: since when it holds what, who used it, which waivers were used."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from airflow_mlsecops.core.errors import LedgerError, LedgerTampered
from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.record import Entry
from airflow_mlsecops.core.waiver import WaiverUse
from airflow_mlsecops.ledger import Ledger
from airflow_mlsecops.ledger.traces import Consumed, Sighted

MOST = 300
MOST_ANSWERS = 100


class Spell(Frozen):
    """From the first to the last record that saw something, as ISO moments in UTC."""

    first: str
    last: str


class Traces(Frozen):
    """What the traces say.

    :param current: false if there are newer records than those that were traced, or none could be asked
    :param verified: false if a trace says other than the record that it points to
    :param sighted: since when a class stands in a column, by (column, class)
    """

    current: bool = False
    verified: bool = True
    sighted: dict[tuple[str, str], Spell] = {}
    consumed: tuple[Consumed, ...] = ()
    uses: tuple[WaiverUse, ...] = ()
    answers: tuple[Entry, ...] = ()


def traces_of(ledger: Ledger, dags: frozenset[str], dataset: str, environment: str) -> Traces:
    """Ask the ledger, within the Dags that may be seen; what it cannot answer is not known, and said so."""
    try:
        return _asked(ledger, dags, dataset, environment)
    except LedgerTampered:
        return Traces(verified=False)
    except LedgerError as error:
        if error.code != "INDEX_ABSENT":
            raise
        return Traces()


def _asked(ledger: Ledger, dags: frozenset[str], dataset: str, environment: str) -> Traces:
    uses = ledger.waiver_uses(dags, dataset=dataset, limit=MOST)
    answers = ledger.answers(dags, dataset=dataset, limit=MOST_ANSWERS)
    return Traces(
        current=ledger.traces_current(),
        sighted=_spells(ledger.sighted(dags, dataset=dataset, environment=environment, limit=MOST)),
        consumed=ledger.consumed(dags, dataset=dataset, environment=environment, limit=MOST),
        uses=tuple(use for use in uses if use.environment == environment),
        answers=tuple(entry for entry in answers if entry.record.environment == environment),
    )


def _spells(sighted: Iterable[Sighted]) -> dict[tuple[str, str], Spell]:
    spells: dict[tuple[str, str], Spell] = {}
    for one in sighted:
        known = spells.get((one.column, one.entity))
        first = min(one.first, known.first) if known else one.first
        last = max(one.last, known.last) if known else one.last
        spells[one.column, one.entity] = Spell(first=first, last=last)
    return spells


def day_of(moment: str) -> str:
    """The day of an ISO moment; empty if it is none."""
    try:
        return datetime.fromisoformat(moment).date().isoformat()
    except ValueError:
        return ""
