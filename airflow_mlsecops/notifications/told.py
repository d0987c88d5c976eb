"""What is to be told of the task or run that Airflow calls back about: read from the ledger, never from XCom."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from airflow_mlsecops.core.errors import MlsecopsError
from airflow_mlsecops.dag.seal import Seal
from airflow_mlsecops.notifications import message
from airflow_mlsecops.notifications.message import Message
from airflow_mlsecops.operators.gate import GateOperator
from airflow_mlsecops.operators.links import URL_ROUTE

if TYPE_CHECKING:
    from airflow_mlsecops.core.record import Entry
    from airflow_mlsecops.hook import MlsecopsHook
    from airflow_mlsecops.ledger import Ledger

MOST_RECORDS = 1_000
_OF_A_TASK = 100
_NOT_THERE = "this try left no record: it was ended before it could, or did not ask"


def told(context: Mapping[str, Any]) -> Message | None:
    """What to send, or nothing where nobody needs to know; what cannot be read is UNKNOWN, and is sent."""
    if "reason" in context or (context.get("ti") is None and context.get("dag_run") is not None):
        return _guarded(*_run_of(context), lambda: _of_run(context))
    if context.get("ti") is None:
        return message.unread("a run that Airflow did not name", "CONTEXT_EMPTY", "nothing could be looked up", "")
    instance = context["ti"]
    speaks = _speaks(context.get("task") or getattr(instance, "task", None))
    return _guarded(instance.dag_id, instance.run_id, lambda: _of_task(instance, speaks=speaks), speaks=speaks)


def _guarded(dag_id: str, run_id: str, ask: Callable[[], Message | None], *, speaks: bool = True) -> Message | None:
    try:
        return ask()
    except MlsecopsError as error:
        code = error.code
    except Exception as error:  # noqa: BLE001 - the outer edge: its class is told, its text may hold secrets
        code = f"UNEXPECTED {type(error).__module__}.{type(error).__name__}"
    why = "what its gates said could not be read from the ledger"
    return message.unread(f"Dag {dag_id}, run {run_id}", code, why, _link(dag_id, run_id)) if speaks else None


def _of_task(instance: Any, *, speaks: bool) -> Message | None:
    """The newest record of this very try; one of another try says nothing of it."""
    link = _link(instance.dag_id, instance.run_id)
    with _deployment() as (hook, ledger):
        found = ledger.history(
            dag_id=instance.dag_id, run_id=instance.run_id, task_id=instance.task_id, limit=_OF_A_TASK,
            map_index=_map_index(instance),
        )  # fmt: skip
        entry = next((one for one in found if _is_of(one, instance)), None)
        if entry is not None:
            today = datetime.now(UTC).date()
            needs = message.needs_telling(entry.record.verdict, today)
            return message.of_task(entry, hook.titles, today, link) if needs else None
    task = f"{instance.dag_id}.{instance.task_id}, run {instance.run_id}, try {instance.try_number}"
    return message.unread(task, "NO_RECORD", _NOT_THERE, link) if speaks else None


def _of_run(context: Mapping[str, Any]) -> Message | None:
    """The newest record of each task; of gates that left none only where the run did not succeed."""
    dag_id, run_id = _run_of(context)
    with _deployment() as (hook, ledger):
        newest: dict[tuple[str, int], Entry] = {}
        for entry in ledger.history(dag_id=dag_id, run_id=run_id, limit=MOST_RECORDS):
            newest.setdefault((entry.record.run.task_id, entry.record.run.map_index), entry)
        titles = hook.titles
    today = datetime.now(UTC).date()
    telling = tuple(one for one in newest.values() if message.needs_telling(one.record.verdict, today))
    silent = _silent(context, {task_id for task_id, _ in newest})
    if not telling and not silent:
        return None
    return message.of_run(f"Dag {dag_id}, run {run_id}", telling, silent, titles, today, _link(dag_id, run_id))


def _silent(context: Mapping[str, Any], spoke: set[str]) -> tuple[str, ...]:
    if context.get("reason") == "success":
        return ()
    tasks = getattr(context.get("dag"), "tasks", ())
    return tuple(task.task_id for task in tasks if _speaks(task) and task.task_id not in spoke)


def _speaks(task: Any) -> bool:
    """True of a gate or a sealed task, whose silence is UNKNOWN; and of what nobody knows."""
    kind = getattr(task, "operator_class", type(task))  # of a mapped task, not yet expanded
    if task is None or (isinstance(kind, type) and issubclass(kind, GateOperator)):
        return True
    return isinstance(getattr(task, "_pre_execute_hook", None), Seal)


def _is_of(entry: Entry, instance: Any) -> bool:
    run = entry.record.run
    asked = (instance.dag_id, instance.run_id, instance.task_id, _map_index(instance), instance.try_number)
    return (run.dag_id, run.run_id, run.task_id, run.map_index, run.try_number) == asked


def _map_index(instance: Any) -> int:
    return instance.map_index if instance.map_index is not None else -1


def _run_of(context: Mapping[str, Any]) -> tuple[str, str]:
    run = context.get("dag_run")
    dag_id = getattr(run, "dag_id", None) or getattr(context.get("dag"), "dag_id", "")
    return str(dag_id), str(getattr(run, "run_id", None) or context.get("run_id", ""))


@contextmanager
def _deployment() -> Iterator[tuple[MlsecopsHook, Ledger]]:
    from airflow_mlsecops.hook import MlsecopsHook
    from airflow_mlsecops.ledger import open_ledger

    hook = MlsecopsHook()
    with open_ledger(hook.ledger_url, signer=None, keyring=hook.keyring) as ledger:
        yield hook, ledger


def _link(dag_id: str, run_id: str) -> str:
    """The Security tab of a run, as a whole address; empty where ``[api] base_url`` is none."""
    from airflow.configuration import conf

    base = conf.get("api", "base_url", fallback="") or ""
    if not base.startswith(("https://", "http://")):
        return ""
    return f"{base.rstrip('/')}/dags/{quote(dag_id, safe='')}/runs/{quote(run_id, safe='')}/plugin/{URL_ROUTE}"
