"""What can be asked of the overview, with what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

from pydantic import Field

from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.core.record import Entry
from airflow_mlsecops.core.waiver import ENDING_DAYS as ENDING_DAYS
from airflow_mlsecops.ledger.standing import Mark

Shown = Literal["fail", "unknown", "ending", "waived", "pass", "observed"]


class Asked(Frozen):
    """Which datasets to look for.

    :param dags: the Dags that may be seen: nothing of any other is counted, found or named
    :param today: a waiver that ends within 14 days of it is ending
    :param text: part of the name of a dataset, column or Dag
    :param page: from 1
    :param size: lines of a page
    """

    dags: frozenset[str]
    today: date
    text: str = ""
    shown: Shown | None = None
    level: Level | None = None
    entity: str = ""
    dag_id: str = ""
    environment: str = ""
    page: int = Field(default=1, ge=1, le=1_000_000)
    size: int = Field(default=25, ge=1, le=100)

    @property
    def whole(self) -> bool:
        """True of the first page of all, which tells more than lines."""
        return self.page == 1 and not self.narrowed

    @property
    def narrowed(self) -> bool:
        """True if anything but the page is asked for."""
        return bool(self.text or self.shown or self.level or self.entity or self.dag_id or self.environment)


class Ran(Frozen):
    """One run in a strip of runs."""

    mark: Mark
    time: str


class Seen(Frozen):
    """A class that a dataset holds.

    :param since: the day from which every scan has seen it
    """

    entity: str
    new: bool
    since: str


class Line(Frozen):
    """One dataset in one environment, by the worst that the newest run of any Dag came to.

    :param dag_id: the Dag whose run says so
    :param others: how many other Dags look at it
    :param observed: true if nothing was stopped, for these gates only observe
    :param until: the first day on which a waiver ends; empty if none does
    :param level: the highest of what it holds; ``None`` if it was not scanned
    :param strip: the last runs of that Dag, oldest first; ``time`` and ``scanned`` are of that Dag, too
    :param entry: the record that says why; ``None`` if it does not verify
    """

    dataset: str
    environment: str
    dag_id: str
    others: int
    mark: Mark
    observed: bool
    until: str
    level: Level | None
    seen: tuple[Seen, ...]
    time: str
    scanned: str
    strip: tuple[Ran, ...]
    entry: Entry | None


class Counts(Frozen):
    """How many datasets stand how."""

    total: int = 0
    fail: int = 0
    unknown: int = 0
    ending: int = 0
    passing: int = 0
    observed: int = 0


class Day(Frozen):
    """What gates said on one day, and what they took."""

    day: str
    runs: int
    passed: int
    failed: int
    unknown: int
    observed: int
    bytes: int
    milliseconds: int


class Choices(Frozen):
    """What there is to filter by."""

    entities: tuple[str, ...] = ()
    dags: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()


class Overview(Frozen):
    """How datasets stand.

    :param current: false if there are newer records than those that are counted
    :param counts: of all that may be seen, whatever is asked for
    :param first: the first of what is failing, unknown or ending; as ``days`` and ``observing`` told on the first page
        of all alone
    :param found: how many fit what is asked for; ``lines`` are one page of them
    :param observing: environments with gates that stopped nothing in the last seven days, and how often they would have
    """

    current: bool
    counts: Counts
    first: tuple[Line, ...]
    found: int
    lines: tuple[Line, ...]
    days: tuple[Day, ...]
    observing: Mapping[str, int]
    choices: Choices
