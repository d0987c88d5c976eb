"""The gates whose records of this run a later step relies on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from airflow_mlsecops.core.gate import Gate

if TYPE_CHECKING:
    from airflow.sdk import BaseOperator

    from airflow_mlsecops.core.record import Entry, Record
    from airflow_mlsecops.operators.attempt import Attempt


@dataclass(frozen=True, slots=True)
class Required:
    """One gate that must have spoken: its task and its kind.

    :param also: ids of the checks that its author required beside the policy's
    """

    task_id: str
    gate: str
    also: tuple[str, ...] = ()


def required(gates: Sequence[BaseOperator], by: str) -> tuple[Required, ...]:
    """Read ``requires=``.

    :param by: task id of who requires them, for the message
    :raises ValueError: if it is empty or names what is no gate: such a seal would hold nothing
    """
    from airflow_mlsecops.operators.gate import GateOperator
    from airflow_mlsecops.operators.isolation import IsolationCheckOperator

    strangers = [getattr(gate, "task_id", repr(gate)) for gate in gates if not isinstance(gate, GateOperator)]
    if strangers:
        raise ValueError(
            f"requires= of {by} names {', '.join(strangers)}: expected gates of airflow_mlsecops.operators (a mapped "
            "gate cannot be required yet)"
        )
    if not gates:
        raise ValueError(f"requires= of {by} is empty: name the gates whose records must let this through")
    return tuple(
        Required(
            task_id=gate.task_id,
            gate=gate.gate.value,  # type: ignore[attr-defined]
            also=gate.checks if isinstance(gate, IsolationCheckOperator) else (),
        )
        for gate in gates
    )


def newest_records(attempt: Attempt, requires: Sequence[Required]) -> dict[str, Record | None]:
    """This run's newest record of each required gate, from the ledger; one record per attempt, the newest counts."""
    entries = {need.task_id: _newest(attempt, need) for need in requires}
    there = [entry for entry in entries.values() if entry]
    if there:
        attempt.ledger.require_unbroken(min(there, key=lambda entry: entry.sequence))
    return {task_id: entry.record if entry else None for task_id, entry in entries.items()}


def _newest(attempt: Attempt, need: Required) -> Entry | None:
    run = attempt.run
    # In a mapped task group each instance has gates of its own: another's pass proves nothing here.
    found = attempt.ledger.history(
        dag_id=run.dag_id, run_id=run.run_id, task_id=need.task_id, map_index=run.map_index, limit=1
    )
    # What a person was asked or answered lets nothing through: while it is the newest, the gate has not passed.
    spoke = {need.gate, Gate.APPROVAL.value}
    return found[0] if found and found[0].record.verdict.gate.value in spoke else None
