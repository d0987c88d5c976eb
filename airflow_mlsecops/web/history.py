"""The last runs of one gate, by the share of rows of what is worst now: pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from airflow_mlsecops.core.finding import Finding
from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.gate import Gate
from airflow_mlsecops.core.record import Entry
from airflow_mlsecops.core.verdict import Outcome, Verdict
from airflow_mlsecops.core.words import share
from airflow_mlsecops.ledger.dag_runs import Spoken
from airflow_mlsecops.web import sentences
from airflow_mlsecops.web.card import mark_of, word_of
from airflow_mlsecops.web.line import Line, line, name
from airflow_mlsecops.web.plot import Bars, Plot
from airflow_mlsecops.web.sentences import Titles
from airflow_mlsecops.web.strip import Strip, strip_of

MOST_RUNS = 14
NOT_VERIFIED = "Not verified"


class Ran(Frozen):
    """One run in the history.

    :param share: of the rows that hold what is worst now, as text
    """

    when: str
    run_id: str
    mark: str
    word: str
    share: str


class History(Frozen):
    """The last runs of a gate.

    :param says: what changed, in one sentence
    :param plot: the share of rows in each run; ``None`` where nothing is counted
    :param runs: the same, the newest first
    """

    strip: Strip
    says: Line
    plot: Plot | None
    runs: tuple[Ran, ...]


def last_runs(spoken: Sequence[Spoken], *, until: int, map_index: int) -> tuple[Spoken, ...]:
    """The newest record of each of the last runs of a task, the newest first.

    :param spoken: of the task, newest first
    :param until: place of the record that is shown: later runs are no part of its history
    """
    newest: dict[str, Spoken] = {}
    for one in spoken:
        if one.sequence <= until and one.map_index == map_index and one.gate is not Gate.APPROVAL:
            newest.setdefault(one.run_id, one)
    return tuple(newest.values())[:MOST_RUNS]


def history_of(
    last: Sequence[Spoken], entries: Mapping[int, Entry], worst: Finding | None, titles: Titles
) -> History | None:
    """Tell the last runs of a gate; nothing where there is but this one.

    :param last: the newest first; ``entries`` their records, those that verify
    :param worst: the finding whose share is followed
    """
    if len(last) < 2:
        return None
    in_order = [(one, entries.get(one.sequence)) for one in reversed(last)]
    marks = [mark_of_run(entry.record.verdict) if entry else "fail" for _, entry in in_order]
    counted = worst if worst and worst.entity else None
    shares = [_share(entry.record.verdict, counted) if entry and counted else None for _, entry in in_order]
    return History(
        strip=strip_of(marks, MOST_RUNS),
        says=_says(counted, shares, titles) if counted else (),
        plot=_plot(in_order, shares, counted) if counted and any(shares) else None,
        runs=tuple(_ran(one, entry, part) for (one, entry), part in zip(in_order, shares, strict=True))[::-1],
    )


def mark_of_run(verdict: Verdict) -> str:
    """The mark of a verdict in a strip of runs."""
    return "waived" if verdict.outcome is Outcome.PASS and verdict.waived else mark_of(verdict)


def _share(verdict: Verdict, worst: Finding) -> float | None:
    """The share of rows of the same class in the same column; 0 where all was read and it was not there."""
    same = (worst.subject, worst.entity)
    found = next((one.share for one in verdict.findings if (one.subject, one.entity) == same), None)
    if found is not None:
        return found
    seen = next((one.rows for one in verdict.sightings if (one.column, one.entity) == same), 0)
    return seen / verdict.rows_scanned if verdict.rows_scanned else None


def _says(worst: Finding, shares: Sequence[float | None], titles: Titles) -> Line:
    what = sentences.plural(sentences.title(worst.entity or "", titles))
    *before, now = shares
    newest = f"in {share(now)} of the rows" if now is not None else "in rows that were not counted"
    if any(part is None for part in before):
        return line(
            name(worst.subject, stressed=True), f" holds {what} {newest}; not all earlier runs say in how many."
        )
    if not any(before):
        runs = f"{len(before)} run{'' if len(before) == 1 else 's'}"
        return line(name(worst.subject, stressed=True), f" held no {what} in {runs}, then {newest}.")
    held = sum(bool(part) for part in before)
    return line(
        name(worst.subject, stressed=True), f" held {what} in {held} of {len(before)} earlier runs; now {newest}."
    )


def _plot(
    in_order: Sequence[tuple[Spoken, Entry | None]], shares: Sequence[float | None], worst: Finding | None
) -> Plot:
    missing = MOST_RUNS - len(in_order)
    labels = ("",) * missing + tuple(one.time[5:16].replace("T", " ") for one, _ in in_order)
    values = (0.0,) * missing + tuple(part or 0.0 for part in shares)
    said = ", ".join(f"{one.time[:10]} {_part(part)}" for (one, _), part in zip(in_order, shares, strict=True))
    return Plot(
        labels=labels,
        series=(Bars(word="of the rows", mark="part", values=values),),
        says=f"Share of rows of {worst.subject if worst else ''}, oldest run first: {said}",
        whole=False,
        height=130,
        every=4,
    )


def _ran(one: Spoken, entry: Entry | None, part: float | None) -> Ran:
    mark = mark_of_run(entry.record.verdict) if entry else "fail"
    word = word_of(entry.record.verdict) if entry else NOT_VERIFIED
    return Ran(when=one.time[:19].replace("T", " "), run_id=one.run_id, mark=mark, word=word, share=_part(part))


def _part(part: float | None) -> str:
    return "" if part is None else "none" if part == 0 else share(part)
