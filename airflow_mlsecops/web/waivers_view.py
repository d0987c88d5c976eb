"""The waivers as their template shows them: pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal
from urllib.parse import quote, urlencode

from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.standing_waiver import StandingWaiver, State
from airflow_mlsecops.core.waivers import UNUSED_DAYS
from airflow_mlsecops.core.words import share
from airflow_mlsecops.operators.links import URL_ROUTE
from airflow_mlsecops.web import sentences
from airflow_mlsecops.web.card import short_id
from airflow_mlsecops.web.line import Line, Span, line, name, strong
from airflow_mlsecops.web.sentences import Titles

FIRST = 10
"""Lines of each state on the page of all."""
PAGE = 50
MOST_DAGS = 3
_MOST_PAGE = 1_000_000
Mark = Literal["none", "fail", "ending", "pass", "unknown"]


class Row(Frozen):
    """One waiver.

    :param what: the class, or the code of the finding
    :param dataset_href: the query of the dataset's page; empty where it was used on none, or on several
    :param proof: where it is granted: a line of the policy, or a record
    :param proof_href: of the run with that record, relative to Airflow's root
    :param answer_href: where it can be answered, relative to Airflow's root
    """

    word: str
    subject: str
    what: str
    more: int
    dataset: str
    dataset_href: str
    datasets: str
    why: str
    who: Line
    asked: Line
    proof: str
    proof_href: str
    until: str
    share: str
    most: str
    used: str
    dags: tuple[str, ...]
    more_dags: int
    answer_href: str


class Section(Frozen):
    """All waivers of one state.

    :param rows: the first of ``count``, or one page of them
    :param note: what happens to whom if nothing is done
    """

    state: State
    title: str
    aside: str
    word: str
    mark: Mark
    icon: str
    count: int
    rows: tuple[Row, ...]
    note: Line
    asks: bool


class WaiversView(Frozen):
    """Everything on the page.

    :param chosen: the one state that is shown; ``None`` for all
    :param previous: page before, 0 if there is none; ``next`` likewise
    """

    may_see: int
    whole: bool
    stats: tuple[Section, ...]
    sections: tuple[Section, ...]
    chosen: State | None
    previous: int
    next: int


def waivers_view(
    found: Sequence[StandingWaiver], *, now: datetime, titles: Titles, may_see: int, whole: bool, state: str = "",
    page: str = "",
) -> WaiversView:  # fmt: skip
    """Tell how waivers stand.

    :param found: in their order
    :param state: the one to show; anything else shows all
    :param page: of that state, from 1
    """
    chosen = next((known for known in State if known.value == state), None)
    number = _number(page) if chosen else 1
    size = PAGE if chosen else FIRST
    of = {known: [one for one in found if one.state is known] for known in State}

    def section(known: State, rows: Iterable[StandingWaiver]) -> Section:
        title, aside, word, mark, icon = _SECTIONS[known]
        return Section(
            state=known,
            title=title,
            aside=aside,
            word=word,
            mark=mark,
            icon=icon,
            count=len(of[known]),
            rows=tuple(_row(one, now, titles) for one in rows),
            note=_stopped(of[known]) if known is State.ENDING else (),
            asks=known is State.PENDING,
        )

    shown = [chosen] if chosen else [known for known in State if of[known]]
    start = (number - 1) * size
    return WaiversView(
        may_see=may_see,
        whole=whole,
        stats=tuple(section(known, ()) for known in State if of[known] or known in _ALWAYS),
        sections=tuple(section(known, of[known][start : start + size]) for known in shown),
        chosen=chosen,
        previous=number - 1,
        next=number + 1 if chosen and len(of[chosen]) > start + size else 0,
    )


def _number(text: str) -> int:
    return min(int(text), _MOST_PAGE) if text.isascii() and text.isdigit() and len(text) < 9 and int(text) else 1


def _row(one: StandingWaiver, now: datetime, titles: Titles) -> Row:
    known = one.datasets == 1 and one.environment
    return Row(
        word=_word(one, now),
        subject=one.subject,
        what=sentences.title(one.entity, titles) if one.entity else one.code,
        more=one.more,
        dataset=one.dataset,
        dataset_href=urlencode({"name": one.dataset, "env": one.environment}) if known else "",
        datasets=f"used on {one.datasets:,} datasets" if one.datasets > 1 else "",
        why=one.reason,
        who=_who(one),
        asked=line(name(one.requested_by), " asked") if one.requested_by else (),
        proof=one.rule or (f"record {short_id(one.record)}" if one.record else ""),
        proof_href=_run(one) if one.record else "",
        until=one.until.isoformat() if one.until else "",
        share=f"{share(one.share)} of rows" if one.share is not None else "",
        most=f"up to {share(one.max_share)}" if one.max_share is not None else "",
        used=f"{one.runs:,} run{'' if one.runs == 1 else 's'}",
        dags=one.dags[:MOST_DAGS],
        more_dags=max(0, len(one.dags) - MOST_DAGS),
        answer_href=_answer(one) if one.state is State.PENDING else "",
    )


def _word(one: StandingWaiver, now: datetime) -> str:
    if one.state is State.PENDING and one.asked:
        return f"Waiting {_long(int((now - one.asked).total_seconds()) // 60)}"
    left = (one.until - now.date()).days if one.until else 0
    if one.state is State.STILL_FOUND:
        return f"{-left} day{'' if left == -1 else 's'} ago" if left < 0 else "Share grew"
    if one.state is State.ENDING:
        return f"{left} day{'' if left == 1 else 's'}" if left else "Today"
    return _SECTIONS[one.state][2]


def _long(minutes: int) -> str:
    if minutes < 60:
        return f"{max(minutes, 0)} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // (24 * 60)} days"


def _who(one: StandingWaiver) -> Line:
    verb = {State.PENDING: "decides", State.DENIED: "denied it", State.TIMED_OUT: "did not answer"}
    several = "decide" if one.state is State.PENDING and ", " in one.approved_by else verb.get(one.state, "approved")
    return line(name(one.approved_by), f" {several}") if one.approved_by else ()


def _stopped(ending: Sequence[StandingWaiver]) -> Line:
    """Which Dags are stopped from which day, the first first."""
    first: dict[str, str] = {}
    for one in sorted(ending, key=lambda one: str(one.until)):
        for dag_id in one.dags:
            first.setdefault(dag_id, f"{one.stops_from:%-d %B}" if one.stops_from else "")
    if not first:
        return ()
    many = f"{len(first):,} Dag{'' if len(first) == 1 else 's'}"
    pieces: list[Span | str] = [strong(f"{many} will be stopped if nothing is done: ")]
    for index, (dag_id, day) in enumerate([*first.items()][:FIRST]):
        pieces += [", "] if index else []
        pieces += [name(dag_id), f" from {day}"]
    more = f" and {len(first) - FIRST:,} more" if len(first) > FIRST else ""
    return line(*pieces, f"{more}. Remove the data, or ask again in time.")


def _run(one: StandingWaiver) -> str:
    if one.run is None:
        return ""
    return f"dags/{quote(one.run.dag_id, safe='')}/runs/{quote(one.run.run_id, safe='')}/plugin/{URL_ROUTE}"


def _answer(one: StandingWaiver) -> str:
    """Airflow's own form for the task that waits."""
    if one.run is None:
        return ""
    dag_id, run_id, task_id = (quote(text, safe="") for text in (one.run.dag_id, one.run.run_id, one.run.task_id))
    mapped = f"/mapped/{one.run.map_index}" if one.run.map_index >= 0 else ""
    return f"dags/{dag_id}/runs/{run_id}/tasks/{task_id}{mapped}/required_actions"


_SECTIONS: dict[State, tuple[str, str, str, Mark, str]] = {
    State.PENDING: ("Waiting for an answer", "", "Waiting for an answer", "none", "user"),
    State.STILL_FOUND: ("Ended, and still found", "These stop their Dags now.", "Ended, still found", "fail", "x"),
    State.VOID: (
        "Hold no longer",
        "Today's policy would not allow them: what they let through stops the next run.",
        "Not allowed",
        "unknown",
        "warn",
    ),
    State.ENDING: ("End in the next 14 days", "", "End in 14 days", "ending", "clock"),
    State.ACTIVE: ("Active", "", "Active", "pass", "waive"),
    State.UNUSED: (
        f"Not used in {UNUSED_DAYS} days",
        "Nothing depends on these: take them out of the policy.",
        "Not used",
        "none",
        "minus",
    ),
    State.ENDED: ("Ended", "What they let through is found no more.", "Ended", "none", "minus"),
    State.DENIED: ("Denied in the last 14 days", "", "Denied", "none", "minus"),
    State.TIMED_OUT: ("Not answered in the last 14 days", "That counts as denied.", "No answer", "none", "minus"),
}
_ALWAYS = (State.PENDING, State.STILL_FOUND, State.ENDING, State.ACTIVE)
