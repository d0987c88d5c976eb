"""How one waiver stands, or one question for one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum

from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.record import Run


class State(StrEnum):
    """How a waiver stands, what needs somebody first."""

    PENDING = "pending"
    STILL_FOUND = "still-found"
    VOID = "void"
    ENDING = "ending"
    ACTIVE = "active"
    UNUSED = "unused"
    ENDED = "ended"
    DENIED = "denied"
    TIMED_OUT = "timed-out"


class StandingWaiver(Frozen):
    """One waiver, or one question for one, with what gates made of it.

    :param id: what verdicts name it by; of a question, the id of its record
    :param dataset: identity of the one dataset that it was used on or asked for, else the glob that it covers
    :param datasets: on how many it was used
    :param environment: where, if that is one; empty if it was not used
    :param more: how many findings were asked about beside this one
    :param approved_by: who granted it; of a question, who may answer
    :param rule: the policy's line, as ``policy.yaml:140``; empty where a record of the ledger grants it
    :param record: id of that record
    :param reason: why it was approved or not; of a question, what stopped the run
    :param until: the last day on which it holds
    :param share: of the rows, as the newest use counted it, 0 to 1; ``max_share`` is the most that it covers
    :param runs: how many it let through
    :param dags: that used it, or found it ended
    :param asked: when it was asked for, or granted in Airflow
    :param deadline: until when it may be answered
    :param run: whose task asked
    """

    state: State
    id: str
    code: str
    subject: str
    entity: str | None = None
    dataset: str
    datasets: int = 0
    environment: str = ""
    more: int = 0
    requested_by: str = ""
    approved_by: str = ""
    rule: str = ""
    record: str = ""
    reason: str = ""
    until: date | None = None
    share: float | None = None
    max_share: float | None = None
    runs: int = 0
    dags: tuple[str, ...] = ()
    asked: datetime | None = None
    deadline: datetime | None = None
    run: Run | None = None

    @property
    def stops_from(self) -> date | None:
        """The first day on which it covers nothing any more."""
        return self.until + timedelta(days=1) if self.until else None


def in_order(found: Iterable[StandingWaiver]) -> tuple[StandingWaiver, ...]:
    """What needs somebody first; of each state, what ends or waits longest first."""
    rank = {state: place for place, state in enumerate(State)}

    def key(one: StandingWaiver) -> tuple[int, str, str, str]:
        day = str(one.asked if one.state is State.PENDING else one.until)
        return rank[one.state], day, one.dataset, one.id

    return tuple(sorted(found, key=key))
