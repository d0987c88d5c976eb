"""A dataset's line on the overview, as its template shows it: pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Literal
from urllib.parse import quote

from airflow_mlsecops.core.finding import Finding, Status
from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.verdict import Verdict
from airflow_mlsecops.ledger.overview import ENDING_DAYS
from airflow_mlsecops.ledger.overview import Line as Stood
from airflow_mlsecops.ledger.standing import RUNS, Mark
from airflow_mlsecops.web import sentences
from airflow_mlsecops.web.addresses import of_dataset, of_run
from airflow_mlsecops.web.line import Line, Span, code, line, name, prose, sentence
from airflow_mlsecops.web.sentences import Titles
from airflow_mlsecops.web.strip import Strip, strip_of

Badge = Literal["fail", "unknown", "pass", "ending", "waived"]
Owner = Callable[[str], str]
MOST_TAGS = 4
_MARKS: dict[Mark, Badge] = {
    Mark.FAIL: "fail",
    Mark.UNKNOWN: "unknown",
    Mark.WAIVED: "waived",
    Mark.PASS: "pass",
}


class Tag(Frozen):
    """A class that a dataset holds."""

    text: str
    new: bool


class Shown(Frozen):
    """One dataset in one environment.

    :param href: of the Security tab of the run that says so, relative to Airflow's root
    :param page: of the dataset's own page, relative to this app's root
    :param strip: the last runs of the Dag that says so, as the marks and the moment beside it are
    :param when: that Dag scanned it last, or asked about it if it never did
    :param others: how many other Dags look at it, in words
    """

    mark: Badge
    word: str
    observed: bool
    dataset: str
    href: str
    page: str
    why: Line
    level: str
    tags: tuple[Tag, ...]
    more_tags: int
    strip: Strip
    when: str
    dag_id: str
    others: str
    owner: str
    environment: str


def dataset_line(stood: Stood, today: date, titles: Titles, owner: Owner) -> Shown:
    """Tell how a dataset stands.

    :param owner: who answers for a dataset, by its identity; empty if nobody does
    """
    mark, word = _badge(stood, today)
    others = stood.others
    return Shown(
        mark=mark,
        word=word,
        observed=stood.observed,
        dataset=stood.dataset,
        href=_href(stood),
        page=of_dataset(stood.dataset, stood.environment),
        why=_why(stood, today, titles),
        level=stood.level.value if stood.level else "",
        tags=tuple(_tag(seen.entity, seen.new, titles) for seen in stood.seen[:MOST_TAGS]),
        more_tags=max(0, len(stood.seen) - MOST_TAGS),
        strip=strip_of([_MARKS[ran.mark] for ran in stood.strip], RUNS),
        when=f"scanned {_minute(stood.scanned)}" if stood.scanned else f"asked {_minute(stood.time)}",
        dag_id=stood.dag_id,
        others=f"and {others} other Dag{'' if others == 1 else 's'}" if others else "",
        owner=owner(stood.dataset),
        environment=stood.environment,
    )


def _badge(stood: Stood, today: date) -> tuple[Badge, str]:
    if stood.entry is None:
        return "fail", "Not verified"
    days = (date.fromisoformat(stood.until) - today).days if stood.until else ENDING_DAYS + 1
    if stood.mark >= Mark.WAIVED and days <= ENDING_DAYS:
        return "ending", _ends(days)
    waived = len(stood.entry.record.verdict.waived)
    if stood.mark == Mark.WAIVED:
        return "waived", f"Pass ({waived} waived)" if waived else "Pass (waived)"
    return _MARKS[stood.mark], stood.mark.name.capitalize()


def _ends(days: int) -> str:
    if days < 0:
        return "Ended"
    return "Ends today" if days == 0 else f"Ends in {days} day{'' if days == 1 else 's'}"


def _href(stood: Stood) -> str:
    return of_run(stood.entry.record.run) if stood.entry else f"dags/{quote(stood.dag_id, safe='')}"


def _why(stood: Stood, today: date, titles: Titles) -> Line:
    if stood.entry is None:
        return line("The record that says so does not verify: ", code("airflow-mlsecops ledger verify"), ".")
    verdict = stood.entry.record.verdict
    if stood.mark < Mark.WAIVED:
        return _trouble(stood, verdict, titles)
    return _waived(verdict, stood.until, today) if stood.until else ()


def _trouble(stood: Stood, verdict: Verdict, titles: Titles) -> Line:
    worst = verdict.worst
    if worst is None:
        return line("Could not tell: this gate asked nothing.")
    more = sum(finding.blocks for finding in verdict.findings) - 1
    also = f" {more:,} more to fix." if more else ""
    return line(*_finding(worst, stood, titles), also)


def _finding(worst: Finding, stood: Stood, titles: Titles) -> Line:
    if worst.entity:
        since = next((seen.since for seen in stood.seen if seen.entity == worst.entity and seen.new), "")
        what = sentences.plural(sentences.title(worst.entity, titles))
        new = f" New since {since}." if since else ""
        return line(name(worst.subject, stressed=True), f" holds {what}.{new}")
    if worst.status is Status.UNKNOWN:
        return prose(f"Could not tell: {worst.reason.rstrip('.')}.", limit=200)
    return sentence(worst.reason[:200])


def _waived(verdict: Verdict, until: str, today: date) -> Line:
    first = next((finding for finding in verdict.waived if finding.waiver and str(finding.waiver.until) == until), None)
    what: tuple[Span | str, ...] = (name(first.subject, stressed=True),) if first else ("what is waived",)
    if date.fromisoformat(until) < today:
        return line(f"The waiver ended on {until}: ", *what, " stops the next run.")
    return line(f"After {until}, ", *what, " stops the run again.")


def _tag(entity: str, new: bool, titles: Titles) -> Tag:
    title = sentences.capital(sentences.title(entity, titles))
    return Tag(text=f"New: {title}" if new else title, new=new)


def _minute(moment: str) -> str:
    return moment[:16].replace("T", " ")
