"""The overview as its template shows it: pure."""

from __future__ import annotations

from datetime import date
from typing import Literal

from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.ledger.overview import Asked, Day, Overview
from airflow_mlsecops.ledger.overview import Line as Stood
from airflow_mlsecops.web.asked import address
from airflow_mlsecops.web.cost import Cost, cost_of
from airflow_mlsecops.web.dataset_line import Badge, Owner, Shown, dataset_line
from airflow_mlsecops.web.days_plot import plots_of
from airflow_mlsecops.web.filters import Filter, filters_of
from airflow_mlsecops.web.plot import Plot
from airflow_mlsecops.web.sentences import Titles


class Stat(Frozen):
    """A count that filters the page."""

    mark: Badge | Literal["observed"]
    count: int
    word: str
    href: str
    chosen: bool


class OverviewView(Frozen):
    """Everything on the page.

    :param plots: what gates said, by day; ``days`` the same numbers, the newest first
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
    plots: tuple[Plot, ...]
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
        return tuple(dataset_line(stood, asked.today, titles, owner) for stood in lines)

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
        filters=filters_of(found.choices, asked, titles),
        text=asked.text,
        cost=cost_of(found.days),
        days=tuple(day for day in reversed(found.days) if day.passed or day.failed or day.unknown),
        plots=plots_of(found.days, asked.today),
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
