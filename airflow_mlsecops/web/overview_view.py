"""The overview as its template shows it: pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Literal
from urllib.parse import quote

from airflow_mlsecops.core.finding import Finding, Status
from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.core.verdict import Verdict
from airflow_mlsecops.ledger.overview import ENDING_DAYS, Asked, Choices, Day, Overview
from airflow_mlsecops.ledger.overview import Line as Stood
from airflow_mlsecops.ledger.standing import RUNS, Mark
from airflow_mlsecops.operators.links import URL_ROUTE
from airflow_mlsecops.web import sentences
from airflow_mlsecops.web.asked import MOST_TEXT, address
from airflow_mlsecops.web.line import Line, Span, code, line, name, prose, sentence
from airflow_mlsecops.web.sentences import Titles

Badge = Literal["fail", "unknown", "pass", "ending", "waived"]
Owner = Callable[[str], str]
MOST_TAGS = 4
_MARKS: dict[Mark, Badge] = {
    Mark.FAIL: "fail",
    Mark.UNKNOWN: "unknown",
    Mark.WAIVED: "waived",
    Mark.PASS: "pass",
}
_RAN = {Mark.FAIL: "failed", Mark.UNKNOWN: "unknown", Mark.WAIVED: "passed with a waiver", Mark.PASS: "passed"}


class Tag(Frozen):
    """A class that a dataset holds."""

    text: str
    new: bool


class Strip(Frozen):
    """The last runs, oldest first.

    :param marks: with the place of each, in pixels from the left
    :param says: the same in words
    """

    marks: tuple[tuple[int, str], ...]
    says: str


class Shown(Frozen):
    """One dataset in one environment.

    :param href: of the Security tab of the run that says so, relative to Airflow's root
    :param when: it was scanned last, or asked about if it never was
    :param others: how many other Dags look at it, in words
    """

    mark: Badge
    word: str
    observed: bool
    dataset: str
    href: str
    why: Line
    level: str
    tags: tuple[Tag, ...]
    more_tags: int
    strip: Strip
    scanned: bool
    when: str
    dag_id: str
    others: str
    owner: str
    environment: str


class Stat(Frozen):
    """A count that filters the page."""

    mark: Badge | Literal["observed"]
    count: int
    word: str
    href: str
    chosen: bool


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


class Cost(Frozen):
    """What the gates added to runs, and what they said."""

    added: str
    read: str
    runs: str
    said: str


class OverviewView(Frozen):
    """Everything on the page.

    :param observing: environments whose gates stop nothing yet, how often they would have, and where to look
    """

    may_see: int
    current: bool
    narrowed: bool
    whole: bool
    stats: tuple[Stat, ...]
    first: tuple[Shown, ...]
    first_of: int
    lines: tuple[Shown, ...]
    range: str
    previous: str
    next: str
    filters: tuple[Filter, ...]
    text: str
    cost: Cost | None
    days: tuple[Day, ...]
    observing: tuple[tuple[str, int, str], ...]
    observe_until: str
    several_environments: bool


def overview_view(
    found: Overview, asked: Asked, *, titles: Titles, owner: Owner, observe_until: date | None = None
) -> OverviewView:
    """Tell how datasets stand.

    :param owner: who answers for a dataset, by its identity; empty if nobody does
    """

    def shown(lines: tuple[Stood, ...]) -> tuple[Shown, ...]:
        return tuple(_shown(stood, asked, titles, owner) for stood in lines)

    before, after = (asked.page - 1) * asked.size, asked.page * asked.size
    return OverviewView(
        may_see=len(asked.dags),
        current=found.current,
        narrowed=asked.narrowed,
        whole=asked.whole,
        stats=_stats(found, asked),
        first=shown(found.first),
        first_of=found.counts.fail + found.counts.unknown + found.counts.ending,
        lines=shown(found.lines),
        range=_range(before, len(found.lines), found.found),
        previous=address(asked, page=str(asked.page - 1)) if asked.page > 1 else "",
        next=address(asked, page=str(asked.page + 1)) if found.found > after else "",
        filters=_filters(found.choices, asked, titles),
        text=asked.text,
        cost=_cost(found.days),
        days=tuple(day for day in reversed(found.days) if day.failed or day.unknown),
        observing=tuple(
            (environment, often, address(asked, verdict="observed", env=environment))
            for environment, often in found.observing.items()
        ),
        observe_until=observe_until.isoformat() if observe_until else "",
        several_environments=len(found.choices.environments) > 1,
    )


def _range(before: int, shown: int, found: int) -> str:
    if not found:
        return ""
    if not shown:
        return f"There are {found:,} in all, and none on this page."
    return f"{before + 1:,} to {before + shown:,} of {found:,}."


def _stats(found: Overview, asked: Asked) -> tuple[Stat, ...]:
    counts = found.counts
    cards: tuple[tuple[str, Badge | Literal["observed"], int, str], ...] = (
        ("fail", "fail", counts.fail, "Failing"),
        ("unknown", "unknown", counts.unknown, "Unknown"),
        ("ending", "ending", counts.ending, "Waivers ending"),
        ("pass", "pass", counts.passing, "Passing"),
        ("observed", "observed", counts.observed, "Would have stopped"),
    )
    return tuple(
        Stat(
            mark=mark,
            count=count,
            word=word,
            href="?" if asked.shown == key else f"?verdict={key}",
            chosen=asked.shown == key,
        )
        for key, mark, count, word in cards
        if count or key in ("fail", "unknown", "pass")
    )


def _shown(stood: Stood, asked: Asked, titles: Titles, owner: Owner) -> Shown:
    mark, word = _badge(stood, asked.today)
    others = stood.others
    return Shown(
        mark=mark,
        word=word,
        observed=stood.observed,
        dataset=stood.dataset,
        href=_href(stood),
        why=_why(stood, asked.today, titles),
        level=stood.level.value if stood.level else "",
        tags=tuple(_tag(seen.entity, seen.new, titles) for seen in stood.seen[:MOST_TAGS]),
        more_tags=max(0, len(stood.seen) - MOST_TAGS),
        strip=_strip(stood),
        scanned=bool(stood.scanned),
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
    dag_id = quote(stood.dag_id, safe="")
    if stood.entry is None:
        return f"dags/{dag_id}"
    return f"dags/{dag_id}/runs/{quote(stood.entry.record.run.run_id, safe='')}/plugin/{URL_ROUTE}"


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


def _strip(stood: Stood) -> Strip:
    missing = RUNS - len(stood.strip)
    marks = ["none"] * missing + [_MARKS[ran.mark] for ran in stood.strip]
    often = Counter(_RAN[ran.mark] for ran in stood.strip)
    counted = ", ".join(f"{count} {word}" for word, count in often.items())
    newest = _RAN[stood.strip[-1].mark] if stood.strip else "none"
    many = len(stood.strip)
    runs = f"The last {many} runs, oldest first" if many > 1 else "The only run"
    return Strip(
        marks=tuple((place * 12, mark) for place, mark in enumerate(marks)),
        says=f"{runs}: {counted}. The newest: {newest}.",
    )


def _minute(moment: str) -> str:
    return moment[:16].replace("T", " ")


def _filters(choices: Choices, asked: Asked, titles: Titles) -> tuple[Filter, ...]:
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


def _cost(days: tuple[Day, ...]) -> Cost | None:
    runs = sum(day.runs for day in days)
    if not runs:
        return None
    passed, failed, unknown = (sum(getattr(day, name) for day in days) for name in ("passed", "failed", "unknown"))
    return Cost(
        added=seconds(sum(day.milliseconds for day in days) / runs / 1000),
        read=size(sum(day.bytes for day in days) / runs),
        runs=f"{runs:,} run{'' if runs == 1 else 's'}",
        said=f"{passed:,} passed, {failed:,} failed, {unknown:,} unknown",
    )


def seconds(number: float) -> str:
    """``2.4 s``, ``14 min 10 s``."""
    if number < 60:
        return f"{number:.1f} s"
    minutes, rest = divmod(round(number), 60)
    return f"{minutes:,} min {rest} s"


def size(number: float) -> str:
    """``412 MiB``, in the unit that leaves at most four digits."""
    unit = "B"
    for larger in ("KiB", "MiB", "GiB", "TiB"):
        if number < 1024:
            break
        number, unit = number / 1024, larger
    return f"{number:,.0f} {unit}" if number >= 10 or unit == "B" else f"{number:.1f} {unit}"
