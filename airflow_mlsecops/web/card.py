"""One record of the ledger as the card that a page shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.record import Entry, Record
from airflow_mlsecops.core.verdict import Gate, Outcome, Verdict
from airflow_mlsecops.web.addresses import of_dataset
from airflow_mlsecops.web.answered import answered
from airflow_mlsecops.web.line import Line, Span, line, name
from airflow_mlsecops.web.looked import Blind, Mark, Row, blind, rows
from airflow_mlsecops.web.sentences import Titles
from airflow_mlsecops.web.told import Told, ran, task_of, told

MOST_ROWS = 50
LOCAL = "local-"


class Proof(Frozen):
    """Where the verdict stands in the ledger.

    :param local: true if it was signed by a key that only one host trusts
    :param rule: where the policy says so
    """

    id: str
    short: str
    hash: str
    signer: str
    local: bool
    time: str
    policy: str
    rule: str


class Card(Frozen):
    """One task's newest verdict.

    :param anchor: of the card within the page
    :param mark: shape and colour of its square and badge; ``word`` stands in the badge
    :param about: what the gate asked
    :param took: seconds, as text; ``attempts``: what is to be said of earlier ones
    :param observed: true if nothing was stopped
    :param answers: what people were asked and answered, oldest first
    """

    anchor: str
    task: str
    mark: Mark
    word: str
    sealed: bool
    about: Line
    took: str
    attempts: str
    observed: bool
    told: Told
    answers: tuple[Line, ...]
    blind: Blind
    rows_title: str
    rows: tuple[Row, ...]
    more_rows: int
    proof: Proof

    @property
    def open(self) -> bool:
        """True if it needs a person: trouble first, passes quiet."""
        return self.mark != "pass"


def card(
    entry: Entry,
    *,
    anchor: str,
    earlier: int,
    anchors: Mapping[str, str],
    titles: Titles,
    answers: Sequence[Entry] = (),
) -> Card:
    """Tell one record.

    :param earlier: how many earlier attempts there are
    :param answers: what people were asked and answered about it
    :param anchors: anchors of the page's cards, by task
    """
    verdict = entry.record.verdict
    sealed = verdict.gate is Gate.SEAL
    beside = () if sealed else rows(verdict, titles)
    return Card(
        anchor=anchor,
        task=task_of(entry.record.run),
        mark=mark_of(verdict),
        word=word_of(verdict),
        sealed=sealed,
        about=_about(entry.record),
        took=f"{verdict.seconds:,.1f} s",
        attempts=f"{earlier} earlier attempt{'' if earlier == 1 else 's'}" if earlier else "",
        observed=not verdict.enforced,
        told=told(entry.record, anchors=anchors, titles=titles),
        answers=tuple(answered(entry.record) for entry in answers),
        blind=Blind() if sealed else blind(verdict),
        rows_title="Other findings" if verdict.worst else "What it found",
        rows=beside[:MOST_ROWS],
        more_rows=max(0, len(beside) - MOST_ROWS),
        proof=_proof(entry),
    )


def mark_of(verdict: Verdict) -> Mark:
    """The square of a verdict; a seal that did not hold is an empty one, for its task did not run."""
    if verdict.gate is Gate.SEAL and verdict.stops and not ran(verdict):
        return "none"
    return verdict.outcome.value


def short_id(record_id: str) -> str:
    """The first twelve digits of a record's id, as people compare them."""
    return f"{record_id[:8]}-{record_id[8:12]}"


def word_of(verdict: Verdict) -> str:
    """The word in the badge of a verdict."""
    if mark_of(verdict) == "none":
        return "Did not run"
    waived = f" ({len(verdict.waived)} waived)" if verdict.waived and verdict.outcome is Outcome.PASS else ""
    return f"{verdict.outcome.value.capitalize()}{waived}"


def _about(record: Record) -> Line:
    verdict = record.verdict
    page = of_dataset(verdict.dataset, record.environment)
    dataset: tuple[Span | str, ...] = (Span(text=verdict.dataset, kind="page", href=page),)
    if verdict.partition:
        dataset = (*dataset, ", partition ", name(verdict.partition))
    if verdict.gate is Gate.CLASSIFY:
        return line("What is in ", *dataset)
    if verdict.gate is Gate.SANITIZE:
        return line("Made harmless: ", *dataset, ", ", name(verdict.asked))
    if verdict.gate is Gate.VALIDATE:
        return line("Does ", *dataset, " meet what is expected of it")
    if verdict.gate is Gate.ISOLATION:
        return line("Is this ", name(verdict.asked or record.environment), ", and is the job closed")
    if verdict.gate is Gate.ACCESS:
        asked: tuple[Span | str, ...] = (" for: ", name(verdict.asked)) if verdict.asked else ()
        return line("May ", name(record.run.dag_id), " use ", *dataset, *asked)
    return line("Sealed: runs only when its gates have passed on ", *dataset)


def _proof(entry: Entry) -> Proof:
    record = entry.record
    first = record.verdict.worst or next(iter(record.verdict.findings), None)
    return Proof(
        id=record.id,
        short=short_id(record.id),
        hash=entry.hash[:8],
        signer=entry.key_id,
        local=entry.key_id.startswith(LOCAL),
        time=f"{record.time:%Y-%m-%d %H:%M:%S}",
        policy=record.verdict.policy[:6],
        rule=(first.rule or "") if first else "",
    )
